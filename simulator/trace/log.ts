/** One thing that happened to a subject: a message or an invocation. All numbers, so that millions of them stay cheap. */
export interface Row {
  readonly index: number;
  readonly subject: number;
  readonly at: number;
  readonly action: number;
  readonly resource: number;
  /** The subject that this leads to or comes from, or -1. */
  readonly other: number;
  readonly detail: number;
  readonly count: number;
}

const COLUMNS = 7;
const [SUBJECT, PREVIOUS, ACTION, RESOURCE, OTHER, DETAIL, COUNT] = Array.from({ length: COLUMNS }, (_, column) => column);

/** Rows a block, a power of two: blocks are never copied as the log grows. */
const BLOCK = 2 ** 14;

interface Block {
  readonly times: Float64Array;
  readonly cells: Int32Array;
}

/** What happened to each subject, as a list through typed arrays: some 36 bytes a row and nothing for the garbage collector. */
export class TraceLog {
  private readonly blocks: Block[] = [];
  private readonly newest: number[] = [];
  private size = 0;

  /** A new subject without rows. */
  subject(): number {
    return this.newest.push(-1) - 1;
  }

  append(subject: number, at: number, action: number, resource: number, other = -1, detail = -1, count = 0): void {
    const index = this.size++;
    const offset = index % BLOCK;
    if (offset === 0) this.blocks.push({ times: new Float64Array(BLOCK), cells: new Int32Array(BLOCK * COLUMNS) });
    const { times, cells } = this.blocks[this.blocks.length - 1];
    const cell = offset * COLUMNS;
    times[offset] = at;
    cells[cell + SUBJECT] = subject;
    cells[cell + PREVIOUS] = this.newest[subject];
    cells[cell + ACTION] = action;
    cells[cell + RESOURCE] = resource;
    cells[cell + OTHER] = other;
    cells[cell + DETAIL] = detail;
    cells[cell + COUNT] = count;
    this.newest[subject] = index;
  }

  /** What happened to a subject, oldest first. */
  rows(subject: number): Row[] {
    const rows: Row[] = [];
    for (let index = this.newest[subject]; index >= 0;) {
      const { times, cells } = this.blocks[Math.floor(index / BLOCK)];
      const offset = index % BLOCK;
      const cell = offset * COLUMNS;
      rows.push({
        index, subject, at: times[offset], action: cells[cell + ACTION], resource: cells[cell + RESOURCE], other: cells[cell + OTHER],
        detail: cells[cell + DETAIL], count: cells[cell + COUNT],
      });
      index = cells[cell + PREVIOUS];
    }
    return rows.reverse();
  }
}
