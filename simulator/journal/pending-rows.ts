/** Rows a block: blocks are never copied as the rows grow. */
const BLOCK = 4096;
/** Characters of the IDs that messages and invocations have: a UUID. */
const ID = 36;
/** What stands for a subject that has another length. */
const UNUSUAL = ' '.repeat(ID);
/** Subjects that are gathered to be written together: each call of `Buffer.write` costs as much as twice its bytes. */
const GATHERED = 16 * ID;

interface Block {
  rows: number;
  next: Block | undefined;
  readonly times: Float64Array;
  readonly codes: Uint8Array;
  readonly counts: Int32Array;
  /** As bytes: as strings, the IDs would outlive their messages on the heap, and the garbage collector would copy each. */
  readonly subjects: Buffer;
  /** Characters of it that are written; `gathered` is what follows. */
  written: number;
  gathered: string;
  readonly resources: (string | undefined)[];
  /** Columns that few rows need come with the first that does. */
  unusualSubjects: (string | undefined)[] | undefined;
  others: (string | undefined)[] | undefined;
  details: (string | undefined)[] | undefined;
}

/** One thing that happened, as it was said. */
export type TakeRow = (
  code: number, at: number, subject: string, resource: string | undefined, other: string | undefined, detail: string | undefined, count: number,
) => void;

/** Those who read the rows, each at its own pace. */
export interface RowReader {
  /** Hands out the rows that came since the last time, in the order in which they came. */
  drain(take: TakeRow): void;
}

/**
 * What happened and nobody asked for yet, in columns of 57 to 73 bytes a row. Recording is all that a simulation pays for in which
 * nobody looks; what is looked up is built from the rows when somebody does. Rows that all readers have read are forgotten.
 */
export class PendingRows {
  /** Blocks know the one that follows, and nobody knows those that all readers have left. */
  private last: Block | undefined;
  private readonly readers: Reader[] = [];

  /** To be called before the first row comes. */
  reader(): RowReader {
    const reader = new Reader();
    this.readers.push(reader);
    return reader;
  }

  /**
   * @param code 0 to 255
   * @param subject an ID, of ASCII characters
   */
  push(code: number, at: number, subject: string, resource?: string, other?: string, detail?: string, count = 0): void {
    const block = this.last === undefined || this.last.rows === BLOCK ? this.extend() : this.last;
    const row = block.rows++;
    block.codes[row] = code;
    block.times[row] = at;
    block.counts[row] = count;
    if (subject.length === ID) block.gathered += subject;
    else {
      block.gathered += UNUSUAL;
      (block.unusualSubjects ??= newColumn())[row] = subject;
    }
    if (block.gathered.length === GATHERED) writeSubjects(block);
    block.resources[row] = resource;
    if (other !== undefined) (block.others ??= newColumn())[row] = other;
    if (detail !== undefined) (block.details ??= newColumn())[row] = detail;
  }

  private extend(): Block {
    const block: Block = {
      rows: 0, next: undefined, times: new Float64Array(BLOCK), codes: new Uint8Array(BLOCK), counts: new Int32Array(BLOCK),
      subjects: Buffer.allocUnsafeSlow(BLOCK * ID), written: 0, gathered: '', resources: newColumn(), unusualSubjects: undefined, others: undefined, details: undefined,
    };
    if (this.last === undefined) for (const reader of this.readers) reader.begin(block);
    else this.last.next = block;
    return this.last = block;
  }
}

class Reader implements RowReader {
  private block: Block | undefined;
  private row = 0;

  begin(block: Block): void {
    this.block = block;
  }

  drain(take: TakeRow): void {
    for (let { block } = this; block !== undefined; block = block.next) {
      if (block !== this.block) this.row = 0;
      this.block = block;
      const { codes, times, counts, subjects, resources, unusualSubjects, others, details } = block;
      while (this.row < block.rows) {
        const row = this.row++;
        if (row * ID >= block.written) writeSubjects(block);
        const subject = unusualSubjects?.[row] ?? subjects.toString('latin1', row * ID, row * ID + ID);
        take(codes[row], times[row], subject, resources[row], others?.[row], details?.[row], counts[row]);
      }
    }
  }
}

function writeSubjects(block: Block): void {
  block.written += block.subjects.write(block.gathered, block.written, 'latin1');
  block.gathered = '';
}

function newColumn(): string[] {
  return new Array<string>(BLOCK);
}
