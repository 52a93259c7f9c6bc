import type { Message } from './message';
import { isPackable, PackedMessages } from './packed-messages';

const rows = 1024;
/** Of a stretch: fewer that are left do not pay for the memory of those that are gone. */
const fewest = rows / 32;
/** Rows that are packed together, while they are in the processor's caches and the garbage collector has not copied them yet. */
const step = 64;
/** Of a step: whoever receives what was just sent would pay for it twice, so that only a backlog is packed before its stretch is full. */
const backlogOfStep = step / 2;

/** What a row holds: nothing, while it is 0. */
const objectRow = 1;
const packedRow = 2;

/** The messages of `rows` serial numbers that follow each other. */
class Stretch {
  readonly holds = new Uint8Array(rows);
  readonly messages = new Array<Message | undefined>(rows).fill(undefined);
  packed: PackedMessages | undefined = undefined;
  packedCount = 0;
  count = 0;
}

/**
 * The messages of one queue by their serial numbers, in order of arrival. Those that wait for their first receive are packed,
 * and become objects when they are asked for.
 */
export class MessageTable implements Iterable<Message> {
  private readonly stretches: (Stretch | undefined)[] = [];
  /** Where to look for the oldest message: all before it are gone. */
  private oldest = 0;
  private next = 0;
  /** What was emptied last: a queue that stays as long as it is empties one for each that it fills. */
  private spare: PackedMessages | undefined;

  /** Numbers the message, and keeps it. */
  add(message: Message): void {
    const serial = this.next++;
    message.serial = serial;
    const index = Math.floor(serial / rows);
    if (serial % step === 0 && serial > 0) this.packBefore(serial);
    const stretch = this.stretches[index] ??= new Stretch();
    stretch.count++;
    this.hold(stretch, serial, message);
  }

  /** Packs the message, if it is of those that wait and the newest have followed it; nobody may change it from then on. */
  pack(message: Message): void {
    if (this.isFull(message.serial) && isPackable(message)) this.packInto(this.stretchOf(message.serial)!, [message]);
  }

  /** The message, to be read or changed. */
  get(serial: number): Message {
    const stretch = this.stretchOf(serial)!;
    return stretch.messages[serial % rows] ?? this.unpack(stretch, serial);
  }

  /** The message, if it was received from this queue and is still there. */
  received(serial: number): Message | undefined {
    const message = this.stretchOf(serial)?.messages[serial % rows];
    return message !== undefined && message.receives > 0 ? message : undefined;
  }

  isGone(serial: number): boolean {
    const stretch = this.stretchOf(serial);
    return stretch === undefined || stretch.holds[serial % rows] === 0;
  }

  isVisible(serial: number): boolean {
    const stretch = this.stretchOf(serial);
    if (stretch === undefined) return false;
    const message = stretch.messages[serial % rows];
    return message === undefined ? stretch.holds[serial % rows] === packedRow : message.state === 'visible';
  }

  remove(serial: number): void {
    const stretch = this.stretchOf(serial)!;
    const row = serial % rows;
    const wasPacked = stretch.holds[row] === packedRow;
    stretch.holds[row] = 0;
    stretch.messages[row] = undefined;
    if (wasPacked) this.noteUnpacked(stretch, serial);
    if (--stretch.count === 0 && this.isFull(serial)) this.stretches[Math.floor(serial / rows)] = undefined;
  }

  /** The serial number of the oldest message; undefined if there is none. */
  first(): number | undefined {
    while (this.oldest < this.next) {
      const stretch = this.stretchOf(this.oldest);
      if (stretch === undefined) this.oldest = Math.min(this.next, (Math.floor(this.oldest / rows) + 1) * rows);
      else if (stretch.holds[this.oldest % rows] === 0) this.oldest++;
      else return this.oldest;
    }
    return undefined;
  }

  /** Milliseconds since the epoch. */
  sentAt(serial: number): number {
    const stretch = this.stretchOf(serial)!;
    return stretch.messages[serial % rows]?.sentAt ?? stretch.packed!.sentAt(serial % rows);
  }

  /** What is packed stays packed: messages to be read, and not to be changed. */
  *[Symbol.iterator](): Generator<Message> {
    for (let serial = this.first() ?? this.next; serial < this.next; serial++) {
      const stretch = this.stretchOf(serial);
      if (stretch === undefined) serial += rows - serial % rows - 1;
      else if (stretch.holds[serial % rows] !== 0) yield stretch.messages[serial % rows] ?? copyOf(stretch, serial);
    }
  }

  private stretchOf(serial: number): Stretch | undefined {
    return this.stretches[Math.floor(serial / rows)];
  }

  /** Whether the stretch is full and the next one has begun. */
  private isFull(serial: number): boolean {
    return Math.floor(serial / rows) < Math.floor((this.next - 1) / rows);
  }

  private hold(stretch: Stretch, serial: number, message: Message): void {
    stretch.messages[serial % rows] = message;
    stretch.holds[serial % rows] = objectRow;
  }

  private unpack(stretch: Stretch, serial: number): Message {
    const message = copyOf(stretch, serial);
    this.hold(stretch, serial, message);
    this.noteUnpacked(stretch, serial);
    return message;
  }

  private noteUnpacked(stretch: Stretch, serial: number): void {
    stretch.packedCount--;
    if (this.isFull(serial)) this.tidy(stretch, serial - serial % rows);
  }

  /** Packs the step that ended, and with the last step of a stretch all that wait in it. */
  private packBefore(serial: number): void {
    const index = Math.floor((serial - 1) / rows);
    const stretch = this.stretches[index]!;
    const isFull = serial % rows === 0;
    if (stretch.count === 0) {
      if (isFull) this.stretches[index] = undefined;
      return;
    }
    const end = (serial - 1) % rows + 1;
    const latest = waitingIn(stretch, end - step, end);
    if (latest.length > backlogOfStep) this.packInto(stretch, latest);
    if (!isFull) return;
    const left = waitingIn(stretch, 0, rows);
    if (left.length > 0 && stretch.packedCount + left.length > fewest) this.packInto(stretch, left);
    this.tidy(stretch, serial - rows);
  }

  private packInto(stretch: Stretch, messages: readonly Message[]): void {
    stretch.packed ??= this.takeSpare();
    stretch.packed.pack(messages);
    stretch.packedCount += messages.length;
    for (const { serial } of messages) {
      stretch.holds[serial % rows] = packedRow;
      stretch.messages[serial % rows] = undefined;
    }
  }

  /** @param start the serial number of the stretch's first row */
  private tidy(stretch: Stretch, start: number): void {
    if (stretch.packed === undefined || stretch.packedCount > fewest) return;
    for (let row = 0; row < rows && stretch.packedCount > 0; row++) {
      if (stretch.holds[row] !== packedRow) continue;
      this.hold(stretch, start + row, copyOf(stretch, start + row));
      stretch.packedCount--;
    }
    this.spare = stretch.packed;
    stretch.packed = undefined;
  }

  private takeSpare(): PackedMessages {
    const { spare } = this;
    this.spare = undefined;
    spare?.clear();
    return spare ?? new PackedMessages(rows);
  }
}

function waitingIn({ messages }: Stretch, start: number, end: number): Message[] {
  const waiting: Message[] = [];
  for (let row = start; row < end; row++) {
    const message = messages[row];
    if (message !== undefined && isPackable(message)) waiting.push(message);
  }
  return waiting;
}

function copyOf(stretch: Stretch, serial: number): Message {
  return stretch.packed!.unpack(serial);
}
