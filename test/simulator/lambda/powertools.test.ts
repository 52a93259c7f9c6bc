import { Logger } from '@aws-lambda-powertools/logger';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { join } from 'node:path';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';
import { bundleOf, closeAll, invokeOn, virtualService } from './functions';

afterAll(closeAll);

const source = `
  import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
  import { Logger } from '@aws-lambda-powertools/logger';
  const logger = new Logger({ serviceName: 'billing' });
  const processor = new BatchProcessor(EventType.SQS);
  export const handler = async (event, context) => {
    logger.addContext(context);
    return processPartialResponse(event, async ({ messageId, body }) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (body === 'bad') throw new Error('no ' + messageId);
      logger.info('charged', { messageId });
    }, processor, { context });
  };`;

const record = (messageId: string, body: string): object => ({ messageId, body, receiptHandle: messageId, attributes: {}, messageAttributes: {} });

documented('Powertools for AWS Lambda, unmodified in a bundle', 'https://docs.aws.amazon.com/powertools/typescript/latest/', () => {
  const code = bundleOf({});
  beforeAll(() => build({
    stdin: { contents: source, resolveDir: __dirname }, outfile: join(code.folder, 'index.js'), bundle: true, platform: 'node', format: 'cjs',
    mainFields: ['module', 'main'],
  }));

  test('has the logger write what the context says, at the simulation\'s time, and the cold start once', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested', code, handler: 'index.handler', memorySize: 256, timeout: 10 });
    const results = [await invokeOn(clock, fn, { Records: [record('1', 'good')] }), await invokeOn(clock, fn, { Records: [record('2', 'good')] })];
    const lines = fn.logs.map(({ line }) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({
      level: 'INFO', message: 'charged', service: 'billing', messageId: '1', timestamp: '2026-01-05T09:00:01.000Z', cold_start: true,
      function_name: 'tested', function_memory_size: '256', function_request_id: results[0].requestId,
      function_arn: 'arn:aws:lambda:eu-central-1:111122223333:function:tested',
    });
    expect(lines[1]).toMatchObject({ cold_start: false, messageId: '2', function_request_id: results[1].requestId });
  });

  test('has the batch processor report the records that failed, and fail a batch that failed as a whole', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested', code, handler: 'index.handler', timeout: 10 });
    const event = { Records: [record('1', 'good'), record('2', 'bad'), record('3', 'good')] };
    expect(await invokeOn(clock, fn, event)).toMatchObject({ status: 'succeeded', payload: { batchItemFailures: [{ itemIdentifier: '2' }] } });
    expect(await invokeOn(clock, fn, { Records: [record('1', 'bad')] })).toMatchObject({ status: 'failed', error: { type: 'FullBatchFailureError' } });
  });
});

describe('a handler of this process', () => {
  test('has the lines of the Powertools logger in its log, at the simulation\'s time', async () => {
    const logger = new Logger({ serviceName: 'billing' });
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    fn.handler = (_event, context) => {
      logger.addContext(context as unknown as Parameters<Logger['addContext']>[0]);
      logger.info('charged');
    };
    const { requestId } = await invokeOn(clock, fn);
    expect(JSON.parse(fn.logs[0].line)).toMatchObject({
      message: 'charged', timestamp: '2026-01-05T09:00:00.000Z', function_request_id: requestId, function_name: 'tested',
    });
  });
});

documented('the embedded metric format', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html', () => {
  test('makes metrics of what a handler of this process prints, which raise an alarm', async () => {
    const stack = new Stack(new App(), 'Shop');
    new LambdaFunction(stack, 'Billing', { runtime: Runtime.PYTHON_3_13, handler: 'index.handler', code: Code.fromInline('pass') });
    new Alarm(stack, 'Refused', {
      metric: new Metric({ namespace: 'Shop', metricName: 'Refused', period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 2, evaluationPeriods: 1, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    });
    const simulation = await Simulation.start(stack, {
      handlers: {
        Billing: () => console.log(JSON.stringify({
          _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [[]], Metrics: [{ Name: 'Refused', Unit: 'Count' }] }] },
          Refused: 1,
        })),
      },
    });
    for (let count = 0; count < 2; count++) {
      await Promise.all([simulation.function('Billing').invoke({}), simulation.advance(Duration.seconds(1))]);
    }
    await simulation.advance(Duration.minutes(2));
    expect(simulation.alarm('Refused').history.map(({ to }) => to)).toContain('ALARM');
    expect(simulation.function('Billing').logs).toHaveLength(2);
    await simulation.stop();
  });
});
