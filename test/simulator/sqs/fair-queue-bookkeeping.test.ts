import { Harness, bodies, second, send } from './harness';
import { receive, withNoisyGroup, withQueue } from './noisy-groups';

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
