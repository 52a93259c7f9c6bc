import type { Aggregate } from './buckets';

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** What a window's samples come to; undefined where they cannot say, as percentiles of statistic sets. */
export type Compute = (aggregate: Aggregate) => number | undefined;

const COMPUTED: Readonly<Record<Statistic, Compute>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Statistics that CloudWatch has and the simulator does not model. */
const NOT_MODELLED = /^(?:(?:tm|wm|tc|ts|pr)\d*(?:\.\d+)?(?:\(.*\))?|(?:TM|WM|TC|TS|PR)\(.*\)|iqm|IQM)$/;

/**
 * Reads `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99` or `p99.9`.
 * @returns the computation, or what is wrong with the name
 */
export function statistic(name: string): Compute | string {
  const computed = COMPUTED[name as Statistic];
  if (computed) return computed;
  const percentile = PERCENTILE.exec(name);
  if (percentile) return (aggregate) => percentileOf(aggregate, Number(percentile[1]));
  if (NOT_MODELLED.test(name)) return `the statistic '${name}' is not modelled by the simulator`;
  return `a statistic must be one of ${STATISTICS.join(', ')} or a percentile such as p99, got '${name}'`;
}

export function isPercentile(name: string): boolean {
  return PERCENTILE.test(name);
}

/** The nearest rank: the smallest value that at least `percent` percent of the samples do not exceed. */
function percentileOf(aggregate: Aggregate, percent: number): number | undefined {
  if (aggregate.minimum === aggregate.maximum) return aggregate.minimum;
  const distribution = aggregate.distribution();
  if (!distribution) return undefined;
  const rank = Math.max(1, Math.ceil((percent / 100) * aggregate.count));
  let seen = 0;
  for (const value of [...distribution.keys()].sort((one, other) => one - other)) {
    seen += distribution.get(value)!;
    if (seen >= rank) return value;
  }
  return aggregate.maximum;
}
