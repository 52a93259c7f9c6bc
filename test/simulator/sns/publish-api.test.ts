import { documented } from '../documented';
import { simulate } from './simulate';

const arn = 'arn:aws:sns:eu-west-1:111122223333:orders';
const entries = (count: number, size = 1) => Array.from({ length: count }, (_, index) => ({ Id: `id-${index}`, Message: 'x'.repeat(size) }));

documented('Publish', 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html', () => {
  test('takes attributes, with bytes as base64 text or as they are', async () => {
    const { call, sns, clock, addQueue } = simulate();
    const queue = addQueue('billing');
    sns.createTopic({ name: 'orders' });
    sns.subscribe({ topicArn: arn, protocol: 'sqs', endpoint: queue.arn, rawMessageDelivery: true });
    const { MessageId } = await call('Publish', {
      TopicArn: arn, Message: 'hello', MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' }, base64: { DataType: 'Binary', BinaryValue: 'AgME' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
      },
    });
    await clock.advance(0);
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(queue.sent[0].message).toMatchObject({
      body: 'hello',
      attributes: {
        kind: { dataType: 'String', stringValue: 'order' }, base64: { binaryValue: Buffer.from([2, 3, 4]) }, bytes: { binaryValue: Buffer.from([2, 3, 4]) },
      },
    });
  });

  test('answers with the sequence number of a FIFO topic', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders.fifo', fifo: true });
    expect(await call('Publish', { TargetArn: `${arn}.fifo`, Message: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' }))
      .toEqual({ MessageId: expect.any(String), SequenceNumber: expect.stringMatching(/^\d{20}$/) });
  });
});

documented('PublishBatch', 'https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html', () => {
  test('tells for each message of a batch what became of it', async () => {
    const { call, sns, clock, addQueue } = simulate();
    const queue = addQueue('billing');
    sns.createTopic({ name: 'orders' });
    sns.subscribe({ topicArn: arn, protocol: 'sqs', endpoint: queue.arn, rawMessageDelivery: true });
    const PublishBatchRequestEntries = [{ Id: 'a', Message: 'one' }, { Id: 'b', Message: '' }, { Id: 'c', Message: 'three' }];
    const result = await call('PublishBatch', { TopicArn: arn, PublishBatchRequestEntries });
    await clock.advance(0);
    expect(result).toEqual({
      Successful: [{ Id: 'a', MessageId: expect.any(String) }, { Id: 'c', MessageId: expect.any(String) }],
      Failed: [{ Id: 'b', Code: 'InvalidParameter', Message: 'Invalid parameter: Empty message', SenderFault: true }],
    });
    expect(queue.bodies).toEqual(['one', 'three']);
  });

  test('gives each message of a batch to a FIFO topic its sequence number', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders.fifo', fifo: true });
    const PublishBatchRequestEntries = [{ Id: 'a', Message: 'one', MessageGroupId: 'g', MessageDeduplicationId: 'd' }];
    const { Successful } = await call('PublishBatch', { TopicArn: `${arn}.fifo`, PublishBatchRequestEntries });
    expect(Successful).toEqual([{ Id: 'a', MessageId: expect.any(String), SequenceNumber: expect.stringMatching(/^\d{20}$/) }]);
  });

  test('takes ten messages in a batch', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders' });
    expect((await call('PublishBatch', { TopicArn: arn, PublishBatchRequestEntries: entries(10) })).Successful).toHaveLength(10);
  });

  test.each<[string, object[]]>([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', entries(11)],
    ['BatchEntryIdsNotDistinct', [{ Id: 'a', Message: 'x' }, { Id: 'a', Message: 'y' }]],
    ['InvalidBatchEntryId', [{ Id: 'a.b', Message: 'x' }]],
    ['InvalidBatchEntryId', [{ Id: 'a'.repeat(81), Message: 'x' }]],
    ['InvalidBatchEntryId', [{ Message: 'x' }]],
    ['BatchRequestTooLong', entries(2, 131_073)],
  ])('refuses a batch as a whole: %s', async (code, PublishBatchRequestEntries) => {
    const { call, sns, snsEvents } = simulate();
    sns.createTopic({ name: 'orders' });
    await expect(call('PublishBatch', { TopicArn: arn, PublishBatchRequestEntries })).rejects.toMatchObject({ code });
    expect(snsEvents).toEqual([]);
  });
});

describe('what the simulator has not', () => {
  test('refuses by name what the simulator has not', async () => {
    const { call } = simulate();
    await expect(call('Publish', { PhoneNumber: '+15550100', Message: 'x' })).rejects.toThrow('PhoneNumber');
    await expect(call('Publish', { TargetArn: 'arn:aws:sns:eu-west-1:111122223333:endpoint/APNS/app:1', Message: 'x' })).rejects.toThrow('mobile devices');
    await expect(call('CreatePlatformApplication')).rejects.toMatchObject({ code: 'InvalidAction', message: expect.stringContaining('CreatePlatformApplication') });
    await expect(call('toString')).rejects.toMatchObject({ code: 'InvalidAction' });
    await expect(call('Publish', { Message: 'x' })).rejects.toThrow('TopicArn Reason: no value');
    await expect(call('Publish', { TopicArn: arn, Message: 5 })).rejects.toThrow('Message Reason: must be text');
  });
});
