import type { Queue, QueueProperties } from '../../../simulator/sqs';
import { Harness, second } from './harness';

export function queues(properties: Partial<QueueProperties>, maxReceiveCount: number): { harness: Harness; source: Queue; deadLetters: Queue } {
  const harness = new Harness();
  const { fifo } = properties;
  const deadLetters = harness.queue({ name: fifo ? 'DeadLetters.fifo' : 'DeadLetters', fifo });
  const source = harness.queue({ ...properties, redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount } });
  return { harness, source, deadLetters };
}

/** Receives, and lets the visibility timeout of 30 seconds end after each time. */
export async function receiveTimes(harness: Harness, queue: Queue, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    queue.receive(1);
    await harness.clock.advance(30 * second);
  }
}
