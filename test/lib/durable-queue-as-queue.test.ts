import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue } from '../../lib';
import { environment, functionIn, importedKeyIn, keyIn, newStack, resolve, statementsIn } from './set-up';

describe('DurableQueue, where an IQueue is expected', () => {
  let stack: Stack;
  let queue: DurableQueue;
  const senders = (): unknown[] => statementsIn(stack, 'AWS::SQS::QueuePolicy')
    .filter(({ Effect, Resource }) => Effect === 'Allow' && JSON.stringify(Resource) === JSON.stringify(resolve(stack, queue.queueArn)))
    .map(({ Principal }) => Principal);

  beforeEach(() => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders');
  });

  test('is the event source of a function', () => {
    functionIn(stack).addEventSource(new sources.SqsEventSource(queue));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: resolve(stack, queue.queueArn) });
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toContainEqual(expect.objectContaining({
      Action: expect.arrayContaining(['sqs:ReceiveMessage']) as unknown, Resource: resolve(stack, queue.queueArn),
    }));
  });

  test('is subscribed to a topic', () => {
    new sns.Topic(stack, 'Topic').addSubscription(new subscriptions.SqsSubscription(queue));
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', Endpoint: resolve(stack, queue.queueArn) });
    expect(senders()).toEqual([{ Service: 'sns.amazonaws.com' }]);
  });

  test('is the target of an EventBridge rule', () => {
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(queue)] });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: resolve(stack, queue.queueArn) })],
    });
    expect(senders()).toEqual([{ Service: 'events.amazonaws.com' }]);
  });

  test('is notified by a bucket', () => {
    new s3.Bucket(stack, 'Bucket').addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(queue));
    Template.fromStack(stack).hasResourceProperties('Custom::S3BucketNotifications', {
      NotificationConfiguration: { QueueConfigurations: [Match.objectLike({ QueueArn: resolve(stack, queue.queueArn) })] },
    });
    expect(senders()).toEqual([{ Service: 's3.amazonaws.com' }]);
  });

  test('is the dead-letter queue of a function', () => {
    functionIn(stack, 'Function', { deadLetterQueue: queue });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: resolve(stack, queue.queueArn) } });
  });

  test('is what the grants of aws-cdk-lib can be made for, with its key', () => {
    const encrypted = new DurableQueue(stack, 'Encrypted', { encryptionKey: keyIn(stack) });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    sqs.QueueGrants.fromQueue(encrypted).consumeMessages(role);
    expect(statementsIn(stack, 'AWS::IAM::Policy').flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['sqs:ReceiveMessage', 'kms:Decrypt']));
  });

  test('answers as the queue inside does', () => {
    const encrypted = new DurableQueue(stack, 'Payments', { fifo: true, deadLettersBreakOrder: true, encryptionKey: keyIn(stack) });
    const names = [
      'queueArn', 'queueUrl', 'queueName', 'queueRef', 'fifo', 'encryptionMasterKey', 'encryptionType', 'stack', 'env',
    ] as const;
    for (const each of [queue, encrypted]) {
      expect(names.map((name) => each[name])).toEqual(names.map((name) => each.queue[name]));
    }
    expect([queue.fifo, encrypted.fifo]).toEqual([false, true]);
    expect([queue.encryptionType, encrypted.encryptionType]).toEqual(['SQS_MANAGED', 'KMS']);
  });

  test('takes a removal policy', () => {
    queue.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Template.fromStack(stack).allResources('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
  });

  test('takes statements into its policy', () => {
    const result = queue.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('ses.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [queue.queueArn],
    }));
    expect(result.statementAdded).toBe(true);
    expect(senders()).toEqual([{ Service: 'ses.amazonaws.com' }]);
  });
});

