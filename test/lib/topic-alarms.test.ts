import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AlarmSet } from '../../lib/alarm-set';
import { AlarmTopic } from '../../lib/alarm-topic';
import { FanOutTopic } from '../../lib/fan-out-topic';
import { TopicAlarms, type TopicAlarmsProps } from '../../lib/topic-alarms';

type Options = Omit<TopicAlarmsProps, 'topic'>;

function alarmsWith(props: Options = {}): { stack: Stack; alarms: TopicAlarms } {
  const stack = new Stack(new App(), 'Test');
  return { stack, alarms: new TopicAlarms(stack, 'OrdersAlarms', { topic: new FanOutTopic(stack, 'Orders'), ...props }) };
}

const kinds = [
  ['failedNotifications', 'FailedNotifications', 'NumberOfNotificationsFailed'],
  ['subscriptionDeadLetters', 'SubscriptionDeadLetters', 'NumberOfNotificationsRedrivenToDlq'],
  ['failedRedrives', 'FailedRedrives', 'NumberOfNotificationsFailedToRedriveToDlq'],
] as const;

const resolve = (stack: Stack, value: unknown): unknown => stack.resolve(value);

describe('TopicAlarms', () => {
  test('makes three alarms and no more', () => {
    Template.fromStack(alarmsWith().stack).resourceCountIs('AWS::CloudWatch::Alarm', 3);
  });

  test.each(kinds)('raises %s within a minute of the first one', (property, id, metricName) => {
    const { stack, alarms } = alarmsWith();
    expect(alarms[property].node.path).toBe(`Test/OrdersAlarms/${id}`);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SNS', MetricName: metricName, Statistic: 'Sum', Period: 60, Threshold: 1,
      Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'TopicName'] } }],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching',
    });
  });

  test.each(kinds)('raises %s at another number', (property, _, metricName) => {
    Template.fromStack(alarmsWith({ [property]: 9 }).stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metricName, Threshold: 9, AlarmDescription: Match.stringLikeRegexp('9 or more within a minute'),
    });
  });

  test('notifies nobody unless told, else every action of every alarm, and of every recovery', () => {
    Template.fromStack(alarmsWith().stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.absent(), OKActions: Match.absent(),
    });

    const stack = new Stack(new App(), 'Test');
    const alarmTopic = new AlarmTopic(stack, 'Topic');
    new TopicAlarms(stack, 'Alarms', { topic: new FanOutTopic(stack, 'Orders'), actions: [alarmTopic] });
    const arn = resolve(stack, alarmTopic.topic.topicArn);
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [arn], OKActions: [arn] });
  });

  test('makes the alarms of a set and no others', () => {
    const { stack, alarms } = alarmsWith({ alarms: AlarmSet.essential() });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 1);
    expect(alarms.alarms.map(({ node }) => node.id)).toEqual(['FailedNotifications']);
  });

  test.each(kinds)('fails when %s is read though the set leaves it out', (property) => {
    const { alarms } = alarmsWith({ alarms: AlarmSet.of() });
    expect(() => alarms[property]).toThrow(/^Test\/OrdersAlarms: there is no alarm '\w+', only none/);
  });

  test.each(kinds)('fails when %s is 0', (property) => {
    expect(() => alarmsWith({ [property]: 0 })).toThrow(`Test/OrdersAlarms: '${property}' must be 1 or more, got 0`);
  });

  test('fails when the runbook has an anchor', () => {
    expect(() => alarmsWith({ runbookUrl: 'runbook#anchor' })).toThrow("Test/OrdersAlarms: 'runbookUrl' must be an address");
  });
});
