import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { DurableQueue, FanOutTopic, type FanOutTopicProps } from '../../lib';
import { environment, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

function topicWith(props?: FanOutTopicProps): FanOutTopic {
  return new FanOutTopic(newStack(), 'Orders', props);
}

describe('FanOutTopic', () => {
  test('is a standard topic with nothing else, by default', () => {
    expect(resourceOf(topicWith().topic).Properties ?? {}).toEqual({});
  });

  test('denies publishing to whoever comes without TLS', () => {
    const topic = topicWith();
    Template.fromStack(Stack.of(topic)).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({
          Effect: 'Deny', Action: 'sns:Publish', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        })],
      },
    });
  });

  test('passes each setting on', () => {
    expect(resourceOf(topicWith({
      fifo: true, contentBasedDeduplication: true, highThroughput: true, topicName: 'orders.fifo', displayName: 'Orders',
    }).topic).Properties).toEqual({
      FifoTopic: true, ContentBasedDeduplication: true, FifoThroughputScope: 'MessageGroup', TopicName: 'orders.fifo', DisplayName: 'Orders',
    });
  });

  test('on FIFO deduplicates by ID and for the whole topic, by default', () => {
    const { FifoTopic, ...others } = resourceOf(topicWith({ fifo: true }).topic).Properties;
    expect(FifoTopic).toBe(true);
    expect(others).not.toHaveProperty('ContentBasedDeduplication');
    expect(others).not.toHaveProperty('FifoThroughputScope');
  });

  test('has the ARN and the name of the topic inside', () => {
    const topic = topicWith();
    expect([topic.topicArn, topic.topicName]).toEqual([topic.topic.topicArn, topic.topic.topicName]);
  });

  test('lets a publisher publish and encrypt, without a wildcard', () => {
    const stack = newStack();
    const key = keyIn(stack);
    const topic = new FanOutTopic(stack, 'Orders', { encryptionKey: key });
    const grant = topic.grantPublish(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(grant.success).toBe(true);
    expect(resourceOf(topic.topic).Properties).toEqual({ KmsMasterKeyId: resolve(stack, key.keyArn) });
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toEqual([
      { Effect: 'Allow', Action: 'sns:Publish', Resource: resolve(stack, topic.topicArn) },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: resolve(stack, key.keyArn) },
    ]);
  });

  test('lets a publisher publish where there is no key', () => {
    const topic = topicWith();
    topic.grantPublish(new iam.Role(topic, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(statementsIn(Stack.of(topic), 'AWS::IAM::Policy')).toEqual([
      { Effect: 'Allow', Action: 'sns:Publish', Resource: resolve(Stack.of(topic), topic.topicArn) },
    ]);
  });

  test.each([
    'metricNumberOfMessagesPublished', 'metricNumberOfNotificationsDelivered', 'metricNumberOfNotificationsFailed',
    'metricNumberOfNotificationsFilteredOut', 'metricPublishSize',
  ] as const)('%s is the one of the topic inside, with its options', (name) => {
    const topic = topicWith();
    const options = { period: Duration.minutes(1), statistic: 'p90' };
    expect(topic[name](options).metricName).toBe(name.replace('metric', ''));
    expect(topic[name](options).toMetricConfig()).toEqual(topic.topic[name](options).toMetricConfig());
    expect(topic.metric(name, options).toMetricConfig()).toEqual(topic.topic.metric(name, options).toMetricConfig());
  });

  test('knows its subscriptions, and does not let them be changed from outside', () => {
    const topic = topicWith();
    const subscription = topic.addQueue('Billing', new DurableQueue(topic, 'Queue'));
    topic.subscriptions.pop();
    expect(topic.subscriptions).toEqual([subscription]);
  });
});

describe('FanOutTopic fails when', () => {
  test.each<[string, FanOutTopicProps, string]>([
    ['contentBasedDeduplication is given for a standard topic', { contentBasedDeduplication: true },
      "'contentBasedDeduplication' must be left out on a standard topic: it needs 'fifo'"],
    ['highThroughput is given for a standard topic', { highThroughput: true }, "'highThroughput' must be left out on a standard topic"],
    ['the name is too long', { topicName: 't'.repeat(257) }, "'topicName' must have from 1 to 256 characters, got 257"],
    ['the name has other characters', { topicName: 'a.b' }, "'topicName' must have only letters, digits, hyphens and underscores, got 'a.b'"],
    ['a FIFO name lacks its ending', { fifo: true, topicName: 'orders' }, "'topicName' must end in '.fifo' on a FIFO topic, got 'orders'"],
    ['a standard name has the ending', { topicName: 'orders.fifo' }, "'topicName' must not end in '.fifo' on a standard topic, got 'orders.fifo'"],
    ['the display name is too long', { displayName: 'd'.repeat(101) }, "'displayName' must have from 1 to 100 characters, got 101"],
  ])('%s', (_case, props, message) => {
    expect(() => topicWith(props)).toThrow(`Test/Orders: ${message}`);
  });

  test('the key is one that AWS manages', () => {
    const stack = newStack({ env: environment });
    expect(() => new FanOutTopic(stack, 'Orders', { encryptionKey: kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/sns') }))
      .toThrow("Test/Orders: 'encryptionKey' must be a customer key: CloudWatch, S3 and EventBridge cannot use a key that AWS manages");
  });
});
