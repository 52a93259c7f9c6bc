import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmKind, AlarmSet } from '../../lib/alarm-set';
import { AlarmTopic } from '../../lib/alarm-topic';
import { ConsumerAlarms, type ConsumerAlarmsProps } from '../../lib/consumer-alarms';
import { ConsumerFunction } from '../../lib/consumer-function';
import { DurableQueue } from '../../lib/durable-queue';
import { QueueConsumer, type QueueConsumerProps } from '../../lib/queue-consumer';

type Options = Partial<Omit<ConsumerAlarmsProps, 'function'>>;

const code = lambda.Code.fromInline('exports.handler = async () => {};');

function functionIn(stack: Stack, timeout?: Duration): lambda.Function {
  return new lambda.Function(stack, 'Function', { code, handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, timeout });
}

function alarmsWith(props: Options = {}): { stack: Stack; alarms: ConsumerAlarms } {
  const stack = new Stack(new App(), 'Test');
  const consumer = new ConsumerFunction(stack, 'Billing', { code, timeout: Duration.seconds(20) });
  return { stack, alarms: new ConsumerAlarms(stack, 'ConsumerAlarms', { function: consumer.function, ...props }) };
}

function propertiesOf(stack: Stack, alarm: { node: { defaultChild?: unknown } }): Record<string, unknown> {
  const logicalId = stack.getLogicalId(alarm.node.defaultChild as never);
  return Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')[logicalId].Properties as Record<string, unknown>;
}

function alarm(kind: 'errors' | 'throttles' | 'duration', props: Options = {}): Record<string, unknown> {
  const { stack, alarms } = alarmsWith(props);
  return propertiesOf(stack, alarms[kind]);
}

const common = {
  Namespace: 'AWS/Lambda', Period: 60, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
  Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^Billing/) as unknown } }],
};

const resolve = (stack: Stack, value: unknown): unknown => stack.resolve(value);

describe('ConsumerAlarms', () => {
  test('makes three alarms, found under their names', () => {
    const { stack, alarms } = alarmsWith();
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 3);
    expect([alarms.errors, alarms.throttles, alarms.duration].map(({ node }) => node.path))
      .toEqual(['Test/ConsumerAlarms/Errors', 'Test/ConsumerAlarms/Throttles', 'Test/ConsumerAlarms/Duration']);
  });

  test('raises Errors within a minute of the first invocation that ends in an error', () => {
    expect(alarm('errors')).toMatchObject({
      ...common, MetricName: 'Errors', Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 1, DatapointsToAlarm: 1,
    });
  });

  test('raises Errors at another number', () => {
    expect(alarm('errors', { errors: 5 })).toMatchObject({ Threshold: 5, AlarmDescription: expect.stringContaining('5 or more') as unknown });
  });

  test('raises Throttles when there were some in 3 of 15 minutes', () => {
    expect(alarm('throttles')).toMatchObject({
      ...common, MetricName: 'Throttles', Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 15, DatapointsToAlarm: 3,
    });
  });

  test('raises Throttles at another number', () => {
    expect(alarm('throttles', { throttles: 7 })).toMatchObject({
      Threshold: 7, AlarmDescription: expect.stringContaining('7 times or more') as unknown,
    });
  });

  test('raises Duration when the longest invocation took 80 % of the timeout in 3 of 15 minutes', () => {
    expect(alarm('duration')).toMatchObject({
      ...common, MetricName: 'Duration', Statistic: 'Maximum', Threshold: 16_000, EvaluationPeriods: 15, DatapointsToAlarm: 3,
      AlarmDescription: expect.stringMatching(/took 16 seconds or longer.* At 20 seconds they are cut off/) as unknown,
    });
  });

  test('raises Duration at another share', () => {
    expect(alarm('duration', { durationShare: 0.55 })).toMatchObject({ Threshold: 11_000 });
  });

  test('goes by a timeout that is given', () => {
    expect(alarm('duration', { timeout: Duration.minutes(1) })).toMatchObject({ Threshold: 48_000 });
  });

  test('goes by the 3 seconds of Lambda where the function was made without a timeout', () => {
    const stack = new Stack(new App(), 'Test');
    const alarms = new ConsumerAlarms(stack, 'Alarms', { function: functionIn(stack) });
    expect(propertiesOf(stack, alarms.duration)).toMatchObject({ Threshold: 2400 });
  });

  test('goes by the timeout of the function that an alias or a version stands for', () => {
    const stack = new Stack(new App(), 'Test');
    const { currentVersion } = functionIn(stack, Duration.seconds(50));
    const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: currentVersion });
    const alarms = new ConsumerAlarms(stack, 'Alarms', { function: alias });
    expect(propertiesOf(stack, alarms.duration)).toMatchObject({ Threshold: 40_000 });
  });

  test('watches an imported function whose timeout is given', () => {
    const stack = new Stack(new App(), 'Test');
    const imported = lambda.Function.fromFunctionName(stack, 'Imported', 'other');
    new ConsumerAlarms(stack, 'Alarms', { function: imported, timeout: Duration.seconds(10) });
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'FunctionName', Value: resolve(stack, imported.functionName) }],
    });
  });

  test('notifies nobody unless told, else every action of every alarm, and of every recovery', () => {
    Template.fromStack(alarmsWith().stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.absent(), OKActions: Match.absent(),
    });

    const stack = new Stack(new App(), 'Test');
    const topic = new AlarmTopic(stack, 'Topic');
    new ConsumerAlarms(stack, 'Alarms', { function: functionIn(stack), actions: [topic] });
    const arn = resolve(stack, topic.topic.topicArn);
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [arn], OKActions: [arn] });
  });

  test('fails when the timeout of an imported function is not given', () => {
    const stack = new Stack(new App(), 'Test');
    const imported = lambda.Function.fromFunctionName(stack, 'Imported', 'other');
    expect(() => new ConsumerAlarms(stack, 'Alarms', { function: imported }))
      .toThrow("Test/Alarms: 'timeout' must be given for Test/Imported, whose timeout is not known when the app is synthesized");
  });

  test.each<[string, Options, string]>([
    ['the timeout is zero', { timeout: Duration.seconds(0) }, "'timeout' must be from 1 second to 15 minutes, got 0 seconds"],
    ['the timeout is longer than Lambda\'s longest', { timeout: Duration.minutes(16) },
      "'timeout' must be from 1 second to 15 minutes, got 16 minutes"],
    ['no error is too few', { errors: 0 }, "'errors' must be 1 or more"],
    ['no throttle is too few', { throttles: 0 }, "'throttles' must be 1 or more"],
    ['the share is zero', { durationShare: 0 }, "'durationShare' must be above 0 and up to 1, got 0"],
    ['the share is above 1', { durationShare: 1.01 }, "'durationShare' must be above 0 and up to 1, got 1.01"],
    ['the timeout is a token', { timeout: Duration.seconds(Lazy.number({ produce: () => 1 })) },
      "'timeout' must be given for Test/Billing/Resource, whose timeout is not known"],
    ['the share is a token', { durationShare: Lazy.number({ produce: () => 1 }) },
      "'durationShare' must be known when the app is synthesized"],
    ['the runbook has an anchor', { runbookUrl: 'https://example.com/#b' }, "'runbookUrl' must be an address"],
  ])('fails when %s', (_, props, message) => {
    expect(() => alarmsWith(props)).toThrow(`Test/ConsumerAlarms: ${message}`);
  });
});

