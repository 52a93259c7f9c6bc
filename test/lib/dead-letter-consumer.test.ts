import { CfnParameter, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DeadLetterConsumer, type DeadLetterConsumerProps, DurableQueue, type DurableQueueProps, ImportedQueue, QueueConsumer } from '../../lib';
import { functionIn, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };

describe('DeadLetterConsumer', () => {
  let stack: Stack;
  let queue: DurableQueue;
  const consumerWith = (props: Partial<DeadLetterConsumerProps> = {}, queueProps: DurableQueueProps = {}): DeadLetterConsumer => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders', { ...queueProps, encryptionKey: queueProps.encryptionKey && keyIn(stack) });
    return new DeadLetterConsumer(stack, 'DeadLetters', { queue, handler: functionIn(stack, 'Function', { timeout: Duration.seconds(20) }), ...props });
  };
  const properties = (of: sqs.IQueue): Record<string, unknown> => resourceOf(of).Properties;

  test('consumes the dead-letter queue, whose visibility timeout follows the function', () => {
    consumerWith();
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: resolve(stack, queue.deadLetterQueue.queueArn), BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(properties(queue.deadLetterQueue)).toMatchObject({ VisibilityTimeout: 120 });
    expect(properties(queue.queue)).toMatchObject({ VisibilityTimeout: 30 });
  });

  test('gives the dead-letter queue six times the timeout of an imported function, and the window', () => {
    const stackOfFunction = newStack();
    const own = new DurableQueue(stackOfFunction, 'Orders');
    const handler = lambda.Function.fromFunctionAttributes(stackOfFunction, 'Imported', {
      functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:imported', sameEnvironment: true,
      role: iam.Role.fromRoleArn(stackOfFunction, 'Role', 'arn:aws:iam::111122223333:role/imported'),
    });
    new DeadLetterConsumer(stackOfFunction, 'DeadLetters', {
      queue: own, handler, handlerTimeout: Duration.seconds(50), maxBatchingWindow: Duration.seconds(7),
    });
    expect(properties(own.deadLetterQueue)).toMatchObject({ VisibilityTimeout: 307 });
  });

  test('puts a dead letter into quarantine after the receives of the queue and 5 of its own', () => {
    const { quarantineQueue } = consumerWith({}, { maxReceiveCount: 7 });
    expect(properties(queue.deadLetterQueue)).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: resolve(stack, quarantineQueue.queueArn), maxReceiveCount: 12 },
    });
  });

  test('has a quarantine queue that keeps messages for 14 days, and is retained', () => {
    const { quarantineQueue } = consumerWith();
    expect(properties(quarantineQueue)).toEqual({
      MaximumMessageSize: 1_048_576, MessageRetentionPeriod: 14 * 86_400, RedriveAllowPolicy: { redrivePermission: 'allowAll' },
      SqsManagedSseEnabled: true, VisibilityTimeout: 30,
    });
    expect(resourceOf(quarantineQueue).DeletionPolicy).toBe('Retain');
    expect(statementsIn(stack, 'AWS::SQS::QueuePolicy')).toContainEqual(expect.objectContaining({
      Effect: 'Deny', Resource: resolve(stack, quarantineQueue.queueArn), Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }));
  });

  test('passes each setting on', () => {
    const { quarantineQueue } = consumerWith({
      batchSize: 20, maxBatchingWindow: Duration.seconds(2), maxReceiveCount: 1, quarantineRetentionPeriod: Duration.days(13),
      quarantineRemovalPolicy: RemovalPolicy.DESTROY,
    }, { deadLetterRetentionPeriod: Duration.days(12) });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 20, MaximumBatchingWindowInSeconds: 2 });
    expect(properties(queue.deadLetterQueue)).toMatchObject({ RedrivePolicy: { maxReceiveCount: 6 } });
    expect(properties(quarantineQueue)).toMatchObject({ MessageRetentionPeriod: 13 * 86_400 });
    expect(resourceOf(quarantineQueue).DeletionPolicy).toBe('Delete');
  });

  test('allows as many receives of both as SQS does', () => {
    consumerWith({}, { maxReceiveCount: 995 });
    expect(properties(queue.deadLetterQueue)).toMatchObject({ RedrivePolicy: { maxReceiveCount: 1000 } });
  });

  test('takes a quarantine that is a little longer than dead letters are kept, or known at deployment only', () => {
    const seconds = Duration.seconds(new CfnParameter(newStack(), 'Seconds', { type: 'Number' }).valueAsNumber);
    for (const quarantineRetentionPeriod of [Duration.days(12).plus(Duration.seconds(1)), seconds]) {
      expect(() => consumerWith({ quarantineRetentionPeriod }, { deadLetterRetentionPeriod: Duration.days(12) })).not.toThrow();
    }
  });

  test('on FIFO, takes a shorter quarantine, because the age of a message begins anew in each queue', () => {
    expect(() => consumerWith({ quarantineRetentionPeriod: Duration.days(1) }, fifo)).not.toThrow();
  });

  test('on FIFO, has a FIFO quarantine queue', () => {
    expect(properties(consumerWith({}, fifo).quarantineQueue)).toMatchObject({ FifoQueue: true });
  });

  test('with a customer key, encrypts the quarantine queue with it', () => {
    const { quarantineQueue } = consumerWith({}, { encryptionKey: keyIn(newStack()) });
    expect(properties(quarantineQueue)).toMatchObject({ KmsMasterKeyId: resolve(stack, queue.encryptionMasterKey!.keyArn), KmsDataKeyReusePeriodSeconds: 300 });
    expect(properties(quarantineQueue)).not.toHaveProperty('SqsManagedSseEnabled');
  });

  test('allows the most receives that there are, where those of the queue are a token', () => {
    consumerWith({}, { maxReceiveCount: Lazy.number({ produce: () => 9 }) });
    expect(properties(queue.deadLetterQueue)).toMatchObject({ RedrivePolicy: { maxReceiveCount: 1000 } });
  });

  test('takes as many receives as there are with those of the queue', () => {
    consumerWith({ maxReceiveCount: 5 }, { maxReceiveCount: 995 });
    expect(properties(queue.deadLetterQueue)).toMatchObject({ RedrivePolicy: { maxReceiveCount: 1000 } });
  });

  test('stands beside the consumer of the queue', () => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders');
    new QueueConsumer(stack, 'Consumer', { queue, handler: functionIn(stack, 'Function') });
    expect(() => new DeadLetterConsumer(stack, 'DeadLetters', { queue, handler: functionIn(stack, 'Undertaker') })).not.toThrow();
  });

  test('has a quarantine of any length on FIFO, and where the retention of dead letters is not known', () => {
    const short = { quarantineRetentionPeriod: Duration.days(1) };
    expect(() => consumerWith(short, fifo)).not.toThrow();
    expect(() => consumerWith(short, { deadLetterRetentionPeriod: Duration.seconds(Lazy.number({ produce: () => 60 })) })).not.toThrow();
  });

  test('counts what is in quarantine by the maximum of the visible messages', () => {
    const consumer = consumerWith();
    expect(consumer.metricQuarantined({ period: Duration.minutes(1) }).toMetricConfig().metricStat).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', period: Duration.minutes(1),
      dimensions: [{ name: 'QueueName', value: consumer.quarantineQueue.queueName }],
    });
  });

  test.each<[string, Partial<DeadLetterConsumerProps>, DurableQueueProps, string]>([
    ['it may fail never', { maxReceiveCount: 0 }, {}, "'maxReceiveCount' must be from 1 to 1000, got 0"],
    ['the receives of both are too many', {}, { maxReceiveCount: 996 },
      "'maxReceiveCount' must be at most 1000 together with that of the queue, which is 996, got 5"],
    ['its receives are a token', { maxReceiveCount: Lazy.number({ produce: () => 5 }) }, {}, "'maxReceiveCount' must be known when the app is synthesized"],
    ['quarantine is too short', { quarantineRetentionPeriod: Duration.seconds(59) }, fifo,
      "'quarantineRetentionPeriod' must be from 1 minute to 14 days, got 59 seconds"],
    ['quarantine ends before a dead letter does', { quarantineRetentionPeriod: Duration.days(13) }, {},
      "'quarantineRetentionPeriod' must be longer than the queue's 'deadLetterRetentionPeriod' (14 days), or 14 days, got 13 days"],
  ])('fails when %s', (_case, props, queueProps, message) => {
    expect(() => consumerWith(props, queueProps)).toThrow(`Test/DeadLetters: ${message}`);
  });

  test('fails when the dead-letter queue is imported', () => {
    stack = newStack();
    const deadLetterQueue = new ImportedQueue(stack, 'Dead', { queueArn: 'arn:aws:sqs:eu-west-1:111122223333:dead' });
    expect(() => new DeadLetterConsumer(stack, 'DeadLetters', { queue: new DurableQueue(stack, 'Orders', { deadLetterQueue }), handler: functionIn(stack) }))
      .toThrow("Test/DeadLetters: 'queue' must have a dead-letter queue of this app, whose redrive policy gets the quarantine queue, got 'Test/Orders'.");
  });

  test('fails when the timeout of an imported function is not known', () => {
    const handler = lambda.Function.fromFunctionAttributes(newStack(), 'Imported', {
      functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:imported', sameEnvironment: true,
      role: iam.Role.fromRoleArn(newStack(), 'Role', 'arn:aws:iam::111122223333:role/imported'),
    });
    expect(() => consumerWith({ handler, handlerTimeout: Duration.seconds(Lazy.number({ produce: () => 1 })) }))
      .toThrow("Test/DeadLetters: 'handlerTimeout' must be known when the app is synthesized, because the visibility timeout of the dead-letter queue follows it");
  });

  test('fails when the dead-letter queue has a consumer already', () => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders');
    new QueueConsumer(stack, 'Consumer', { queue: queue.deadLetterQueue, handler: functionIn(stack) });
    new DeadLetterConsumer(stack, 'DeadLetters', { queue, handler: functionIn(stack, 'Undertaker') });
    expect(() => Template.fromStack(stack)).toThrow("[Test/DeadLetters/Consumer] the queue 'Test/Orders/DeadLetterQueue' must have one consumer");
  });

  test('fails when quarantine ends with what is kept of the dead letters', () => {
    expect(() => consumerWith({ quarantineRetentionPeriod: Duration.days(12) }, { deadLetterRetentionPeriod: Duration.days(12) }))
      .toThrow("'quarantineRetentionPeriod' must be longer than the queue's 'deadLetterRetentionPeriod' (12 days), or 14 days, got 12 days");
  });

  test('fails when the dead-letter queue is in another stack than its queue', () => {
    const { handler } = consumerWith().consumer;
    const other = new Stack(stack.node.root, 'Other', { env: { account: stack.account, region: stack.region } });
    const deadLetterQueue = new sqs.Queue(other, 'Dead', { retentionPeriod: Duration.days(14) });
    const own = new DurableQueue(stack, 'Own', { deadLetterQueue });
    expect(() => new DeadLetterConsumer(stack, 'Second', { queue: own, handler }))
      .toThrow("Test/Second: 'queue' must be in the stack of its dead-letter consumer, 'Test', got a dead-letter queue in 'Other': the dead-letter");
  });

  test('fails when the dead letters are consumed already', () => {
    const { handler } = consumerWith().consumer;
    expect(() => new DeadLetterConsumer(stack, 'Second', { queue, handler }))
      .toThrow("Test/Second: 'queue' must have one consumer of its dead letters, but those of 'Test/Orders' go to a quarantine queue already");
  });

  test('fails when the queue is in another stack, which would make a dependency cycle', () => {
    const { handler } = consumerWith().consumer;
    const other = new Stack(stack.node.root, 'Other');
    expect(() => new DeadLetterConsumer(stack, 'Second', { queue: new DurableQueue(other, 'Orders'), handler }))
      .toThrow("Test/Second: 'queue' must be in the stack of its dead-letter consumer, 'Test', got one in 'Other'");
  });
});
