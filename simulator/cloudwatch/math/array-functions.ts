import type { MathFunction } from './functions';
import { describe, isList, Literal, refuse, type Parameter, type TimeSeries } from './values';

function list(value: Parameter, name: string): readonly TimeSeries[] {
  return isList(value) ? value : refuse(`${name} takes an array of time series, got ${describe(value)}`);
}

function wholeNumber(value: Parameter | undefined, name: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0)) return value;
  return refuse(`${name} takes whole numbers from 0, got ${describe(value)}`);
}

function keyword(value: Parameter, name: string, oneOf: readonly string[]): string {
  if (value instanceof Literal && !value.quoted && oneOf.includes(value.text)) return value.text;
  return refuse(`${name} takes one of ${oneOf.join(', ')}, got ${describe(value)}`);
}

const KEYS: Readonly<Record<string, (series: TimeSeries) => number>> = {
  SUM: ({ values }) => values.reduce((sum, value) => sum + value, 0),
  AVG: ({ values, points }) => values.reduce((sum, value) => sum + value, 0) / points.length,
  MIN: ({ values }) => Math.min(...values),
  MAX: ({ values }) => Math.max(...values),
};

function sort([value, by, order, limit]: readonly Parameter[]): readonly TimeSeries[] {
  const key = KEYS[keyword(by, 'SORT', Object.keys(KEYS))];
  const sign = keyword(order, 'SORT', ['ASC', 'DESC']) === 'ASC' ? 1 : -1;
  const series = list(value, 'SORT');
  const filled = series.filter(({ values }) => values.length > 0).sort((one, other) => sign * (key(one) - key(other)));
  return [...filled, ...series.filter(({ values }) => values.length === 0)].slice(0, wholeNumber(limit, 'SORT'));
}

function end(name: string, pick: (series: readonly TimeSeries[]) => TimeSeries | undefined): MathFunction {
  return { takes: [1, 1], apply: ([value], none) => pick(list(value, name)) ?? none?.() ?? refuse(`${name} takes an array that is not empty`) };
}

/** The functions that take an array of time series as a whole. */
export const ARRAY_FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  SORT: { takes: [3, 4], apply: sort },
  SLICE: {
    takes: [2, 3],
    apply: ([value, from, to]) => list(value, 'SLICE').slice(wholeNumber(from, 'SLICE'), wholeNumber(to, 'SLICE')),
  },
  FIRST: end('FIRST', (series) => series[0]),
  LAST: end('LAST', (series) => series.at(-1)),
  METRIC_COUNT: { takes: [1, 1], apply: ([value]) => list(value, 'METRIC_COUNT').length },
  REMOVE_EMPTY: { takes: [1, 1], apply: ([value]) => list(value, 'REMOVE_EMPTY').filter(({ values }) => values.length > 0) },
};
