import { App, CfnParameter, Duration, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, FanOutTopic, QueueSubscription, type DurableQueueProps } from '../../lib';
import { environment, importedKeyIn, keyIn, newApp, resolve, resourceOf, statementsIn } from './set-up';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:orders';
const stackIn = (app: App, id: string, env: object = {}): Stack => new Stack(app, id, { env: { ...environment, ...env } });
const allowing = (stack: Stack, queue: sqs.IQueue): Record<string, unknown>[] => statementsIn(stack, 'AWS::SQS::QueuePolicy')
  .filter(({ Effect, Resource }) => Effect === 'Allow' && JSON.stringify(Resource) === JSON.stringify(resolve(stack, queue.queueArn)));

/** A topic, and a queue in another stack that is elsewhere. */
function apart(env: object, queueProps: DurableQueueProps = {}, topicRegion = 'eu-west-1') {
  const app = newApp();
  const topics = stackIn(app, 'Topics', { region: topicRegion });
  const queues = stackIn(app, 'Queues', env);
  const topic = new FanOutTopic(topics, 'Orders', { topicName: 'orders' });
  const queue = new DurableQueue(queues, 'Billing', { queueName: 'billing', ...queueProps });
  return { app, topics, queues, topic, queue };
}

describe('A queue in another region', () => {
  const region = 'us-east-1';

  test('is subscribed in the stack of the topic, where its dead-letter queue has to be', () => {
    const { topics, queues, topic, queue } = apart({ region });
    const subscription = topic.addQueue('Billing', queue);
    expect(subscription.node.path).toBe('Topics/Orders/Billing');
    expect(resourceOf(subscription.subscription).Properties).toEqual({
      Protocol: 'sqs', RawMessageDelivery: true, TopicArn: resolve(topics, topic.topicArn), Endpoint: 'arn:aws:sqs:us-east-1:111122223333:billing',
      RedrivePolicy: { deadLetterTargetArn: resolve(topics, subscription.deadLetterQueue.queueArn) },
    });
    Template.fromStack(queues).resourceCountIs('AWS::SNS::Subscription', 0);
    expect(topics.dependencies).toEqual([queues]);
    expect(queues.dependencies).toEqual([]);
  });

  test('lets only this topic send to it, and to the dead-letter queue', () => {
    const { topics, queues, topic, queue } = apart({ region });
    const { deadLetterQueue } = topic.addQueue('Billing', queue);
    const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' } };
    expect(allowing(queues, queue)).toEqual([{
      ...statement, Resource: resolve(queues, queue.queueArn), Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    }]);
    expect(allowing(topics, deadLetterQueue)).toEqual([{
      ...statement, Resource: resolve(topics, deadLetterQueue.queueArn), Condition: { ArnEquals: { 'aws:SourceArn': resolve(topics, topic.topicArn) } },
    }]);
  });

  test.each([
    ['eu-west-1', 'us-east-1', 'sns.amazonaws.com'],
    ['eu-west-1', 'ap-east-1', 'sns.ap-east-1.amazonaws.com'],
    ['af-south-1', 'us-east-1', 'sns.af-south-1.amazonaws.com'],
    ['af-south-1', 'ap-east-1', 'sns.ap-east-1.amazonaws.com'],
    ['af-south-1', 'af-south-1', 'sns.amazonaws.com'],
  ])('gets messages from %s in %s from the principal %s, in the policies of the queue and of its key', (from, to, Service) => {
    const app = newApp();
    const topics = stackIn(app, 'Topics', { region: from });
    const queues = stackIn(app, 'Queues', { region: to });
    const queue = new DurableQueue(queues, 'Billing', { queueName: 'billing', encryptionKey: keyIn(queues) });
    new FanOutTopic(topics, 'Orders', { topicName: 'orders' }).addQueue('Billing', queue, from === to ? {} : { deadLetterEncryptionKey: keyIn(topics) });
    expect(allowing(queues, queue)).toEqual([expect.objectContaining({ Principal: { Service } })]);
    expect(statementsIn(queues, 'AWS::KMS::Key', 'KeyPolicy').filter(({ Principal }) => 'Service' in (Principal as object))).toEqual([{
      Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Principal: { Service },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': `arn:aws:sns:${from}:111122223333:*` } },
    }]);
  });

  test('has its dead-letter queue encrypted with the key that is given for it, which SNS may use', () => {
    const { topics, queues, topic } = apart({ region });
    const deadLetterEncryptionKey = keyIn(topics);
    const queue = new DurableQueue(queues, 'Encrypted', { queueName: 'encrypted', encryptionKey: keyIn(queues) });
    const { deadLetterQueue } = topic.addQueue('Encrypted', queue, { deadLetterEncryptionKey });
    expect(resourceOf(deadLetterQueue).Properties).toMatchObject({ KmsMasterKeyId: resolve(topics, deadLetterEncryptionKey.keyArn) });
    expect(statementsIn(topics, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } },
    }));
  });

  test('can be an imported one, where its policy is managed elsewhere', () => {
    const { topics, topic } = apart({ region });
    const imported = sqs.Queue.fromQueueArn(topics, 'Imported', 'arn:aws:sqs:ap-east-1:111122223333:imported');
    expect(() => topic.addQueue('Imported', imported)).toThrow('"Principal":{"Service":"sns.ap-east-1.amazonaws.com"}');
    const { subscription } = topic.addQueue('Acknowledged', imported, { policiesManagedElsewhere: true });
    expect(resourceOf(subscription).Properties).toMatchObject({ Endpoint: 'arn:aws:sqs:ap-east-1:111122223333:imported' });
  });

  test('may have a name that the CDK makes', () => {
    const { queues, topic } = apart({ region });
    const queue = new DurableQueue(queues, 'Named', { queueName: PhysicalName.GENERATE_IF_NEEDED });
    const name = (resourceOf(topic.addQueue('Named', queue).subscription).Properties.Endpoint as string).split(':').pop();
    expect(resourceOf(queue.queue).Properties.QueueName).toBe(name);
  });

  test('is subscribed across stages without waiting for its stack', () => {
    const app = newApp();
    const topics = new Stack(new Stage(app, 'Europe'), 'Topics', { env: environment });
    const queues = new Stack(new Stage(app, 'America'), 'Queues', { env: { ...environment, region } });
    const topic = new FanOutTopic(topics, 'Orders', { topicName: 'orders' });
    topic.addQueue('Billing', new DurableQueue(queues, 'Billing', { queueName: 'billing' }));
    expect(() => app.synth()).not.toThrow();
    expect(topics.dependencies).toEqual([]);
  });

  test('fails without a name on either side, and says which', () => {
    const { topics, queues, topic, queue } = apart({ region });
    expect(() => topic.addQueue('A', new DurableQueue(queues, 'Nameless'))).toThrow(
      /^Topics\/Orders\/A: 'Queues\/Nameless' must have a name, 'queueName', because its ARN is used in another account or region: by the stack 'Topics'/);
    expect(() => new FanOutTopic(topics, 'Nameless').addQueue('A', queue))
      .toThrow("'Topics/Nameless/Resource' must have a name, 'topicName', because its ARN is used in another account or region: by the stack 'Queues'");
  });

  test('fails with a customer key of its own where there is none for the dead-letter queue', () => {
    const { queues, topic } = apart({ region });
    const queue = new DurableQueue(queues, 'Encrypted', { queueName: 'encrypted', encryptionKey: keyIn(queues) });
    expect(() => topic.addQueue('Encrypted', queue)).toThrow("Topics/Orders/Encrypted: 'deadLetterEncryptionKey' must be given: "
      + 'the customer key of the queue is in us-east-1, and the dead-letter queue will be in eu-west-1');
  });
});

