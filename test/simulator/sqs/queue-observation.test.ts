import { Harness, caller, minute, second, send } from './harness';

describe('a queue, looked at from outside', () => {
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
