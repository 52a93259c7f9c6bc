/** Characters of all bodies together that are kept. */
const KEPT = 64 * 1024 * 1024;

/** The bodies of the messages that were accepted last, by message ID, so that a test can name a message by what it says. */
export class RecentBodies {
  /** How many older ones were forgotten. */
  forgotten = 0;
  private readonly byMessage = new Map<string, string>();
  private characters = 0;

  /** @param kept characters of all bodies together */
  constructor(private readonly kept: number = KEPT) {}

  add(messageId: string, body: string): void {
    this.byMessage.set(messageId, body);
    this.characters += body.length;
    while (this.characters > this.kept) this.forgetOldest();
  }

  get(messageId: string): string | undefined {
    return this.byMessage.get(messageId);
  }

  /** The IDs of the messages whose body passes, oldest first. */
  find(passes: (body: string) => boolean): string[] {
    return [...this.byMessage].flatMap(([messageId, body]) => (passes(body) ? [messageId] : []));
  }

  private forgetOldest(): void {
    const [messageId, body] = this.byMessage.entries().next().value!;
    this.byMessage.delete(messageId);
    this.characters -= body.length;
    this.forgotten++;
  }
}
