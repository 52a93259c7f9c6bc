import type { Queue, StandardQueueOptions } from '../../../simulator/sqs';
import { Harness, send, sendInGroup } from './harness';

export const names = (length: number, prefix = ''): string[] => Array.from({ length }, (_, index) => `${prefix}${index}`);

/** Receives and deletes one message after the other until there is none. */
export function drain(queue: Queue): string[] {
  const order: string[] = [];
  for (let received = queue.receive(1); received.length > 0; received = queue.receive(1)) {
    order.push(received[0].body);
    queue.delete(received[0].receiptHandle);
  }
  return order;
}

export function drainOf(count: number, seed: number, options?: StandardQueueOptions, fifo = false): string[] {
  const queue = new Harness(seed, options ?? {}).queue({ fifo: fifo || undefined });
  if (fifo) sendInGroup(queue, 'g', ...names(count));
  else for (const name of names(count)) send(queue, name);
  return drain(queue);
}
