import type { Events, SnsEvent } from './events';
import { traceActions, type Journal, type RowReader, type TakeRow } from './journal';

/** What became of a message at one subscription of its topic. */
export interface Delivery {
  readonly subscription: string;
  readonly outcome: 'delivered' | 'filteredOut' | 'failed' | 'redriven';
  /** The endpoint, or the dead-letter queue of the subscription. */
  readonly to?: string;
  /** The ID of the message in the queue that it was delivered to. */
  readonly messageId?: string;
  readonly reason?: string;
}

/** A message that a topic accepted. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topic: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly deliveries: readonly Delivery[];
}

/** A message that a queue accepted, wherever it is by now. */
export interface QueuedMessage {
  readonly messageId: string;
  /** The ARN of the queue that first accepted it. */
  readonly sentTo: string;
  /** The ARN of the queue that it is in, or was in last. */
  readonly queue: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: 'waiting' | 'received' | 'deleted' | 'expired' | 'purged';
  /** Whether it was moved to a dead-letter queue. */
  readonly deadLetter: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Knows of every message that was accepted where it is, so that none can be lost unseen. Follows queues when it is asked. */
export class Ledger {
  private readonly topics = new Map<string, Mutable<PublishedMessage> & { deliveries: Delivery[] }>();
  private readonly queues = new Map<string, Mutable<QueuedMessage>>();
  private settling = 0;
  private readonly unread: RowReader;

  constructor(events: Events, journal: Journal) {
    this.unread = journal.reader();
    events.on('sns', (event) => this.onSns(event));
  }

  /** All messages that topics accepted, in the order of publishing. */
  published(): Iterable<PublishedMessage> {
    return this.topics.values();
  }

  /** All messages that queues accepted, in the order of sending. */
  queued(): Iterable<QueuedMessage> {
    this.catchUp();
    return this.queues.values();
  }

  /** How many messages are in queues that are no dead-letter queues: neither processed nor given up yet. */
  get unsettled(): number {
    this.catchUp();
    return this.settling;
  }

  inQueue(messageId: string): QueuedMessage | undefined {
    this.catchUp();
    return this.queues.get(messageId);
  }

  private onSns({ action, messageId, resource, at, subscription, to, deliveredMessageId, reason }: SnsEvent): void {
    if (action === 'published') {
      this.topics.set(messageId, { messageId, topic: resource, at, deliveries: [] });
    } else if (action !== 'deduplicated' && action !== 'retried') {
      this.topics.get(messageId)?.deliveries.push({ subscription: subscription!, outcome: action, to, messageId: deliveredMessageId, reason });
    }
  }

  private catchUp(): void {
    this.unread.drain(this.follow);
  }

  private readonly follow: TakeRow = (code, at, messageId, resource, _other, to) => {
    const action = traceActions[code];
    if (action === 'sent') {
      this.queues.set(messageId, { messageId, sentTo: resource!, queue: resource!, at, state: 'waiting', deadLetter: false });
      this.settling++;
      return;
    }
    const message = this.queues.get(messageId);
    if (!message) return;
    switch (action) {
      case 'received': message.state = 'received'; break;
      case 'returned': message.state = 'waiting'; break;
      case 'moved': case 'movedBack':
        message.state = 'waiting';
        if (!message.deadLetter) this.settling--;
        message.deadLetter = true;
        message.queue = to!;
        break;
      case 'deleted': case 'expired': case 'purged':
        message.state = action;
        if (!message.deadLetter) this.settling--;
        break;
    }
  };
}
