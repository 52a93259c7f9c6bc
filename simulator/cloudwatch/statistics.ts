import type { Aggregate } from './buckets';
import { atPercentile, samplesOf, trimmedStatistic } from './trimmed-statistics';

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** What a window's samples come to; undefined where they cannot say, as percentiles of statistic sets and of negative values. */
export type Compute = (aggregate: Aggregate) => number | undefined;

const COMPUTED: Readonly<Record<Statistic, Compute>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/**
 * Reads `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or what CloudWatch calls an extended statistic: a
 * percentile such as `p99`, a trimmed statistic such as `tm90` or `TM(2%:98%)`, a percentile rank such as `PR(:300)`.
 * @returns the computation, or what is wrong with the name
 */
export function statistic(name: string): Compute | string {
  return COMPUTED[name as Statistic] ?? extended(name)
    ?? `a statistic must be one of ${STATISTICS.join(', ')}, a percentile such as p99 or a trimmed statistic such as TM(2%:98%), got '${name}'`;
}

/** Whether a statistic is one that alarms have as their `ExtendedStatistic`. */
export function isExtended(name: string): boolean {
  return extended(name) !== undefined;
}

/** The percent of a percentile such as `p99`; undefined for another statistic. */
export function percentileOf(name: string): number | undefined {
  const percentile = PERCENTILE.exec(name);
  return percentile ? Number(percentile[1]) : undefined;
}

function extended(name: string): Compute | undefined {
  const percent = percentileOf(name);
  if (percent === undefined) return trimmedStatistic(name);
  return (aggregate) => {
    if (aggregate.minimum < 0) return undefined;
    const samples = samplesOf(aggregate);
    return samples && atPercentile(samples, percent, aggregate.count);
  };
}
