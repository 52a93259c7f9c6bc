import type { Aggregate } from './buckets';

/** A side of a range that is open has no bound: `TM(:90%)`. Both are percentages of the samples or both are values. */
interface Range {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly percent: boolean;
}

/** How often a value occurred, smallest value first. */
type Samples = readonly (readonly [value: number, count: number])[];

type Kind = 'TM' | 'WM' | 'TC' | 'TS' | 'PR';

const NUMBER = '-?\\d+(?:\\.\\d{1,10})?';
const SHORT = new RegExp(`^(TM|WM|TC|TS)(\\d{1,2}(?:\\.\\d{1,10})?|100)$`, 'i');
const RANGE = new RegExp(`^(TM|WM|TC|TS|PR)\\((${NUMBER})?(%?):(${NUMBER})?(%?)\\)$`, 'i');

/**
 * Reads a trimmed or winsorized mean, a trimmed count or sum, a percentile rank or the interquartile mean: `tm90`,
 * `TM(2%:98%)`, `WM(80%:95%)`, `TC(0.005:0.030)`, `TS(80%:)`, `PR(:300)`, `IQM`.
 * @returns undefined for another name, and for bounds that are none
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function trimmedStatistic(name: string): ((aggregate: Aggregate) => number | undefined) | undefined {
  const read = /^iqm$/i.test(name) ? { kind: 'TM' as const, range: { lower: 25, upper: 75, percent: true } } : readShort(name) ?? readRange(name);
  if (!read || !isRange(read.range) || (read.kind === 'PR' && read.range.percent)) return undefined;
  return (aggregate) => {
    const samples = samplesOf(aggregate);
    return samples && COMPUTED[read.kind](samples, read.range, aggregate.count);
  };
}

function readShort(name: string): { kind: Kind; range: Range } | undefined {
  const match = SHORT.exec(name);
  return match ? { kind: match[1].toUpperCase() as Kind, range: { lower: undefined, upper: Number(match[2]), percent: true } } : undefined;
}

function readRange(name: string): { kind: Kind; range: Range } | undefined {
  const match = RANGE.exec(name);
  if (!match) return undefined;
  const [, kind, lower, lowerUnit, upper, upperUnit] = match;
  const bound = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  if ((lower === undefined && lowerUnit) || (upper === undefined && upperUnit)) return undefined;
  if (lower !== undefined && upper !== undefined && lowerUnit !== upperUnit) return undefined;
  return {
    kind: kind.toUpperCase() as Kind, range: { lower: bound(lower), upper: bound(upper), percent: lowerUnit === '%' || upperUnit === '%' },
  };
}

function isRange({ lower, upper, percent }: Range): boolean {
  if (lower === undefined && upper === undefined) return false;
  if (lower !== undefined && upper !== undefined && lower >= upper) return false;
  return !percent || [lower, upper].every((bound) => bound === undefined || (bound >= 0 && bound <= 100));
}

const COMPUTED: Readonly<Record<Kind, (samples: Samples, range: Range, count: number) => number | undefined>> = {
  TM: (samples, range, count) => mean(within(samples, range, count)),
  WM: (samples, range, count) => mean(winsorized(samples, range, count)),
  TC: (samples, range, count) => size(within(samples, range, count)),
  TS: (samples, range, count) => sum(within(samples, range, count)),
  PR: (samples, range, count) => (100 * size(within(samples, range, count))) / count,
};

/** The lower bound is exclusive, the upper one inclusive. */
function within(samples: Samples, { lower, upper, percent }: Range, count: number): Samples {
  if (!percent) return samples.filter(([value]) => value > (lower ?? -Infinity) && value <= (upper ?? Infinity));
  const first = Math.floor(((lower ?? 0) / 100) * count);
  const last = Math.ceil(((upper ?? 100) / 100) * count);
  let rank = 0;
  return samples.map(([value, times]) => {
    const from = Math.max(rank, first);
    rank += times;
    return [value, Math.max(0, Math.min(rank, last) - from)] as const;
  });
}

/** What is outside is taken for the bound: for percentages, for the percentile. */
function winsorized(samples: Samples, { lower, upper, percent }: Range, count: number): Samples {
  const bound = (of: number | undefined, open: number): number => (of === undefined ? open : percent ? atPercentile(samples, of, count) : of);
  const least = bound(lower, -Infinity);
  const most = bound(upper, Infinity);
  return samples.map(([value, times]) => [Math.min(Math.max(value, least), most), times]);
}

/** The nearest rank: the smallest value that at least `percent` percent of the samples do not exceed. */
export function atPercentile(samples: Samples, percent: number, count: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * count));
  let seen = 0;
  for (const [value, times] of samples) {
    seen += times;
    if (seen >= rank) return value;
  }
  return samples[samples.length - 1][0];
}

/** Undefined where statistic sets hide the single values. */
export function samplesOf({ minimum, maximum, count, distribution }: Aggregate): Samples | undefined {
  if (minimum === maximum) return [[minimum, count]];
  const values = distribution();
  return values && [...values].sort(([one], [other]) => one - other);
}

const size = (samples: Samples): number => samples.reduce((all, [, times]) => all + times, 0);
const sum = (samples: Samples): number => samples.reduce((all, [value, times]) => all + value * times, 0);

function mean(samples: Samples): number | undefined {
  const times = size(samples);
  return times === 0 ? undefined : sum(samples) / times;
}
