import { Aspects, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmTopic, ChannelAlarm, DurableQueue, QueueAlarms } from '../../lib';
import { environment, newApp, newStack, resolve, statementsIn } from './set-up';

let stack: Stack;

const alarmsFor = (topic: sns.ITopic, scope = stack): QueueAlarms => (
  new QueueAlarms(scope, 'Alarms', { queue: new DurableQueue(scope, 'Orders'), actions: [new SnsAction(topic)] }));
const allowing = (topic: sns.Topic) => ({
  Sid: 'AllowAlarms', Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' },
  Resource: resolve(Stack.of(topic), topic.topicArn),
  Condition: {
    StringEquals: { 'aws:SourceAccount': environment.account },
    ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${environment.region}:${environment.account}:alarm:*` },
  },
});
const allowed = (of = stack): unknown[] => statementsIn(of, 'AWS::SNS::TopicPolicy').filter(({ Effect }) => Effect === 'Allow');
const statement = (props: iam.PolicyStatementProps): iam.PolicyStatement => (
  new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'], ...props }));
const cloudWatch = new iam.ServicePrincipal('cloudwatch.amazonaws.com');

beforeEach(() => { stack = newStack(); });

/**
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
describe('Alarms that notify a topic of the app, which no AlarmTopic made', () => {
  test('are let publish where TLS is enforced, once however many they are, for their account and region', () => {
    const topic = new sns.Topic(stack, 'OnCall', { enforceSSL: true });
    expect(alarmsFor(topic).alarms.length).toBeGreaterThan(1);
    expect(allowed()).toEqual([allowing(topic)]);
  });

  test('are let publish when they are composite', () => {
    const topic = new sns.Topic(stack, 'OnCall', { enforceSSL: true });
    const { alarms } = new QueueAlarms(stack, 'Alarms', { queue: new DurableQueue(stack, 'Orders') });
    new ChannelAlarm(stack, 'Channel', { alarms, actions: [new SnsAction(topic)] });
    expect(allowed()).toEqual([allowing(topic)]);
  });

  test('make no policy where the topic has none: SNS lets the whole account publish then', () => {
    alarmsFor(new sns.Topic(stack, 'OnCall'));
    Template.fromStack(stack).resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });

  test('are let publish by a policy that the topic is given later', () => {
    const topic = new sns.Topic(stack, 'OnCall');
    alarmsFor(topic);
    const backup = statement({ principals: [new iam.ServicePrincipal('backup.amazonaws.com')] });
    topic.addToResourcePolicy(backup);
    expect(allowed()).toEqual([expect.objectContaining({ Principal: { Service: 'backup.amazonaws.com' } }), allowing(topic)]);
  });

  test('are let publish by a policy that an aspect of the app makes', () => {
    const topic = new sns.Topic(stack, 'OnCall');
    alarmsFor(topic);
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof sns.Topic && !node.node.tryFindChild('Policy')) {
          node.addToResourcePolicy(statement({ principals: [new iam.ServicePrincipal('backup.amazonaws.com')] }));
        }
      },
    });
    expect(allowed()).toContainEqual(allowing(topic));
  });

  test('are let publish when topic and policy are in another stack, or both in a stage', () => {
    const app = newApp();
    const shared = new Stack(app, 'Shared', { env: environment });
    const topic = new sns.Topic(shared, 'OnCall', { enforceSSL: true });
    alarmsFor(topic, new Stack(app, 'Test', { env: environment }));
    expect(allowed(shared)).toEqual([allowing(topic)]);

    const staged = new Stack(new Stage(newApp(), 'Production'), 'Test', { env: environment });
    const other = new sns.Topic(staged, 'OnCall', { enforceSSL: true });
    alarmsFor(other, staged);
    expect(allowed(staged)).toEqual([allowing(other)]);
  });

  test('are let publish to each topic of one policy', () => {
    const topics = ['First', 'Second'].map((id) => new sns.Topic(stack, id));
    const { document } = new sns.TopicPolicy(stack, 'Policy', { topics });
    document.addStatements(statement({ principals: [cloudWatch], resources: [topics[0].topicArn] }));
    topics.forEach((topic) => new QueueAlarms(stack, `${topic.node.id}Alarms`, {
      queue: new DurableQueue(stack, `${topic.node.id}Orders`), actions: [new SnsAction(topic)],
    }));
    expect(allowed()).toEqual([expect.objectContaining({ Resource: resolve(stack, topics[0].topicArn) }), allowing(topics[1])]);
  });

  test('change no policy of a topic that they do not notify', () => {
    const other = new sns.Topic(stack, 'Other', { enforceSSL: true });
    alarmsFor(new sns.Topic(stack, 'OnCall'));
    expect(other.node.findChild('Policy')).toBeDefined();
    expect(allowed()).toEqual([]);
  });

  test('leave an AlarmTopic as it is', () => {
    new QueueAlarms(stack, 'Alarms', { queue: new DurableQueue(stack, 'Orders'), actions: [new AlarmTopic(stack, 'AlarmTopic')] });
    expect(allowed()).toHaveLength(1);
  });

  test.each<[string, iam.PolicyStatementProps]>([
    ['CloudWatch', { principals: [cloudWatch] }],
    ['CloudWatch for every action', { principals: [cloudWatch], actions: ['SNS:*'] }],
    ['everybody of the account, as SNS\'s own policy does', {
      principals: [new iam.AnyPrincipal()], conditions: { StringEquals: { 'AWS:SourceOwner': environment.account } },
    }],
    ['alarms by their ARN', { principals: [cloudWatch], conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:*:alarm:*' } } }],
  ])('leave a policy as it is that lets in %s', (_who, props) => {
    const topic = new sns.Topic(stack, 'OnCall');
    topic.addToResourcePolicy(statement(props));
    alarmsFor(topic);
    expect(allowed()).toHaveLength(1);
  });

  test.each<[string, iam.PolicyStatementProps]>([
    ['an organization', { principals: [new iam.AnyPrincipal()], conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-0123456789' } } }],
    ['another service', { principals: [new iam.ServicePrincipal('events.amazonaws.com')] }],
    ['an account', { principals: [new iam.AccountPrincipal('999900001111')] }],
    ['CloudWatch to subscribe', { principals: [cloudWatch], actions: ['sns:Subscribe'] }],
    ['CloudWatch on another topic', { principals: [cloudWatch], resources: ['arn:aws:sns:eu-west-1:111122223333:Other'] }],
  ])('are let publish besides whom a policy lets in: %s', (_who, props) => {
    const topic = new sns.Topic(stack, 'OnCall');
    topic.addToResourcePolicy(statement(props));
    alarmsFor(topic);
    expect(allowed()).toEqual([expect.anything(), allowing(topic)]);
  });

  test('are let publish where only a denial names CloudWatch: that lets nobody in', () => {
    const topic = new sns.Topic(stack, 'OnCall');
    topic.addToResourcePolicy(statement({ effect: iam.Effect.DENY, principals: [cloudWatch] }));
    alarmsFor(topic);
    expect(allowed()).toEqual([allowing(topic)]);
  });

  describe('where nothing can be added to the policy', () => {
    const withPlainPolicy = (documentFor: (topic: sns.Topic) => object): void => {
      const topic = new sns.Topic(stack, 'OnCall');
      expect(alarmsFor(topic).alarms.length).toBeGreaterThan(1);
      new sns.CfnTopicPolicy(stack, 'Plain', { topics: [topic.topicArn], policyDocument: documentFor(topic) });
    };

    test.each<[string, (topic: sns.Topic) => object]>([
      ['by a list of statements', (topic) => ({ Statement: [allowing(topic)] })],
      ['by one statement', (topic) => ({ Statement: allowing(topic) })],
      ['with everybody of the account', (topic) => ({
        Statement: [{ ...allowing(topic), Principal: '*', Condition: { StringEquals: { 'AWS:SourceOwner': environment.account } } }],
      })],
      ['by one of several actions', (topic) => ({ Statement: [{ ...allowing(topic), Action: ['sns:Subscribe', 'sns:Publish'] }] })],
      ['by a statement for every action', (topic) => ({ Statement: [{ ...allowing(topic), Action: '*' }] })],
      ['by a statement without a resource', (topic) => ({ Statement: [{ ...allowing(topic), Resource: undefined }] })],
    ])('are fine when it lets them publish %s', (_how, documentFor) => {
      withPlainPolicy(documentFor);
      expect(() => Template.fromStack(stack)).not.toThrow();
    });

    const failure = (): string => {
      try {
        Template.fromStack(stack);
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };

    test('fail once, however many they are, with the statement that it lacks', () => {
      withPlainPolicy((topic) => ({ Statement: [{ ...allowing(topic), Principal: { Service: 's3.amazonaws.com' } }] }));
      expect(failure()).toMatch(
        /the policy 'Test\/Plain' must let CloudWatch publish to the topic 'Test\/OnCall\/Resource', or alarms notify nobody\. It lacks \{"Action":"sns:Publish"/,
      );
      expect(failure().match(/must let CloudWatch publish/g)).toHaveLength(1);
    });

    test.each<[string, (topic: sns.Topic) => object]>([
      ['nothing at all', () => ({})],
      ['only the identities of the account that a condition names', (topic) => ({
        Statement: [{ ...allowing(topic), Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': environment.account } } }],
      })],
      ['nobody', (topic) => ({ Statement: [{ ...allowing(topic), Principal: undefined }] })],
    ])('fail when it lets in %s', (_who, documentFor) => {
      withPlainPolicy(documentFor);
      expect(failure()).toContain("the policy 'Test/Plain' must let CloudWatch publish");
    });
  });

  test('fail when they are given the topic later, where its policy is not changed any more', () => {
    const queue = new DurableQueue(stack, 'Orders');
    const [alarm] = new QueueAlarms(stack, 'Alarms', { queue }).alarms;
    alarm.addInsufficientDataAction(new SnsAction(new sns.Topic(stack, 'OnCall', { enforceSSL: true })));
    expect(() => Template.fromStack(stack)).toThrow("the policy 'Test/OnCall/Policy/Resource' must let CloudWatch publish to the topic 'Test/OnCall/Resource'");
  });
});
