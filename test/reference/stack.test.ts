import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { informationalEventTypes, outcomeEventTypes, shippingEventTypes } from '../../lambda/private/event-types';
import { OrderMessagingStack } from '../../lib';
import { costTags, referenceStack } from './set-up';

const stack = referenceStack();
const template = Template.fromStack(stack);

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

const resources = Object.entries(template.toJSON().Resources as Record<string, Resource>);

test('no logical ID changes unseen: a changed one means a replaced resource', () => {
  expect(Object.fromEntries(resources.map(([logicalId, { Type }]) => [logicalId, Type]))).toMatchSnapshot();
});

test('every resource that can bear tags bears the four cost tags', () => {
  const taggable = resources.filter(([, { Properties }]) => Properties?.Tags !== undefined);
  expect(taggable.length).toBeGreaterThan(60);
  for (const [, { Properties }] of taggable) {
    const tags = (Properties!.Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
    expect(Object.fromEntries(tags)).toEqual({
      'application': 'order-messaging', 'environment': 'test', 'owner': 'orders', 'cost-center': '4711',
    });
  }
});

test('a message of every topic is archived', () => {
  const archive = (stack.node.findChild('Archive') as unknown as { queue: { queueArn: unknown } }).queue;
  const topics = new Set(Object.values(template.findResources('AWS::SNS::Subscription', {
    Properties: { Endpoint: stack.resolve(archive.queueArn) as unknown, RawMessageDelivery: false },
  })).map(({ Properties }) => JSON.stringify((Properties as { TopicArn: unknown }).TopicArn)));
  expect(topics).toEqual(new Set([stack.orders, stack.paymentRequests].map(({ topic }) => JSON.stringify(stack.resolve(topic.topicArn)))));
});

test('the filter policies know the event types of the handlers', () => {
  const policies = Object.values(template.findResources('AWS::SNS::Subscription'))
    .map(({ Properties }) => (Properties as { FilterPolicy?: unknown }).FilterPolicy)
    .filter((policy) => policy !== undefined);
  expect(policies).toEqual([
    { eventType: [{ 'anything-but': [...informationalEventTypes, ...outcomeEventTypes] }, { exists: false }] },
    { eventType: [...shippingEventTypes] },
  ]);
});

test('every alarm notifies the alarm topic of failure and of recovery', () => {
  const topicArn: unknown = stack.resolve(stack.alarmTopic.topic.topicArn);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(40);
  for (const { Properties } of alarms) expect(Properties).toMatchObject({ AlarmActions: [topicArn], OKActions: [topicArn] });
});

test('a stack without cost tags does not synthesize', () => {
  expect(() => referenceStack({ costTags: { ...costTags, owner: '' } })).toThrow(/'owner'/);
});

test('the AwsSolutions rules of cdk-nag find nothing that is not acknowledged with a reason', () => {
  const app = new App({ context: stack.node.root.node.getAllContext() as Record<string, unknown> });
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  new OrderMessagingStack(app, 'OrderMessaging', { costTags });
  expect(() => app.synth()).not.toThrow();
});
