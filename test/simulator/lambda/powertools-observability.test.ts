import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationLogLevel, Code, Function as LambdaFunction, type FunctionProps, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { build } from 'esbuild';
import { createSocket, type Socket } from 'node:dgram';
import { join } from 'node:path';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';
import { bundleOf, closeAll } from './functions';

const source = `
  import { Logger } from '@aws-lambda-powertools/logger';
  import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
  import { Tracer } from '@aws-lambda-powertools/tracer';
  import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
  const logger = new Logger({ serviceName: 'payments' });
  const metrics = new Metrics({ namespace: 'Shop', serviceName: 'payments' });
  const tracer = new Tracer({ serviceName: 'payments' });
  const sqs = tracer.captureAWSv3Client(new SQSClient({}));
  export const handler = async (event, context) => {
    logger.addContext(context);
    logger.setCorrelationId(event.orderId);
    metrics.setFunctionName(context.functionName);
    metrics.captureColdStartMetric();
    metrics.addDimension('country', event.country ?? 'de');
    metrics.addMetric('Charged', MetricUnit.Count, 1);
    metrics.addMetric('Amount', MetricUnit.Count, 10);
    metrics.addMetric('Amount', MetricUnit.Count, 20);
    metrics.addMetadata('orderId', event.orderId);
    if (event.refused) {
      const refused = metrics.singleMetric();
      refused.addDimension('reason', 'limit');
      refused.addMetric('Refused', MetricUnit.Count, 1);
    }
    metrics.publishStoredMetrics();
    const segment = tracer.getSegment();
    const handling = segment.addNewSubsegment('## charge');
    tracer.setSegment(handling);
    tracer.annotateColdStart();
    tracer.putAnnotation('orderId', event.orderId);
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: event.orderId }));
    handling.close();
    tracer.setSegment(segment);
    logger.debug('charging');
    logger.info('charged', { amount: 30 });
    logger.error('refused', new RangeError('too much'));
    console.warn('plain');
    return { root: tracer.getRootXrayTraceId(), header: process.env._X_AMZN_TRACE_ID, sampled: tracer.isTraceSampled() };
  };`;

const functions: Readonly<Record<'Plain' | 'Traced' | 'Debugging' | 'Quiet', Partial<FunctionProps>>> = {
  Plain: {},
  Traced: { tracing: Tracing.ACTIVE },
  Debugging: { environment: { POWERTOOLS_LOG_LEVEL: 'DEBUG' } },
  Quiet: { loggingFormat: LoggingFormat.JSON, applicationLogLevelV2: ApplicationLogLevel.ERROR },
};
const stack = new Stack(new App(), 'Shop');
const code = bundleOf({});
let daemon: Socket;
let segments: Record<string, unknown>[];
let simulation: Simulation;

