import type { MathFunction } from './functions';
import { describe, refuse, TimeSeries } from './values';

/** A series without gaps, each value made of the timestamp of its period. */
function ofTimestamp(name: string, read: (moment: Date) => number): MathFunction {
  return {
    takes: [1, 1],
    apply: ([value]) => (value instanceof TimeSeries
      ? value.with(value.points.map((_, index) => read(new Date(value.startOf(index)))))
      : refuse(`${name} takes a time series, got ${describe(value)}`)),
  };
}

/** The functions that read timestamps, in UTC. Days of the week count from Monday, 1, to Sunday, 7. */
export const TIME_FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  MINUTE: ofTimestamp('MINUTE', (moment) => moment.getUTCMinutes()),
  HOUR: ofTimestamp('HOUR', (moment) => moment.getUTCHours()),
  DAY: ofTimestamp('DAY', (moment) => moment.getUTCDay() || 7),
  DATE: ofTimestamp('DATE', (moment) => moment.getUTCDate()),
  MONTH: ofTimestamp('MONTH', (moment) => moment.getUTCMonth() + 1),
  YEAR: ofTimestamp('YEAR', (moment) => moment.getUTCFullYear()),
  EPOCH: ofTimestamp('EPOCH', (moment) => moment.getTime() / 1000),
};
