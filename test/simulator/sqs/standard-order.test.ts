import type { Queue, StandardQueueOptions } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, bodies, minute, second, send, sendInGroup } from './harness';

const names = (length: number, prefix = ''): string[] => Array.from({ length }, (_, index) => `${prefix}${index}`);

/** Receives and deletes one message after the other until there is none. */
function drain(queue: Queue): string[] {
  const order: string[] = [];
  for (let received = queue.receive(1); received.length > 0; received = queue.receive(1)) {
    order.push(received[0].body);
    queue.delete(received[0].receiptHandle);
  }
  return order;
}

function drainOf(count: number, seed: number, options?: StandardQueueOptions, fifo = false): string[] {
  const queue = new Harness(seed, options ?? {}).queue({ fifo: fifo || undefined });
  if (fifo) sendInGroup(queue, 'g', ...names(count));
  else for (const name of names(count)) send(queue, name);
  return drain(queue);
}

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