beforeAll(async () => {
  await build({
    stdin: { contents: source, resolveDir: __dirname }, outfile: join(code.folder, 'index.js'), bundle: true, platform: 'node', format: 'cjs',
    mainFields: ['module', 'main'],
  });
  daemon = createSocket('udp4');
  daemon.on('message', (datagram) => segments.push(JSON.parse(datagram.toString().split('\n')[1]) as Record<string, unknown>));
  await new Promise<void>((resolve) => { daemon.bind(0, '127.0.0.1', resolve); });
  const queue = new Queue(stack, 'Charged');
  for (const [id, { environment, ...more }] of Object.entries(functions)) {
    const fn = new LambdaFunction(stack, id, {
      ...more, runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(code.folder), timeout: Duration.seconds(10), memorySize: 512,
      environment: { QUEUE_URL: queue.queueUrl, ...id === 'Traced' ? { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}` } : {}, ...environment },
    });
    queue.grantSendMessages(fn);
  }
  const alarm = (id: string, metricName: string, dimensionsMap: Record<string, string>, statistic: string, threshold: number, unit = Unit.COUNT) => (
    new Alarm(stack, id, {
      metric: new Metric({ namespace: 'Shop', metricName, dimensionsMap, statistic, unit, period: Duration.minutes(1) }), threshold, evaluationPeriods: 1,
    })
  );
  const fnName = (stack.node.findChild('Plain') as LambdaFunction).functionName;
  const service = 'payments';
  alarm('Germany', 'Amount', { service, country: 'de' }, 'Sum', 60);
  alarm('Largest', 'Amount', { service, country: 'de' }, 'Maximum', 20);
  alarm('France', 'Charged', { service, country: 'fr' }, 'Sum', 1);
  alarm('Service', 'Charged', { service }, 'Sum', 1);
  alarm('Refused', 'Refused', { service, reason: 'limit' }, 'Sum', 1);
  alarm('ColdStarts', 'ColdStart', { service, function_name: fnName }, 'Sum', 1);
  alarm('MoreColdStarts', 'ColdStart', { service, function_name: fnName }, 'Sum', 2);
});
beforeEach(async () => {
  segments = [];
  simulation = await Simulation.start(stack);
});
afterEach(() => simulation.stop());
afterAll(async () => {
  daemon.close();
  await closeAll();
});

interface Answer { readonly root: string; readonly header: string; readonly sampled: boolean }

async function invoke(name: keyof typeof functions, event: object): Promise<Answer> {
  const [{ payload, error }] = await Promise.all([simulation.function(name).invoke({ orderId: '1', ...event }), simulation.advance(Duration.seconds(2))]);
  expect(error).toBeUndefined();
  return payload as Answer;
}
const raised = (name: string) => simulation.alarm(name).history.some(({ to }) => to === 'ALARM');
const lines = (name: keyof typeof functions) => simulation.function(name).logs.map((line) => JSON.parse(line) as Record<string, unknown>);
const logged = (name: keyof typeof functions) => simulation.function(name).logs.filter((line) => line.startsWith('{') && !line.includes('"_aws"'))
  .map((line) => JSON.parse(line) as Record<string, unknown>);

documented('the metrics of Powertools', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/', () => {
  test('have their dimensions, all their values, and raise their alarms', async () => {
    await invoke('Plain', {});
    await invoke('Plain', { country: 'de', refused: true });
    await simulation.advance(Duration.minutes(2));
    expect(['Germany', 'Largest', 'Refused'].map(raised)).toEqual([true, true, true]);
    expect(['France', 'Service'].map(raised)).toEqual([false, false]);
  });

  test('count a cold start once for each execution environment', async () => {
    await invoke('Plain', {});
    await invoke('Plain', {});
    await simulation.advance(Duration.minutes(2));
    expect(['ColdStarts', 'MoreColdStarts'].map(raised)).toEqual([true, false]);
  });
});

documented('the tracer of Powertools', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/tracer/', () => {
  test('has a trace of its own for each invocation, which nobody hears of without active tracing', async () => {
    const answers = [await invoke('Plain', {}), await invoke('Plain', {})];
    for (const { root, header, sampled } of answers) {
      expect(header).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
      expect([root, sampled]).toEqual([header.slice('Root='.length, header.indexOf(';')), false]);
    }
    expect(answers[0].root).not.toBe(answers[1].root);
    expect(simulation.queue('Charged').messages).toHaveLength(2);
  });

  test('sends what it captured of a sampled invocation to the X-Ray daemon, under the trace of the invocation', async () => {
    const { root, sampled } = await invoke('Traced', {});
    expect(sampled).toBe(true);
    for (let rounds = 0; segments.length < 2 && rounds < 100; rounds++) await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(new Set(segments.map(({ trace_id: id }) => id))).toEqual(new Set([root]));
    expect(segments.find(({ name }) => name === '## charge')).toMatchObject({ annotations: { ColdStart: true, orderId: '1' } });
    expect(segments.find(({ name }) => name === 'SQS')).toMatchObject({ namespace: 'aws', aws: { operation: 'SendMessage' } });
    const began = new Date(Number.parseInt(root.slice(2, 10), 16) * 1000);
    expect(simulation.now.getTime() - began.getTime()).toBeLessThan(3000);
  });
});

documented('the logger of Powertools', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/', () => {
  test('writes what the context says, the correlation ID, the trace and errors as JSON', async () => {
    const { root } = await invoke('Plain', { orderId: '7' });
    const [charged, refused] = logged('Plain');
    expect(charged).toMatchObject({
      level: 'INFO', message: 'charged', service: 'payments', amount: 30, correlation_id: '7', cold_start: true, xray_trace_id: root, function_memory_size: '512',
    });
    expect(refused).toMatchObject({ level: 'ERROR', message: 'refused', error: { name: 'RangeError', message: 'too much' } });
    expect(simulation.function('Plain').logs).toContain('plain');
  });

  test('writes more when its variable says so', async () => {
    await invoke('Debugging', {});
    expect(logged('Debugging').map(({ level }) => level)).toEqual(['DEBUG', 'INFO', 'ERROR']);
  });

  test('writes no more than the log level of the function, with the log format JSON', async () => {
    await invoke('Quiet', {});
    expect(lines('Quiet').map(({ level, message }) => [level, message])).toEqual([['ERROR', 'refused']]);
  });
});
