import { inFlightLimit } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, bodies, caller, day, hour, minute, refusal, second, send } from './harness';

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html', () => {
  test('gives messages out in the order in which they were sent, at most as many as asked for', () => {
    const queue = new Harness().queue();
    for (const body of ['a', 'b', 'c']) send(queue, body);
    expect(bodies(queue.receive(2))).toEqual(['a', 'b']);
    expect(bodies(queue.receive(10))).toEqual(['c']);
  });

  test('gives a returned message out before those that were sent after it', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'old');
    queue.receive(1);
    send(queue, 'new');
    await clock.advance(30 * second);
    expect(bodies(queue.receive(10))).toEqual(['old', 'new']);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html', () => {
  test('hides a received message for the visibility timeout, then gives it out again', async () => {
    const { clock, queue } = withQueue({ visibilityTimeout: 45 });
    send(queue, 'a');
    queue.receive(1);
    await clock.advance(45 * second - 1);
    expect(queue.receive(1)).toEqual([]);
    await clock.advance(1);
    expect(bodies(queue.receive(1))).toEqual(['a']);
  });

  test('has a visibility timeout of 30 seconds unless told otherwise', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    queue.receive(1);
    await clock.advance(30 * second - 1);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.advance(1);
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  test('makes a message visible at once when its visibility timeout is set to 0', () => {
    const queue = new Harness().queue();
    send(queue, 'a');
    queue.changeVisibility(queue.receive(1)[0].receiptHandle, 0);
    expect(queue.receive(1)[0].systemAttributes.ApproximateReceiveCount).toBe('2');
  });

  test('lengthens a visibility timeout from now on', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    const [{ receiptHandle }] = queue.receive(1);
    await clock.advance(20 * second);
    queue.changeVisibility(receiptHandle, 60);
    await clock.advance(minute - 1);
    expect(queue.depth().visible).toBe(0);
    await clock.advance(1);
    expect(queue.depth().visible).toBe(1);
  });

  test('keeps a message in flight for at most 12 hours after its receive', async () => {
    const { clock, queue } = withQueue({ visibilityTimeout: 43_200 });
    send(queue, 'a');
    const [{ receiptHandle }] = queue.receive(1);
    await clock.advance(hour);
    expect(refusal(() => queue.changeVisibility(receiptHandle, 11 * 3600 + 1))).toMatch(/^InvalidParameterValue: Total VisibilityTimeout .*43200/);
    queue.changeVisibility(receiptHandle, 11 * 3600);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html', () => {
  test('gives nothing out while 120,000 messages are in flight', () => {
    const queue = new Harness().queue();
    for (let count = 0; count <= inFlightLimit; count++) send(queue, 'a');
    let last = queue.receive(10);
    while (queue.depth().inFlight < inFlightLimit) last = queue.receive(10);
    expect(queue.receive(10)).toEqual([]);
    expect(queue.isOverInFlightLimit).toBe(true);
    queue.delete(last[0].receiptHandle);
    expect(queue.receive(10)).toHaveLength(1);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html', () => {
  test('takes a visibility timeout for one receive', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    queue.receive(1, { visibilityTimeout: 5 });
    await clock.advance(5 * second);
    expect(queue.receive(1)).toHaveLength(1);
  });

  test('counts receives and keeps the moment of the first', async () => {
    const { clock, queue } = withQueue();
    const sentAt = clock.now();
    send(queue, 'a');
    await clock.advance(minute);
    queue.receive(1);
    await clock.advance(minute);
    expect(queue.receive(1)[0].systemAttributes).toEqual({
      SenderId: caller.principal,
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: String(sentAt + minute),
    });
  });

  test.each([[0], [11], [1.5]])('refuses to receive %d messages', (maximum) => {
    expect(refusal(() => new Harness().queue().receive(maximum))).toBe(`InvalidParameterValue: 'MaxNumberOfMessages' must be from 1 to 10, got ${maximum}`);
  });

  test.each([[-1], [43_201]])('refuses a visibility timeout of %d seconds for a receive', (visibilityTimeout) => {
    expect(refusal(() => new Harness().queue().receive(1, { visibilityTimeout })))
      .toBe(`InvalidParameterValue: 'VisibilityTimeout' must be from 0 to 43200 seconds, got ${visibilityTimeout}`);
  });
});

documented('A queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html', () => {
  test('refuses to change the visibility of what is not in flight, or not there', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    const [{ receiptHandle }] = queue.receive(1);
    await clock.advance(minute);
    expect(refusal(() => queue.changeVisibility(receiptHandle, 1))).toMatch(/^MessageNotInflight: /);
    queue.receive(1);
    expect(refusal(() => queue.changeVisibility(receiptHandle, 1))).toMatch(/^MessageNotInflight: /);
    queue.purge();
    expect(refusal(() => queue.changeVisibility(receiptHandle, 1))).toMatch(/^InvalidParameterValue: .*does not exist/);
  });
});

