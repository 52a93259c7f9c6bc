import { App, Duration, Stack } from 'aws-cdk-lib';
import type { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsumerFunction, DurableQueue, QueueConsumer, type QueueConsumerProps } from '../../lib';
import { Simulation } from '../../simulator';
import { idempotentConsumer, losingTheFirstAnswer, type Order } from '../handler/idempotent-consumer';

// https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html

const fifo = { fifo: true, deadLettersBreakOrder: true, contentBasedDeduplication: true };
const folder = mkdtempSync(join(tmpdir(), 'idempotent-consumer-'));
let simulation: Simulation;

beforeAll(() => build({
  entryPoints: [join(__dirname, '../handler/idempotent-consumer.ts')], outfile: join(folder, 'index.js'),
  bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], minify: true, keepNames: true,
}));

afterEach(() => simulation.stop());
afterAll(() => rmSync(folder, { recursive: true }));

interface Setting {
  readonly queue?: object;
  readonly consumer?: Partial<QueueConsumerProps>;
  readonly handler?: string;
  /** What the function may do in place of what it was granted. */
  readonly permissions?: string[];
}

async function start({ queue, consumer, handler, permissions }: Setting = {}): Promise<void> {
  const stack = new Stack(new App(), 'Test');
  const made = new ConsumerFunction(stack, 'Function', {
    code: lambda.Code.fromAsset(folder), handler, timeout: Duration.seconds(20), idempotency: true,
  });
  new QueueConsumer(stack, 'Consumer', { queue: new DurableQueue(stack, 'Orders', queue), handler: made.function, ...consumer });
  if (permissions) {
    const policy = made.function.role!.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy;
    policy.addPropertyOverride('PolicyDocument.Statement', [{ Effect: 'Allow', Action: permissions, Resource: '*' }]);
  }
  simulation = await Simulation.start(stack);
}

async function send(order: Order, messageGroupId?: string): Promise<void> {
  await simulation.queue('Orders').send(order, { messageGroupId });
}

const logged = (word: 'began' | 'handled'): string[] => simulation.function('Function').logs
  .filter((line) => line.startsWith(word)).map((line) => line.split(' ')[1]);

const records = (): readonly Readonly<Record<string, unknown>>[] => simulation.table('Function/Idempotency').items;

describe('the bundled consumer with Powertools and the table of the construct', () => {
  test('handles a message once that arrives twice', async () => {
    await start();
    await send({ id: 'a' });
    await send({ id: 'a' });
    await send({ id: 'b' });
    await simulation.advance(Duration.minutes(5));

    expect(logged('handled').sort()).toEqual(['a', 'b']);
    expect(simulation.queue('Orders').messages).toEqual([]);
    expect(records().map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
    expect(simulation.denials).toEqual([]);
  });

  test('handles a message once, though the answer that it is done was lost', async () => {
    await start({ handler: 'index.lossyHandler' });
    await send({ id: 'a' });
    await simulation.advance(Duration.minutes(10));

    expect(logged('handled')).toEqual(['a']);
    expect(simulation.function('Function').tally.invocations).toBe(2);
    expect(simulation.queue('Orders').messages).toEqual([]);
  });

  test('handles a message again that failed, and leaves no record of the failure', async () => {
    await start();
    await send({ id: 'a', failures: 1 });
    await simulation.advance(Duration.seconds(30));
    expect(records()).toEqual([]);

    await simulation.advance(Duration.minutes(5));
    expect(logged('began')).toEqual(['a', 'a']);
    expect(logged('handled')).toEqual(['a']);
    expect(records()).toHaveLength(1);
  });

  test('handles a message again that comes after its record expired, whether or not the item is deleted yet', async () => {
    await start();
    await send({ id: 'a' });
    await simulation.advance(Duration.minutes(14));
    await send({ id: 'a' });
    await simulation.advance(Duration.minutes(2));
    expect(logged('handled')).toEqual(['a']);

    await send({ id: 'a' });
    await simulation.advance(Duration.minutes(1));
    expect(logged('handled')).toEqual(['a', 'a']);
    expect(records()).toHaveLength(1);

    await simulation.advance(Duration.days(3));
    expect(records()).toEqual([]);
  });

  test('handles a message once of which two are in flight at the same time: the second comes back when the first is done', async () => {
    await start({ consumer: { batchSize: 1 } });
    await send({ id: 'a', duration: 10_000 });
    await send({ id: 'a', duration: 10_000 });
    await simulation.advance(Duration.seconds(9));
    expect(records()).toEqual([expect.objectContaining({ status: 'INPROGRESS' })]);

    await simulation.advance(Duration.minutes(10));
    expect(logged('began')).toEqual(['a']);
    expect(logged('handled')).toEqual(['a']);
    expect(simulation.queue('Orders').tally).toMatchObject({ received: 3, deleted: 2 });
    expect(simulation.queue('Orders/DeadLetterQueue').messages).toEqual([]);
  });

  test('keeps the order of a message group in which a message fails and another comes twice', async () => {
    await start({ queue: fifo, handler: 'index.lossyHandler' });
    for (const order of [{ id: 'a' }, { id: 'b', failures: 1 }, { id: 'c' }]) await send(order, 'group');
    await simulation.advance(Duration.minutes(20));

    expect(logged('handled')).toEqual(['a', 'b', 'c']);
    expect(simulation.queue('Orders').messages).toEqual([]);
  });

  test('fails every message that it may not remember, and the denial names the statement that is missing', async () => {
    await start({ permissions: ['sqs:*', 'dynamodb:GetItem'] });
    await send({ id: 'a' });
    await simulation.advance(Duration.minutes(1));

    expect(logged('handled')).toEqual([]);
    expect(simulation.denials[0]).toMatchObject({ action: 'dynamodb:PutItem', resource: expect.stringContaining(':table/') as string });
    expect(simulation.denials[0].missingStatement).toContain('dynamodb:PutItem');
  });
});

describe('the consumer in this process with Powertools and the table of the construct', () => {
  const log = jest.fn();

  beforeEach(() => log.mockClear());

  async function startInProcess(wrap: (handler: ReturnType<typeof idempotentConsumer>) => ReturnType<typeof idempotentConsumer>): Promise<void> {
    await start();
    const consumer = idempotentConsumer({
      tableName: simulation.table('Function/Idempotency').name, log, logger: { error: () => undefined },
      clientConfig: {
        endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      },
    });
    simulation.function('Function').handler = wrap(consumer);
  }

  test.each([
    ['arrives twice', (consumer: ReturnType<typeof idempotentConsumer>) => consumer],
    ['is delivered again, because the answer was lost,', losingTheFirstAnswer],
  ])('handles a message once that %s', async (_what, wrap) => {
    await startInProcess(wrap);
    await send({ id: 'a' });
    await send({ id: 'a' });
    await simulation.advance(Duration.minutes(10));

    expect(log.mock.calls).toEqual([['began a'], ['handled a']]);
    expect(simulation.queue('Orders').messages).toEqual([]);
  });

  test('handles a message again that failed', async () => {
    await startInProcess((consumer) => consumer);
    await send({ id: 'a', failures: 2 });
    await simulation.advance(Duration.minutes(10));

    expect(log.mock.calls).toEqual([['began a'], ['began a'], ['began a'], ['handled a']]);
  });
});