describe('A queue in another account', () => {
  const account = '444455556666';

  test('is subscribed in its own stack, where SNS confirms the subscription by itself', () => {
    const { topics, queues, topic, queue } = apart({ account });
    const { subscription } = topic.addQueue('Billing', queue);
    expect(Stack.of(subscription)).toBe(queues);
    expect(resourceOf(subscription).Properties).toMatchObject({ TopicArn: topicArn, Endpoint: resolve(queues, queue.queueArn) });
    Template.fromStack(topics).resourceCountIs('AWS::SNS::Subscription', 0);
    expect(queues.dependencies).toEqual([topics]);
    expect(topics.dependencies).toEqual([]);
  });

  test('may be subscribed to the topic by its account, and no other queue may', () => {
    const { topics, topic, queue } = apart({ account });
    topic.addQueue('Billing', queue);
    expect(statementsIn(topics, 'AWS::SNS::TopicPolicy').filter(({ Effect }) => Effect === 'Allow')).toEqual([{
      Sid: expect.any(String) as unknown,
      Effect: 'Allow', Action: 'sns:Subscribe', Resource: resolve(topics, topic.topicArn), Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Condition: { StringEquals: { 'sns:Protocol': 'sqs', 'sns:Endpoint': 'arn:aws:sqs:eu-west-1:444455556666:billing' } },
    }]);
  });

  test('lets SNS use its key for its own account where that of an imported topic is not known', () => {
    const { queues } = apart({});
    const topic = sns.Topic.fromTopicArn(queues, 'Imported', new CfnParameter(queues, 'Arn').valueAsString);
    const queue = new DurableQueue(queues, 'Encrypted', { encryptionKey: keyIn(queues) });
    new QueueSubscription(queues, 'Subscription', { topic, queue });
    expect(statementsIn(queues, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } },
    }));
  });

  test('lets SNS use its key for the account of the topic', () => {
    const { queues, topic } = apart({ account });
    topic.addQueue('Encrypted', new DurableQueue(queues, 'Encrypted', { queueName: 'encrypted', encryptionKey: keyIn(queues) }));
    expect(statementsIn(queues, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } },
    }));
  });

  test('can be subscribed to an imported topic, where the policy of that is managed elsewhere', () => {
    const { queues, queue } = apart({ account });
    const topic = sns.Topic.fromTopicArn(queues, 'Imported', topicArn);
    expect(() => new QueueSubscription(queues, 'Refused', { topic, queue })).toThrow("Queues/Refused: the policy of the topic 'Queues/Imported' must let "
      + "the queue's account subscribe, and cannot be changed from here. Add this statement to it and set 'policiesManagedElsewhere': "
      + '{"Action":"sns:Subscribe","Condition":{"StringEquals":{"sns:Protocol":"sqs","sns:Endpoint":"<ARN of Queues/Billing>"}},"Effect":"Allow",'
      + `"Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Resource":"${topicArn}"}`);
    const { subscription } = new QueueSubscription(queues, 'Accepted', { topic, queue, policiesManagedElsewhere: true });
    expect(resourceOf(subscription).Properties).toMatchObject({ TopicArn: topicArn });
  });

  test('fails in the stack of the topic, where nobody would confirm the subscription', () => {
    const { topics, topic } = apart({ account });
    const imported = sqs.Queue.fromQueueArn(topics, 'Imported', 'arn:aws:sqs:eu-west-1:444455556666:imported');
    expect(() => topic.addQueue('Far', imported, { policiesManagedElsewhere: true })).toThrow("Topics/Orders/Far: the subscription must be in a stack of "
      + "the queue's account, 444455556666, and of the topic's region, eu-west-1, where its dead-letter queue has to be; got 111122223333 and eu-west-1. "
      + "Make a 'QueueSubscription' in such a stack");
  });
});

