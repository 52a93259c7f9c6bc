import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmTopic } from '../../lib/alarm-topic';
import { ConsumerAlarms, type ConsumerAlarmsProps } from '../../lib/consumer-alarms';
import { ConsumerFunction } from '../../lib/consumer-function';

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
    ['no error is too few', { errors: 0 }, "'errors' must be from 1 to"],
    ['no throttle is too few', { throttles: 0 }, "'throttles' must be from 1 to"],
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
