import { Duration, type Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, type DurableQueueProps, QueueConsumer, type QueueConsumerProps } from '../../lib';
import { Simulation, type SimulationOptions } from '../../simulator';
import { functionIn, newStack } from '../lib/set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };
let simulation: Simulation;
let stack: Stack;

interface Batch { readonly Records: readonly { readonly messageId: string; readonly body: string }[] }

/** A queue, and a consumer of it where there is a handler for one message. */
async function start(
  props: DurableQueueProps = {}, handle?: (body: string) => void, options: SimulationOptions = {}, consumer: Partial<QueueConsumerProps> = {},
): Promise<void> {
  const queue = new DurableQueue(stack, 'Orders', props);
  if (handle) {
    const handler = functionIn(stack, 'Function', { timeout: Duration.minutes(1) });
    new QueueConsumer(stack, 'Consumer', { queue, handler, ...consumer });
  }
  simulation = await Simulation.start(stack, { ...options, ...(handle && { handlers: { Function: (event) => failuresOf(event as Batch, handle) } }) });
}

function failuresOf({ Records }: Batch, handle: (body: string) => void): object {
  return { batchItemFailures: Records.filter(({ body }) => {
    try { handle(body); return false; } catch { return true; }
  }).map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

const poison = (): void => { throw new Error('poison'); };
const bodies = (path: string): string[] => simulation.queue(path).messages.map(({ body }) => body);

beforeEach(() => { stack = newStack({}); });

describe('A DurableQueue', () => {
  afterEach(async () => {
    expect(simulation.denials).toEqual([]);
    await simulation.stop();
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
  test('with a delay shows a message only when the delay is over', async () => {
    await start({ deliveryDelay: Duration.minutes(1) });
    await simulation.queue('Orders').send('later');
    await simulation.advance(Duration.seconds(59));
    expect(simulation.queue('Orders').depth).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    await simulation.advance(Duration.seconds(1));
    expect(simulation.queue('Orders').depth).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
  test.each([[true, ['ada', 'grace']], [undefined, ['ada']]])('on FIFO with high throughput %s deduplicates so that %p remain of one deduplication ID', async (
    highThroughput, expected,
  ) => {
    await start({ ...fifo, highThroughput });
    for (const group of ['ada', 'ada', 'grace']) await simulation.queue('Orders').send(group, { messageGroupId: group, messageDeduplicationId: 'order-1' });
    expect(bodies('Orders')).toEqual(expected);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
  test('takes a message of 1 MiB, and not a byte more', async () => {
    await start();
    await simulation.queue('Orders').send('x'.repeat(1024 * 1024));
    await expect(simulation.queue('Orders').send('x'.repeat(1024 * 1024 + 1))).rejects.toThrow('1048576');
    expect(simulation.queue('Orders').messages).toHaveLength(1);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  test('keeps a message invisible for as long as a slow function works on it, so that it is processed once', async () => {
    await start({}, () => undefined, { invocationDuration: 55_000 });
    await simulation.queue('Orders').send('slow');
    await simulation.advance(Duration.hours(1));
    expect(simulation.function('Function').tally).toMatchObject({ invocations: 1, failures: 0 });
    expect(simulation.queue('Orders').tally).toMatchObject({ received: 1, deleted: 1, moved: 0 });
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  test('gives up a message after 5 receives, and keeps the dead letter until 14 days after it was first sent', async () => {
    await start({}, poison);
    await simulation.queue('Orders').send('poison');
    await simulation.advance(Duration.days(14).minus(Duration.hours(1)));
    expect(simulation.queue('Orders').tally).toMatchObject({ received: 5, moved: 1 });
    expect(bodies('Orders/DeadLetterQueue')).toEqual(['poison']);
    await simulation.advance(Duration.hours(1));
    expect(bodies('Orders/DeadLetterQueue')).toEqual([]);
  });

  test('on FIFO goes on with the later messages of a message group when one of them is a dead letter: the order breaks there', async () => {
    const processed: string[] = [];
    await start(fifo, (body) => (body === 'ada 2' ? poison() : processed.push(body)), {}, { batchSize: 1 });
    for (const step of [1, 2, 3]) {
      await simulation.queue('Orders').send(`ada ${step}`, { messageGroupId: 'ada', messageDeduplicationId: String(step) });
    }
    await simulation.advance(Duration.minutes(5));
    expect(processed).toEqual(['ada 1']);
    await simulation.advance(Duration.hours(1));
    expect(processed).toEqual(['ada 1', 'ada 3']);
    expect(bodies('Orders/DeadLetterQueue')).toEqual(['ada 2']);
  });

  test('with a name is let into its dead-letter queue, without a dependency cycle', async () => {
    await start({ queueName: 'orders', maxReceiveCount: 1 }, poison);
    await simulation.queue('Orders').send('poison');
    await simulation.advance(Duration.hours(1));
    expect(bodies('Orders/DeadLetterQueue')).toEqual(['poison']);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
  test.each([['at once, in front of the backlog of a noisy one', 'noisy'], ['somewhere in the backlog, where there are no message groups', undefined]])(
    'gives a message of a quiet tenant to the consumer %s', async (_when, noisy) => {
      const order: string[] = [];
      await start({}, (body) => order.push(body), { invocationDuration: 5000 }, { maxConcurrency: 5 });
      for (let message = 0; message < 1000; message++) await simulation.queue('Orders').send('noisy', { messageGroupId: noisy });
      await simulation.advance(Duration.minutes(1));
      const before = order.length;
      await simulation.queue('Orders').send('quiet', { messageGroupId: noisy && 'quiet' });
      await simulation.advance(Duration.hours(1));
      expect(order).toHaveLength(1001);
      expect(order.indexOf('quiet') - before < 5 * 10).toBe(noisy !== undefined);
    });
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
describe('The redrive allow policies of a DurableQueue keep out', () => {
  const elsewhere = (deadLetterQueue: sqs.IQueue): sqs.Queue => new sqs.Queue(stack, 'Elsewhere', { deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 5 } });

  test('whoever would make the queue itself a dead-letter queue', async () => {
    elsewhere(new DurableQueue(stack, 'Orders'));
    await expect(Simulation.start(stack)).rejects.toThrow('(denyAll) does not allow it');
  });

  test('every other queue from the dead-letter queue of a queue with a name', async () => {
    elsewhere(new DurableQueue(stack, 'Orders', { queueName: 'orders' }).deadLetterQueue);
    await expect(Simulation.start(stack)).rejects.toThrow('(byQueue) does not allow it');
  });
});
