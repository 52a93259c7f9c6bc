/** Characters of all bodies together that are kept. */
const KEPT = 64 * 1024 * 1024;
/** What a block has room for; a body that is longer has a block of its own. */
const BLOCK_BYTES = 2 ** 20;
const BLOCK_BODIES = 4096;

/** Bodies and their message IDs as bytes: as strings they would stay on the heap, and the garbage collector would copy each. */
class Block {
  count = 0;
  private used = 0;
  private readonly text: Buffer;
  private readonly starts = new Uint32Array(BLOCK_BODIES + 1);
  private readonly idLengths = new Uint16Array(BLOCK_BODIES);
  private readonly wide = new Uint8Array(BLOCK_BODIES);

  constructor(bytes: number) {
    this.text = Buffer.allocUnsafeSlow(bytes);
  }

  hasRoomFor(bytes: number): boolean {
    return this.count < BLOCK_BODIES && this.used + bytes <= this.text.length;
  }

  add(messageId: string, body: string): void {
    const index = this.count++;
    this.idLengths[index] = messageId.length;
    this.used += this.text.write(messageId, this.used, 'latin1');
    // of what is not ASCII, two bytes for each character
    const start = this.used;
    const isAscii = this.text.write(body, start, 'utf8') === body.length;
    this.wide[index] = isAscii ? 0 : 1;
    this.used = start + (isAscii ? body.length : this.text.write(body, start, 'utf16le'));
    this.starts[this.count] = this.used;
  }

  id(index: number): string {
    return this.text.toString('latin1', this.starts[index], this.bodyStart(index));
  }

  body(index: number): string {
    return this.text.toString(this.wide[index] === 1 ? 'utf16le' : 'latin1', this.bodyStart(index), this.starts[index + 1]);
  }

  /** In characters. */
  lengthOf(index: number): number {
    return (this.starts[index + 1] - this.bodyStart(index)) / (this.wide[index] === 1 ? 2 : 1);
  }

  private bodyStart(index: number): number {
    return this.starts[index] + this.idLengths[index];
  }
}

/** The bodies of the messages that were accepted last, by message ID, so that a test can name a message by what it says. */
export class RecentBodies {
  /** How many older ones were forgotten. */
  forgotten = 0;
  private readonly blocks: Block[] = [];
  /** Where the oldest one stands in the first block; what is before is forgotten. */
  private oldest = 0;
  private characters = 0;
  /** Built when the first body is asked for, as few simulations are asked for any. */
  private byMessage: Map<string, string> | undefined;

  /** @param kept characters of all bodies together */
  constructor(private readonly kept: number = KEPT) {}

  add(messageId: string, body: string): void {
    this.blockFor(messageId.length + 3 * body.length).add(messageId, body);
    this.characters += body.length;
    this.byMessage = undefined;
    if (this.characters > this.kept) this.forget();
  }

  get(messageId: string): string | undefined {
    this.byMessage ??= new Map(this.all());
    return this.byMessage.get(messageId);
  }

  /** The IDs of the messages whose body passes, oldest first. */
  find(passes: (body: string) => boolean): string[] {
    return [...this.all()].filter(([, body]) => passes(body)).map(([id]) => id);
  }

  private *all(): Generator<[id: string, body: string]> {
    for (const [number, block] of this.blocks.entries()) {
      for (let index = number === 0 ? this.oldest : 0; index < block.count; index++) yield [block.id(index), block.body(index)];
    }
  }

  /** @param bytes at most that it will take, in any encoding */
  private blockFor(bytes: number): Block {
    const last = this.blocks.at(-1);
    if (last?.hasRoomFor(bytes)) return last;
    const block = new Block(Math.max(BLOCK_BYTES, bytes));
    this.blocks.push(block);
    return block;
  }

  private forget(): void {
    while (this.characters > this.kept) {
      const [block] = this.blocks;
      this.characters -= block.lengthOf(this.oldest++);
      this.forgotten++;
      if (this.oldest < block.count) continue;
      this.blocks.shift();
      this.oldest = 0;
    }
  }
}
