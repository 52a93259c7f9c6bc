import type { Queue, QueueProperties } from '../../../simulator/sqs';
import { Harness, bodies, second, send } from './harness';

describe('messages that a fair queue sets aside', () => {
  test('purges, expires and counts what is set aside like every other message', async () => {
    const { harness, queue } = withNoisyGroup(30, { visibilityTimeout: 600, messageRetentionPeriod: 60 });
    queue.receive(1);
    expect(queue.depth()).toEqual({ visible: 21, inFlight: 31, delayed: 0 });
    await harness.clock.advance(30 * second);
    send(queue, 'later', { messageGroupId: 'noisy' });
    await harness.clock.advance(30 * second);
    expect(bodies(queue.receive(10))).toEqual(['later']);
    queue.purge();
    expect(queue.size).toBe(0);
    expect(queue.receive(1)).toEqual([]);
  });

  test('moves poison messages of a noisy group to the dead-letter queue', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const queue = harness.queue({ redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 } });
    for (let count = 0; count < 40; count++) send(queue, 'noisy', { messageGroupId: 'noisy' });
    receive(queue, 40);
    await harness.clock.advance(30 * second);
    expect(queue.receive(10)).toEqual([]);
    expect([queue.size, deadLetters.size]).toEqual([0, 40]);
    expect(deadLetters.receive(1)[0].systemAttributes.MessageGroupId).toBe('noisy');
  });

  test('gives each message out once where it was set aside and newer ones have followed', () => {
    const { queue } = withQueue({ visibilityTimeout: 600 });
    const sendOf = (body: string, messageGroupId: string): void => { send(queue, body, { messageGroupId }); };
    for (let count = 0; count < 40; count++) sendOf(`noisy ${count}`, 'noisy');
    receive(queue, 30);
    sendOf('quiet 0', 'quiet');
    expect(bodies(queue.receive(1))).toEqual(['quiet 0']);
    for (let count = 1; count < 1100; count++) sendOf(`quiet ${count}`, 'quiet');
    const rest = bodies(receive(queue, 1109)).sort();
    expect(new Set(rest).size).toBe(1109);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 1140, delayed: 0 });
  });
});

function withQueue(properties: Partial<QueueProperties> = {}): { harness: Harness; clock: Harness['clock']; queue: Queue } {
  const harness = new Harness();
  return { harness, clock: harness.clock, queue: harness.queue(properties) };
}

/** 20 messages of a group that has `inFlight` more in flight; then one of another group, and one of none. */
function withNoisyGroup(inFlight: number, properties?: Partial<QueueProperties>): { harness: Harness; queue: Queue; handles: string[] } {
  const { harness, queue } = withQueue(properties);
  for (let count = 0; count < inFlight + 20; count++) send(queue, 'noisy', { messageGroupId: 'noisy' });
  send(queue, 'quiet', { messageGroupId: 'quiet' });
  send(queue, 'without group');
  return { harness, queue, handles: receive(queue, inFlight).map(({ receiptHandle }) => receiptHandle) };
}

function receive(queue: Queue, count: number): ReturnType<Queue['receive']> {
  return Array.from({ length: count }, () => queue.receive(1)).flat();
}
