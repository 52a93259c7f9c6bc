import type { Random } from '../random';
import { Backlog } from './backlog';
import type { Message } from './message';
import { MessageGroups } from './message-groups';
import type { MessageTable } from './message-table';
import { poisonReceives } from './queue-views';

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

/**
 * A standard queue's best effort: roughly the order of sending. What returns goes before what was sent after it, until it
 * was received three times: then it goes to the back. Messages of noisy groups wait for those of the quiet ones.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class StandardOrder implements MessageOrder {
  private readonly rear: Backlog;
  private readonly returned: Backlog;
  private readonly groups: MessageGroups;
  private hasGroups = false;

  /** @param shuffle draws the next message from the oldest ones; without it they come strictly in order */
  constructor(private readonly table: MessageTable, private readonly shuffle?: Random) {
    this.rear = new Backlog(table);
    this.returned = new Backlog(table);
    this.groups = new MessageGroups(table);
  }

  arrived(message: Message): void {
    if (message.groupId !== undefined) this.hasGroups = true;
  }

  becameVisible(message: Message): void {
    const { receives, serial } = message;
    if (receives > 0) this.groups.changeInFlight(message, -1);
    message.place = receives === 0 || receives >= poisonReceives ? this.rear : this.returned;
    message.place.append(serial);
  }

  becameInFlight(message: Message): void {
    this.placeOf(message).shift();
    this.groups.changeInFlight(message, 1);
  }

  leaves(message: Message, from: Message['state']): void {
    if (from === 'visible') this.placeOf(message).noteGone();
    else if (from === 'inFlight') this.groups.changeInFlight(message, -1);
  }

  peek(): Message | undefined {
    if (this.hasGroups) return this.peekFairly();
    const serial = this.drawn();
    return serial === undefined ? undefined : this.table.get(serial);
  }

  endReceive(): void {}

  /** The groups that are noisy now; undefined while no message ever had a group. */
  noisyGroups(): Set<string> | undefined {
    return this.hasGroups ? this.groups.noisy() : undefined;
  }

  private peekFairly(): Message | undefined {
    let message: Message | undefined;
    for (let serial = this.drawn(); serial !== undefined; serial = this.drawn()) {
      message = this.table.get(serial);
      const aside = this.groups.asideFor(message);
      if (aside === undefined) break;
      this.placeOf(message).shift();
      message.place = aside;
      message.isSetAside = true;
      aside.append(serial);
      message = undefined;
    }
    const waiting = this.groups.setAside();
    if (waiting === undefined) return message;
    return message === undefined || (waiting.isQuiet && waiting.serial < message.serial) ? this.table.get(waiting.serial) : message;
  }

  private drawn(): number | undefined {
    const rear = this.rear.first();
    const returned = this.returned.first();
    const isReturned = returned !== undefined && (rear === undefined || returned < rear);
    if (this.shuffle === undefined) return isReturned ? returned : rear;
    return (isReturned ? this.returned : this.rear).draw(this.shuffle);
  }

  /** What was packed meanwhile had never been received. */
  private placeOf(message: Message): Backlog {
    return (message.place as Backlog | undefined) ?? this.rear;
  }
}
