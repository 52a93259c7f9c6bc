/** Characters of all bodies together that are kept. */
const KEPT = 64 * 1024 * 1024;
/** Forgotten places that are worth the copy of those behind them. */
const COMPACTED = 4096;

/** The bodies of the messages that were accepted last, by message ID, so that a test can name a message by what it says. */
export class RecentBodies {
  /** How many older ones were forgotten. */
  forgotten = 0;
  private readonly ids: string[] = [];
  private readonly texts: string[] = [];
  /** Where the oldest one stands; what is before is forgotten. */
  private oldest = 0;
  private characters = 0;
  /** Built when the first body is asked for, as few simulations are asked for any. */
  private byMessage: Map<string, string> | undefined;

  /** @param kept characters of all bodies together */
  constructor(private readonly kept: number = KEPT) {}

  add(messageId: string, body: string): void {
    this.ids.push(messageId);
    this.texts.push(body);
    this.characters += body.length;
    this.byMessage = undefined;
    if (this.characters > this.kept) this.forget();
  }

  get(messageId: string): string | undefined {
    this.byMessage ??= new Map(this.ids.slice(this.oldest).map((id, index) => [id, this.texts[this.oldest + index]]));
    return this.byMessage.get(messageId);
  }

  /** The IDs of the messages whose body passes, oldest first. */
  find(passes: (body: string) => boolean): string[] {
    return this.ids.filter((_id, index) => index >= this.oldest && passes(this.texts[index]));
  }

  private forget(): void {
    for (; this.characters > this.kept; this.oldest++) {
      this.characters -= this.texts[this.oldest].length;
      this.ids[this.oldest] = this.texts[this.oldest] = '';
      this.forgotten++;
    }
    if (this.oldest < COMPACTED || this.oldest < this.ids.length / 2) return;
    this.ids.splice(0, this.oldest);
    this.texts.splice(0, this.oldest);
    this.oldest = 0;
  }
}
