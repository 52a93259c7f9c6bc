import type { Queue, StandardQueueOptions } from '../../../simulator/sqs';
import { drainOf, names } from './draining';
import { Harness, second, send } from './harness';

describe('shuffling and doubling', () => {
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
