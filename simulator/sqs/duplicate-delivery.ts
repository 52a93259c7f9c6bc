import type { Random } from '../random';
import type { Message } from './message';

const resolution = 2 ** 32;

/**
 * Delivers a share of a standard queue's messages a second time, and none a third time for that, so that it alone moves
 * no message to a dead-letter queue whose `maxReceiveCount` is above 1.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 */
export class DuplicateDelivery {
  /** Received once so far, and to be received once more whatever the consumer does. */
  private readonly expected = new WeakSet<Message>();

  constructor(private readonly random: Random, private readonly share: number) {}

  /** When a message that is about to be received becomes visible again: for a duplicate, some time before its visibility timeout ends. */
  dueOf(message: Message, now: number, due: number): number {
    this.expected.delete(message);
    if (message.receives > 0 || this.random.integer(resolution) >= this.share * resolution) return due;
    this.expected.add(message);
    return now + this.random.integer(Math.max(1, due - now));
  }

  /** Whether the message outlives its deletion, because its second delivery has not come yet. */
  outlives(message: Message): boolean {
    return this.expected.delete(message);
  }
}
