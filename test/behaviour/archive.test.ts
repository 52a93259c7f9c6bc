import { gunzipSync } from 'node:zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import type { PutObjectCommand } from '@aws-sdk/client-s3';
import { Duration, type Stack } from 'aws-cdk-lib';
import type { Context, SQSEvent } from 'aws-lambda';
import { createArchiver } from '../../lambda/private/archiver';
import { DurableQueue, FanOutTopic, MessageArchive, QueueConsumer } from '../../lib';
import { Simulation, type SimulationOptions } from '../../simulator';
import { functionIn, newStack } from '../lib/set-up';

interface ArchivedMessage {
  readonly messageId: string;
  readonly sentAt: string;
  readonly source: string;
  readonly topic?: string;
  readonly attributes: Readonly<Record<string, { readonly dataType: string; readonly stringValue?: string }>>;
  readonly systemAttributes: Readonly<Record<string, string>>;
  readonly body: string;
}

type Handler = NonNullable<SimulationOptions['handlers']>[string];

let simulation: Simulation;

afterEach(() => simulation.stop());

async function start(build: (archive: MessageArchive, stack: Stack) => void, options: SimulationOptions = {}): Promise<void> {
  const stack = newStack();
  build(new MessageArchive(stack, 'Archive'), stack);
  simulation = await Simulation.start(stack, options);
}

const linesOf = (body: Buffer): ArchivedMessage[] => (
  gunzipSync(body).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as ArchivedMessage)
);

const archived = (): ArchivedMessage[] => simulation.bucket('Archive').objects.flatMap(({ body }) => linesOf(body));

/** The folder of each object, and the messages in it. */
function archivedByFolder(): Record<string, string[]> {
  const folders: Record<string, string[]> = {};
  for (const { key, body } of simulation.bucket('Archive').objects) {
    const folder = key.slice(0, key.lastIndexOf('/'));
    folders[folder] = [...(folders[folder] ?? []), ...linesOf(body).map((message) => message.body)].sort();
  }
  return folders;
}

test('every message of a topic is archived with its attributes', async () => {
  await start((archive, stack) => archive.addTopic('Archive', new FanOutTopic(stack, 'Orders')));
  const bodies = Array.from({ length: 250 }, (_, index) => `order ${index}\n`);
  for (const body of bodies) await simulation.topic('Orders').publish(body, { attributes: { Channel: 'shop', Total: 14.5 } });
  await simulation.advance(Duration.minutes(5));

  const messages = archived();
  expect(messages.map(({ body }) => body).sort()).toEqual([...bodies].sort());
  expect(messages[0]).toMatchObject({
    source: simulation.queue('Archive/Queue').arn,
    topic: simulation.topic('Orders').arn,
    attributes: { Channel: { dataType: 'String', stringValue: 'shop' }, Total: { dataType: 'Number', stringValue: '14.5' } },
    sentAt: '2026-01-05T09:00:00.000Z',
  });
  expect(simulation.queue('Archive/Queue').messages).toEqual([]);
});

test('messages of a FIFO topic are archived with the group and the number that tell their order', async () => {
  await start((archive, stack) => archive.addFifoTopic('Payments', new FanOutTopic(stack, 'Payments', { fifo: true })));
  const bodies = Array.from({ length: 30 }, (_, index) => `payment-${index}`);
  for (const [index, body] of bodies.entries()) {
    await simulation.topic('Payments').publish(body, { messageGroupId: `customer-${index % 2}`, messageDeduplicationId: body });
  }
  await simulation.advance(Duration.minutes(5));

  const ordered = archived()
    .sort((one, other) => (one.systemAttributes.SequenceNumber < other.systemAttributes.SequenceNumber ? -1 : 1));
  expect(ordered.map(({ body }) => body)).toEqual(bodies);
  expect(ordered.map(({ systemAttributes }) => systemAttributes)).toEqual(bodies.map((body, index) => ({
    MessageGroupId: `customer-${index % 2}`, MessageDeduplicationId: body, SequenceNumber: expect.stringMatching(/^\d{20}$/) as string,
  })));
  for (const { body } of simulation.bucket('Archive').objects) {
    const numbers = linesOf(body).map(({ systemAttributes }) => systemAttributes.SequenceNumber);
    expect(numbers).toEqual([...numbers].sort());
  }
});

test('two FIFO topics are archived whole, though their messages have the same deduplication IDs', async () => {
  await start((archive, stack) => {
    for (const id of ['Payments', 'Refunds']) archive.addFifoTopic(id, new FanOutTopic(stack, id, { fifo: true }));
  });
  for (const topic of ['Payments', 'Refunds']) {
    await simulation.topic(topic).publish(topic, { messageGroupId: 'customer-1', messageDeduplicationId: 'order-1' });
  }
  await simulation.advance(Duration.minutes(5));

  expect(archived().map(({ body, topic }) => [body, topic]).sort())
    .toEqual(['Payments', 'Refunds'].map((topic) => [topic, simulation.topic(topic).arn]));
});

