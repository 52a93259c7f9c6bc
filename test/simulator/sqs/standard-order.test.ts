import type { Queue } from '../../../simulator/sqs';
import { documented } from '../documented';
import { drainOf, names } from './draining';
import { Harness, bodies, minute, second, send } from './harness';

documented('The order of a standard queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html', () => {
  test('is not the order of sending, and loses and doubles nothing', () => {
    const order = drainOf(200, 1);
    expect(order).not.toEqual(names(200));
    expect([...order].sort()).toEqual(names(200).sort());
  });

  test('is never shuffled on a FIFO queue', () => {
    expect(drainOf(200, 1, { shuffle: true, duplicateDelivery: 1 }, true)).toEqual(names(200));
  });
});

documented('A message that was received three times', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
  test('puts a message that was received three times and not deleted behind the others', () => {
    const queue = new Harness().queue({ visibilityTimeout: 0 });
    send(queue, 'poison');
    send(queue, 'good');
    expect(names(4).map(() => queue.receive(1)[0].body)).toEqual(['poison', 'poison', 'poison', 'good']);
  });
});

documented('At-least-once delivery', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html', () => {
  test('delivers a message again while it is in flight, before its visibility timeout ends', async () => {
    const moments = await secondDeliveries(() => undefined);
    expect(moments).toHaveLength(20);
    expect(Math.max(...moments)).toBeLessThan(30 * second);
  });

  test('delivers a message again although it was deleted, once', async () => {
    const moments = await secondDeliveries((queue, handle) => queue.delete(handle));
    expect(moments).toHaveLength(20);
    expect(Math.max(...moments)).toBeLessThan(30 * second);
  });
});

/** Every message is doubled; `process` has the handle of its first receive. When the second came, in milliseconds after the first. */
async function secondDeliveries(process: (queue: Queue, receiptHandle: string) => void): Promise<number[]> {
  const harness = new Harness(1, { duplicateDelivery: 1, shuffle: false });
  const moments: number[] = [];
  for (const name of names(20)) {
    const queue = harness.queue({ name });
    const start = harness.clock.now();
    send(queue, name);
    process(queue, queue.receive(1)[0].receiptHandle);
    while (queue.depth().visible === 0 && harness.clock.now() < start + minute) await harness.clock.advance(100);
    for (const { receiptHandle } of queue.receive(1)) {
      moments.push(harness.clock.now() - start);
      queue.delete(receiptHandle);
    }
    await harness.clock.advance(minute);
    expect(bodies(queue.snapshot())).toEqual([]);
  }
  return moments;
}