describe('DurableQueue with a customer key', () => {
  const service = new iam.ServicePrincipal('events.amazonaws.com');
  let stack: Stack;
  let queue: DurableQueue;
  const add = (props: iam.PolicyStatementProps): unknown => queue.addToResourcePolicy(new iam.PolicyStatement({ resources: [queue.queueArn], ...props }));
  const onKey = (): unknown[] => statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy').filter(({ Principal }) => 'Service' in (Principal as object));
  const statement = (Condition: unknown, name: unknown = 'events.amazonaws.com'): unknown => ({
    Effect: 'Allow', Principal: { Service: name }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Condition,
  });

  beforeEach(() => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders', { encryptionKey: keyIn(stack) });
  });

  test.each([
    ['a rule', () => new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] } }).ruleArn],
    ['a topic', () => new sns.Topic(stack, 'Topic').topicArn],
  ])('lets a service that may send use the key, for the account where its condition names %s of the app', (_name, arn) => {
    add({ principals: [service], actions: ['sqs:SendMessage'], conditions: { ArnEquals: { 'aws:SourceArn': arn() }, Bool: { 'aws:SecureTransport': 'true' } } });
    expect(onKey()).toEqual([statement({ Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:SourceAccount': environment.account } })]);
  });

  test.each([
    ['an account', { StringEquals: { 'aws:SourceAccount': '444455556666' } }],
    ['an ARN', { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:444455556666:rule/*' } }],
    ['an organization', { StringEquals: { 'AWS:SourceOrgID': 'o-1234567890' } }],
    ['an account and an ARN', { StringLike: { 'aws:SourceAccount': '4444*', 'aws:SourceArn': 'arn:aws:events:*' } }],
    ['paths of an organization', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': ['o-1234567890/*'] } }],
  ])('keeps a condition on %s', (_name, conditions) => {
    add({ principals: [service], actions: ['sqs:Send*'], conditions });
    expect(onKey()).toEqual([statement(conditions)]);
  });

  test('keeps a condition on what CloudFormation knows without a resource, where the stack has no account', () => {
    stack = newStack({});
    queue = new DurableQueue(stack, 'Orders', { encryptionKey: keyIn(stack) });
    const { partition, region, account } = stack;
    const conditions = { ArnLike: { 'aws:SourceArn': `arn:${partition}:events:${region}:${account}:rule/*` } };
    add({ principals: [service], actions: ['sqs:SendMessage'], conditions });
    expect(onKey()).toEqual([statement(resolve(stack, conditions))]);
  });

  test('keeps what is left of an operator whose other test names a resource', () => {
    const { ruleArn } = new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] } });
    add({ principals: [service], actions: ['*'], conditions: { StringLike: { 'aws:SourceArn': [ruleArn], 'aws:SourceAccount': '4444*' } } });
    expect(onKey()).toEqual([statement({ StringLike: { 'aws:SourceAccount': '4444*' } })]);
  });

  test('does so for each service of a statement, once', () => {
    const principals = [service, new iam.ServicePrincipal('ses.amazonaws.com'), new iam.AccountPrincipal('444455556666')];
    for (const sid of ['First', 'Second']) add({ sid, principals, actions: ['SQS:sendmessage'] });
    const condition = { StringEquals: { 'aws:SourceAccount': environment.account } };
    expect(onKey()).toEqual([statement(condition, ['events.amazonaws.com', 'ses.amazonaws.com'])]);
  });

  test('lets nobody use the key who may not send', () => {
    add({ principals: [service], actions: ['sqs:SendMessage'], effect: iam.Effect.DENY });
    add({ principals: [service], actions: ['sqs:GetQueueAttributes', 'sqs:Send', 'sns:*', 'sqs:*Messages', 's:SendMessage'] });
    expect(onKey()).toEqual([]);
  });

  test('names the statement where the key is imported', () => {
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    const other = new DurableQueue(stack, 'Other', { encryptionKey: importedKeyIn(stack) });
    other.addToResourcePolicy(new iam.PolicyStatement({ principals: [service], actions: ['sqs:SendMessage'], resources: [other.queueArn] }));
    Annotations.fromStack(stack).hasWarning('/Test/Other', Match.stringLikeRegexp('ImportedKey.*"Service":"events.amazonaws.com"'));
    printed.mockRestore();
  });
});

describe('DurableQueue metrics', () => {
  const queue = new DurableQueue(newStack(), 'Orders');
  const options = { period: Duration.minutes(1), statistic: 'p90' };

  test.each([
    'metricApproximateAgeOfOldestMessage', 'metricApproximateNumberOfMessagesDelayed', 'metricApproximateNumberOfMessagesNotVisible',
    'metricApproximateNumberOfMessagesVisible', 'metricNumberOfEmptyReceives', 'metricNumberOfMessagesDeleted',
    'metricNumberOfMessagesReceived', 'metricNumberOfMessagesSent', 'metricSentMessageSize',
  ] as const)('%s is the one of the queue inside, with its options', (name) => {
    const metric: cloudwatch.Metric = queue[name](options);
    expect(metric.metricName).toBe(name.replace('metric', ''));
    expect(metric.toMetricConfig()).toEqual(queue.queue[name](options).toMetricConfig());
    expect(queue[name]().toMetricConfig()).toEqual(queue.queue[name]().toMetricConfig());
  });

  test.each([
    'metricApproximateNumberOfNoisyGroups', 'metricApproximateNumberOfMessagesVisibleInQuietGroups',
    'metricApproximateNumberOfMessagesNotVisibleInQuietGroups', 'metricApproximateNumberOfMessagesDelayedInQuietGroups',
    'metricApproximateAgeOfOldestMessageInQuietGroups',
  ] as const)('%s is the one that fair queues publish, as a maximum over 5 minutes unless it is told otherwise', (name) => {
    const dimensions = [{ name: 'QueueName', value: queue.queueName }];
    expect(queue[name]().toMetricConfig().metricStat).toMatchObject({
      namespace: 'AWS/SQS', metricName: name.replace('metric', ''), dimensions, statistic: 'Maximum', period: Duration.minutes(5),
    });
    expect(queue[name](options).toMetricConfig().metricStat).toMatchObject({ ...options, dimensions });
  });

  test('has others by their name, and the outstanding messages as an expression', () => {
    expect(queue.metric('NumberOfNoisyGroups', options).toMetricConfig()).toEqual(queue.queue.metric('NumberOfNoisyGroups', options).toMetricConfig());
    expect(queue.metricApproximateNumberOfMessagesOutstanding(options).expression).toBe('visible + notVisible');
  });

  test('counts dead letters by the maximum of the visible messages of the dead-letter queue', () => {
    expect(queue.metricDeadLettersVisible({ period: Duration.minutes(1) }).toMetricConfig().metricStat).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', period: Duration.minutes(1),
      dimensions: [{ name: 'QueueName', value: queue.deadLetterQueue.queueName }],
    });
  });
});
