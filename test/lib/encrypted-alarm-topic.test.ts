import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmTopic, ChannelAlarm, DurableQueue, QueueAlarms } from '../../lib';
import { environment, importedKeyIn, newApp, newStack, statementsIn } from './set-up';

const Condition = {
  StringEquals: { 'aws:SourceAccount': environment.account },
  ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${environment.region}:${environment.account}:alarm:*` },
};
const forAlarms = {
  Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Condition, Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Resource: '*',
};

let stack: Stack;

const alarmsWith = (...actions: cloudwatch.IAlarmAction[]): QueueAlarms => (
  new QueueAlarms(stack, 'Alarms', { queue: new DurableQueue(stack, 'Orders'), actions }));
const topicWith = (masterKey: kms.IKey): sns.Topic => new sns.Topic(stack, 'OnCall', { masterKey });
/** A key whose policy nobody but the template changes. */
const plainKey = (...statements: object[]): kms.CfnKey => new kms.CfnKey(stack, 'Plain', { keyPolicy: { Statement: statements } });
const topicWithPlainKey = (...statements: object[]): sns.Topic => {
  const topic = new sns.Topic(stack, 'OnCall');
  (topic.node.defaultChild as sns.CfnTopic).kmsMasterKeyId = plainKey(...statements).attrKeyId;
  return topic;
};
const statementsOfKeys = (of = stack): unknown[] => statementsIn(of, 'AWS::KMS::Key', 'KeyPolicy')
  .filter(({ Principal }) => JSON.stringify(Principal).includes('cloudwatch'));
const warnings = (): string[] => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('importedAlarmTopicKey|alarmTopicKeyPolicy'))
  .map(({ entry }) => entry.data as string);

beforeEach(() => {
  stack = newStack();
  jest.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => jest.restoreAllMocks());

/**
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
describe('Alarms that notify an encrypted topic of the app, which no AlarmTopic made', () => {
  test('are let use its key, once however many they are, for their account and region only', () => {
    const { alarms } = alarmsWith(new SnsAction(topicWith(new kms.Key(stack, 'Key'))));
    expect(alarms.length).toBeGreaterThan(1);
    expect(statementsOfKeys()).toEqual([forAlarms]);
  });

  test('are let use it when they are composite', () => {
    const { alarms } = alarmsWith();
    new ChannelAlarm(stack, 'Channel', { alarms, actions: [new SnsAction(topicWith(new kms.Key(stack, 'Key')))] });
    expect(statementsOfKeys()).toEqual([forAlarms]);
  });

  test('are let use it when topic and key are in another stack', () => {
    const app = newApp();
    const shared = new Stack(app, 'Shared', { env: environment });
    const topic = new sns.Topic(shared, 'OnCall', { masterKey: new kms.Key(shared, 'Key') });
    stack = new Stack(app, 'Test', { env: environment });
    alarmsWith(new SnsAction(topic));
    expect(statementsOfKeys(shared)).toEqual([forAlarms]);
  });

  test('leave the policy of a key as it is that lets them use it already', () => {
    const key = new kms.Key(stack, 'Key');
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')], actions: ['kms:*'], resources: ['*'],
    }));
    alarmsWith(new SnsAction(topicWith(key)));
    expect(statementsOfKeys()).toHaveLength(1);
  });

  test('leave the key of an AlarmTopic to that topic, which warns of an imported one itself', () => {
    alarmsWith(new AlarmTopic(stack, 'AlarmTopic', { encryptionKey: importedKeyIn(stack) }));
    expect(warnings()).toEqual([expect.stringContaining('cdk-messaging:alarmTopicKeyPolicy')]);
  });

  test.each<[string, object[]]>([
    ['has no statement', []],
    ['lets another service use it', [{ ...forAlarms, Principal: { Service: 's3.amazonaws.com' } }]],
    ['lets them decrypt only', [{ ...forAlarms, Action: 'kms:Decrypt' }]],
    ['lets them generate pairs of keys only', [{ ...forAlarms, Action: ['kms:Decrypt', 'kms:GenerateDataKeyP*'] }]],
    ['denies them', [{ ...forAlarms, Effect: 'Deny' }]],
  ])('fail when the policy of the key cannot be added to and %s, with the statement that it lacks', (_case, statements) => {
    alarmsWith(new SnsAction(topicWithPlainKey(...statements)));
    expect(() => Template.fromStack(stack)).toThrow("the policy of the key 'Test/Plain' must let CloudWatch use the key of the topic "
      + `'Test/OnCall/Resource', or alarms notify nobody. It lacks {"Action":["kms:Decrypt","kms:GenerateDataKey*"]`);
  });

  test.each<[string, object]>([
    ['with a principal', forAlarms],
    ['with a list of principals', { ...forAlarms, Principal: { Service: ['s3.amazonaws.com', 'cloudwatch.amazonaws.com'] } }],
    ['with every principal', { ...forAlarms, Principal: '*' }],
    ['with whole names of actions', { ...forAlarms, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }],
  ])('are fine when the policy of such a key has the statement: %s', (_case, statement) => {
    alarmsWith(new SnsAction(topicWithPlainKey(statement)));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('fail when they are given the topic later, where no key is changed any more', () => {
    const { alarms: [alarm] } = alarmsWith();
    alarm.addInsufficientDataAction(new SnsAction(topicWith(new kms.Key(stack, 'Key'))));
    expect(() => Template.fromStack(stack)).toThrow("the policy of the key 'Test/Key/Resource' must let CloudWatch use the key of the topic");
  });

  test('fail, and do not warn, when AWS manages the key: its policy lets no other service in, and nobody can change it', () => {
    alarmsWith(new SnsAction(topicWith(kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/sns'))));
    expect(() => Template.fromStack(stack)).toThrow(/'kmsMasterKeyId' must let CloudWatch use the key of the topic 'Test\/OnCall\/Resource', or alarms notify nobody: /);
    expect(stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
  });

  test('warn once a stack of an imported key, with the statement that its policy needs', () => {
    alarmsWith(new SnsAction(topicWith(importedKeyIn(stack))));
    expect(warnings()).toEqual([expect.stringMatching(/topic 'Test\/OnCall\/Resource', and the policy of its key cannot be changed.*"cloudwatch\.amazonaws\.com"/)]);
  });

  test('warn of a key that is known at deployment only', () => {
    alarmsWith(new SnsAction(topicWith(kms.Key.fromKeyArn(stack, 'Given', new CfnParameter(stack, 'KeyArn').valueAsString))));
    expect(warnings()).toHaveLength(1);
  });
});
