import type { Random } from '../random';
import { Backlog } from './backlog';
import type { Message } from './message';
import { MessageGroups } from './message-groups';
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
  private readonly rear = new Backlog();
  private readonly returned = new Backlog();
  private readonly groups = new MessageGroups();
  private hasGroups = false;

  /** @param shuffle draws the next message from the oldest ones; without it they come strictly in order */
  constructor(private readonly shuffle?: Random) {}

  arrived(message: Message): void {
    if (message.groupId !== undefined) this.hasGroups = true;
  }

  becameVisible(message: Message): void {
    const { receives } = message;
    if (receives > 0) this.groups.changeInFlight(message, -1);
    message.place = receives === 0 || receives >= poisonReceives ? this.rear : this.returned;
    message.place.append(message);
  }

  becameInFlight(message: Message): void {
    (message.place as Backlog).shift();
    this.groups.changeInFlight(message, 1);
  }

  leaves(message: Message, from: Message['state']): void {
    if (from === 'visible') (message.place as Backlog).noteGone();
    else if (from === 'inFlight') this.groups.changeInFlight(message, -1);
  }

  peek(): Message | undefined {
    return this.hasGroups ? this.peekFairly() : this.drawn();
  }

  endReceive(): void {}

  /** The groups that are noisy now; undefined while no message ever had a group. */
  noisyGroups(): Set<string> | undefined {
    return this.hasGroups ? this.groups.noisy() : undefined;
  }

  private peekFairly(): Message | undefined {
    let message = this.drawn();
    for (let aside; message !== undefined; message = this.drawn()) {
      aside = this.groups.asideFor(message);
      if (aside === undefined) break;
      (message.place as Backlog).shift();
      message.place = aside;
      aside.append(message);
    }
    const waiting = this.groups.setAside();
    if (message === undefined || waiting === undefined) return message ?? waiting?.message;
    return waiting.isQuiet && waiting.message.serial < message.serial ? waiting.message : message;
  }

  private drawn(): Message | undefined {
    const rear = this.rear.first();
    const returned = this.returned.first();
    const isReturned = returned !== undefined && (rear === undefined || returned.serial < rear.serial);
    if (this.shuffle === undefined) return isReturned ? returned : rear;
    return (isReturned ? this.returned : this.rear).draw(this.shuffle);
  }
}
