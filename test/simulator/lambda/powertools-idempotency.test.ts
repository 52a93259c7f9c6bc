import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { build } from 'esbuild';
import { join } from 'node:path';
import { Simulation, type SimulationOptions } from '../../../simulator';
import { documented } from '../documented';
import { bundleOf, closeAll } from './functions';

afterAll(closeAll);

/** Charges each payment once. The metric is written as the Metrics of Powertools write it: on a console of its own. */
const source = `
  import { SqsFifoPartialProcessorAsync, processPartialResponse } from '@aws-lambda-powertools/batch';
  import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
  import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
  import { Logger } from '@aws-lambda-powertools/logger';
  import { Console } from 'node:console';
  const logger = new Logger({ serviceName: 'payments' });
  const metrics = new Console({ stdout: process.stdout, stderr: process.stderr });
  const processor = new SqsFifoPartialProcessorAsync();
  let coldStart = true;
  const charge = makeIdempotent(async ({ body }) => {
    if (body === 'slow') await new Promise((resolve) => setTimeout(resolve, 3000));
    logger.info('charged', { body });
    return { body };
  }, { persistenceStore: new DynamoDBPersistenceLayer({ tableName: process.env.TABLE }), dataIndexArgument: 0 });
  export const handler = async (event, context) => {
    if (coldStart) metrics.log(JSON.stringify({
      _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [['service', 'function_name']], Metrics: [{ Name: 'ColdStart', Unit: 'Count' }] }] },
      service: 'payments', function_name: context.functionName, ColdStart: 1,
    }));
    coldStart = false;
    return processPartialResponse(event, (record) => {
      if (record.body === 'bad') throw new Error('refused');
      return charge({ body: record.body });
    }, processor, { context });
  };`;

const code = bundleOf({});
const stack = new Stack(new App(), 'Shop');
let simulation: Simulation;

beforeAll(async () => {
  await build({
    stdin: { contents: source, resolveDir: __dirname }, outfile: join(code.folder, 'index.js'), bundle: true, platform: 'node', format: 'cjs',
    mainFields: ['module', 'main'],
  });
  const table = new TableV2(stack, 'Done', { partitionKey: { name: 'id', type: AttributeType.STRING }, timeToLiveAttribute: 'expiration' });
  const deadLetters = new Queue(stack, 'DeadLetters', { fifo: true });
  const queue = new Queue(stack, 'Payments', {
    fifo: true, visibilityTimeout: Duration.minutes(1), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 }, contentBasedDeduplication: false,
  });
  const consumer = new LambdaFunction(stack, 'Consumer', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(code.folder), timeout: Duration.seconds(10), environment: { TABLE: table.tableName },
  });
  consumer.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
  table.grantReadWriteData(consumer);
  new Alarm(stack, 'ColdStarts', {
    metric: new Metric({
      namespace: 'Shop', metricName: 'ColdStart', dimensionsMap: { service: 'payments', function_name: consumer.functionName }, period: Duration.minutes(1), statistic: 'Sum',
    }), threshold: 1, evaluationPeriods: 1,
  });
});
afterEach(() => simulation.stop());

async function run(bodies: readonly string[], options: SimulationOptions = {}): Promise<void> {
  simulation = await Simulation.start(stack, options);
  for (const [index, body] of bodies.entries()) await simulation.queue('Payments').send(body, { messageGroupId: 'a', messageDeduplicationId: `${index}` });
  await simulation.advance(Duration.minutes(10));
}
const charged = () => simulation.function('Consumer').logs.filter((line) => line.includes('"charged"')).map((line) => (JSON.parse(line) as { body: string }).body);
const deadLetters = () => simulation.queue('DeadLetters').messages.map(({ body }) => body);

documented('the batch processor of Powertools for FIFO queues', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/', () => {
  test('stops at the first failure of a group: what was received with it shares its receive count, and ends beside it in order', async () => {
    await run(['one', 'bad', 'two', 'three']);
    expect(charged()).toEqual(['one']);
    expect(deadLetters()).toEqual(['bad', 'two', 'three']);
    expect(simulation.queue('Payments').messages).toEqual([]);
    expect(simulation.denials).toEqual([]);
  });
});

documented('the idempotency of Powertools', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/', () => {
  test('charges once what comes again because the process died before it answered', async () => {
    await run(['one', 'slow'], { faults: [{ kind: 'functionKill', times: 1 }] });
    expect(simulation.function('Consumer').tally.invocations).toBe(2);
    expect(charged()).toEqual(['one', 'slow']);
    expect(deadLetters()).toEqual([]);
    expect(simulation.table('Done').items.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
  });

  test('charges once though DynamoDB is throttled, and loses the answer that it is done', async () => {
    await run(['one'], { faults: [{ kind: 'serviceThrottle', service: 'dynamodb', times: 1 }, { kind: 'lostResponse', operation: 'UpdateItem', times: 1 }] });
    expect(charged()).toEqual(['one']);
    expect(simulation.table('Done').items).toMatchObject([{ status: 'COMPLETED' }]);
    expect(simulation.faults.injected.map(({ kind, resource }) => [kind, resource])).toEqual([['serviceThrottle', 'Done'], ['lostResponse', 'Done']]);
  });

  test('charges nothing while DynamoDB does not answer: the message becomes a dead letter', async () => {
    await run(['one'], { faults: [{ kind: 'serviceError', resource: 'Done' }] });
    expect(charged()).toEqual([]);
    expect(deadLetters()).toEqual(['one']);
  });
});

documented('embedded metrics of a bundle', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html', () => {
  test('count the cold starts by function', async () => {
    await run(['one', 'two']);
    expect(simulation.alarm('ColdStarts').history.map(({ to }) => to)).toContain('ALARM');
  });
});

describe('Powertools in a handler of this process', () => {
  test('report failed records, and remember what was done in the table of the simulation', async () => {
    const clients: DynamoDBClient[] = [];
    const handled: string[] = [];
    const processor = new BatchProcessor(EventType.SQS);
    const handler = async (event: unknown) => {
      const persistenceStore = new DynamoDBPersistenceLayer({ tableName: simulation.table('Done').name, awsSdkV3Client: clients[0] });
      const handle = makeIdempotent(async (body: string) => {
        handled.push(body);
        return Promise.resolve(body);
      }, { persistenceStore });
      return processPartialResponse(event as SQSEvent, ({ body }: SQSRecord) => {
        if (body === 'bad') throw new Error('refused');
        return handle(body);
      }, processor);
    };
    simulation = await Simulation.start(stack, { handlers: { Consumer: handler } });
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    clients.push(new DynamoDBClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials }));
    for (const [index, body] of ['one', 'one', 'two'].entries()) {
      await simulation.queue('Payments').send(body, { messageGroupId: `${index}`, messageDeduplicationId: `${index}` });
    }
    await simulation.advance(Duration.minutes(10));
    expect(handled).toEqual(['one', 'two']);
    expect(simulation.table('Done').items).toHaveLength(2);
    clients[0].destroy();
  });
});
