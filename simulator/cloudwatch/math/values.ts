import { ServiceError } from '../../contracts';

/** A value a period, oldest first; undefined where there is no data point. */
export class TimeSeries {
  /**
   * @param period in seconds
   * @param metric whether it is a metric itself, not the result of an expression
   * @param end of the last period, in milliseconds since the epoch
   * @param label of the metric that it comes from
   */
  constructor(
    readonly points: readonly (number | undefined)[], readonly period: number, readonly metric = false, readonly end = 0,
    readonly label?: string,
  ) {}

  /** The values that are there. */
  get values(): number[] {
    return this.points.filter((point) => point !== undefined);
  }

  map(change: (point: number) => number): TimeSeries {
    return this.with(this.points.map((point) => (point === undefined ? undefined : finite(change(point)))));
  }

  with(points: readonly (number | undefined)[]): TimeSeries {
    return new TimeSeries(points, this.period, false, this.end, this.label);
  }

  labelled(label = this.label): TimeSeries {
    return new TimeSeries(this.points, this.period, this.metric, this.end, label);
  }

  /** The start of a period, which is the timestamp of its data point, in milliseconds since the epoch. */
  startOf(index: number): number {
    return this.end - (this.points.length - index) * this.period * 1000;
  }
}

/** A word or a text: what only some functions take, and no operator does. */
export class Literal {
  constructor(readonly text: string, readonly quoted: boolean) {}
}

/** What AWS's page on metric math calls S, TS and TS[]. */
export type Value = number | TimeSeries | readonly TimeSeries[];
export type Parameter = Value | Literal;

export function isList(value: Parameter): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

/** A division by zero drops the data point. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Applies a function of one series to a series or to each of a list. */
export function each(value: Parameter, change: (series: TimeSeries) => TimeSeries, name: string): Value {
  if (value instanceof TimeSeries) return change(value);
  if (isList(value)) return value.map(change);
  return refuse(`${name} takes a time series or an array of them, got ${describe(value)}`);
}

/** Combines the values of several series, period by period; `none` makes the series of a search that found none. */
export function across(
  list: readonly TimeSeries[], combine: (values: number[], all: number) => number, none?: () => TimeSeries,
): TimeSeries {
  if (list.length === 0) return none?.() ?? refuse('an array of time series must not be empty');
  const points = list[0].points.map((_, index) => {
    const values = list.map((series) => series.points[index]).filter((point) => point !== undefined);
    return values.length === 0 ? undefined : finite(combine(values, list.length));
  });
  return list[0].with(points);
}

export function describe(value: Parameter): string {
  if (value instanceof Literal) return value.quoted ? `the text "${value.text}"` : `'${value.text}'`;
  if (value instanceof TimeSeries) return 'a time series';
  return isList(value) ? 'an array of time series' : `the number ${value}`;
}

export function refuse(message: string): never {
  throw new ServiceError('ValidationError', message);
}