describe('ConsumerAlarms of a consumer', () => {
  function consuming(
    props: Options = {}, consumerProps: Partial<QueueConsumerProps> = {}, reservedConcurrentExecutions?: number,
  ): { stack: Stack; alarms: ConsumerAlarms; consumer: QueueConsumer } {
    const stack = new Stack(new App(), 'Test');
    const { function: handler } = new ConsumerFunction(stack, 'Billing', { code, reservedConcurrentExecutions });
    const consumer = new QueueConsumer(stack, 'Consumer', { queue: new DurableQueue(stack, 'Queue'), handler, ...consumerProps });
    return { stack, consumer, alarms: new ConsumerAlarms(stack, 'ConsumerAlarms', { function: handler, consumer, ...props }) };
  }
  const complete = { alarms: AlarmSet.complete() };
  const ids = ({ alarms }: { alarms: ConsumerAlarms }): string[] => alarms.alarms.map(({ node }) => node.id);
  const ofQueue = [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^Queue/) as unknown, 'QueueName'] } }];

  test('makes the standard alarms unless told', () => {
    expect(ids(consuming({}, { maxConcurrency: 5 }))).toEqual(['Errors', 'Throttles', 'Duration']);
  });

  test('makes the alarms of a set and no others, also where a threshold is given', () => {
    expect(ids(consuming({ alarms: AlarmSet.essential(), failedRecordShare: 0.5 }))).toEqual(['Errors']);
  });

  test('raises Concurrency when the function runs as often as the consumer may call it, for 15 minutes', () => {
    const { stack, alarms } = consuming(complete, { maxConcurrency: 12 });
    expect(propertiesOf(stack, alarms.concurrency)).toMatchObject({
      ...common, MetricName: 'ConcurrentExecutions', Statistic: 'Maximum', Threshold: 12, EvaluationPeriods: 15, DatapointsToAlarm: 15,
      AlarmDescription: expect.stringContaining('ran 12 times at once or more for 15 minutes, of 12 times that it may') as unknown,
    });
  });

  test.each<[number | undefined, number | undefined, number]>([[7, undefined, 7], [30, 12, 12], [12, 12, 12]])(
    'goes by the lower limit: with reserved concurrency %p and maximum concurrency %p by %p', (reserved, maxConcurrency, limit) => {
      const { stack, alarms } = consuming(complete, { maxConcurrency }, reserved);
      expect(propertiesOf(stack, alarms.concurrency)).toMatchObject({ Threshold: limit });
    },
  );

  test('goes by the reserved concurrency of the function that an alias stands for', () => {
    const stack = new Stack(new App(), 'Test');
    const { function: handler } = new ConsumerFunction(stack, 'Billing', { code, reservedConcurrentExecutions: 9 });
    const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
    const { concurrency } = new ConsumerAlarms(stack, 'Alarms', { function: alias, ...complete });
    expect(propertiesOf(stack, concurrency)).toMatchObject({ Threshold: 9 });
  });

  test('raises Concurrency at another share, rounded up, which also asks for the alarm', () => {
    const { stack, alarms } = consuming({ concurrencyShare: 0.75 }, { maxConcurrency: 10 });
    expect(propertiesOf(stack, alarms.concurrency)).toMatchObject({ Threshold: 8 });
  });

  test.each<[string, number | undefined]>([['no limit is known', undefined], ['the function is switched off', 0]])(
    'leaves Concurrency out where %s', (_, reserved) => {
      expect(ids(consuming(complete, {}, reserved))).toEqual(['Errors', 'Throttles', 'Duration', 'FailedRecords']);
    },
  );

  test('raises FailedRecords when of what was received a fifth was not deleted, three times in a row', () => {
    const { stack, alarms } = consuming(complete);
    const counted = (MetricName: string): unknown => ({
      Stat: 'Sum', Period: 300, Metric: { Namespace: 'AWS/SQS', MetricName, Dimensions: ofQueue },
    });
    expect(propertiesOf(stack, alarms.failedRecords)).toMatchObject({
      Threshold: 0.2, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 3, DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching', AlarmDescription: expect.stringContaining('20 % or more failed for 15 minutes') as unknown,
      Metrics: [
        { Expression: 'IF(received > 0, (received - deleted) / received, 0)' },
        { Id: 'received', ReturnData: false, MetricStat: counted('NumberOfMessagesReceived') },
        { Id: 'deleted', ReturnData: false, MetricStat: counted('NumberOfMessagesDeleted') },
      ],
    });
  });

  test('raises FailedRecords by the metrics of the event source mapping where it has them', () => {
    const { stack, consumer, alarms } = consuming({ failedRecordShare: 0.05 }, { mappingMetrics: true });
    const Dimensions = [{ Name: 'EventSourceMappingUUID', Value: resolve(stack, consumer.eventSourceMapping.eventSourceMappingId) }];
    const counted = (MetricName: string): unknown => ({
      Stat: 'Sum', Period: 300, Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions },
    });
    expect(propertiesOf(stack, alarms.failedRecords)).toMatchObject({
      Threshold: 0.05,
      Metrics: [
        { Expression: 'IF(invoked > 0, failed / invoked, 0)' },
        { Id: 'invoked', ReturnData: false, MetricStat: counted('InvokedEventCount') },
        { Id: 'failed', ReturnData: false, MetricStat: counted('FailedInvokeEventCount') },
      ],
    });
  });

  test('needs no timeout where Duration is left out', () => {
    const stack = new Stack(new App(), 'Test');
    const imported = lambda.Function.fromFunctionName(stack, 'Imported', 'other');
    new ConsumerAlarms(stack, 'Alarms', { function: imported, alarms: AlarmSet.standard().without(AlarmKind.DURATION) });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 2);
  });

  test.each(['errors', 'throttles', 'duration', 'concurrency', 'failedRecords'] as const)(
    'fails when %s is read though the set leaves it out', (property) => {
      const { alarms } = consuming({ alarms: AlarmSet.of() });
      expect(() => alarms[property]).toThrow(/^Test\/ConsumerAlarms: there is no alarm '\w+', only none/);
    },
  );

  test.each<[string, Options, string]>([
    ['the share of the limit is zero', { concurrencyShare: 0 }, "'concurrencyShare' must be above 0 and up to 1, got 0"],
    ['the share of failed messages is above 1', { failedRecordShare: 2 }, "'failedRecordShare' must be above 0 and up to 1, got 2"],
  ])('fails when %s', (_, props, message) => {
    expect(() => consuming(props, { maxConcurrency: 5 })).toThrow(`Test/ConsumerAlarms: ${message}`);
  });

  test('fails when a share of a limit is given that the app does not know', () => {
    expect(() => consuming({ concurrencyShare: 0.5 }))
      .toThrow("Test/ConsumerAlarms: 'concurrencyShare' must be left out for Test/Billing/Resource: the app knows no limit");
  });

  test('fails when a share of failed messages is given without the consumer', () => {
    expect(() => alarmsWith({ failedRecordShare: 0.5 })).toThrow("'consumer' must be given with 'failedRecordShare'");
  });

  test('fails when the consumer invokes another function', () => {
    const { stack, consumer } = consuming();
    expect(() => new ConsumerAlarms(stack, 'Others', { function: functionIn(stack), consumer }))
      .toThrow("Test/Others: 'consumer' must invoke Test/Function, got one that invokes Test/Billing/Resource");
  });
});
