import { inFlightLimit } from '../../../simulator/sqs';
import { Harness, bodies, caller, day, hour, minute, refusal, second, send } from './harness';

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
describe('a standard queue', () => {
  test('gives messages out in the order in which they were sent, at most as many as asked for', () => {
    const queue = new Harness().queue();
    for (const body of ['a', 'b', 'c']) send(queue, body);
    expect(bodies(queue.receive(2))).toEqual(['a', 'b']);
    expect(bodies(queue.receive(10))).toEqual(['c']);
  });

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

  test('gives a returned message out before those that were sent after it', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'old');
    queue.receive(1);
    send(queue, 'new');
    await clock.advance(30 * second);
    expect(bodies(queue.receive(10))).toEqual(['old', 'new']);
  });

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

  test('does not change the delay of messages that wait when the queue is given another', async () => {
    const { clock, queue } = withQueue({ delaySeconds: 10 });
    send(queue, 'a');
    queue.update({ delaySeconds: 0 });
    expect(queue.receive(1)).toEqual([]);
    await clock.advance(10 * second);
    expect(queue.receive(1)).toHaveLength(1);
  });

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

  test.each([[0], [11], [1.5]])('refuses to receive %d messages', (maximum) => {
    expect(refusal(() => new Harness().queue().receive(maximum))).toBe(`InvalidParameterValue: 'MaxNumberOfMessages' must be from 1 to 10, got ${maximum}`);
  });

  test.each([[-1], [43_201]])('refuses a visibility timeout of %d seconds for a receive', (visibilityTimeout) => {
    expect(refusal(() => new Harness().queue().receive(1, { visibilityTimeout })))
      .toBe(`InvalidParameterValue: 'VisibilityTimeout' must be from 0 to 43200 seconds, got ${visibilityTimeout}`);
  });

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

  test('accepts message groups, as fair queues have them, without locking them', () => {
    const queue = new Harness().queue();
    send(queue, 'a', { messageGroupId: 'tenant' });
    send(queue, 'b', { messageGroupId: 'tenant' });
    expect(queue.receive(1)[0].systemAttributes.MessageGroupId).toBe('tenant');
    expect(bodies(queue.receive(1))).toEqual(['b']);
  });

  test('shows its messages without touching them', () => {
    const queue = new Harness().queue();
    const attributes = { kind: { dataType: 'String', stringValue: 'x' } };
    send(queue, 'received', { attributes, traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' });
    queue.receive(1);
    send(queue, 'visible');
    send(queue, 'delayed', { delaySeconds: 5 });
    const look = (): unknown => queue.snapshot().map(({ body, state, systemAttributes }) => [body, state, systemAttributes.ApproximateReceiveCount]);
    const seen = [['received', 'inFlight', '1'], ['visible', 'visible', '0'], ['delayed', 'delayed', '0']];
    expect(look()).toEqual(seen);
    expect(look()).toEqual(seen);
    expect(queue.snapshot()[0]).toMatchObject({ attributes, systemAttributes: { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' } });
  });

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

  test('loses all messages to a purge', () => {
    const queue = new Harness().queue();
    for (const body of ['a', 'b']) send(queue, body);
    queue.receive(1);
    send(queue, 'c', { delaySeconds: 5 });
    queue.purge();
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('refuses everything once it is deleted', () => {
    const { sqs, queue } = withQueue();
    sqs.deleteQueue(queue.arn);
    expect(refusal(() => send(queue, 'a'))).toMatch(/^QueueDoesNotExist: /);
    expect(refusal(() => queue.receive(1))).toMatch(/^QueueDoesNotExist: /);
    expect(refusal(() => sqs.deleteQueue(queue.arn))).toMatch(/^QueueDoesNotExist: /);
  });

  test('asks whether a caller may send, and stores nothing when not', () => {
    const { sqs, queue } = withQueue();
    const asked: string[] = [];
    sqs.authorize = (action, resource, { principal }) => {
      asked.push(`${action} ${resource} ${principal}`);
      throw new Error('denied');
    };
    expect(() => send(queue, 'a')).toThrow('denied');
    expect(asked).toEqual([`sqs:SendMessage ${queue.arn} ${caller.principal}`]);
    expect(queue.size).toBe(0);
  });

  test('gives every message an ID of its own, the same in every run with the same seed', () => {
    const ids = (seed: number): string[] => {
      const queue = new Harness(seed).queue();
      return Array.from({ length: 1000 }, () => send(queue, 'a'));
    };
    const first = ids(7);
    expect(new Set(first).size).toBe(1000);
    expect(first.every((id) => /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id))).toBe(true);
    expect(ids(7)).toEqual(first);
    expect(ids(8)).not.toEqual(first);
  });

  test('says what happened to each message, with the moment at which it happened', async () => {
    const harness = new Harness();
    const queue = harness.queue({ visibilityTimeout: 30, messageRetentionPeriod: 60 });
    const start = harness.clock.now();
    const messageId = send(queue, 'body');
    queue.receive(1);
    await harness.clock.advance(10 * minute);
    queue.receive(1);
    const event = { service: 'sqs', resource: queue.arn, messageId, bytes: 4 };
    expect(harness.events).toEqual([
      { ...event, action: 'sent', at: start, receiveCount: 0, body: 'body' },
      { ...event, action: 'received', at: start, receiveCount: 1 },
      { ...event, action: 'returned', at: start + 30 * second, receiveCount: 1 },
      { ...event, action: 'expired', at: start + minute, receiveCount: 1 },
      { ...event, action: 'emptyReceive', at: start + 10 * minute, messageId: '', bytes: 0, receiveCount: 0 },
    ]);
  });

  test('says that a message expired, and not that it returned, when its retention ends in flight', async () => {
    const harness = new Harness();
    const queue = harness.queue({ visibilityTimeout: 90, messageRetentionPeriod: 60 });
    send(queue, 'a');
    queue.receive(1);
    await harness.clock.advance(10 * minute);
    expect(queue.size).toBe(0);
    expect(harness.actions()).toEqual(['sent', 'received', 'expired']);
  });

  test('says at once that a message returned whose visibility timeout was set to 0', () => {
    const harness = new Harness();
    const queue = harness.queue();
    send(queue, 'a');
    queue.changeVisibility(queue.receive(1)[0].receiptHandle, 0);
    expect(harness.actions()).toEqual(['sent', 'received', 'returned']);
  });

  test('says that messages were deleted, returned and purged', () => {
    const harness = new Harness();
    const queue = harness.queue();
    for (const body of ['a', 'b', 'c']) send(queue, body);
    const [a, b] = queue.receive(2);
    harness.events.length = 0;
    queue.delete(a.receiptHandle);
    queue.changeVisibility(b.receiptHandle, 0);
    queue.purge();
    expect(harness.actions()).toEqual(['deleted', 'returned', 'purged', 'purged']);
  });
});

function withQueue(properties: Parameters<Harness['queue']>[0] = {}): { clock: Harness['clock']; sqs: Harness['sqs']; queue: ReturnType<Harness['queue']> } {
  const harness = new Harness();
  return { clock: harness.clock, sqs: harness.sqs, queue: harness.queue(properties) };
}
