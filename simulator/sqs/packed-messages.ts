import type { MessageAttribute } from '../contracts';
import { Message, noAttributes } from './message';

/** UTF-16 units: longer bodies stay strings, which are worth their place. */
const longestBody = 16_384;
/** Bytes. */
const firstCapacity = 2 ** 16;
const mostKept = 2 ** 20;
/** UTF-8 has at most three bytes for a UTF-16 unit. */
const widest = 3;

/** Whether a message is one of those that make a backlog: visible, never received, sent to this queue, and not set aside for its message group. */
export function isPackable({ state, receives, origin, body, isSetAside }: Message): boolean {
  return state === 'visible' && receives === 0 && origin === undefined && !isSetAside && body.length <= longestBody;
}

/**
 * Messages as numbers and bytes, one a row: millions of objects and strings that wait would be copied and traversed again
 * and again by the garbage collector. The bytes of a row are message ID, message group ID, deduplication ID and body.
 */
export class PackedMessages {
  private readonly sent: Float64Array;
  private readonly sizes: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly ends: Uint32Array;
  private readonly idLengths: Uint8Array;
  private readonly groupLengths: Uint8Array;
  private readonly deduplicationLengths: Uint8Array;
  private readonly ascii: Uint8Array;
  private readonly senders: string[];
  private readonly attributes: Readonly<Record<string, MessageAttribute>>[];
  private readonly traceHeaders: (string | undefined)[];
  private text = Buffer.allocUnsafeSlow(firstCapacity);
  private used = 0;

  /** @param rows of serial numbers that follow each other */
  constructor(private readonly rows: number) {
    this.sent = new Float64Array(rows);
    this.sizes = new Uint32Array(rows);
    this.starts = new Uint32Array(rows);
    this.ends = new Uint32Array(rows);
    this.idLengths = new Uint8Array(rows);
    this.groupLengths = new Uint8Array(rows);
    this.deduplicationLengths = new Uint8Array(rows);
    this.ascii = new Uint8Array(rows);
    this.senders = new Array<string>(rows).fill('');
    this.attributes = new Array<Readonly<Record<string, MessageAttribute>>>(rows).fill(noAttributes);
    this.traceHeaders = new Array<string | undefined>(rows).fill(undefined);
  }

  /** Milliseconds since the epoch. */
  sentAt(row: number): number {
    return this.sent[row];
  }

  /** Together, if all are ASCII: each call of `Buffer.write` costs as much as its bytes. */
  pack(messages: readonly Message[]): void {
    const texts: string[] = [];
    const start = this.used;
    let end = start;
    let isAscii = true;
    for (const message of messages) {
      const { messageId, groupId = '', deduplicationId = '', body } = message;
      texts.push(messageId, groupId, deduplicationId, body);
      isAscii &&= isOfAscii(message);
      const row = message.serial % this.rows;
      this.starts[row] = end;
      this.ends[row] = end += messageId.length + groupId.length + deduplicationId.length + body.length;
      this.ascii[row] = 1;
      this.sent[row] = message.sentAt;
      this.sizes[row] = message.bytes;
      this.idLengths[row] = messageId.length;
      this.groupLengths[row] = groupId.length;
      this.deduplicationLengths[row] = deduplicationId.length;
      this.senders[row] = message.senderId;
      this.attributes[row] = message.attributes;
      this.traceHeaders[row] = message.traceHeader;
    }
    this.reserve((end - start) * widest);
    if (isAscii) this.used += this.text.write(texts.join(''), start, 'latin1');
    else messages.forEach((message, index) => this.write(message, texts.slice(4 * index, 4 * index + 4).join('')));
  }

  unpack(serial: number): Message {
    const row = serial % this.rows;
    const start = this.starts[row];
    const end = this.ends[row];
    const text = this.text.toString(this.ascii[row] === 1 ? 'latin1' : 'utf8', start, end);
    const groupStart = this.idLengths[row];
    const deduplicationStart = groupStart + this.groupLengths[row];
    const bodyStart = deduplicationStart + this.deduplicationLengths[row];
    const message = new Message(
      text.slice(0, groupStart), text.slice(bodyStart), this.attributes[row],
      this.sizes[row], this.senders[row], this.sent[row],
    );
    message.serial = serial;
    message.state = 'visible';
    if (deduplicationStart > groupStart) message.groupId = text.slice(groupStart, deduplicationStart);
    if (bodyStart > deduplicationStart) message.deduplicationId = text.slice(deduplicationStart, bodyStart);
    message.traceHeader = this.traceHeaders[row];
    return message;
  }

  /** To be called when no row is needed any more. */
  clear(): void {
    this.used = 0;
    if (this.text.length > mostKept) this.text = Buffer.allocUnsafeSlow(firstCapacity);
  }

  private write(message: Message, text: string): void {
    const row = message.serial % this.rows;
    const isAscii = isOfAscii(message);
    this.ascii[row] = isAscii ? 1 : 0;
    this.starts[row] = this.used;
    this.ends[row] = this.used += this.text.write(text, this.used, isAscii ? 'latin1' : 'utf8');
  }

  private reserve(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.text.length) return;
    const text = Buffer.allocUnsafeSlow(Math.max(needed, this.text.length * 2));
    this.text.copy(text, 0, 0, this.used);
    this.text = text;
  }
}

/** Every other character of a body takes more bytes than one, and identifiers are ASCII. */
function isOfAscii({ bytes, body }: Message): boolean {
  return bytes === body.length;
}
