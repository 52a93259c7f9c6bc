import { createHash } from 'node:crypto';
import type { Queue } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, bodies, send } from './harness';

const anyText = expect.any(String) as string;
const entries = (length: number): unknown[] => Array.from({ length }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x' }));

documented('A batch', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html', () => {
  test('answers for each entry whether it succeeded', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const output = await harness.call('SendMessageBatch', { QueueUrl, Entries: [
      { Id: 'good', MessageBody: 'a' }, { Id: 'bad', MessageBody: '\u0000' }, { Id: 'empty' }, { Id: 'late', MessageBody: 'b', DelaySeconds: 5 },
    ] });
    expect(output).toEqual({
      Successful: [expect.objectContaining({ Id: 'good', MessageId: anyText, MD5OfMessageBody: anyText }), expect.objectContaining({ Id: 'late' })],
      Failed: [
        { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents', Message: anyText },
        { Id: 'empty', SenderFault: true, Code: 'MissingParameter', Message: anyText },
      ],
    });
    expect(bodies(queue.snapshot())).toEqual(['a', 'b']);
  });

  test.each<[string, unknown[]]>([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', entries(11)],
    ['BatchEntryIdsNotDistinct', [{ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'x' }]],
    ['InvalidBatchEntryId', [{ Id: 'with space', MessageBody: 'x' }]],
    ['InvalidBatchEntryId', [{ Id: 'x'.repeat(81), MessageBody: 'x' }]],
    ['MissingParameter', [{ MessageBody: 'x' }]],
    ['BatchRequestTooLong', [{ Id: 'a', MessageBody: 'x'.repeat(1_048_576) }, { Id: 'b', MessageBody: 'x' }]],
  ])('is refused with %s as a whole', async (code, Entries) => {
    const { harness, QueueUrl, queue } = withQueue();
    await expect(harness.call('SendMessageBatch', { QueueUrl, Entries })).rejects.toMatchObject({ code, status: 400 });
    expect(queue.size).toBe(0);
  });

  test('shows receivers the digest of each body that it answered, also of those that waited in a long backlog', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const digests = new Map<unknown, unknown>();
    for (let first = 0; first < 1100; first += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `e${index}`, MessageBody: `é ${first + index}` }));
      const { Successful } = await harness.call('SendMessageBatch', { QueueUrl, Entries }) as { Successful: Record<string, unknown>[] };
      for (const { MessageId, MD5OfMessageBody } of Successful) digests.set(MessageId, MD5OfMessageBody);
    }
    const { messageId } = queue.send({ body: 'from a service' }, { principal: 'sns.amazonaws.com' });
    digests.set(messageId, createHash('md5').update('from a service').digest('hex'));
    for (let round = 0; round < 111; round++) {
      const { Messages = [] } = await harness.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }) as { Messages?: Record<string, unknown>[] };
      for (const { MessageId, MD5OfBody, Body } of Messages) {
        expect([MD5OfBody, digests.get(MessageId)]).toEqual(Array(2).fill(createHash('md5').update(Body as string).digest('hex')));
        digests.delete(MessageId);
      }
    }
    expect(digests.size).toBe(0);
  });

  test('may have ten entries and 1 MiB', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    await harness.call('SendMessageBatch', { QueueUrl, Entries: [...entries(9), { Id: 'large', MessageBody: 'x'.repeat(1_048_576 - 9) }] });
    expect(queue.size).toBe(10);
  });
});

documented('A batch of deletions or visibility timeouts', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html', () => {
  test('deletes and changes visibility of several messages', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    for (const body of ['a', 'b', 'c']) send(queue, body);
    const [a, b, c] = queue.receive(3).map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const bad = { Id: 'bad', ReceiptHandle: 'x' };
    expect(await harness.call('DeleteMessageBatch', { QueueUrl, Entries: [a, bad] })).toEqual({
      Successful: [{ Id: '0' }], Failed: [expect.objectContaining({ Id: 'bad', Code: 'ReceiptHandleIsInvalid' })],
    });
    expect(await harness.call('ChangeMessageVisibilityBatch', { QueueUrl, Entries: [{ ...b, VisibilityTimeout: 0 }, { ...c, VisibilityTimeout: 43_201 }] }))
      .toEqual({ Successful: [{ Id: '1' }], Failed: [expect.objectContaining({ Id: '2', Code: 'InvalidParameterValue' })] });
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
  });

  test.each(['DeleteMessageBatch', 'ChangeMessageVisibilityBatch'])('is refused as a whole by %s when it is empty, too long or repeats an ID', async (operation) => {
    const { harness, QueueUrl } = withQueue();
    const call = (Entries: unknown[]) => harness.call(operation, { QueueUrl, Entries });
    await expect(call([])).rejects.toMatchObject({ code: 'EmptyBatchRequest' });
    await expect(call(entries(11))).rejects.toMatchObject({ code: 'TooManyEntriesInBatchRequest' });
    await expect(call([...entries(1), ...entries(1)])).rejects.toMatchObject({ code: 'BatchEntryIdsNotDistinct' });
    await expect(call([{ Id: 'with space' }])).rejects.toMatchObject({ code: 'InvalidBatchEntryId' });
  });
});

function withQueue(): { harness: Harness; queue: Queue; QueueUrl: string } {
  const harness = new Harness();
  const queue = harness.queue();
  return { harness, queue, QueueUrl: queue.url };
}
