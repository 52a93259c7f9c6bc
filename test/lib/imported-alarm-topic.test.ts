import { Annotations as Acknowledged, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmTopic, ChannelAlarm, DurableQueue, QueueAlarms } from '../../lib';
import { newStack } from './set-up';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:oncall';
const importedIn = (stack: Stack): SnsAction => new SnsAction(sns.Topic.fromTopicArn(stack, 'OnCall', topicArn));
const alarmsOf = (stack: Stack, id: string, ...actions: (SnsAction | AlarmTopic)[]): QueueAlarms => (
  new QueueAlarms(stack, `${id}Alarms`, { queue: new DurableQueue(stack, id), actions }));
const warnings = (stack: Stack): string[] => Annotations.fromStack(stack).findWarning('/Test', Match.anyValue())
  .map(({ entry }) => entry.data as string).filter((text) => text.includes('cdk-messaging:importedAlarmTopic'));

/**
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
describe('Alarms that notify an imported topic', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = newStack();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => jest.restoreAllMocks());

  test('warn with the statements that the policies of the topic and of its key need', () => {
    alarmsOf(stack, 'Orders', importedIn(stack));
    const [warning] = warnings(stack);
    const statements = [...warning.matchAll(/\{"Action".*?"Resource":"[^"]*"[^}]*\}/g)].map(([text]) => JSON.parse(text) as unknown);
    const Condition = {
      StringEquals: { 'aws:SourceAccount': '111122223333' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' },
    };
    expect(statements).toEqual([
      { Sid: 'AllowAlarms', Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' }, Resource: topicArn, Condition },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Principal: { Service: 'cloudwatch.amazonaws.com' }, Resource: '*', Condition },
    ]);
  });

  test('warn once a stack, however many they are', () => {
    const action = importedIn(stack);
    const { alarms } = alarmsOf(stack, 'Orders', action);
    alarmsOf(stack, 'Billing', action);
    new ChannelAlarm(stack, 'Channel', { alarms, actions: [new AlarmTopic(stack, 'Own')] });
    expect(warnings(stack)).toHaveLength(1);
  });

  test('warn of a composite alarm, too', () => {
    const { alarms } = alarmsOf(stack, 'Orders');
    new ChannelAlarm(stack, 'Channel', { alarms, actions: [importedIn(stack)] });
    expect(warnings(stack)).toHaveLength(1);
  });

  test('do not warn of a topic that this app makes, in this stack or another', () => {
    const other = new Stack(stack.node.root, 'Other', { env: { account: '111122223333', region: 'eu-west-1' } });
    alarmsOf(stack, 'Orders', new AlarmTopic(stack, 'Own'), new AlarmTopic(other, 'Shared'));
    expect(warnings(stack)).toEqual([]);
  });

  test('are quiet once that is acknowledged', () => {
    Acknowledged.of(stack).acknowledgeWarning('cdk-messaging:importedAlarmTopic', 'The platform stack has the statements');
    alarmsOf(stack, 'Orders', importedIn(stack));
    expect(warnings(stack)).toEqual([]);
  });
});
