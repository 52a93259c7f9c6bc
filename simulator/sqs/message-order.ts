import { Backlog } from './backlog';
import type { Message } from './message';

/** Decides which visible message a receive gets. Told of every change of a message's state, after `state` changed. */
export interface MessageOrder {
  /** The message came into the queue, in whatever state. */
  arrived(message: Message): void;
  /** It can be received: for the first time, or again. */
  becameVisible(message: Message): void;
  /** The message that `peek` gave was received. */
  becameInFlight(message: Message): void;
  /** It leaves the queue; `from` is the state it leaves. */
  leaves(message: Message, from: Message['state']): void;
  /** The message that a receive would get now. */
  peek(): Message | undefined;
  /** Ends one receive: what it took together no longer counts as one. */
  endReceive(): void;
}

/** A standard queue's best effort: the order of sending. The one place that decides it. */
export class StandardOrder implements MessageOrder {
  private readonly fresh = new Backlog();
  private readonly returned = new Backlog();

  arrived(): void {}

  becameVisible(message: Message): void {
    this.backlogOf(message.receives).append(message);
  }

  becameInFlight(message: Message): void {
    this.backlogOf(message.receives - 1).shift();
  }

  leaves(message: Message, from: Message['state']): void {
    if (from === 'visible') this.backlogOf(message.receives).noteGone();
  }

  peek(): Message | undefined {
    const fresh = this.fresh.first();
    const returned = this.returned.first();
    if (fresh === undefined || returned === undefined) return fresh ?? returned;
    return returned.serial < fresh.serial ? returned : fresh;
  }

  endReceive(): void {}

  private backlogOf(receives: number): Backlog {
    return receives > 0 ? this.returned : this.fresh;
  }
}
