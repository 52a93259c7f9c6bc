/** How many distinct values a bucket keeps exactly; further ones are rounded to three significant digits. */
const EXACT_VALUES = 200;

/** How often each value occurred: what percentiles need beyond sum, count, minimum and maximum. */
export type Distribution = Map<number, number>;

/** The samples of one window of time. */
export interface Aggregate {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Undefined where statistic sets were put: their single values are not known. */
  readonly distribution: () => Distribution | undefined;
}

/** What `PutMetricData` calls a statistic set. */
export interface StatisticSet {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * The samples of one metric in buckets of one width, in the order of time. Columns instead of objects: a simulated day
 * has more than a thousand buckets a metric.
 */
export class Buckets {
  private readonly times: number[] = [];
  private readonly sums: number[] = [];
  private readonly counts: number[] = [];
  private readonly minima: number[] = [];
  private readonly maxima: number[] = [];
  /** By the start of the bucket, and only where its samples differ; null when a statistic set hides them. */
  private readonly distributions = new Map<number, Distribution | null>();
  private first = 0;

  /** @param width and `retention` in milliseconds; buckets older than that, counted from the newest, are dropped */
  constructor(private readonly width: number, private readonly retention: number) {}

  /** The start of the newest bucket, in milliseconds; undefined without one. */
  get newest(): number | undefined {
    return this.times[this.times.length - 1];
  }

  record(at: number, value: number, count: number): void {
    const index = this.bucket(at);
    const { minima, maxima, counts } = this;
    if (counts[index] === 0) {
      minima[index] = maxima[index] = value;
    } else if (value !== minima[index] || value !== maxima[index]) {
      this.spread(index, value, count);
      if (value < minima[index]) minima[index] = value;
      if (value > maxima[index]) maxima[index] = value;
    }
    this.sums[index] += value * count;
    counts[index] += count;
  }

  recordSet(at: number, set: StatisticSet): void {
    if (set.minimum === set.maximum) {
      this.record(at, set.minimum, set.count);
      return;
    }
    const index = this.bucket(at);
    const empty = this.counts[index] === 0;
    this.minima[index] = empty ? set.minimum : Math.min(this.minima[index], set.minimum);
    this.maxima[index] = empty ? set.maximum : Math.max(this.maxima[index], set.maximum);
    this.distributions.set(this.times[index], null);
    this.sums[index] += set.sum;
    this.counts[index] += set.count;
  }

  /** Whether the bucket of this moment has samples. */
  has(at: number): boolean {
    const time = at - (at % this.width);
    return this.times[this.lowerBound(time)] === time;
  }

  /** The samples of the buckets that start from `from` up to, but not at, `to`; undefined without any. */
  aggregate(from: number, to: number): Aggregate | undefined {
    const start = this.lowerBound(from);
    let end = start;
    let sum = 0;
    let count = 0;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (; end < this.times.length && this.times[end] < to; end++) {
      sum += this.sums[end];
      count += this.counts[end];
      if (this.minima[end] < minimum) minimum = this.minima[end];
      if (this.maxima[end] > maximum) maximum = this.maxima[end];
    }
    if (end === start) return undefined;
    return { sum, count, minimum, maximum, distribution: () => this.distribution(start, end) };
  }

  private distribution(start: number, end: number): Distribution | undefined {
    const merged: Distribution = new Map();
    for (let index = start; index < end; index++) {
      const values = this.distributions.get(this.times[index]);
      if (values === null) return undefined;
      if (values === undefined) add(merged, this.minima[index], this.counts[index]);
      else for (const [value, count] of values) add(merged, value, count);
    }
    return merged;
  }

  private spread(index: number, value: number, count: number): void {
    let values = this.distributions.get(this.times[index]);
    if (values === null) return;
    if (values === undefined) this.distributions.set(this.times[index], values = new Map([[this.minima[index], this.counts[index]]]));
    add(values, values.size < EXACT_VALUES || values.has(value) ? value : Number(value.toPrecision(3)), count);
  }

  private bucket(at: number): number {
    const time = at - (at % this.width);
    const last = this.times.length - 1;
    if (last >= 0 && this.times[last] === time) return last;
    if (last < 0 || this.times[last] < time) {
      this.insert(last + 1, time);
      this.drop(time - this.retention);
      return this.times.length - 1;
    }
    const index = this.lowerBound(time);
    if (this.times[index] !== time) this.insert(index, time);
    return index;
  }

  private insert(index: number, time: number): void {
    if (index === this.times.length) {
      this.times.push(time);
      for (const column of [this.sums, this.counts, this.minima, this.maxima]) column.push(0);
    } else {
      this.times.splice(index, 0, time);
      for (const column of [this.sums, this.counts, this.minima, this.maxima]) column.splice(index, 0, 0);
    }
  }

  private drop(before: number): void {
    while (this.times[this.first] < before) this.distributions.delete(this.times[this.first++]);
    if (this.first < 1024 || this.first * 2 < this.times.length) return; // one large move instead of many small ones
    for (const column of [this.times, this.sums, this.counts, this.minima, this.maxima]) column.splice(0, this.first);
    this.first = 0;
  }

  private lowerBound(time: number): number {
    let low = this.first;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function add(distribution: Distribution, value: number, count: number): void {
  distribution.set(value, (distribution.get(value) ?? 0) + count);
}

/** The samples of several windows taken together. */
export function together(aggregates: readonly Aggregate[]): Aggregate | undefined {
  if (aggregates.length <= 1) return aggregates[0];
  return {
    sum: aggregates.reduce((sum, each) => sum + each.sum, 0),
    count: aggregates.reduce((count, each) => count + each.count, 0),
    minimum: Math.min(...aggregates.map((each) => each.minimum)),
    maximum: Math.max(...aggregates.map((each) => each.maximum)),
    distribution: () => {
      const merged: Distribution = new Map();
      for (const each of aggregates) {
        const values = each.distribution();
        if (!values) return undefined;
        for (const [value, count] of values) add(merged, value, count);
      }
      return merged;
    },
  };
}
