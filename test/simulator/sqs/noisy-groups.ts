import type { Queue, QueueProperties } from '../../../simulator/sqs';
import { Harness, send } from './harness';

export function withQueue(properties: Partial<QueueProperties> = {}): { harness: Harness; clock: Harness['clock']; queue: Queue } {
  const harness = new Harness();
  return { harness, clock: harness.clock, queue: harness.queue(properties) };
}

/** 20 messages of a group that has `inFlight` more in flight; then one of another group, and one of none. */
export function withNoisyGroup(inFlight: number, properties?: Partial<QueueProperties>): { harness: Harness; queue: Queue; handles: string[] } {
  const { harness, queue } = withQueue(properties);
  for (let count = 0; count < inFlight + 20; count++) send(queue, 'noisy', { messageGroupId: 'noisy' });
  send(queue, 'quiet', { messageGroupId: 'quiet' });
  send(queue, 'without group');
  return { harness, queue, handles: receive(queue, inFlight).map(({ receiptHandle }) => receiptHandle) };
}

export function receive(queue: Queue, count: number): ReturnType<Queue['receive']> {
  return Array.from({ length: count }, () => queue.receive(1)).flat();
}
