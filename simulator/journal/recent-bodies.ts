/** Characters of all bodies together that are kept. */
const KEPT = 64 * 1024 * 1024;
/** What a block has room for; bodies that are longer have a block of their own. */
const BLOCK_BYTES = 2 ** 20;
const BLOCK_BODIES = 4096;
/** UTF-8 has at most three bytes for a UTF-16 unit. */
const WIDEST = 3;
/** How many bodies, or characters of them, are gathered and written together: each call of `Buffer.write` costs as much as its bytes. */
const GATHERED_BODIES = 16;
const GATHERED_CHARACTERS = 8192;

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

  get bytes(): number {
    return this.text.length;
  }

  hasRoomFor(bodies: number, bytes: number): boolean {
    return this.count + bodies <= BLOCK_BODIES && this.used + bytes <= this.bytes;
  }

  clear(): void {
    this.count = 0;
    this.used = 0;
  }

  /** @param texts message ID and body of each, `joined` as they follow each other */
  add(texts: readonly string[], joined: string): void {
    const isAscii = this.text.write(joined, this.used, 'utf8') === joined.length;
    for (let index = 0; index < texts.length; index += 2) {
      const messageId = texts[index];
      const body = texts[index + 1];
      this.idLengths[this.count] = messageId.length;
      this.wide[this.count] = 0;
      if (isAscii) this.used += messageId.length + body.length;
      else this.write(messageId, body);
      this.starts[++this.count] = this.used;
    }
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

  /** Of what is not ASCII, two bytes for each character. */
  private write(messageId: string, body: string): void {
    const start = this.used + this.text.write(messageId, this.used, 'latin1');
    const isAscii = this.text.write(body, start, 'utf8') === body.length;
    this.wide[this.count] = isAscii ? 0 : 1;
    this.used = start + (isAscii ? body.length : this.text.write(body, start, 'utf16le'));
  }

  private bodyStart(index: number): number {
    return this.starts[index] + this.idLengths[index];
  }
}

/** The bodies of the messages that were accepted last, by message ID, so that a test can name a message by what it says. */
export class RecentBodies {
  private readonly blocks: Block[] = [];
  /** Where the oldest one stands in the first block; what is before is forgotten. */
  private oldest = 0;
  private forgottenCount = 0;
  private characters = 0;
  /** Message ID and body of each that is not written to a block yet. */
  private gathered: string[] = [];
  private gatheredCharacters = 0;
  /** What was emptied last: new memory for each block would cost as much as what is written to it. */
  private spare: Block | undefined;
  /** Built when the first body is asked for, as few simulations are asked for any. */
  private byMessage: Map<string, string> | undefined;

  /** @param kept characters of all bodies together */
  constructor(private readonly kept: number = KEPT) {}

  /** How many older ones were forgotten. */
  get forgotten(): number {
    this.write();
    return this.forgottenCount;
  }

  add(messageId: string, body: string): void {
    this.gathered.push(messageId, body);
    this.gatheredCharacters += body.length;
    this.byMessage = undefined;
    if (this.gathered.length >= 2 * GATHERED_BODIES || this.gatheredCharacters >= GATHERED_CHARACTERS) this.write();
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
    this.write();
    for (const [number, block] of this.blocks.entries()) {
      for (let index = number === 0 ? this.oldest : 0; index < block.count; index++) yield [block.id(index), block.body(index)];
    }
  }

  private write(): void {
    const { gathered } = this;
    if (gathered.length === 0) return;
    const joined = gathered.join('');
    this.blockFor(gathered.length / 2, WIDEST * joined.length).add(gathered, joined);
    this.characters += this.gatheredCharacters;
    this.gathered = [];
    this.gatheredCharacters = 0;
    if (this.characters > this.kept) this.forget();
  }

  /** @param bytes at most that they will take, in any encoding */
  private blockFor(bodies: number, bytes: number): Block {
    const last = this.blocks.at(-1);
    if (last?.hasRoomFor(bodies, bytes)) return last;
    const block = bytes <= BLOCK_BYTES ? this.spare ?? new Block(BLOCK_BYTES) : new Block(bytes);
    if (block === this.spare) this.spare = undefined;
    this.blocks.push(block);
    return block;
  }

  private forget(): void {
    while (this.characters > this.kept) {
      const [block] = this.blocks;
      this.characters -= block.lengthOf(this.oldest++);
      this.forgottenCount++;
      if (this.oldest < block.count) continue;
      this.blocks.shift();
      this.oldest = 0;
      if (block.bytes !== BLOCK_BYTES) continue;
      block.clear();
      this.spare = block;
    }
  }
}
