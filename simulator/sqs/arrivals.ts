import type { Message } from './message';
import { RetentionHeap } from './message-heap';
import type { MessageTable } from './message-table';

/** The messages of a queue in order of arrival: which of them expires next. */
export class Arrivals {
  private readonly sentEarlier = new RetentionHeap();

  constructor(private readonly table: MessageTable) {}

  add(message: Message): void {
    this.table.add(message);
    if (message.arrivedAt !== message.sentAt) this.sentEarlier.push(message);
  }

  remove(message: Message): void {
    if (this.sentEarlier.has(message)) this.sentEarlier.remove(message);
    this.table.remove(message.serial);
  }

  /** When the message whose retention ends first was sent; infinity if there is none. */
  oldestSentAt(): number {
    const first = this.table.first();
    const sentAt = first === undefined ? Infinity : this.table.sentAt(first);
    const earlier = this.sentEarlier.first;
    return earlier === undefined ? sentAt : Math.min(sentAt, earlier.sentAt);
  }

  /** That message. */
  nextToExpire(): Message {
    const earlier = this.sentEarlier.first;
    return earlier?.sentAt === this.oldestSentAt() ? earlier : this.table.get(this.table.first()!);
  }
}
