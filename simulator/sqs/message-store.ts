import { Arrivals } from './arrivals';
import type { Message } from './message';
import { TimeoutHeap } from './message-heap';
import type { MessageOrder } from './message-order';
import type { MessageTable } from './message-table';

/** What time does to messages; told with the moment at which it happened. */
export interface TimeListener {
  returned(message: Message, at: number): void;
  expired(message: Message, at: number): void;
}

/**
 * The messages of one queue and their states. Time acts on them when the queue is looked at, not before: no message has
 * a timer of its own.
 */
export class MessageStore {
  visible = 0;
  inFlight = 0;
  delayed = 0;
  private readonly arrivals: Arrivals;
  private readonly timeouts = new TimeoutHeap();

  /** @param table of the same queue as `order` */
  constructor(private readonly table: MessageTable, private readonly order: MessageOrder, private readonly listener: TimeListener) {
    this.arrivals = new Arrivals(table);
  }

  /** Ends the delays, visibility timeouts and retentions that end by `now`. `retention` in milliseconds. */
  settle(now: number, retention: number): void {
    for (let message = this.timeouts.first; message !== undefined && message.due! <= now; message = this.timeouts.first) {
      const expiry = message.sentAt + retention;
      if (expiry <= message.due!) this.expire(message, expiry);
      else this.endTimeout(message);
    }
    while (this.arrivals.oldestSentAt() + retention <= now) {
      const message = this.arrivals.nextToExpire();
      this.expire(message, message.sentAt + retention);
    }
  }

  /** @param due when the message becomes visible; at once, and not to be changed, for a moment not after `now` */
  add(message: Message, now: number, due: number): void {
    this.arrivals.add(message);
    this.order.arrived(message);
    if (due > now) {
      message.due = due;
      this.delayed++;
      this.timeouts.push(message);
    } else {
      this.show(message);
    }
  }

  peek(): Message | undefined {
    return this.order.peek();
  }

  take(message: Message, now: number, due: number): void {
    message.receives++;
    message.receivedAt = now;
    message.firstReceivedAt ??= now;
    message.state = 'inFlight';
    message.due = due;
    this.visible--;
    this.inFlight++;
    this.order.becameInFlight(message);
    this.timeouts.push(message);
  }

  endReceive(): void {
    this.order.endReceive();
  }

  /** Sets the end of a delay or of a visibility timeout anew; the caller settles what is due then. */
  postpone(message: Message, due: number): void {
    this.timeouts.remove(message);
    message.due = due;
    this.timeouts.push(message);
  }

  remove(message: Message): void {
    const from = message.state;
    message.state = 'gone';
    if (from === 'visible') this.visible--;
    else {
      this.timeouts.remove(message);
      if (from === 'inFlight') this.inFlight--;
      else this.delayed--;
    }
    this.arrivals.remove(message);
    this.order.leaves(message, from);
  }

  /** When time next changes a message: a delay or visibility timeout that ends, or a retention. */
  nextChange(retention: number): number | undefined {
    const change = Math.min(this.timeouts.first?.due ?? Infinity, this.arrivals.oldestSentAt() + retention);
    return change === Infinity ? undefined : change;
  }

  all(): Iterable<Message> {
    return this.table;
  }

  private endTimeout(message: Message): void {
    this.timeouts.remove(message);
    const wasInFlight = message.state === 'inFlight';
    if (wasInFlight) this.inFlight--;
    else this.delayed--;
    this.show(message);
    if (wasInFlight) this.listener.returned(message, message.due!);
  }

  private show(message: Message): void {
    message.state = 'visible';
    this.visible++;
    this.order.becameVisible(message);
    this.table.pack(message);
  }

  private expire(message: Message, at: number): void {
    this.remove(message);
    this.listener.expired(message, at);
  }
}
