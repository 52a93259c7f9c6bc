import type { Random } from '../random';
import type { Message } from './message';

/** Below this, what is left over does not pay for being cleared away. */
const slack = 1024;
/** Among how many of the first a message is drawn. AWS says that the order is mostly kept, not how well. */
const drawnFrom = 10;

/**
 * Messages in a row. What leaves at the front leaves at once; what is gone from the middle is skipped, and cleared away when
 * it is a fifth of all. An array and not linked messages: touching a neighbour's memory costs more than all the rest of a receive.
 */
export class Backlog {
  private readonly row: (Message | undefined)[] = [];
  private head = 0;
  private gone = 0;

  append(message: Message): void {
    this.row.push(message);
  }

  first(): Message | undefined {
    while (this.head < this.row.length) {
      const message = this.row[this.head]!;
      if (message.state !== 'gone') return message;
      this.gone--;
      this.shift();
    }
    return undefined;
  }

  /** Brings one of the first ten to the front; the one that was there takes its place. */
  draw(random: Random): Message | undefined {
    const first = this.first();
    const count = Math.min(drawnFrom, this.row.length - this.head);
    if (count < 2) return first;
    const index = this.head + random.integer(count);
    const drawn = this.row[index]!;
    if (drawn.state === 'gone') return first;
    this.row[index] = first;
    return this.row[this.head] = drawn;
  }

  /** Takes the first away. */
  shift(): void {
    this.row[this.head++] = undefined;
    if (this.head > slack && this.head * 2 > this.row.length) this.compact();
  }

  /** To be called once a message's state is `gone`, wherever it stands. */
  noteGone(): void {
    this.gone++;
    if (this.gone > slack && this.gone * 5 > this.row.length - this.head) this.compact();
  }

  *[Symbol.iterator](): Generator<Message> {
    for (let index = this.head; index < this.row.length; index++) {
      const message = this.row[index]!;
      if (message.state !== 'gone') yield message;
    }
  }

  private compact(): void {
    const { row } = this;
    let length = 0;
    for (let index = this.head; index < row.length; index++) {
      const message = row[index]!;
      if (message.state !== 'gone') row[length++] = message;
    }
    row.length = length;
    this.head = 0;
    this.gone = 0;
  }
}
