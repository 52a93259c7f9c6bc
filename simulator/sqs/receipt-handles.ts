import { ServiceError, type ReceivedMessage } from '../contracts';
import type { Message } from './message';
import type { MessageTable } from './message-table';

export interface Found {
  readonly message: Message;
  /** Whether no later receive has made the handle stale. */
  readonly isLatest: boolean;
}

/** Issues the receipt handles of one queue and finds their messages again. */
export class ReceiptHandles {
  private readonly prefix: string;

  /** @param name tells this queue's handles from those of others */
  constructor(name: string, private readonly table: MessageTable) {
    this.prefix = `${name}/`;
  }

  /** The message as its latest receive gives it out. */
  received(message: Message): ReceivedMessage {
    const { messageId, body, attributes, serial, receives } = message;
    const receiptHandle = `${this.prefix}${serial}/${receives}`;
    const { bodyDigest } = message;
    return { messageId, receiptHandle, body, bodyDigest, attributes, systemAttributes: message.systemAttributes() };
  }

  /** The message, if it is still in the queue. */
  find(handle: string): Found | undefined {
    const [serial, receives] = this.parse(handle);
    const message = this.table.received(serial);
    return message && { message, isLatest: message.receives === receives };
  }

  private parse(handle: string): [serial: number, receives: number] {
    const start = this.prefix.length;
    const slash = handle.indexOf('/', start);
    const serial = wholeNumber(handle, start, slash);
    const receives = wholeNumber(handle, slash + 1, handle.length);
    const isWellFormed = handle.startsWith(this.prefix) && serial !== undefined && receives !== undefined && receives > 0;
    if (!isWellFormed) throw new ServiceError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
    return [serial, receives];
  }
}

/** The number that the digits from `start` to `end` make, digit by digit: `Number` of a part costs as much as all the rest. */
function wholeNumber(text: string, start: number, end: number): number | undefined {
  if (start >= end) return undefined;
  let number = 0;
  for (let index = start; index < end; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
