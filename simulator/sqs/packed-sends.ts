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
  /** Twice as many as there are rows at most; a row's number plus one, or 0. */
  private slots = new Uint32Array(2 * firstCapacity);
  private hashes = new Uint32Array(firstCapacity);
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
    if (this.count === this.hashes.length) this.grow();
    const row = this.count++;
    this.slots[this.slotOf(key, hash)] = row + 1;
    this.hashes[row] = hash;
    this.moments[row] = at;
    this.serials[row] = serial;
    this.keyLengths[row] = key.length;
    this.starts[row] = this.used;
    this.used += this.write(key + messageId);
  }

  /** Where the key is, or would be. */
  private slotOf(key: string, hash: number): number {
    const { slots } = this;
    const last = slots.length - 1;
    let slot = hash & last;
    while (slots[slot] !== 0 && !this.isOf(slots[slot] - 1, key, hash)) slot = (slot + 1) & last;
    return slot;
  }

  private isOf(row: number, key: string, hash: number): boolean {
    if (this.hashes[row] !== hash || this.keyLengths[row] !== key.length) return false;
    const start = this.starts[row];
    return this.text.toString('latin1', start, start + key.length) === key;
  }

  private write(text: string): number {
    if (this.used + text.length > this.text.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.used + text.length, this.text.length * 2));
      this.text.copy(larger, 0, 0, this.used);
      this.text = larger;
    }
    return this.text.write(text, this.used, 'latin1');
  }

  private grow(): void {
    const capacity = this.hashes.length * 2;
    const larger = <Numbers extends Uint16Array | Uint32Array | Float64Array>(numbers: Numbers, into: Numbers): Numbers => {
      into.set(numbers);
      return into;
    };
    this.hashes = larger(this.hashes, new Uint32Array(capacity));
    this.moments = larger(this.moments, new Float64Array(capacity));
    this.serials = larger(this.serials, new Float64Array(capacity));
    this.starts = larger(this.starts, new Uint32Array(capacity));
    this.keyLengths = larger(this.keyLengths, new Uint16Array(capacity));
    const slots = new Uint32Array(2 * capacity);
    const last = slots.length - 1;
    for (const found of this.slots) {
      if (found === 0) continue;
      let slot = this.hashes[found - 1] & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = found;
    }
    this.slots = slots;
  }
}

/** FNV-1a, its upper bits mixed into the lower ones that choose the slot. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
