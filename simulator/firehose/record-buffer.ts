import type { Clock, Timer } from '../clock';
import type { StreamRecord } from './record';

export interface BufferingHints {
  /** MiB. */
  readonly size: number;
  /** Seconds. */
  readonly interval: number;
}

/** Gathers records from the first of them for an interval, or until they reach a size. */
export class RecordBuffer {
  private records: StreamRecord[] = [];
  private bytes = 0;
  private timer: Timer | undefined;

  /** @param hints asked when they are needed: they may change */
  constructor(
    private readonly clock: Clock, private readonly hints: () => BufferingHints, private readonly full: (records: readonly StreamRecord[]) => void,
  ) {}

  get length(): number {
    return this.records.length;
  }

  add(record: StreamRecord): void {
    const { size, interval } = this.hints();
    this.timer ??= this.clock.schedule(interval * 1000, () => this.flush());
    this.records.push(record);
    this.bytes += record.data.length;
    if (this.bytes >= size * 1024 * 1024) this.flush();
  }

  clear(): readonly StreamRecord[] {
    const { records } = this;
    this.timer?.cancel();
    this.timer = undefined;
    this.records = [];
    this.bytes = 0;
    return records;
  }

  private flush(): void {
    this.full(this.clear());
  }
}
