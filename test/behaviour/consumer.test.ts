import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsumerFunction, DurableQueue, QueueConsumer, type QueueConsumerProps } from '../../lib';
import { Simulation } from '../../simulator';

const fifo = { fifo: true, deadLettersBreakOrder: true, contentBasedDeduplication: true };
const folder = mkdtempSync(join(tmpdir(), 'orders-consumer-'));
let simulation: Simulation;

beforeAll(() => build({
  entryPoints: [join(__dirname, '../handler/orders-consumer.ts')], outfile: join(folder, 'index.js'),
  bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'],
}));

afterEach(() => simulation.stop());
afterAll(() => rmSync(folder, { recursive: true }));

interface Setting {
  readonly queue?: object;
  readonly consumer?: Partial<QueueConsumerProps>;
  readonly handler?: string;
}

async function start({ queue, consumer, handler }: Setting = {}): Promise<void> {
  const stack = new Stack(new App(), 'Test');
  new QueueConsumer(stack, 'Consumer', {
    queue: new DurableQueue(stack, 'Orders', queue),
    handler: new ConsumerFunction(stack, 'Function', { code: lambda.Code.fromAsset(folder), handler, timeout: Duration.seconds(5) }).function,
    ...consumer,
  });
  simulation = await Simulation.start(stack);
}

async function send(id: string, failures = 0, messageGroupId?: string): Promise<void> {
  await simulation.queue('Orders').send({ id, failures }, { messageGroupId });
}

const handled = (): string[] => simulation.function('Function').logs.filter((line) => line.startsWith('handled')).map((line) => line.split(' ')[1]);

interface Failure {
  readonly message: string;
  readonly messageGroupId?: string;
  readonly receiveCount: number;
  readonly error: { readonly name: string; readonly message: string };
}

const failures = (): Failure[] => simulation.function('Function').logs
  .filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Failure).filter(({ message }) => message === 'Message failed');

test('a message that fails comes back alone, and the others of its batch are handled once', async () => {
  await start();
  await send('a');
  await send('b', 1);
  await send('c');
  await simulation.advance(Duration.minutes(5));

  expect(handled().sort()).toEqual(['a', 'b', 'c']);
  expect(failures()).toEqual([expect.objectContaining({ receiveCount: 1, error: expect.objectContaining({ message: 'b failed' }) })]);
  expect(simulation.queue('Orders').tally).toMatchObject({ sent: 3, deleted: 3 });
});

test('a malformed message ends in the dead-letter queue, told five times, and nothing else does', async () => {
  await start();
  await simulation.queue('Orders').send('not JSON');
  await send('a');
  await simulation.advance(Duration.minutes(10));

  expect(simulation.queue('Orders/DeadLetterQueue').messages.map(({ body }) => body)).toEqual(['not JSON']);
  expect(failures().map(({ receiveCount }) => receiveCount)).toEqual([1, 2, 3, 4, 5]);
  expect(failures()[0].error.name).toBe('MalformedMessageError');
  expect(handled()).toEqual(['a']);
});

test('a message group stops at its first failure and goes on in order, while other groups go on at once', async () => {
  await start({ queue: fifo });
  await send('g1', 0, 'g');
  await send('g2', 2, 'g');
  await send('h1', 0, 'h');
  await send('g3', 0, 'g');
  await send('h2', 0, 'h');
  await simulation.advance(Duration.seconds(10));
  expect(handled().sort()).toEqual(['g1', 'h1', 'h2']);

  await simulation.advance(Duration.minutes(5));
  expect(handled().filter((id) => id.startsWith('g'))).toEqual(['g1', 'g2', 'g3']);
  expect(handled().filter((id) => id.startsWith('h'))).toEqual(['h1', 'h2']);
  expect(failures().map(({ messageGroupId }) => messageGroupId)).toEqual(['g', 'g']);
});

test('a message that no filter lets through is deleted unhandled', async () => {
  await start({ consumer: { filters: [lambda.FilterCriteria.filter({ body: { id: lambda.FilterRule.beginsWith('paid-') as unknown } })] } });
  await send('paid-1');
  await send('open-1');
  await simulation.advance(Duration.minutes(1));

  expect(handled()).toEqual(['paid-1']);
  expect(simulation.queue('Orders').messages).toEqual([]);
  expect(simulation.queue('Orders/DeadLetterQueue').messages).toEqual([]);
});

describe('a message that is delivered a second time, because the first answer was lost,', () => {
  test.each([['is handled again', 'index.lossyHandler', ['a', 'a']], ['is not handled again with idempotency', 'index.lossyIdempotentHandler', ['a']]])(
    '%s', async (_case, handler, expected) => {
      await start({ handler });
      await send('a');
      await simulation.advance(Duration.minutes(5));
      expect(handled()).toEqual(expected);
      expect(simulation.queue('Orders').tally).toMatchObject({ sent: 1, received: 2, deleted: 1 });
    },
  );
});

test('a function in Python consumes too', async () => {
  const stack = new Stack(new App(), 'Test');
  new QueueConsumer(stack, 'Consumer', {
    queue: new DurableQueue(stack, 'Orders'),
    handler: new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.PYTHON_3_13, handler: 'index.handler', code: lambda.Code.fromInline('def handler(event, context): pass'),
    }),
  });
  const bodies: string[] = [];
  simulation = await Simulation.start(stack, {
    handlers: { Function: (event) => { bodies.push(...(event as { Records: { body: string }[] }).Records.map(({ body }) => body)); } },
  });
  await simulation.queue('Orders').send('hello');
  await simulation.advance(Duration.minutes(1));
  expect(bodies).toEqual(['hello']);
  expect(simulation.queue('Orders').tally.deleted).toBe(1);
});
