import { Backlog } from './backlog';
import type { Message } from './message';
import { RetentionHeap } from './message-heap';

/** All messages of a queue in order of arrival: which is the oldest, and which expires next. */
export class Arrivals implements Iterable<Message> {
  private readonly all = new Backlog();
  private readonly sentEarlier = new RetentionHeap();

  add(message: Message): void {
    this.all.append(message);
    if (message.arrivedAt !== message.sentAt) this.sentEarlier.push(message);
  }

  /** To be called once the message's state is `gone`. */
  remove(message: Message): void {
    if (this.sentEarlier.has(message)) this.sentEarlier.remove(message);
    this.all.noteGone();
  }

  /** The message whose retention ends first. */
  nextToExpire(): Message | undefined {
    const first = this.all.first();
    const earlier = this.sentEarlier.first;
    if (first === undefined || earlier === undefined) return first;
    return earlier.sentAt <= first.sentAt ? earlier : first;
  }

  [Symbol.iterator](): Iterator<Message> {
    return this.all[Symbol.iterator]();
  }
}
