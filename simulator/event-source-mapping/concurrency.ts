import type { Clock, Timer } from '../clock';

/**
 * Figures of https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: five batches at a time at first, up
 * to 300 more a minute while messages are left, at most 1,000, and as few as two.
 */
const FIRST = 5;
const FEWEST = 2;
const MOST = 1000;
const GROWTH = { batches: 5, interval: 1000 };

/**
 * How many batches a mapping has under way at a time. It grows while messages are left, and starts again when none was
 * under way for a second. Of a FIFO queue only its message groups and the maximum concurrency set a limit. A batch that
 * fails as a whole halves it; each that succeeds then adds one, up to the first.
 */
export class Concurrency {
  private readonly most: number;
  private readonly first: number;
  private limit: number;
  private underWay = 0;
  private growth: Timer | undefined;
  private rest: Timer | undefined;

  constructor(private readonly clock: Clock, fifo: boolean, maximum: number | undefined, private readonly onGrown: () => void) {
    this.most = maximum ?? MOST;
    this.first = fifo ? this.most : Math.min(FIRST, this.most);
    this.limit = this.first;
  }

  get free(): boolean {
    return this.underWay < this.limit;
  }

  begin(): void {
    this.underWay++;
    this.rest?.cancel();
  }

  end(failedWhole: boolean): void {
    this.underWay--;
    if (failedWhole) this.limit = Math.max(FEWEST, Math.floor(this.limit / 2));
    else if (this.limit < this.first) this.limit++;
    if (this.underWay > 0) return;
    this.rest = this.clock.schedule(GROWTH.interval, () => { this.limit = Math.min(this.limit, this.first); });
  }

  /** Messages are left though no more batches may begin. */
  messagesAreLeft(): void {
    if (this.limit >= this.most) return;
    this.growth ??= this.clock.schedule(GROWTH.interval, () => {
      this.growth = undefined;
      this.limit = Math.min(this.most, this.limit + GROWTH.batches);
      this.onGrown();
    });
  }
}
