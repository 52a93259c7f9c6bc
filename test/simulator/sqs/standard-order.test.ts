import type { Queue, StandardQueueOptions } from '../../../simulator/sqs';
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

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
describe('the order of a standard queue', () => {
  test('is not the order of sending, and loses and doubles nothing', () => {
    const order = drainOf(200, 1);
    expect(order).not.toEqual(names(200));
    expect([...order].sort()).toEqual(names(200).sort());
  });

  test('follows from the seed', () => {
    expect(drainOf(50, 7)).toEqual(drainOf(50, 7));
    expect(drainOf(50, 7)).not.toEqual(drainOf(50, 8));
  });

  test('is mostly kept: a message overtakes at most nine others at once', () => {
    drainOf(500, 3).forEach((name, place) => expect(Number(name) - place).toBeLessThan(10));
  });

  test('is the order of sending where a test turns shuffling off', () => {
    expect(drainOf(200, 1, { shuffle: false })).toEqual(names(200));
  });

  test('is never shuffled on a FIFO queue', () => {
    expect(drainOf(200, 1, { shuffle: true, duplicateDelivery: 1 }, true)).toEqual(names(200));
  });

  test('changes no message ID', () => {
    const ids = (shuffle: boolean): string[] => {
      const queue = new Harness(1, { shuffle }).queue();
      return names(20).map((name) => {
        const id = send(queue, name);
        queue.receive(1);
        return id;
      });
    };
    expect(ids(true)).toEqual(ids(false));
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  test('puts a message that was received three times and not deleted behind the others', () => {
    const queue = new Harness().queue({ visibilityTimeout: 0 });
    send(queue, 'poison');
    send(queue, 'good');
    expect(names(4).map(() => queue.receive(1)[0].body)).toEqual(['poison', 'poison', 'poison', 'good']);
  });
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
describe('at-least-once delivery', () => {
  test('delivers nothing twice unless asked to', async () => {
    const { harness, deliveries } = await deliveriesOf({});
    expect(Math.max(...deliveries)).toBe(1);
    expect(harness.actions().filter((action) => action === 'returned')).toEqual([]);
  });

  test('delivers the share asked for twice, some in flight and some after deletion, and none more often', async () => {
    const { deliveries, queue } = await deliveriesOf({ duplicateDelivery: 0.25 });
    const doubled = deliveries.filter((count) => count === 2).length;
    expect(Math.max(...deliveries)).toBe(2);
    expect(doubled).toBeGreaterThan(150);
    expect(doubled).toBeLessThan(350);
    expect(queue.size).toBe(0);
  });

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

  test.each([-0.1, 1.1, Number.NaN])('fails with a share of %d', (duplicateDelivery) => {
    expect(() => new Harness(1, { duplicateDelivery })).toThrow(`'duplicateDelivery' must be from 0 to 1, got ${duplicateDelivery}`);
  });
});

/** A thousand messages, each deleted five seconds after its receive; how often each was delivered. */
async function deliveriesOf(options: StandardQueueOptions): Promise<{ harness: Harness; queue: Queue; deliveries: number[] }> {
  const harness = new Harness(1, options);
  const queue = harness.queue();
  const counts = new Map<string, number>();
  for (const name of names(1000)) send(queue, name);
  for (let step = 0; step < 30; step++) {
    const received = names(200).flatMap(() => queue.receive(10));
    for (const { body } of received) counts.set(body, (counts.get(body) ?? 0) + 1);
    await harness.clock.advance(5 * second);
    for (const { receiptHandle } of received) queue.delete(receiptHandle);
  }
  return { harness, queue, deliveries: [...counts.values()] };
}

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
