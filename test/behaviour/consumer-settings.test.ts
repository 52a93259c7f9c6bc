import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { ConsumerFunction, DurableQueue, type DurableQueueProps, QueueConsumer, type QueueConsumerProps } from '../../lib';
import { Simulation } from '../../simulator';

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics

interface Setting {
  readonly consumer?: Partial<QueueConsumerProps>;
  readonly queue?: DurableQueueProps;
  readonly reserved?: number;
}

const twentySeconds = 20_000;
let simulation: Simulation;
let batches: string[][];

afterEach(() => simulation.stop());

/** A function that takes 20 seconds for a batch, whatever is in it, and never fails. */
async function start({ consumer, queue, reserved }: Setting): Promise<void> {
  const stack = new Stack(new App(), 'Test');
  const { eventSourceMapping } = new QueueConsumer(stack, 'Consumer', {
    queue: new DurableQueue(stack, 'Orders', queue),
    handler: new ConsumerFunction(stack, 'Function', {
      code: lambda.Code.fromInline('exports.handler = async () => {};'), reservedConcurrentExecutions: reserved,
    }).function,
    ...consumer,
  });
  new CfnOutput(stack, 'Mapping', { value: eventSourceMapping.eventSourceMappingId });
  batches = [];
  simulation = await Simulation.start(stack, {
    invocationDuration: twentySeconds,
    handlers: {
      Function: (event) => {
        batches.push((event as { Records: { body: string }[] }).Records.map(({ body }) => body));
        return { batchItemFailures: [] };
      },
    },
  });
}

async function send(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await simulation.queue('Orders').send(`message ${index}`);
}

describe('a consumer', () => {
  test('gets batches of up to 10 messages by default', async () => {
    await start({});
    await send(200);
    await simulation.advance(Duration.minutes(5));

    expect(batches.flat()).toHaveLength(200);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(10);
  });

  test('gets what came within its batching window in one batch, and nothing before', async () => {
    await start({ consumer: { batchSize: 100, maxBatchingWindow: Duration.seconds(30), maxConcurrency: 2 } });
    for (let second = 0; second < 10; second++) {
      await send(1);
      await simulation.advance(Duration.seconds(1));
    }
    await simulation.advance(Duration.seconds(15));
    expect(batches).toEqual([]);

    await simulation.advance(Duration.minutes(2));
    expect(batches.flat()).toHaveLength(10);
    expect(batches.length).toBeLessThanOrEqual(5);
  });

  test.each<[string, Partial<QueueConsumerProps>, number]>([
    ['maxConcurrency', { maxConcurrency: 2 }, 2],
    ['10 times maximumPollers', { maximumPollers: 2 }, 20],
  ])('is called as often at once as %s allows, and never more', async (_prop, consumer, atOnce) => {
    await start({ consumer: { batchSize: 1, ...consumer } });
    await send(60);
    await simulation.advance(Duration.seconds(19));
    expect(batches).toHaveLength(atOnce);

    await simulation.advance(Duration.hours(1));
    expect(batches).toHaveLength(60);
    expect(simulation.queue('Orders').messages).toEqual([]);
  });

  test('tells CloudWatch how many messages its mapping polled, filtered out, handed over and deleted, where it is asked to', async () => {
    await start({ consumer: {
      mappingMetrics: true, filters: [lambda.FilterCriteria.filter({ body: { kind: lambda.FilterRule.isEqual('paid') as unknown } })],
    } });
    const begin = simulation.now;
    for (const kind of ['paid', 'open', 'paid']) await simulation.queue('Orders').send({ kind });
    await simulation.advance(Duration.minutes(5));

    const client = new CloudWatchClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    const { Mapping: Value } = simulation.outputs('Test') as { Mapping: string };
    const sumOf = async (MetricName: string): Promise<number> => {
      const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'EventSourceMappingUUID', Value }],
        StartTime: begin, EndTime: simulation.now, Period: 3600, Statistics: ['Sum'],
      }));
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    };
    expect(await Promise.all(['PolledEventCount', 'FilteredOutEventCount', 'InvokedEventCount', 'DeletedEventCount'].map(sumOf))).toEqual([3, 1, 2, 2]);
    client.destroy();
  });
});

describe('good messages of a queue that is received from once', () => {
  const queue = { maxReceiveCount: 1 };

  test('end in the dead-letter queue where the concurrency of the function is reserved, as the warning says', async () => {
    await start({ queue, reserved: 1, consumer: { batchSize: 1 } });
    await send(60);
    await simulation.advance(Duration.hours(1));

    expect(simulation.queue('Orders/DeadLetterQueue').messages.length).toBeGreaterThan(0);
    expect(simulation.function('Function').tally.failures).toBe(0);
  });

  test('are all processed where maxConcurrency keeps below that, as the warning advises', async () => {
    await start({ queue, reserved: 2, consumer: { batchSize: 1, maxConcurrency: 2 } });
    await send(60);
    await simulation.advance(Duration.hours(1));

    expect(simulation.queue('Orders/DeadLetterQueue').messages).toEqual([]);
    expect(batches).toHaveLength(60);
  });
});
