import type { Random } from '../random';
import { DuplicateDelivery } from './duplicate-delivery';
import { StandardOrder } from './message-order';
import type { MessageTable } from './message-table';

/**
 * What AWS leaves open for standard queues; FIFO queues keep their promises.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 */
export interface StandardQueueOptions {
  /**
   * Whether the next message is drawn from the ten oldest ones that are visible: AWS keeps the order as well as it can,
   * and promises none. A test that needs the order of sending turns it off, or uses a FIFO queue.
   * @default true
   */
  readonly shuffle?: boolean;
  /**
   * The share of messages, 0 to 1, that are delivered a second time, at some moment before their visibility timeout ends:
   * while they are in flight, or although they were deleted meanwhile. AWS promises at least one delivery, not a single one.
   * @default 0
   */
  readonly duplicateDelivery?: number;
}

/** Makes the order and the duplicates of each standard queue of a service. They have their own random numbers, so that they change no identifier. */
export class StandardQueues {
  constructor(private readonly random: Random, private readonly options: StandardQueueOptions = {}) {
    const { duplicateDelivery = 0 } = options;
    if (!(duplicateDelivery >= 0 && duplicateDelivery <= 1)) {
      throw new Error(`'duplicateDelivery' must be from 0 to 1, got ${duplicateDelivery}`);
    }
  }

  order(table: MessageTable): StandardOrder {
    return new StandardOrder(table, this.options.shuffle === false ? undefined : this.random);
  }

  duplicates(): DuplicateDelivery | undefined {
    const { duplicateDelivery = 0 } = this.options;
    return duplicateDelivery === 0 ? undefined : new DuplicateDelivery(this.random, duplicateDelivery);
  }
}
