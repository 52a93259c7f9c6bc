import type { Message } from './message';
import { isPackable, PackedMessages } from './packed-messages';

const rows = 1024;
/** Of a stretch: fewer that are left do not pay for the memory of those that are gone. */
const fewest = rows / 32;

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
    if (serial % rows === 0 && index > 0) this.packStretch(index - 1);
    const stretch = this.stretches[index] ??= new Stretch();
    stretch.count++;
    this.hold(stretch, serial, message);
  }

  /** Packs the message, if it is of those that wait and the newest have followed it; nobody may change it from then on. */
  pack(message: Message): void {
    if (this.isFull(message.serial) && isPackable(message)) this.packInto(this.stretchOf(message.serial)!, message);
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
    this.tidy(stretch, serial - serial % rows);
  }

  /** Of a stretch that is full: whoever receives what was just sent would pay for it twice. */
  private packStretch(index: number): void {
    const stretch = this.stretches[index]!;
    if (stretch.count === 0) {
      this.stretches[index] = undefined;
      return;
    }
    const waiting = stretch.messages.filter((message) => message !== undefined && isPackable(message)) as Message[];
    if (waiting.length > fewest) for (const message of waiting) this.packInto(stretch, message);
  }

  private packInto(stretch: Stretch, message: Message): void {
    const row = message.serial % rows;
    stretch.packed ??= this.takeSpare();
    stretch.packed.pack(row, message);
    stretch.packedCount++;
    stretch.holds[row] = packedRow;
    stretch.messages[row] = undefined;
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

function copyOf(stretch: Stretch, serial: number): Message {
  const message = stretch.packed!.unpack(serial % rows);
  message.serial = serial;
  return message;
}
