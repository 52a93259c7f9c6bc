import type { Clock, Timer } from '../clock';
import type { EventSourceMappingProperties } from './properties';

interface Scale {
  /** Batches at a time at first, and when the queue was empty. */
  readonly first: number;
  /** To which failures bring it down. */
  readonly fewest: number;
  readonly most: number;
  /** Batches more in an interval, in milliseconds, while messages are left. */
  readonly growth: { readonly batches: number; readonly interval: number };
}

/**
 * Figures of https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: five batches at a time at first, up
 * to 300 more a minute while messages are left, at most 1,250, and as few as two.
 */
const STANDARD: Scale = { first: 5, fewest: 2, most: 1250, growth: { batches: 5, interval: 1000 } };

/**
 * Figures of https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html: an event poller has up to ten
 * invocations at a time, and up to 1,000 more begin in a minute.
 */
const PROVISIONED = { minimum: 2, maximum: 200, invocations: 10, growth: { batches: 50, interval: 3000 } };

/** Of a FIFO queue only its message groups and what the mapping is given set a limit. */
export function scaleOf({ queue, maximumConcurrency, provisionedPollers }: EventSourceMappingProperties): Scale {
  if (provisionedPollers) {
    const { minimum = PROVISIONED.minimum, maximum = PROVISIONED.maximum } = provisionedPollers;
    const least = minimum * PROVISIONED.invocations;
    return { first: least, fewest: least, most: maximum * PROVISIONED.invocations, growth: PROVISIONED.growth };
  }
  const most = maximumConcurrency ?? STANDARD.most;
  return { ...STANDARD, most, first: queue.fifo ? most : Math.min(STANDARD.first, most) };
}

/** Milliseconds without a batch after which it starts again. */
const REST = 1000;

/**
 * How many batches a mapping has under way at a time. It grows while messages are left, and starts again when none was
 * under way for a second. A batch that fails as a whole halves it; each that succeeds then adds one, up to the first.
 */
export class Concurrency {
  private limit: number;
  private underWay = 0;
  private growth: Timer | undefined;
  private rest: Timer | undefined;

  constructor(private readonly clock: Clock, private readonly scale: Scale, private readonly onGrown: () => void) {
    this.limit = scale.first;
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
    if (failedWhole) this.limit = Math.max(this.scale.fewest, Math.floor(this.limit / 2));
    else if (this.limit < this.scale.first) this.limit++;
    if (this.underWay > 0) return;
    this.rest = this.clock.schedule(REST, () => { this.limit = Math.min(this.limit, this.scale.first); });
  }

  /** Messages are left though no more batches may begin. */
  messagesAreLeft(): void {
    const { most, growth } = this.scale;
    if (this.limit >= most) return;
    this.growth ??= this.clock.schedule(growth.interval, () => {
      this.growth = undefined;
      this.limit = Math.min(most, this.limit + growth.batches);
      this.onGrown();
    });
  }
}