describe('A queue in another account and region', () => {
  const elsewhere = { account: '444455556666', region: 'us-east-1' };

  test('is subscribed in a third stack: of its account, and of the region of the topic', () => {
    const { app, topics, queues, topic, queue } = apart(elsewhere);
    const between = stackIn(app, 'Between', { account: '444455556666' });
    const { subscription } = new QueueSubscription(between, 'Billing', { topic: topic.topic, queue, deadLetterRetentionPeriod: Duration.days(7) });
    expect(resourceOf(subscription).Properties).toMatchObject({ TopicArn: topicArn, Endpoint: 'arn:aws:sqs:us-east-1:444455556666:billing' });
    expect(between.dependencies).toEqual(expect.arrayContaining([topics, queues]));
    expect(() => app.synth()).not.toThrow();
  });

  test('fails in the stack of the topic', () => {
    const { topic, queue } = apart(elsewhere);
    expect(() => topic.addQueue('Far', queue)).toThrow(/^Topics\/Orders\/Far: the subscription must be in a stack of the queue's account, 444455556666/);
  });

  test('is not asked for its name before the subscription is in the right place, and told where that is not known', () => {
    const { app, topic, queues } = apart(elsewhere);
    const wrong = new Stack(app, 'Wrong', { env: { account: '111122223333' } });
    expect(() => new QueueSubscription(wrong, 'Far', { topic: topic.topic, queue: new DurableQueue(queues, 'Nameless'), policiesManagedElsewhere: true }))
      .toThrow(/^Wrong\/Far: the subscription must be in a stack .*; got 111122223333 and unknown\. Make a 'QueueSubscription' in such a stack$/);
  });
});

describe('The key of a subscription\'s dead-letter queue', () => {
  test('is the one that is given, also where the queue has none', () => {
    const { topics, topic } = apart({});
    const key = keyIn(topics);
    const { deadLetterQueue } = topic.addQueue('Plain', new DurableQueue(topics, 'Plain'), { deadLetterEncryptionKey: key });
    expect(resourceOf(deadLetterQueue).Properties).toMatchObject({ KmsMasterKeyId: resolve(topics, key.keyArn), KmsDataKeyReusePeriodSeconds: 300 });
  });

  test('fails when it is imported, with the statement that its policy must have', () => {
    const { topics, topic } = apart({});
    expect(() => topic.addQueue('Plain', new DurableQueue(topics, 'Plain'), { deadLetterEncryptionKey: importedKeyIn(topics) }))
      .toThrow("the policy of the encryption key 'Topics/ImportedKey' must let SNS deliver");
  });

  test('fails when AWS manages it', () => {
    const { topics, topic } = apart({});
    const deadLetterEncryptionKey = kms.Alias.fromAliasName(topics, 'Alias', 'alias/aws/sqs');
    expect(() => topic.addQueue('Plain', new DurableQueue(topics, 'Plain'), { deadLetterEncryptionKey, policiesManagedElsewhere: true }))
      .toThrow("Topics/Orders/Plain: 'deadLetterEncryptionKey' must be a customer key: SNS cannot use a key that AWS manages");
  });
});
