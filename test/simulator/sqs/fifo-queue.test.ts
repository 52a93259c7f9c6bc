import type { QueueProperties } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, bodies, caller, minute, refusal, second, send, sendInGroup } from './harness';

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html', () => {
  test('gives several messages of one group in one receive, in order', () => {
    const { queue } = withQueue();
    sendInGroup(queue, 'g', 'a', 'b', 'c');
    expect(bodies(queue.receive(2))).toEqual(['a', 'b']);
  });

  test('locks a group while any of its messages is in flight', async () => {
    const { clock, queue } = withQueue();
    sendInGroup(queue, 'g', 'a', 'b', 'c');
    sendInGroup(queue, 'h', 'x');
    const [a, b] = queue.receive(2);
    expect(bodies(queue.receive(10))).toEqual(['x']);
    queue.delete(a.receiptHandle);
    expect(queue.receive(10)).toEqual([]);
    queue.delete(b.receiptHandle);
    expect(bodies(queue.receive(10))).toEqual(['c']);
    await clock.advance(30 * second);
    expect(bodies(queue.receive(10)).sort()).toEqual(['c', 'x']);
  });

  test('keeps a group locked while a later message of it is still in flight', () => {
    const { queue } = withQueue();
    sendInGroup(queue, 'g', 'a', 'b');
    const [a] = queue.receive(2);
    queue.changeVisibility(a.receiptHandle, 0);
    expect(queue.receive(10)).toEqual([]);
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
  });

  test('gives returned messages out again in the order of the group', async () => {
    const { clock, queue } = withQueue();
    sendInGroup(queue, 'g', 'a', 'b', 'c');
    const [, b] = queue.receive(2);
    queue.changeVisibility(b.receiptHandle, 0);
    await clock.advance(minute);
    expect(bodies(queue.receive(10))).toEqual(['a', 'b', 'c']);
  });

  test('takes messages of further groups into a receive when one group has no more', () => {
    const { queue } = withQueue();
    sendInGroup(queue, 'g', 'a');
    sendInGroup(queue, 'h', 'x', 'y');
    sendInGroup(queue, 'g', 'b');
    expect(bodies(queue.receive(3))).toEqual(['a', 'b', 'x']);
  });

  test('keeps the order of a group when a later message is visible first', async () => {
    const { clock, queue } = withQueue({ visibilityTimeout: 100 });
    sendInGroup(queue, 'g', 'a', 'b');
    const [, b] = queue.receive(2);
    queue.changeVisibility(b.receiptHandle, 10);
    await clock.advance(50 * second);
    expect(queue.receive(10)).toEqual([]);
    await clock.advance(50 * second);
    expect(bodies(queue.receive(10))).toEqual(['a', 'b']);
  });

  test('unlocks a group when its message in flight expires', async () => {
    const { clock, queue } = withQueue({ messageRetentionPeriod: 60, visibilityTimeout: 600 });
    sendInGroup(queue, 'g', 'a');
    queue.receive(1);
    await clock.advance(30 * second);
    sendInGroup(queue, 'g', 'b');
    expect(queue.receive(1)).toEqual([]);
    await clock.advance(30 * second);
    expect(bodies(queue.receive(1))).toEqual(['b']);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html', () => {
  test('lets groups take turns when one always has more', () => {
    const { queue } = withQueue();
    sendInGroup(queue, 'g', 'a', 'b', 'c');
    sendInGroup(queue, 'h', 'x', 'y');
    const order = Array.from({ length: 5 }, () => {
      const [message] = queue.receive(1);
      queue.delete(message.receiptHandle);
      return message.body;
    });
    expect(order).toEqual(['a', 'x', 'b', 'y', 'c']);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html', () => {
  test('numbers messages in ever-growing sequence numbers of 20 digits', () => {
    const { queue } = withQueue();
    const numbers = ['a', 'b', 'c'].map((body) => queue.send({ body, messageGroupId: 'g', messageDeduplicationId: body }, caller).sequenceNumber!);
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(3);
    expect(queue.receive(1)[0].systemAttributes).toMatchObject({ SequenceNumber: numbers[0], MessageGroupId: 'g', MessageDeduplicationId: 'a' });
  });

  test('needs a message group, and a deduplication ID where the content does not give one', () => {
    const { queue } = withQueue();
    expect(refusal(() => send(queue, 'a', { messageDeduplicationId: 'd' }))).toBe('MissingParameter: The request must contain the parameter MessageGroupId.');
    expect(refusal(() => send(queue, 'a', { messageGroupId: 'g' }))).toMatch(/^InvalidParameterValue: .*ContentBasedDeduplication/);
  });

  test.each(['', 'with space', 'x'.repeat(129)])('refuses the message group or deduplication ID "%s"', (id) => {
    const { queue } = withQueue();
    expect(refusal(() => send(queue, 'a', { messageGroupId: id, messageDeduplicationId: 'd' }))).toMatch(/^InvalidParameterValue: 'MessageGroupId' /);
    expect(refusal(() => send(queue, 'a', { messageGroupId: 'g', messageDeduplicationId: id }))).toMatch(/^InvalidParameterValue: 'MessageDeduplicationId' /);
  });

  test('refuses a delay of a single message, and delays by the queue', async () => {
    const { clock, queue } = withQueue({ delaySeconds: 10 });
    const message = { messageGroupId: 'g', messageDeduplicationId: 'd' };
    expect(refusal(() => send(queue, 'a', { ...message, delaySeconds: 5 }))).toMatch(/^InvalidParameterValue: .*DelaySeconds/);
    send(queue, 'a', { ...message, delaySeconds: 0 });
    expect(queue.receive(1)).toEqual([]);
    await clock.advance(10 * second);
    expect(queue.receive(1)).toHaveLength(1);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html', () => {
  test('accepts a duplicate within five minutes without storing it, and answers with the first message', async () => {
    const { harness, clock, queue } = withQueue();
    const message = { body: 'a', messageGroupId: 'g', messageDeduplicationId: 'd' };
    const first = queue.send(message, caller);
    queue.delete(queue.receive(1)[0].receiptHandle);
    await clock.advance(5 * minute - 1);
    expect(queue.send({ ...message, body: 'b', messageGroupId: 'h' }, caller)).toEqual(first);
    expect(queue.size).toBe(0);
    expect(harness.events.at(-1)).toMatchObject({ action: 'deduplicated', messageId: first.messageId });
    await clock.advance(1);
    expect(queue.send(message, caller).messageId).not.toBe(first.messageId);
    expect(queue.size).toBe(1);
  });

  test('still knows a duplicate whose first send is in the interval before the last', async () => {
    const { clock, queue } = withQueue();
    sendInGroup(queue, 'g', 'early');
    await clock.advance(4 * minute);
    sendInGroup(queue, 'g', 'a');
    await clock.advance(2 * minute);
    sendInGroup(queue, 'g', 'b');
    sendInGroup(queue, 'g', 'a');
    expect(bodies(queue.snapshot())).toEqual(['early', 'a', 'b']);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html', () => {
  test('deduplicates by the body, without the attributes, where content-based deduplication is on', () => {
    const { queue } = withQueue({ contentBasedDeduplication: true });
    send(queue, 'a', { messageGroupId: 'g' });
    send(queue, 'a', { messageGroupId: 'g', attributes: { kind: { dataType: 'String', stringValue: 'x' } } });
    send(queue, 'b', { messageGroupId: 'g' });
    send(queue, 'a', { messageGroupId: 'g', messageDeduplicationId: 'own' });
    expect(bodies(queue.snapshot())).toEqual(['a', 'b', 'a']);
    expect(queue.snapshot()[0].systemAttributes.MessageDeduplicationId)
      .toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html', () => {
  test('deduplicates for each message group where its scope says so', () => {
    const { queue } = withQueue({ deduplicationScope: 'messageGroup' });
    for (const messageGroupId of ['g', 'h', 'g']) send(queue, 'a', { messageGroupId, messageDeduplicationId: 'd' });
    expect(queue.size).toBe(2);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html', () => {
  test('changes the delay of messages that wait together with the queue, and keeps their order', async () => {
    const { clock, queue } = withQueue({ delaySeconds: 100 });
    sendInGroup(queue, 'g', 'a');
    await clock.advance(20 * second);
    sendInGroup(queue, 'g', 'b');
    queue.update({ delaySeconds: 20 });
    expect(bodies(queue.receive(10))).toEqual(['a']);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html', () => {
  test('refuses to delete by a receipt handle whose visibility timeout is over', async () => {
    const { clock, queue } = withQueue();
    sendInGroup(queue, 'g', 'a');
    const [{ receiptHandle }] = queue.receive(1);
    await clock.advance(30 * second);
    expect(refusal(() => queue.delete(receiptHandle))).toMatch(/^InvalidParameterValue: .*receipt handle has expired/);
    const [latest] = queue.receive(1);
    expect(refusal(() => queue.delete(receiptHandle))).toMatch(/^InvalidParameterValue: .*receipt handle has expired/);
    queue.delete(latest.receiptHandle);
    expect(refusal(() => queue.delete(latest.receiptHandle))).toBe('accepted');
    expect(queue.size).toBe(0);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-receiverequestattemptid-request-parameter.html', () => {
  test('repeats a receive with the same attempt ID, with a fresh visibility timeout', async () => {
    const { clock, queue } = withQueue();
    sendInGroup(queue, 'g', 'a', 'b');
    const first = queue.receive(1, { receiveRequestAttemptId: 'attempt' });
    await clock.advance(20 * second);
    expect(queue.receive(1, { receiveRequestAttemptId: 'attempt' })).toEqual(first);
    await clock.advance(20 * second);
    expect(queue.depth().inFlight).toBe(1);
    queue.delete(first[0].receiptHandle);
    expect(bodies(queue.receive(1, { receiveRequestAttemptId: 'attempt' }))).toEqual(['b']);
  });

  test('does not repeat a receive whose messages were received again since', async () => {
    const { clock, queue } = withQueue();
    sendInGroup(queue, 'g', 'a');
    queue.receive(1, { receiveRequestAttemptId: 'attempt' });
    await clock.advance(30 * second);
    queue.receive(1);
    expect(queue.receive(1, { receiveRequestAttemptId: 'attempt' })).toEqual([]);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
  test('is as old as its oldest message, however often that was received', async () => {
    const { clock, queue } = withQueue({ visibilityTimeout: 0 });
    sendInGroup(queue, 'g', 'a');
    for (let count = 0; count < 5; count++) queue.receive(1);
    await clock.advance(minute);
    expect(queue.ageOfOldestMessage()).toBe(60);
  });
});

function withQueue(properties: Partial<QueueProperties> = {}): { harness: Harness; clock: Harness['clock']; queue: ReturnType<Harness['queue']> } {
  const harness = new Harness();
  return { harness, clock: harness.clock, queue: harness.queue({ fifo: true, ...properties }) };
}
