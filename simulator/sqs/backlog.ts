import type { Random } from '../random';
import type { MessageTable } from './message-table';

/** Below this, what is left over does not pay for being cleared away. */
const slack = 1024;
/** Among how many of the first a message is drawn. AWS says that the order is mostly kept, not how well. */
const drawnFrom = 10;

/**
 * Messages in a row, by their serial numbers. What leaves at the front leaves at once; what is gone from the middle is skipped,
 * and cleared away when it is a fifth of all.
 */
export class Backlog {
  private readonly row: number[] = [];
  private head = 0;
  private gone = 0;

  constructor(private readonly table: MessageTable) {}

  append(serial: number): void {
    this.row.push(serial);
  }

  first(): number | undefined {
    while (this.head < this.row.length) {
      const serial = this.row[this.head];
      if (!this.table.isGone(serial)) return serial;
      this.gone--;
      this.shift();
    }
    return undefined;
  }

  /** Brings one of the first ten to the front; the one that was there takes its place. */
  draw(random: Random): number | undefined {
    const first = this.first();
    const count = Math.min(drawnFrom, this.row.length - this.head);
    if (first === undefined || count < 2) return first;
    const index = this.head + random.integer(count);
    const drawn = this.row[index];
    if (this.table.isGone(drawn)) return first;
    this.row[index] = first;
    return this.row[this.head] = drawn;
  }

  /** Takes the first away. */
  shift(): void {
    this.head++;
    if (this.head > slack && this.head * 2 > this.row.length) this.compact();
  }

  /** To be called once a message is gone, wherever it stands. */
  noteGone(): void {
    this.gone++;
    if (this.gone > slack && this.gone * 5 > this.row.length - this.head) this.compact();
  }

  /** The first that came after that one, of a row in order of arrival. */
  after(serial: number): number | undefined {
    let least = this.head;
    let most = this.row.length;
    while (least < most) {
      const middle = (least + most) >> 1;
      if (this.row[middle] <= serial) least = middle + 1;
      else most = middle;
    }
    while (least < this.row.length && this.table.isGone(this.row[least])) least++;
    return this.row[least];
  }

  private compact(): void {
    const { row, table } = this;
    let length = 0;
    for (let index = this.head; index < row.length; index++) {
      const serial = row[index];
      if (!table.isGone(serial)) row[length++] = serial;
    }
    row.length = length;
    this.head = 0;
    this.gone = 0;
  }
}
