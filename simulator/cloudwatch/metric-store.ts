import { Buckets, together, type Aggregate, type StatisticSet } from './buckets';

const MINUTE = 60_000;
const SECOND = 1_000;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention */
const MINUTES_KEPT_FOR = 15 * 24 * 60 * MINUTE;
const SECONDS_KEPT_FOR = 3 * 60 * MINUTE;

export type Dimensions = Readonly<Record<string, string>>;

export interface PutOptions {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly unit?: string;
  /** 1 keeps buckets of one second for three hours, beside those of one minute. @default 60 */
  readonly storageResolution?: 1 | 60;
}

/** One metric: a namespace, a name and dimensions. Samples with different units are kept apart, as CloudWatch does. */
export class Metric {
  private readonly minutes = new Map<string, Buckets>();
  private readonly seconds = new Map<string, Buckets>();

  constructor(readonly namespace: string, readonly name: string, readonly dimensions: Dimensions) {}

  put(value: number, count: number, { at, unit = 'None', storageResolution }: PutOptions): void {
    this.perMinute(unit).record(at, value, count);
    if (storageResolution === 1) this.perSecond(unit).record(at, value, count);
  }

  putSet(set: StatisticSet, { at, unit = 'None', storageResolution }: PutOptions): void {
    this.perMinute(unit).recordSet(at, set);
    if (storageResolution === 1) this.perSecond(unit).recordSet(at, set);
  }

  /** The buckets of one minute: what publishes often keeps hold of them. */
  perMinute(unit: string): Buckets {
    return buckets(this.minutes, unit, MINUTE, MINUTES_KEPT_FOR);
  }

  /**
   * The samples from `from` up to, but not at, `to`, both in milliseconds.
   * @param unit only samples of this unit; without it, of all units
   * @param period in milliseconds; under a minute, only what was put with a storage resolution of 1 second counts
   */
  aggregate(from: number, to: number, period: number, unit?: string): Aggregate | undefined {
    const kept = period < MINUTE ? this.seconds : this.minutes;
    if (unit !== undefined) return kept.get(unit)?.aggregate(from, to);
    const found: Aggregate[] = [];
    for (const each of kept.values()) {
      const aggregate = each.aggregate(from, to);
      if (aggregate) found.push(aggregate);
    }
    return together(found);
  }

  /** The units of the samples that are kept for a period in milliseconds. */
  units(period: number): string[] {
    return [...(period < MINUTE ? this.seconds : this.minutes).keys()];
  }

  /** The start of the newest minute with a sample. */
  get newest(): number {
    return Math.max(...[...this.minutes.values()].map((each) => each.newest ?? -Infinity));
  }

  private perSecond(unit: string): Buckets {
    return buckets(this.seconds, unit, SECOND, SECONDS_KEPT_FOR);
  }
}

function buckets(kept: Map<string, Buckets>, unit: string, width: number, retention: number): Buckets {
  let found = kept.get(unit);
  if (!found) kept.set(unit, found = new Buckets(width, retention));
  return found;
}

/** All metrics of a simulation. */
export class MetricStore {
  private readonly metrics = new Map<string, Metric>();

  /** The metric, made when it does not exist. */
  metric(namespace: string, name: string, dimensions: Dimensions): Metric {
    const key = keyOf(namespace, name, dimensions);
    let metric = this.metrics.get(key);
    if (!metric) this.metrics.set(key, metric = new Metric(namespace, name, { ...dimensions }));
    return metric;
  }

  find(namespace: string, name: string, dimensions: Dimensions): Metric | undefined {
    return this.metrics.get(keyOf(namespace, name, dimensions));
  }

  all(): Metric[] {
    return [...this.metrics.values()];
  }
}

function keyOf(namespace: string, name: string, dimensions: Dimensions): string {
  let key = `${namespace}\n${name}`;
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  for (const dimension of names) key += `\n${dimension}\t${dimensions[dimension]}`;
  return key;
}
