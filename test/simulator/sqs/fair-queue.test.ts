import { documented } from '../documented';
import { Harness, bodies, minute, second, send } from './harness';
import { receive, withNoisyGroup, withQueue } from './noisy-groups';

documented('A fair queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html', () => {
  test('gives the messages of quiet groups out before those of a noisy one that were sent earlier', () => {
    const { queue } = withNoisyGroup(30);
    expect(bodies(queue.receive(3))).toEqual(['quiet', 'without group', 'noisy']);
  });

  test('gives messages of a noisy group out when no other is there, and loses none of them', () => {
    const { queue } = withNoisyGroup(30);
    expect(receive(queue, 30).map(({ body }) => body).filter((body) => body === 'noisy')).toHaveLength(20);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 52, delayed: 0 });
  });
});

documented('A fair queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html', () => {
  test('keeps the order of sending while no group is noisy', () => {
    const { queue } = withNoisyGroup(27);
    expect(bodies(queue.receive(3))).toEqual(['noisy', 'noisy', 'noisy']);
  });

  test('holds no group for noisy that has not more than a tenth of all in flight', () => {
    const queue = new Harness().queue();
    for (let count = 0; count < 270; count++) send(queue, 'alone');
    for (let count = 0; count < 40; count++) send(queue, 'tenant', { messageGroupId: 'tenant' });
    receive(queue, 300);
    expect(queue.fairness()?.noisyGroups).toBe(0);
    expect(bodies(queue.receive(1))).toEqual(['tenant']);
    expect(queue.fairness()?.noisyGroups).toBe(1);
  });

  test('gives the messages of a noisy group out again in their turn once it is quiet', () => {
    const { queue, handles } = withNoisyGroup(30);
    expect(bodies(queue.receive(1))).toEqual(['quiet']);
    queue.delete(handles[0]);
    expect(queue.fairness()?.noisyGroups).toBe(0);
    expect(bodies(queue.receive(2))).toEqual(['noisy', 'without group']);
  });
});

documented('A fair queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
  test('counts the messages of quiet groups apart', async () => {
    const { harness, queue } = withNoisyGroup(30, { visibilityTimeout: 600 });
    await harness.clock.advance(minute);
    send(queue, 'delayed', { messageGroupId: 'quiet', delaySeconds: 900 });
    send(queue, 'delayed', { messageGroupId: 'noisy', delaySeconds: 900 });
    queue.receive(1);
    expect(queue.fairness()).toEqual({
      noisyGroups: 1, visibleInQuietGroups: 1, notVisibleInQuietGroups: 1, delayedInQuietGroups: 1, oldestInQuietGroups: minute,
    });
    queue.purge();
    expect(queue.fairness()).toEqual({
      noisyGroups: 0, visibleInQuietGroups: 0, notVisibleInQuietGroups: 0, delayedInQuietGroups: 0, oldestInQuietGroups: undefined,
    });
  });

  test('leaves what was received three times out of the age in quiet groups', async () => {
    const { clock, queue } = withQueue({ visibilityTimeout: 0 });
    send(queue, 'poison', { messageGroupId: 'tenant' });
    await clock.advance(second);
    send(queue, 'good', { messageGroupId: 'tenant' });
    await clock.advance(second);
    for (let count = 0; count < 3; count++) queue.receive(1);
    expect(queue.fairness()?.oldestInQuietGroups).toBe(second);
  });

  test('says nothing of fairness while no message ever had a group, and never for a FIFO queue', () => {
    const { harness, queue } = withQueue();
    send(queue, 'a');
    expect(queue.fairness()).toBeUndefined();
    const fifo = harness.queue({ fifo: true });
    send(fifo, 'a', { messageGroupId: 'g', messageDeduplicationId: 'd' });
    expect(fifo.fairness()).toBeUndefined();
  });
});
