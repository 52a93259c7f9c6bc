/** Rows a block: blocks are never copied as the rows grow. */
const BLOCK = 4096;

interface Block {
  readonly times: Float64Array;
  readonly codes: Uint8Array;
  readonly counts: Int32Array;
  readonly subjects: string[];
  readonly resources: (string | undefined)[];
  /** Columns that few rows need come with the first that does. */
  others?: (string | undefined)[];
  details?: (string | undefined)[];
}

/** One thing that happened, as it was said. */
export type TakeRow = (
  code: number, at: number, subject: string, resource: string | undefined, other: string | undefined, detail: string | undefined, count: number,
) => void;

/**
 * What happened and nobody asked for yet: references in columns, 29 to 45 bytes a row beside texts that live anyway. Recording is
 * all that a simulation pays for in which nobody looks; what is looked up is built from the rows when somebody does.
 */
export class PendingRows {
  private blocks: Block[] = [];
  private last: Block | undefined;
  private size = BLOCK;

  /** @param code 0 to 255 */
  push(code: number, at: number, subject: string, resource?: string, other?: string, detail?: string, count = 0): void {
    if (this.size === BLOCK) this.extend();
    const index = this.size++;
    const block = this.last!;
    block.codes[index] = code;
    block.times[index] = at;
    block.counts[index] = count;
    block.subjects[index] = subject;
    block.resources[index] = resource;
    if (other !== undefined) (block.others ??= newColumn())[index] = other;
    if (detail !== undefined) (block.details ??= newColumn())[index] = detail;
  }

  /** Hands out all rows in the order in which they came, and forgets them. */
  drain(take: TakeRow): void {
    if (this.last === undefined) return;
    for (const block of this.blocks) {
      const { codes, times, subjects, resources, others, details, counts } = block;
      const rows = block === this.last ? this.size : BLOCK;
      for (let index = 0; index < rows; index++) {
        take(codes[index], times[index], subjects[index], resources[index], others?.[index], details?.[index], counts[index]);
      }
    }
    this.blocks = [];
    this.last = undefined;
    this.size = BLOCK;
  }

  private extend(): void {
    this.last = {
      times: new Float64Array(BLOCK), codes: new Uint8Array(BLOCK), counts: new Int32Array(BLOCK),
      subjects: newColumn(), resources: newColumn(), others: undefined, details: undefined,
    };
    this.blocks.push(this.last);
    this.size = 0;
  }
}

function newColumn(): string[] {
  return new Array<string>(BLOCK);
}
