import { ServiceError, type ReceivedMessage } from '../contracts';
import type { Message } from './message';

export interface Found {
  readonly message: Message;
  /** Whether no later receive has made the handle stale. */
  readonly isLatest: boolean;
}

/** Issues the receipt handles of one queue and finds their messages again. */
export class ReceiptHandles {
  private readonly slots: (Message | undefined)[] = [];
  private readonly free: number[] = [];

  /** @param prefix tells this queue's handles from those of others */
  constructor(private readonly prefix: string) {}

  /** The message as its latest receive gives it out. */
  received(message: Message): ReceivedMessage {
    const { messageId, body, attributes } = message;
    return { messageId, receiptHandle: this.issue(message), body, attributes, systemAttributes: message.systemAttributes() };
  }

  forget(message: Message): void {
    if (message.slot < 0) return;
    this.slots[message.slot] = undefined;
    this.free.push(message.slot);
  }

  /** The message, if it is still in the queue. */
  find(handle: string): Found | undefined {
    const [slot, serial, receives] = this.parse(handle);
    const message = this.slots[slot];
    if (message === undefined || message.serial !== serial) return undefined;
    return { message, isLatest: message.receives === receives };
  }

  private issue(message: Message): string {
    if (message.slot < 0) {
      message.slot = this.free.pop() ?? this.slots.length;
      this.slots[message.slot] = message;
    }
    return `${this.prefix}/${message.slot}/${message.serial}/${message.receives}`;
  }

  private parse(handle: string): [slot: number, serial: number, receives: number] {
    const start = this.prefix.length + 1;
    const second = handle.indexOf('/', start);
    const third = handle.indexOf('/', second + 1);
    const slot = Number(handle.slice(start, second));
    const serial = Number(handle.slice(second + 1, third));
    const receives = Number(handle.slice(third + 1));
    const isWellFormed = handle.startsWith(`${this.prefix}/`) && second > start && third > second + 1
      && Number.isInteger(slot) && Number.isInteger(serial) && Number.isInteger(receives) && receives > 0;
    if (!isWellFormed) throw new ServiceError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
    return [slot, serial, receives];
  }
}
