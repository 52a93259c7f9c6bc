import { documented } from '../documented';
import { Harness, second, send } from './harness';

documented('Queue attributes', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html', () => {
  test('are given as text, all of them for a standard queue', async () => {
    const harness = new Harness();
    const start = String(harness.clock.now() / second);
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const queue = harness.queue({ redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 }, policy: { Statement: [] } });
    for (const delaySeconds of [0, 0, 0, 5]) send(queue, 'a', { delaySeconds });
    queue.receive(1);
    expect(await harness.call('GetQueueAttributes', { QueueUrl: queue.url, AttributeNames: ['All'] })).toEqual({ Attributes: {
      QueueArn: queue.arn, ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesNotVisible: '1', ApproximateNumberOfMessagesDelayed: '1',
      CreatedTimestamp: start, LastModifiedTimestamp: start, VisibilityTimeout: '30', DelaySeconds: '0', MessageRetentionPeriod: '345600',
      MaximumMessageSize: '1048576', ReceiveMessageWaitTimeSeconds: '0', SqsManagedSseEnabled: 'true', Policy: '{"Statement":[]}',
      RedrivePolicy: `{"deadLetterTargetArn":"${deadLetters.arn}","maxReceiveCount":5}`,
    } });
  });

  test('of a FIFO queue with a KMS key and a redrive-allow policy', async () => {
    const harness = new Harness();
    const { url } = harness.queue({ fifo: true, kmsMasterKeyId: 'alias/key', redriveAllowPolicy: { redrivePermission: 'denyAll' } });
    const AttributeNames = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit', 'KmsMasterKeyId',
      'KmsDataKeyReusePeriodSeconds', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'];
    expect(await harness.call('GetQueueAttributes', { QueueUrl: url, AttributeNames })).toEqual({ Attributes: {
      FifoQueue: 'true', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue', KmsMasterKeyId: 'alias/key',
      KmsDataKeyReusePeriodSeconds: '300', RedriveAllowPolicy: '{"redrivePermission":"denyAll"}', SqsManagedSseEnabled: 'false',
    } });
  });

  test('are only those asked for', async () => {
    const harness = new Harness();
    const { url: QueueUrl } = harness.queue();
    expect(await harness.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['DelaySeconds', 'Policy'] })).toEqual({ Attributes: { DelaySeconds: '0' } });
    expect(await harness.call('GetQueueAttributes', { QueueUrl })).toEqual({});
    await expect(harness.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['toString'] })).rejects.toMatchObject({ code: 'InvalidAttributeName' });
  });
});

documented('Queue attributes', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html', () => {
  test('come back as they were set', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters.fifo', fifo: true });
    const Attributes = {
      FifoQueue: 'true', ContentBasedDeduplication: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId',
      VisibilityTimeout: '60', DelaySeconds: '5', MessageRetentionPeriod: '600', MaximumMessageSize: '2048', ReceiveMessageWaitTimeSeconds: '20',
      KmsMasterKeyId: 'alias/key', KmsDataKeyReusePeriodSeconds: '600', SqsManagedSseEnabled: 'false', Policy: '{"Version":"2012-10-17"}',
      RedrivePolicy: `{"deadLetterTargetArn":"${deadLetters.arn}","maxReceiveCount":3}`,
      RedriveAllowPolicy: `{"redrivePermission":"byQueue","sourceQueueArns":["${deadLetters.arn}"]}`,
    };
    const { QueueUrl } = await harness.call('CreateQueue', { QueueName: 'Orders.fifo', Attributes });
    expect(await harness.call('GetQueueAttributes', { QueueUrl, AttributeNames: Object.keys(Attributes) })).toEqual({ Attributes });
  });

  test('are set one by one, and say when', async () => {
    const harness = new Harness();
    const queue = harness.queue({ delaySeconds: 5 });
    await harness.clock.advance(10 * second);
    expect(await harness.call('SetQueueAttributes', { QueueUrl: queue.url, Attributes: { VisibilityTimeout: '60' } })).toEqual({});
    expect([queue.visibilityTimeout, queue.delaySeconds, queue.lastModifiedAt - queue.createdAt]).toEqual([60, 5, 10 * second]);
  });

  test('take policies and keys away by empty text', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const queue = harness.queue({
      policy: {}, kmsMasterKeyId: 'alias/key', redriveAllowPolicy: { redrivePermission: 'denyAll' },
      redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 },
    });
    await harness.call('SetQueueAttributes', { QueueUrl: queue.url, Attributes: { Policy: '', KmsMasterKeyId: '', RedrivePolicy: '', RedriveAllowPolicy: '' } });
    expect([queue.policy, queue.kmsMasterKeyId, queue.redrivePolicy, queue.redriveAllowPolicy]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('accept a maxReceiveCount that is text', async () => {
    const harness = new Harness();
    const { arn } = harness.queue({ name: 'DeadLetters' });
    const queue = harness.queue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: '7' });
    await harness.call('SetQueueAttributes', { QueueUrl: queue.url, Attributes: { RedrivePolicy } });
    expect(queue.redrivePolicy).toEqual({ deadLetterTargetArn: arn, maxReceiveCount: 7 });
  });

  test.each([
    ['InvalidAttributeName', { Frobnication: '1' }],
    ['InvalidAttributeName', { toString: '1' }],
    ['InvalidAttributeName', { QueueArn: 'arn' }],
    ['InvalidAttributeValue', { VisibilityTimeout: 'long' }],
    ['InvalidAttributeValue', { VisibilityTimeout: '43201' }],
    ['InvalidAttributeValue', { SqsManagedSseEnabled: 'yes' }],
    ['InvalidAttributeValue', { Policy: 'not JSON' }],
    ['InvalidAttributeValue', { Policy: '[]' }],
    ['InvalidAttributeValue', { RedriveAllowPolicy: '5' }],
    ['InvalidParameterValue', { RedrivePolicy: '{"maxReceiveCount":3}' }],
    ['InvalidParameterValue', { RedrivePolicy: '{"deadLetterTargetArn":"a","maxReceiveCount":3,"other":1}' }],
    ['InvalidParameterValue', { RedrivePolicy: '{"deadLetterTargetArn":"a"}' }],
    ['InvalidParameterValue', { FifoQueue: 'true' }],
  ])('are refused with %s for %j', async (code, Attributes) => {
    const harness = new Harness();
    const queue = harness.queue();
    await expect(harness.call('SetQueueAttributes', { QueueUrl: queue.url, Attributes })).rejects.toMatchObject({ code });
  });
});
