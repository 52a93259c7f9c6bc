import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
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
    expect(grant.principalStatements).toHaveLength(2);
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

test('FanOutTopic warns once of more filter policies than the quota of 200 that a topic has by default', () => {
  const stack = newStack();
  const topic = new FanOutTopic(stack, 'Orders');
  const queue = new DurableQueue(stack, 'Queue');
  const filter = sns.SubscriptionFilter.existsFilter();
  const warnings = (): string[] => topic.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data as string);
  topic.addQueue('Unfiltered', queue);
  for (let policy = 1; policy <= 100; policy++) {
    topic.addQueue(`Attributes${policy}`, queue, { filterPolicy: { kind: filter } });
    topic.addQueue(`Body${policy}`, queue, { filterPolicyWithMessageBody: { kind: sns.FilterOrPolicy.filter(filter) } });
  }
  expect(warnings()).toEqual([]);
  for (const id of ['Last', 'After']) topic.addQueue(id, queue, { filterPolicy: { kind: filter } });
  expect(warnings()).toEqual([expect.stringMatching(/^More than 200 subscriptions have a filter policy.*\[ack: cdk-messaging:moreFilterPoliciesThanDefaultQuota\]$/)]);
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
    ['the ending stands elsewhere', { topicName: 'orders.fifo2' }, "'topicName' must have only letters, digits, hyphens and underscores, got 'orders.fifo2'"],
    ['an archive of unknown length is given for a standard topic', { archiveRetentionPeriod: Duration.days(Lazy.number({ produce: () => 1 })) },
      "'archiveRetentionPeriod' must be left out on a standard topic: it needs 'fifo'"],
    ['the signature version is longer', { signatureVersion: '12' }, "'signatureVersion' must be '1' or '2', got '12'"],
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
