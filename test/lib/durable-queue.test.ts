import { CfnParameter, Duration, Lazy, PhysicalName, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, type DurableQueueProps } from '../../lib';
import { importedKeyIn, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };

function queueWith(props?: DurableQueueProps): DurableQueue {
  return new DurableQueue(newStack(), 'Orders', props);
}

const propertiesOf = (props?: DurableQueueProps): Record<string, unknown> => resourceOf(queueWith(props).queue).Properties;
const deadLetterPropertiesOf = (props?: DurableQueueProps): Record<string, unknown> => resourceOf(queueWith(props).deadLetterQueue).Properties;

describe('DurableQueue, by default', () => {
  test('has exactly the documented settings', () => {
    const queue = queueWith();
    expect(resourceOf(queue.queue).Properties).toEqual({
      DelaySeconds: 0,
      MaximumMessageSize: 1_048_576,
      MessageRetentionPeriod: 4 * 86_400,
      ReceiveMessageWaitTimeSeconds: 20,
      RedriveAllowPolicy: { redrivePermission: 'denyAll' },
      RedrivePolicy: { deadLetterTargetArn: resolve(queue.stack, queue.deadLetterQueue.queueArn), maxReceiveCount: 5 },
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 30,
    });
  });

  test('has a dead-letter queue that keeps messages for 14 days', () => {
    expect(deadLetterPropertiesOf()).toEqual({
      MaximumMessageSize: 1_048_576,
      MessageRetentionPeriod: 14 * 86_400,
      ReceiveMessageWaitTimeSeconds: 20,
      RedriveAllowPolicy: { redrivePermission: 'allowAll' },
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 30,
    });
  });

  test('is destroyed with its stack, while the dead-letter queue is retained', () => {
    const queue = queueWith();
    expect(resourceOf(queue.queue)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(resourceOf(queue.deadLetterQueue)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('denies both queues to whoever comes without TLS', () => {
    const queue = queueWith();
    for (const each of [queue.queue, queue.deadLetterQueue]) {
      Template.fromStack(queue.stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [resolve(queue.stack, each.queueUrl)],
        PolicyDocument: {
          Statement: [Match.objectLike({
            Effect: 'Deny', Action: 'sqs:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Resource: resolve(queue.stack, each.queueArn),
          })],
        },
      });
    }
  });
});

describe('DurableQueue', () => {
  test('passes each setting on', () => {
    expect(propertiesOf({
      visibilityTimeout: Duration.minutes(2), deliveryDelay: Duration.seconds(10), retentionPeriod: Duration.days(1),
      receiveMessageWaitTime: Duration.seconds(5), maxMessageSizeBytes: 2048, maxReceiveCount: 3,
    })).toMatchObject({
      VisibilityTimeout: 120, DelaySeconds: 10, MessageRetentionPeriod: 86_400, ReceiveMessageWaitTimeSeconds: 5, MaximumMessageSize: 2048,
      RedrivePolicy: { maxReceiveCount: 3 },
    });
    expect(deadLetterPropertiesOf({ deadLetterRetentionPeriod: Duration.days(7), maxMessageSizeBytes: 2048 }))
      .toMatchObject({ MessageRetentionPeriod: 7 * 86_400, MaximumMessageSize: 2048 });
    const queue = queueWith({ removalPolicy: RemovalPolicy.RETAIN, deadLetterRemovalPolicy: RemovalPolicy.DESTROY });
    expect([resourceOf(queue.queue).DeletionPolicy, resourceOf(queue.deadLetterQueue).DeletionPolicy]).toEqual(['Retain', 'Delete']);
    expect(queueWith({ maxReceiveCount: 3 }).maxReceiveCount).toBe(3);
  });

  test('on FIFO, is a FIFO queue with a FIFO dead-letter queue', () => {
    expect(propertiesOf(fifo)).toMatchObject({ FifoQueue: true });
    expect(propertiesOf(fifo)).not.toHaveProperty('ContentBasedDeduplication');
    expect(propertiesOf(fifo)).not.toHaveProperty('FifoThroughputLimit');
    expect(deadLetterPropertiesOf(fifo)).toMatchObject({ FifoQueue: true });
    expect(propertiesOf({ ...fifo, contentBasedDeduplication: true })).toMatchObject({ ContentBasedDeduplication: true });
  });

  test('on FIFO with high throughput, counts and deduplicates for each message group on both queues', () => {
    const perGroup = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
    expect(propertiesOf({ ...fifo, highThroughput: true })).toMatchObject(perGroup);
    expect(deadLetterPropertiesOf({ ...fifo, highThroughput: true })).toMatchObject(perGroup);
  });

  test('with a name, lets only itself use its dead-letter queue', () => {
    expect(propertiesOf({ queueName: 'orders' })).toMatchObject({ QueueName: 'orders' });
    expect(deadLetterPropertiesOf({ queueName: 'orders' })).toMatchObject({
      RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: ['arn:aws:sqs:eu-west-1:111122223333:orders'] },
    });
    expect(deadLetterPropertiesOf({ queueName: 'orders' })).not.toHaveProperty('QueueName');
  });

  test('on FIFO with a name, lets only itself use its dead-letter queue, also where account and region are not known', () => {
    const queue = new DurableQueue(newStack({}), 'Orders', { ...fifo, queueName: 'orders.fifo' });
    expect(resourceOf(queue.deadLetterQueue).Properties.RedriveAllowPolicy).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [{ 'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':orders.fifo',
      ]] }],
    });
  });

  test('with a name that is generated for use across environments, lets every queue of the account use its dead-letter queue', () => {
    expect(deadLetterPropertiesOf({ queueName: PhysicalName.GENERATE_IF_NEEDED }))
      .toMatchObject({ RedriveAllowPolicy: { redrivePermission: 'allowAll' } });
  });

  test('with a customer key, encrypts both queues with it and reuses a data key for 5 minutes', () => {
    const stack = newStack();
    const key = keyIn(stack);
    const queue = new DurableQueue(stack, 'Orders', { encryptionKey: key });
    for (const each of [queue.queue, queue.deadLetterQueue]) {
      expect(resourceOf(each).Properties).toMatchObject({ KmsMasterKeyId: resolve(stack, key.keyArn), KmsDataKeyReusePeriodSeconds: 300 });
      expect(resourceOf(each).Properties).not.toHaveProperty('SqsManagedSseEnabled');
    }
  });
});

