import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlarmTopic, DurableQueue, Quarantine, QuarantineAlarm, type QuarantineAlarmProps } from '../../lib';
import { newStack, resolve } from './set-up';

describe('QuarantineAlarm', () => {
  let stack: Stack;
  const alarmWith = (props: Partial<QuarantineAlarmProps> = {}): { properties: Record<string, unknown>; quarantine: Quarantine; alarm: QuarantineAlarm } => {
    stack = newStack();
    const quarantine = new Quarantine(stack, 'Quarantine', { queue: new DurableQueue(stack, 'Orders') });
    const alarm = new QuarantineAlarm(stack, 'Alarm', { deadLetterConsumer: quarantine.consumer, ...props });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as { Properties: Record<string, unknown> }[];
    return { properties: Properties, quarantine, alarm };
  };

  test('is raised within a minute of the first message in quarantine, and by nothing else', () => {
    const { properties, quarantine } = alarmWith();
    expect(properties).toMatchObject({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', Period: 60, Threshold: 1,
      EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'QueueName', Value: resolve(stack, quarantine.queue.queueName) }],
    });
  });

  test('is raised at another number', () => {
    expect(alarmWith({ quarantined: 20 }).properties).toMatchObject({ Threshold: 20 });
  });

  test('notifies nobody unless told, and then of failure and of recovery', () => {
    expect(alarmWith().properties).not.toHaveProperty('AlarmActions');
    const own = newStack();
    const topic = new AlarmTopic(own, 'AlarmTopic');
    const quarantine = new Quarantine(own, 'Quarantine', { queue: new DurableQueue(own, 'Orders') });
    new QuarantineAlarm(own, 'Alarm', { deadLetterConsumer: quarantine.consumer, actions: [topic] });
    const arn = resolve(own, topic.topic.topicArn);
    Template.fromStack(own).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [arn], OKActions: [arn] });
  });

  test('gives its alarm to a channel\'s', () => {
    const { alarm } = alarmWith();
    expect(alarm.alarms).toEqual([alarm.alarm]);
  });
});
