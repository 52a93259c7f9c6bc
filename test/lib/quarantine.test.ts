import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DurableQueue, type DurableQueueProps, Quarantine, QueueAlarms, type QuarantineProps } from '../../lib';
import { keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };

describe('Quarantine', () => {
  let stack: Stack;
  let queue: DurableQueue;
  const quarantineWith = (props: Partial<QuarantineProps> = {}, queueProps: DurableQueueProps = {}): Quarantine => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders', { ...queueProps, encryptionKey: queueProps.encryptionKey && keyIn(stack) });
    return new Quarantine(stack, 'Quarantine', { queue, ...props });
  };
  const variables = (of: Quarantine): unknown => (resourceOf(of.handler).Properties.Environment as { Variables: unknown }).Variables;

  test('redrives 3 times, each after 5 minutes, then puts into quarantine', () => {
    const quarantine = quarantineWith();
    expect(variables(quarantine)).toEqual({
      QUEUE_URL: resolve(stack, queue.queueUrl), QUARANTINE_URL: resolve(stack, quarantine.queue.queueUrl), MAX_REDRIVES: '3', DELAY_SECONDS: '300',
    });
  });

  test('consumes the dead-letter queue, and quarantines what the redriver fails on', () => {
    const quarantine = quarantineWith();
    expect(quarantine.consumer.consumer.queue).toBe(queue.deadLetterQueue);
    expect(resourceOf(queue.deadLetterQueue).Properties.RedrivePolicy)
      .toEqual({ deadLetterTargetArn: resolve(stack, quarantine.queue.queueArn), maxReceiveCount: 10 });
  });

  test('passes each setting on', () => {
    const quarantine = quarantineWith({
      maxRedrives: 1, redriveDelay: Duration.seconds(0), retentionPeriod: Duration.days(13), removalPolicy: RemovalPolicy.DESTROY,
    }, { deadLetterRetentionPeriod: Duration.days(12) });
    expect(variables(quarantine)).toMatchObject({ MAX_REDRIVES: '1', DELAY_SECONDS: '0' });
    expect(resourceOf(quarantine.queue)).toMatchObject({ DeletionPolicy: 'Delete', Properties: { MessageRetentionPeriod: 13 * 86_400 } });
  });

  test('says what its function is for', () => {
    expect(resourceOf(quarantineWith().handler).Properties.Description).toBe('Sends dead letters back to their queue, or into quarantine');
  });

  test('keeps messages for 14 days and is retained, unless it is told otherwise', () => {
    expect(resourceOf(quarantineWith().queue)).toMatchObject({ DeletionPolicy: 'Retain', Properties: { MessageRetentionPeriod: 14 * 86_400 } });
  });

  test('on FIFO, has a FIFO queue and no delay', () => {
    const quarantine = quarantineWith({}, fifo);
    expect(resourceOf(quarantine.queue).Properties).toMatchObject({ FifoQueue: true });
    expect(variables(quarantine)).toMatchObject({ DELAY_SECONDS: '0' });
  });

  test('takes a token for maxRedrives', () => {
    expect(variables(quarantineWith({ maxRedrives: Lazy.number({ produce: () => 2 }) }))).toMatchObject({ MAX_REDRIVES: '2' });
  });

  test('lets its function send to both queues and use their key, and no more', () => {
    const quarantine = quarantineWith({}, { encryptionKey: keyIn(newStack()) });
    const statements = statementsIn(stack, 'AWS::IAM::Policy');
    const actionsOn = (arn: string): unknown[] => statements.filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(resolve(stack, arn)))
      .flatMap(({ Action }) => Action);
    expect(actionsOn(queue.queueArn).sort()).toEqual(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage']);
    expect(actionsOn(quarantine.queue.queueArn)).toEqual(['sqs:SendMessage']);
    expect(actionsOn(queue.encryptionMasterKey!.keyArn).sort()).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  test('counts what is in quarantine', () => {
    const quarantine = quarantineWith();
    expect(quarantine.metricQuarantined().toMetricConfig()).toEqual(quarantine.consumer.metricQuarantined().toMetricConfig());
  });

  test('makes alarms of the queue ask how dead letters are counted', () => {
    quarantineWith();
    new QueueAlarms(stack, 'Alarms', { queue });
    expect(() => Template.fromStack(stack)).toThrow("'deadLettersConsumed' must be given");
  });

  test.each<[string, Partial<QuarantineProps>, DurableQueueProps, string]>([
    ['it would redrive never', { maxRedrives: 0 }, {}, "'maxRedrives' must be from 1 to 100, got 0"],
    ['it would redrive too often', { maxRedrives: 101 }, {}, "'maxRedrives' must be from 1 to 100, got 101"],
    ['the delay is too long', { redriveDelay: Duration.seconds(901) }, {}, "'redriveDelay' must be from 0 seconds to 15 minutes, got 15 minutes 1 second"],
    ['the delay is a token', { redriveDelay: Duration.seconds(Lazy.number({ produce: () => 1 })) }, {}, "'redriveDelay' must be known when the app"],
    ['messages of a FIFO queue are delayed', { redriveDelay: Duration.seconds(1) }, fifo, "'redriveDelay' must be left out on a FIFO queue"],
  ])('fails when %s', (_case, props, queueProps, message) => {
    expect(() => quarantineWith(props, queueProps)).toThrow(`Test/Quarantine: ${message}`);
  });
});