test('a FIFO topic is archived by way of the standard queue too, with its sequence number and without its message groups', async () => {
  await start((archive, stack) => archive.addTopic('Archive', new FanOutTopic(stack, 'Payments', { fifo: true })));
  await simulation.topic('Payments').publish('payment', { messageGroupId: 'customer-1', messageDeduplicationId: 'payment' });
  await simulation.advance(Duration.minutes(5));

  expect(archived()).toEqual([expect.objectContaining({
    body: 'payment', topic: simulation.topic('Payments').arn, systemAttributes: { SequenceNumber: expect.stringMatching(/^\d{20}$/) as string },
  })]);
});

test('a dead letter is archived under its own ID, and leaves its dead-letter queue', async () => {
  await start((archive, stack) => {
    const queue = new DurableQueue(stack, 'Billing');
    new QueueConsumer(stack, 'Consumer', { queue, handler: functionIn(stack) });
    archive.addDeadLetters('Billing', queue);
  });
  simulation.function('Function').handler = () => { throw new Error('poison'); };
  const messageId = await simulation.queue('Billing').send('poison');
  await simulation.advance(Duration.hours(1));

  expect(archived()).toEqual([expect.objectContaining({
    messageId, body: 'poison', source: simulation.queue('Billing/DeadLetterQueue').arn,
  })]);
  expect(simulation.queue('Billing/DeadLetterQueue').messages).toEqual([]);
});

test('the archiver takes nothing from the working queue', async () => {
  await start((archive, stack) => archive.addDeadLetters('Billing', new DurableQueue(stack, 'Billing')));
  await simulation.queue('Billing').send('work');
  await simulation.advance(Duration.hours(1));

  expect(archived()).toEqual([]);
  expect(simulation.queue('Billing').messages).toEqual([expect.objectContaining({
    body: 'work', systemAttributes: expect.objectContaining({ ApproximateReceiveCount: '0' }) as object,
  })]);
});

test('messages on either side of an hour are in partitions of their own, by the time at which they were sent', async () => {
  await start(
    (archive, stack) => archive.addTopic('Archive', new FanOutTopic(stack, 'Orders')),
    { startTime: new Date('2026-12-31T23:59:45.000Z') },
  );
  await simulation.topic('Orders').publish('of the old year');
  await simulation.advance(Duration.seconds(14));
  await simulation.topic('Orders').publish('of its last second');
  await simulation.advance(Duration.seconds(2));
  await simulation.topic('Orders').publish('of the new year');
  await simulation.advance(Duration.minutes(5));

  expect(archivedByFolder()).toEqual({
    'messages/year=2026/month=12/day=31/hour=23': ['of its last second', 'of the old year'],
    'messages/year=2027/month=01/day=01/hour=00': ['of the new year'],
  });
});

/** The archiver's own code, in this process, that fails in its first invocations. */
function failing(times: number, when: 'before it writes' | 'after it wrote'): Handler {
  const archive = createArchiver({
    client: {
      send: ({ input }: PutObjectCommand) => {
        simulation.bucket('Archive').put(input.Key!, input.Body as Buffer);
        return Promise.resolve({});
      },
    },
    logger: new Logger({ logLevel: 'SILENT' }),
    bucket: 'archive',
    prefix: 'messages',
    topicQueues: [simulation.queue('Archive/Queue').arn],
  });
  let invocations = 0;
  return async (event, context) => {
    const fails = invocations++ < times;
    if (fails && when === 'before it writes') throw new Error('stopped');
    const response = await archive(event as SQSEvent, context as unknown as Context);
    if (fails) throw new Error('stopped');
    return response;
  };
}

test.each([
  'before it writes', 'after it wrote',
] as const)('no message is lost where the archiver stops %s, and all are in the hour in which they were sent', async (when) => {
  await start(
    (archive, stack) => archive.addTopic('Archive', new FanOutTopic(stack, 'Orders')),
    { startTime: new Date('2026-01-05T09:55:00.000Z') },
  );
  simulation.function('Archive/Archiver').handler = failing(3, when);
  const bodies = Array.from({ length: 50 }, (_, index) => `order ${index}`);
  for (const body of bodies) await simulation.topic('Orders').publish(body);
  await simulation.advance(Duration.hours(1));

  expect(simulation.queue('Archive/Queue').messages).toEqual([]);
  expect(simulation.queue('Archive/Queue/DeadLetterQueue').messages).toEqual([]);
  const once = new Map(archived().map(({ messageId, body }) => [messageId, body]));
  expect([...once.values()].sort()).toEqual([...bodies].sort());
  expect(Object.keys(archivedByFolder())).toEqual(['messages/year=2026/month=01/day=05/hour=09']);
});

test('a batch that is redelivered as it was overwrites its object', async () => {
  await start((archive, stack) => archive.addTopic('Archive', new FanOutTopic(stack, 'Orders')));
  simulation.function('Archive/Archiver').handler = failing(1, 'after it wrote');
  await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.hours(1));

  expect(simulation.function('Archive/Archiver').tally.invocations).toBe(2);
  expect(archived().map(({ body }) => body)).toEqual(['order']);
});
