/** What a send answered. */
export interface Send {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly messageId: string;
  /** Its number among the messages of the queue. */
  readonly serial: number;
}

const firstCapacity = 64;
const bytesOfOne = 64;

/**
 * Sends by an ASCII key, as numbers and bytes: a table in which a key's hash says where to look first. A `Map` of objects
 * would have the garbage collector copy and traverse each of them, and almost none is ever asked for.
 */
export class PackedSends {
  private count = 0;
  private used = 0;
  private capacity = firstCapacity;
  /**
   * Two numbers a slot, and twice as many slots as there are rows at most: a row's number plus one, or 0, and the hash of its key.
   * Side by side, as each other place in memory costs more than the comparison.
   */
  private slots = new Uint32Array(slotNumbers(firstCapacity));
  private moments = new Float64Array(firstCapacity);
  private serials = new Float64Array(firstCapacity);
  private starts = new Uint32Array(firstCapacity);
  private keyLengths = new Uint16Array(firstCapacity);
  /** Of each row, key and message ID. */
  private text = Buffer.allocUnsafeSlow(firstCapacity * bytesOfOne);

  /** @param hash of the key, by `hashOf` */
  find(key: string, hash: number): Send | undefined {
    const found = this.slots[this.slotOf(key, hash)];
    if (found === 0) return undefined;
    const row = found - 1;
    const end = found < this.count ? this.starts[found] : this.used;
    const messageId = this.text.toString('latin1', this.starts[row] + this.keyLengths[row], end);
    return { at: this.moments[row], messageId, serial: this.serials[row] };
  }

  /** An earlier send with that key is forgotten. */
  add(key: string, hash: number, { at, messageId, serial }: Send): void {
    if (this.count === this.capacity) this.grow();
    const row = this.count++;
    const slot = this.slotOf(key, hash);
    this.slots[slot] = row + 1;
    this.slots[slot + 1] = hash;
    this.moments[row] = at;
    this.serials[row] = serial;
    this.keyLengths[row] = key.length;
    this.starts[row] = this.used;
    this.reserve(key.length + messageId.length);
    this.write(key);
    this.write(messageId);
  }

  /** Where the key is, or would be. */
  private slotOf(key: string, hash: number): number {
    const { slots } = this;
    const last = slots.length - 1;
    let slot = 2 * hash & last;
    while (slots[slot] !== 0 && !(slots[slot + 1] === hash && this.isOf(slots[slot] - 1, key))) slot = (slot + 2) & last;
    return slot;
  }

  private isOf(row: number, key: string): boolean {
    if (this.keyLengths[row] !== key.length) return false;
    const start = this.starts[row];
    for (let index = 0; index < key.length; index++) if (this.text[start + index] !== key.charCodeAt(index)) return false;
    return true;
  }

  private reserve(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.text.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.text.length * 2));
    this.text.copy(larger, 0, 0, this.used);
    this.text = larger;
  }

  /** Character by character: for so few, a call of `Buffer.write` costs more. */
  private write(ascii: string): void {
    const { text, used } = this;
    for (let index = 0; index < ascii.length; index++) text[used + index] = ascii.charCodeAt(index);
    this.used = used + ascii.length;
  }

  private grow(): void {
    this.capacity *= 2;
    const { capacity } = this;
    const larger = <Numbers extends Uint16Array | Uint32Array | Float64Array>(numbers: Numbers, into: Numbers): Numbers => {
      into.set(numbers);
      return into;
    };
    this.moments = larger(this.moments, new Float64Array(capacity));
    this.serials = larger(this.serials, new Float64Array(capacity));
    this.starts = larger(this.starts, new Uint32Array(capacity));
    this.keyLengths = larger(this.keyLengths, new Uint16Array(capacity));
    const slots = new Uint32Array(slotNumbers(capacity));
    const last = slots.length - 1;
    for (let from = 0; from < this.slots.length; from += 2) {
      if (this.slots[from] === 0) continue;
      let slot = 2 * this.slots[from + 1] & last;
      while (slots[slot] !== 0) slot = (slot + 2) & last;
      slots[slot] = this.slots[from];
      slots[slot + 1] = this.slots[from + 1];
    }
    this.slots = slots;
  }
}

function slotNumbers(capacity: number): number {
  return 2 * 2 * capacity;
}

/** FNV-1a, its upper bits mixed into the lower ones that choose the slot. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
