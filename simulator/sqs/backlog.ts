import type { Message } from './message';

/** Below this, what is left over does not pay for being cleared away. */
const slack = 1024;

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