documented('A queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html', () => {
  test('deletes what is in flight, and says nothing when it is deleted already', () => {
    const queue = new Harness().queue();
    send(queue, 'a');
    const [{ receiptHandle }] = queue.receive(1);
    queue.delete(receiptHandle);
    expect(queue.size).toBe(0);
    expect(() => queue.delete(receiptHandle)).not.toThrow();
  });

  test('deletes by the latest receipt handle after its visibility timeout', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    const [{ receiptHandle }] = queue.receive(1);
    await clock.advance(minute);
    queue.delete(receiptHandle);
    expect(queue.receive(1)).toEqual([]);
  });

  test('accepts a receipt handle from before a later receive, and does not delete', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    const [first] = queue.receive(1);
    await clock.advance(minute);
    const [second] = queue.receive(1);
    expect(second.receiptHandle).not.toBe(first.receiptHandle);
    queue.delete(first.receiptHandle);
    expect(queue.depth().inFlight).toBe(1);
  });

  test('does not mistake the handle of a deleted message for another message', () => {
    const queue = new Harness().queue();
    send(queue, 'a');
    const [gone] = queue.receive(1);
    queue.delete(gone.receiptHandle);
    send(queue, 'b');
    queue.receive(1);
    queue.delete(gone.receiptHandle);
    expect(queue.size).toBe(1);
  });

  test.each(['', 'x', 'AQEB0000000000000000/0/1/1', 'a/b/c/d'])('refuses the malformed receipt handle "%s"', (handle) => {
    const queue = new Harness().queue();
    send(queue, 'a');
    queue.receive(1);
    expect(refusal(() => queue.delete(handle))).toMatch(/^ReceiptHandleIsInvalid: /);
    expect(refusal(() => queue.changeVisibility(handle, 1))).toMatch(/^ReceiptHandleIsInvalid: /);
  });

  test('refuses a receipt handle of another queue', () => {
    const harness = new Harness();
    const queue = harness.queue();
    const other = harness.queue({ name: 'Other' });
    send(queue, 'a');
    send(other, 'b');
    other.receive(1);
    expect(refusal(() => other.delete(queue.receive(1)[0].receiptHandle))).toMatch(/^ReceiptHandleIsInvalid: /);
    expect(other.size).toBe(1);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html', () => {
  test('does not change the delay of messages that wait when the queue is given another', async () => {
    const { clock, queue } = withQueue({ delaySeconds: 10 });
    send(queue, 'a');
    queue.update({ delaySeconds: 0 });
    expect(queue.receive(1)).toEqual([]);
    await clock.advance(10 * second);
    expect(queue.receive(1)).toHaveLength(1);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html', () => {
  test('delays messages by the queue or by the message, whose own delay wins even at 0', async () => {
    const { clock, queue } = withQueue({ delaySeconds: 10 });
    send(queue, 'queue');
    send(queue, 'longer', { delaySeconds: 20 });
    send(queue, 'none', { delaySeconds: 0 });
    expect(bodies(queue.receive(10))).toEqual(['none']);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 1, delayed: 2 });
    await clock.advance(10 * second);
    expect(bodies(queue.receive(10))).toEqual(['queue']);
    await clock.advance(10 * second);
    expect(bodies(queue.receive(10))).toEqual(['longer']);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html', () => {
  test('drops messages at the end of their retention, in flight or not, and counts it from the send', async () => {
    const { clock, queue } = withQueue({ messageRetentionPeriod: 60, visibilityTimeout: 600 });
    send(queue, 'received');
    queue.receive(1);
    send(queue, 'delayed', { delaySeconds: 300 });
    await clock.advance(30 * second);
    send(queue, 'later');
    await clock.advance(30 * second);
    expect(bodies(queue.snapshot())).toEqual(['later']);
    await clock.advance(30 * second);
    expect(queue.size).toBe(0);
  });

  test('keeps messages for four days unless told otherwise, and for as long as the queue then says', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    await clock.advance(4 * day - 1);
    expect(queue.size).toBe(1);
    queue.update({ messageRetentionPeriod: 1_209_600 });
    await clock.advance(10 * day);
    expect(queue.size).toBe(1);
    await clock.advance(1);
    expect(queue.size).toBe(0);
  });
});

documented('A standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html', () => {
  test('accepts message groups, as fair queues have them, without locking them', () => {
    const queue = new Harness().queue();
    send(queue, 'a', { messageGroupId: 'tenant' });
    send(queue, 'b', { messageGroupId: 'tenant' });
    expect(queue.receive(1)[0].systemAttributes.MessageGroupId).toBe('tenant');
    expect(bodies(queue.receive(1))).toEqual(['b']);
  });
});

documented('A queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
  test('is as old as its oldest message that was received less than three times', async () => {
    const { clock, queue } = withQueue({ visibilityTimeout: 0 });
    expect(queue.ageOfOldestMessage()).toBeUndefined();
    send(queue, 'poison');
    await clock.advance(minute);
    send(queue, 'new', { delaySeconds: 900 });
    await clock.advance(second);
    queue.receive(1);
    queue.receive(1);
    expect(queue.ageOfOldestMessage()).toBe(61);
    queue.receive(1);
    expect(queue.ageOfOldestMessage()).toBe(1);
  });
});

documented('A queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html', () => {
  test('loses all messages to a purge', () => {
    const queue = new Harness().queue();
    for (const body of ['a', 'b']) send(queue, body);
    queue.receive(1);
    send(queue, 'c', { delaySeconds: 5 });
    queue.purge();
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

documented('A queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html', () => {
  test('refuses everything once it is deleted', () => {
    const { sqs, queue } = withQueue();
    sqs.deleteQueue(queue.arn);
    expect(refusal(() => send(queue, 'a'))).toMatch(/^QueueDoesNotExist: /);
    expect(refusal(() => queue.receive(1))).toMatch(/^QueueDoesNotExist: /);
    expect(refusal(() => sqs.deleteQueue(queue.arn))).toMatch(/^QueueDoesNotExist: /);
  });
});

function withQueue(properties: Parameters<Harness['queue']>[0] = {}): { clock: Harness['clock']; sqs: Harness['sqs']; queue: ReturnType<Harness['queue']> } {
  const harness = new Harness();
  return { clock: harness.clock, sqs: harness.sqs, queue: harness.queue(properties) };
}