describe('DurableQueue grants', () => {
  const stackWithRole = (withKey: boolean): { queue: DurableQueue; role: iam.Role; key: kms.Key } => {
    const stack = newStack();
    const key = keyIn(stack);
    const queue = new DurableQueue(stack, 'Orders', { encryptionKey: withKey ? key : undefined });
    return { queue, key, role: new iam.Role(stack, 'Operator', { assumedBy: new iam.AccountRootPrincipal() }) };
  };
  const allowed = (queue: DurableQueue, resourceArn: string): string[] => statementsIn(queue.stack, 'AWS::IAM::Policy')
    .filter(({ Resource }) => JSON.stringify([Resource].flat()).includes(JSON.stringify(resolve(queue.stack, resourceArn))))
    .flatMap(({ Action }) => Action as string | string[]).sort();

  test('let a producer send and encrypt, without a wildcard', () => {
    const { queue, role, key } = stackWithRole(true);
    expect(queue.grantSendMessages(role).principalStatements).toHaveLength(2);
    expect(allowed(queue, queue.queueArn)).toEqual(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage']);
    expect(allowed(queue, key.keyArn)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  test('let a consumer receive, delete and decrypt', () => {
    const { queue, role, key } = stackWithRole(true);
    queue.grantConsumeMessages(role);
    expect(allowed(queue, queue.queueArn))
      .toEqual(['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage']);
    expect(allowed(queue, key.keyArn)).toEqual(['kms:Decrypt']);
  });

  test('let an operator redrive: move tasks and receive on the dead-letter queue, send on the queue, use the key', () => {
    const { queue, role, key } = stackWithRole(true);
    expect(queue.grantRedrive(role).success).toBe(true);
    expect(allowed(queue, queue.deadLetterQueue.queueArn)).toEqual([
      'sqs:CancelMessageMoveTask', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl',
      'sqs:ListMessageMoveTasks', 'sqs:ReceiveMessage', 'sqs:StartMessageMoveTask',
    ]);
    expect(allowed(queue, queue.queueArn)).toEqual(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage']);
    expect(allowed(queue, key.keyArn)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  test('let an operator redrive from an existing dead-letter queue that has a key of its own', () => {
    const { queue: { stack }, role } = stackWithRole(false);
    const key = keyIn(stack, 'OtherKey');
    const deadLetterQueue = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14), encryptionMasterKey: key });
    const queue = new DurableQueue(stack, 'Sharing', { deadLetterQueue });
    queue.grantRedrive(role);
    expect(allowed(queue, deadLetterQueue.queueArn)).toEqual(expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:StartMessageMoveTask']));
    expect(allowed(queue, key.keyArn)).toEqual(['kms:Decrypt']);
  });

  test('let a grantee purge, and do single actions', () => {
    const { queue, role } = stackWithRole(false);
    queue.grantPurge(role);
    queue.grant(role, 'sqs:TagQueue');
    expect(allowed(queue, queue.queueArn)).toEqual(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:PurgeQueue', 'sqs:TagQueue']);
  });

  test('need no key where there is none', () => {
    const { queue, role } = stackWithRole(false);
    queue.grantSendMessages(role);
    expect(queue.grantOnKey(role, 'kms:Decrypt').grant).toBeUndefined();
    expect(statementsIn(queue.stack, 'AWS::IAM::Policy').flatMap(({ Action }) => Action)).not.toContain('kms:Decrypt');
  });
});

describe('DurableQueue fails when', () => {
  const fourteenDays = Duration.days(14);
  test.each<[string, DurableQueueProps, string]>([
    ['a FIFO queue does not say that dead letters break order', { fifo: true }, "'deadLettersBreakOrder' must be true on a FIFO queue: "],
    ['deadLettersBreakOrder is given for a standard queue', { deadLettersBreakOrder: true },
      "'deadLettersBreakOrder' must be left out on a standard queue: it needs 'fifo'"],
    ['contentBasedDeduplication is given for a standard queue', { contentBasedDeduplication: true }, "'contentBasedDeduplication' must be left out"],
    ['highThroughput is given for a standard queue', { highThroughput: true }, "'highThroughput' must be left out"],
    ['the name is too long', { queueName: 'q'.repeat(81) }, "'queueName' must have from 1 to 80 characters, got 81"],
    ['the name is too long with its ending', { ...fifo, queueName: `${'q'.repeat(76)}.fifo` }, "'queueName' must have from 1 to 80 characters, got 81"],
    ['the name is empty', { queueName: '' }, "'queueName' must have from 1 to 80 characters, got 0"],
    ['the name has other characters', { queueName: 'my.queue' }, "'queueName' must have only letters, digits, hyphens and underscores, got 'my.queue'"],
    ['a FIFO name lacks its ending', { ...fifo, queueName: 'orders' }, "'queueName' must end in '.fifo' on a FIFO queue, got 'orders'"],
    ['a standard name has the ending', { queueName: 'orders.fifo' }, "'queueName' must not end in '.fifo' on a standard queue, got 'orders.fifo'"],
    ['the ending stands elsewhere', { queueName: 'orders.fifo2' }, "'queueName' must have only letters, digits, hyphens and underscores, got 'orders.fifo2'"],
    ['visibilityTimeout is too long', { visibilityTimeout: Duration.hours(13) }, "'visibilityTimeout' must be from 0 seconds to 12 hours, got 13 hours"],
    ['deliveryDelay is too long', { deliveryDelay: Duration.seconds(901) }, "'deliveryDelay' must be from 0 seconds to 15 minutes, got 15 minutes 1 second"],
    ['retentionPeriod is too short', { retentionPeriod: Duration.seconds(59) }, "'retentionPeriod' must be from 1 minute to 14 days, got 59 seconds"],
    ['receiveMessageWaitTime is too long', { receiveMessageWaitTime: Duration.seconds(21) },
      "'receiveMessageWaitTime' must be from 0 seconds to 20 seconds, got 21 seconds"],
    ['maxMessageSizeBytes is too small', { maxMessageSizeBytes: 1023 }, "'maxMessageSizeBytes' must be from 1024 to 1048576, got 1023"],
    ['maxReceiveCount is too small', { maxReceiveCount: 0 }, "'maxReceiveCount' must be from 1 to 1000, got 0"],
    ['maxReceiveCount is too large', { maxReceiveCount: 1001 }, "'maxReceiveCount' must be from 1 to 1000, got 1001"],
    ['deadLetterRetentionPeriod is too long', { deadLetterRetentionPeriod: Duration.days(15) },
      "'deadLetterRetentionPeriod' must be from 1 minute to 14 days, got 15 days"],
    ['dead letters are kept no longer than messages', { deadLetterRetentionPeriod: Duration.days(4) },
      "'deadLetterRetentionPeriod' must be longer than 'retentionPeriod' (4 days), or 14 days, got 4 days"],
    ['dead letters are kept shorter than messages', { retentionPeriod: fourteenDays, deadLetterRetentionPeriod: Duration.days(13) },
      "'deadLetterRetentionPeriod' must be longer than 'retentionPeriod' (14 days), or 14 days, got 13 days"],
  ])('%s', (_case, props, message) => {
    expect(() => queueWith(props)).toThrow(`Test/Orders: ${message}`);
  });

  test('the key is one that AWS manages', () => {
    const stack = newStack();
    expect(() => new DurableQueue(stack, 'Orders', { encryptionKey: kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/sqs') }))
      .toThrow("Test/Orders: 'encryptionKey' must be a customer key: SNS, S3 and EventBridge cannot use a key that AWS manages");
  });

  test('several rules are broken, and names them all at once', () => {
    expect(() => queueWith({ maxReceiveCount: 0, deliveryDelay: Duration.hours(1), queueName: 'a b' })).toThrow([
      'Test/Orders: 3 rules do not hold:',
      "  - 'queueName' must have only letters, digits, hyphens and underscores, got 'a b'",
      "  - 'deliveryDelay' must be from 0 seconds to 15 minutes, got 1 hour",
      "  - 'maxReceiveCount' must be from 1 to 1000, got 0",
    ].join('\n'));
  });
});

describe('DurableQueue accepts', () => {
  test('14 days of retention on both queues, the most that there is', () => {
    expect(() => queueWith({ retentionPeriod: Duration.days(14) })).not.toThrow();
  });

  test('14 days of retention on both queues, said of both', () => {
    expect(() => queueWith({ retentionPeriod: Duration.days(14), deadLetterRetentionPeriod: Duration.days(14) })).not.toThrow();
  });

  test('any retention of dead letters on a FIFO queue, where age starts again', () => {
    expect(() => queueWith({ ...fifo, deadLetterRetentionPeriod: Duration.days(1) })).not.toThrow();
  });

  test('a customer key that is imported', () => {
    const stack = newStack();
    expect(() => new DurableQueue(stack, 'Orders', { encryptionKey: importedKeyIn(stack) })).not.toThrow();
  });

  test('an alias of a customer key', () => {
    const stack = newStack();
    expect(() => new DurableQueue(stack, 'Orders', { encryptionKey: kms.Alias.fromAliasName(stack, 'Own', 'alias/own') })).not.toThrow();
  });

  test.each(['retentionPeriod', 'deadLetterRetentionPeriod'])('a token for %s alone', (name) => {
    expect(() => queueWith({ [name]: Duration.seconds(Lazy.number({ produce: () => 60 })) })).not.toThrow();
  });

  test('names of 1 and of 80 characters', () => {
    for (const queueName of ['q', 'q'.repeat(80)]) expect(() => queueWith({ queueName })).not.toThrow();
  });

  test('tokens for every number and duration', () => {
    const stack = newStack();
    const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
    const duration = Duration.seconds(seconds);
    const queue = new DurableQueue(stack, 'Orders', {
      queueName: Lazy.string({ produce: () => 'orders' }),
      visibilityTimeout: duration, deliveryDelay: duration, retentionPeriod: duration, receiveMessageWaitTime: duration,
      deadLetterRetentionPeriod: duration, maxMessageSizeBytes: seconds, maxReceiveCount: seconds,
    });
    expect(resourceOf(queue.queue).Properties).toMatchObject({ VisibilityTimeout: { Ref: 'Seconds' }, RedrivePolicy: { maxReceiveCount: { Ref: 'Seconds' } } });
  });
});
