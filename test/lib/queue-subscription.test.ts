import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, FanOutTopic, QueueConsumer, type QueueSubscriptionOptions } from '../../lib';
import { environment, functionIn, importedKeyIn, keyIn, newApp, newStack, resolve, resourceOf, statementsIn } from './set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:imported';

describe('FanOutTopic.addQueue', () => {
  let stack: Stack;
  let topic: FanOutTopic;
  let queue: DurableQueue;

  beforeEach(() => {
    stack = newStack();
    topic = new FanOutTopic(stack, 'Orders');
    queue = new DurableQueue(stack, 'Billing');
  });
  const propertiesWith = (options?: QueueSubscriptionOptions): Record<string, unknown> =>
    resourceOf(topic.addQueue('Billing', queue, options).subscription).Properties;
  const policyOf = (one: sqs.IQueue): Record<string, unknown>[] => statementsIn(Stack.of(one), 'AWS::SQS::QueuePolicy')
    .filter(({ Resource, Effect }) => Effect === 'Allow' && JSON.stringify(Resource) === JSON.stringify(resolve(Stack.of(one), one.queueArn)));

  test('subscribes the queue with raw delivery and a dead-letter queue, and no filter, by default', () => {
    const subscription = topic.addQueue('Billing', queue);
    expect(resourceOf(subscription.subscription).Properties).toEqual({
      Protocol: 'sqs',
      Endpoint: resolve(stack, queue.queueArn),
      TopicArn: resolve(stack, topic.topicArn),
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: resolve(stack, subscription.deadLetterQueue.queueArn) },
    });
    expect(subscription.node.path).toBe('Test/Orders/Billing');
    expect(subscription.queue).toBe(queue);
  });

  test('passes each setting on', () => {
    const attributes = topic.addQueue('Billing', queue, {
      rawMessageDelivery: false, filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['placed'] }) },
    });
    const body = topic.addQueue('Body', new DurableQueue(stack, 'Body'), {
      filterPolicyWithMessageBody: { kind: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: ['placed'] })) },
      deadLetterRetentionPeriod: Duration.days(3), deadLetterRemovalPolicy: RemovalPolicy.DESTROY,
    });
    expect(resourceOf(attributes.subscription).Properties).toMatchObject({ RawMessageDelivery: false, FilterPolicy: { kind: ['placed'] } });
    expect(resourceOf(body.subscription).Properties).toMatchObject({ FilterPolicy: { kind: ['placed'] }, FilterPolicyScope: 'MessageBody' });
    expect(resourceOf(body.deadLetterQueue)).toMatchObject({ DeletionPolicy: 'Delete', Properties: { MessageRetentionPeriod: 259_200 } });
  });

  test('lets only this topic send to the queue and to the dead-letter queue', () => {
    const { deadLetterQueue } = topic.addQueue('Billing', queue);
    for (const one of [queue, deadLetterQueue]) {
      expect(policyOf(one)).toEqual([{
        Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' }, Resource: resolve(stack, one.queueArn),
        Condition: { ArnEquals: { 'aws:SourceArn': resolve(stack, topic.topicArn) } },
      }]);
    }
  });

  test('subscribes only after the policy is in force', () => {
    const { subscription } = topic.addQueue('Billing', queue);
    const [policyId] = Object.keys(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy', {
      Properties: { Queues: [resolve(stack, queue.queueUrl)] },
    }));
    expect(resourceOf(subscription).DependsOn).toContain(policyId);
  });

  test('makes a dead-letter queue that is encrypted, TLS only, kept for 14 days and retained', () => {
    const { deadLetterQueue } = topic.addQueue('Billing', queue);
    expect(resourceOf(deadLetterQueue)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(resourceOf(deadLetterQueue).Properties).toEqual({
      MessageRetentionPeriod: 14 * 86_400, MaximumMessageSize: 1_048_576, SqsManagedSseEnabled: true,
      RedriveAllowPolicy: { redrivePermission: 'denyAll' }, VisibilityTimeout: 30,
    });
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [resolve(stack, deadLetterQueue.queueUrl)],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
    });
  });

  test('makes a FIFO dead-letter queue for a FIFO queue, and a standard one for a standard queue on a FIFO topic', () => {
    const ordered = new FanOutTopic(stack, 'Ordered', { fifo: true });
    ordered.addQueue('Fifo', new DurableQueue(stack, 'Fifo', fifo));
    ordered.addQueue('Standard', new DurableQueue(stack, 'Standard'));
    expect(ordered.subscriptions.map(({ deadLetterQueue }) => resourceOf(deadLetterQueue).Properties.FifoQueue)).toEqual([true, undefined]);
  });

  test('makes a dead-letter queue whose visibility timeout follows its consumer', () => {
    const { deadLetterQueue } = topic.addQueue('Billing', queue);
    new QueueConsumer(stack, 'Consumer', { queue: deadLetterQueue, handler: functionIn(stack, 'Function', { timeout: Duration.minutes(1) }) });
    expect(resourceOf(deadLetterQueue).Properties.VisibilityTimeout).toBe(360);
  });

  test('accepts an account and region that are not known on one side', () => {
    const agnostic = newStack({});
    const imported = sqs.Queue.fromQueueArn(agnostic, 'Imported', queueArn);
    expect(() => new FanOutTopic(agnostic, 'Orders').addQueue('Imported', imported, { policiesManagedElsewhere: true })).not.toThrow();
  });

  test('accepts a filter policy with 5 attributes', () => {
    const filterPolicy = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, sns.SubscriptionFilter.existsFilter()]));
    expect(Object.keys(propertiesWith({ filterPolicy }).FilterPolicy as object)).toHaveLength(5);
  });

  describe('with one customer key for topic and queue', () => {
    test('lets SNS use the key, once, without naming the topic, which would be a cycle', () => {
      const key = keyIn(stack);
      const encrypted = new FanOutTopic(stack, 'Encrypted', { encryptionKey: key });
      for (const id of ['One', 'Two']) encrypted.addQueue(id, new DurableQueue(stack, id, { encryptionKey: key }));
      for (const { deadLetterQueue } of encrypted.subscriptions) {
        expect(resourceOf(deadLetterQueue).Properties).toMatchObject({
          KmsMasterKeyId: resolve(stack, key.keyArn), KmsDataKeyReusePeriodSeconds: 300,
        });
      }
      const services = statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy').filter(({ Principal }) => 'Service' in (Principal as object));
      expect(services).toEqual([{
        Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Principal: { Service: 'sns.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' },
        },
      }]);
    });

    test('fails when the key is imported, with the statement that its policy must have', () => {
      const encrypted = new DurableQueue(stack, 'Encrypted', { encryptionKey: importedKeyIn(stack) });
      expect(() => topic.addQueue('Encrypted', encrypted)).toThrow("Test/Orders/Encrypted: the policy of the encryption key 'Test/ImportedKey' must let "
        + "SNS deliver, and cannot be changed from here. Add this statement to it and set 'policiesManagedElsewhere': "
        + '{"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},'
        + '"ArnLike":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:*"}},"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Resource":"*"}');
    });

    test('accepts an imported key that is acknowledged', () => {
      const encrypted = new DurableQueue(stack, 'Encrypted', { encryptionKey: importedKeyIn(stack) });
      expect(() => topic.addQueue('Encrypted', encrypted, { policiesManagedElsewhere: true })).not.toThrow();
    });
  });

  describe('with an imported queue', () => {
    test('fails, with the statement that its policy must have', () => {
      expect(() => topic.addQueue('Imported', sqs.Queue.fromQueueArn(stack, 'Imported', queueArn))).toThrow(
        "Test/Orders/Imported: the policy of the queue 'Test/Imported' must let SNS deliver, and cannot be changed from here. Add this statement to it "
        + `and set 'policiesManagedElsewhere': {"Action":"sqs:SendMessage","Condition":{"ArnEquals":{"aws:SourceArn":"<ARN of Test/Orders/Resource>"}},`
        + `"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Resource":"${queueArn}"}`);
    });

    test('subscribes it when that is acknowledged', () => {
      const { subscription } = topic.addQueue('Imported', sqs.Queue.fromQueueArn(stack, 'Imported', queueArn), { policiesManagedElsewhere: true });
      expect(resourceOf(subscription).Properties).toMatchObject({ Endpoint: queueArn });
    });
  });

  describe('with a queue in another stack', () => {
    test('puts the subscription, its dead-letter queue and the policies into the stack of the queue', () => {
      const app = newApp();
      const topics = new Stack(app, 'Topics', { env: environment });
      const queues = new Stack(app, 'Queues', { env: environment });
      const orders = new FanOutTopic(topics, 'Orders');
      const key = keyIn(queues);
      for (const id of ['One', 'Two']) orders.addQueue(id, new DurableQueue(queues, id, { encryptionKey: key }));
      orders.addQueue('Again', orders.subscriptions[0].queue);
      expect(orders.subscriptions.map(({ node }) => node.path)).toEqual([
        expect.stringMatching(/^Queues\/One\/TopicsOrders\w+One$/), expect.stringMatching(/^Queues\/Two\/TopicsOrders\w+Two$/),
        expect.stringMatching(/^Queues\/One\/TopicsOrders\w+Again$/),
      ]);
      Template.fromStack(queues).resourceCountIs('AWS::SNS::Subscription', 3);
      Template.fromStack(topics).resourceCountIs('AWS::SNS::Subscription', 0);
      expect(queues.dependencies).toEqual([topics]);
      expect(topics.dependencies).toEqual([]);
    });

    test('passes the settings on', () => {
      const queues = new Stack(stack.node.root, 'Queues', { env: environment });
      const { subscription } = topic.addQueue('Far', new DurableQueue(queues, 'Queue'), { filterPolicy: { kind: sns.SubscriptionFilter.existsFilter() } });
      expect(resourceOf(subscription).Properties).toMatchObject({ FilterPolicy: { kind: [{ exists: true }] } });
    });

    test('fails when that is no construct, of which the subscription could be a child', () => {
      const { stack: queueStack, env, node } = new DurableQueue(new Stack(stack.node.root, 'Queues', { env: environment }), 'Queue');
      expect(() => topic.addQueue('Far', { stack: queueStack, env, node } as sqs.IQueue))
        .toThrow("The queue 'Queues/Queue' must be a construct, because its subscription becomes its child");
    });
  });

  describe('fails when', () => {
    test('the topic is standard and the queue FIFO', () => {
      expect(() => topic.addQueue('Payments', new DurableQueue(stack, 'Payments', fifo)))
        .toThrow("Test/Orders/Payments: the queue 'Test/Payments' must be a standard queue: SNS refuses to deliver from a standard topic to a FIFO queue");
    });

    test('the queue is encrypted with a key that AWS manages', () => {
      const message = (id: string): string => `Test/Orders/${id}: the queue 'Test/${id}' must not be encrypted with a key that AWS manages`;
      const managed = new sqs.Queue(stack, 'Managed', { encryption: sqs.QueueEncryption.KMS_MANAGED });
      const alias = new sqs.Queue(stack, 'Aliased', { encryptionMasterKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/aws/sqs') });
      expect(() => topic.addQueue('Managed', managed)).toThrow(message('Managed'));
      expect(() => topic.addQueue('Aliased', alias, { policiesManagedElsewhere: true })).toThrow(message('Aliased'));
    });

    test('both filter policies are given', () => {
      const filter = sns.SubscriptionFilter.existsFilter();
      expect(() => propertiesWith({ filterPolicy: { a: filter }, filterPolicyWithMessageBody: { a: sns.FilterOrPolicy.filter(filter) } }))
        .toThrow("only one of 'filterPolicy' and 'filterPolicyWithMessageBody' must be given");
    });

    test('a filter policy has too many attributes', () => {
      const filterPolicy = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, sns.SubscriptionFilter.existsFilter()]));
      expect(() => propertiesWith({ filterPolicy })).toThrow("'filterPolicy' must have at most 5 attributes, got 6");
    });

    test('the dead-letter retention is too long', () => {
      expect(() => propertiesWith({ deadLetterRetentionPeriod: Duration.days(15) }))
        .toThrow("'deadLetterRetentionPeriod' must be from 1 minute to 14 days, got 15 days");
    });

    test('several rules are broken, and names them all at once', () => {
      expect(() => topic.addQueue('Far', sqs.Queue.fromQueueArn(stack, 'Far', 'arn:aws:sqs:eu-west-1:444455556666:q.fifo')))
        .toThrow(/^Test\/Orders\/Far: 3 rules do not hold:\n {2}- the queue .* must be a standard queue.*\n {2}- the subscription must be in .*\n {2}- the policy of the queue/);
    });
  });
});
