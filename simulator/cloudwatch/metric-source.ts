import { refuse, TimeSeries } from './math/values';
import type { Dimensions, MetricStore } from './metric-store';
import { searchExpression } from './search/expression';
import { labelsOf } from './search/labels';
import type { Compute } from './statistics';

/** One statistic of one metric, period by period. */
export interface MetricStatistic {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly statistic: string;
  readonly compute: Compute;
  /** Seconds. */
  readonly period: number;
  readonly unit?: string;
}

/** Adjoining periods: `count` of them, the last one ending at `end` (milliseconds). */
export interface Frame {
  readonly end: number;
  readonly count: number;
}

/** A search finds metrics that had data in the two weeks before, in milliseconds. */
const SEARCHED_BACK = 14 * 24 * 3_600_000;

const PERIODS_UNDER_A_MINUTE: readonly number[] = [1, 5, 10, 20, 30];

/** Where the values of metrics come from. */
export interface MetricSource {
  points(metric: MetricStatistic): TimeSeries;
  search(text: string, statistic: MetricStatistic['statistic'], compute: Compute, period: number): readonly TimeSeries[];
  /** A series without data. */
  none(period: number): TimeSeries;
}

/** The values of one metric in each period of a frame. */
export function pointsOf(metric: MetricStatistic, { end, count }: Frame, store: MetricStore, label = metric.name): TimeSeries {
  const kept = store.find(metric.namespace, metric.name, metric.dimensions);
  const period = metric.period * 1000;
  const points = Array.from({ length: count }, (_, index) => {
    const from = end - (count - index) * period;
    const aggregate = kept?.aggregate(from, from + period, period, metric.unit);
    return aggregate && metric.compute(aggregate);
  });
  return new TimeSeries(points, metric.period, true, end, label);
}

/** No data, of which a search finds one series. */
export const NO_DATA: MetricSource = {
  points: ({ period }) => new TimeSeries([], period, true),
  search: (text, _statistic, _compute, period) => {
    searchExpression(text);
    if (period < 1 || (period % 60 !== 0 && !PERIODS_UNDER_A_MINUTE.includes(period))) {
      refuse(`the period of a search must be ${PERIODS_UNDER_A_MINUTE.join(', ')} or a multiple of 60, got ${period}`);
    }
    return [new TimeSeries([], period, true)];
  },
  none: (period) => new TimeSeries([], period),
};

/** The data of a frame. */
export function sourceOf(frame: Frame, store: MetricStore): MetricSource {
  return {
    points: (metric) => pointsOf(metric, frame, store),
    search: (text, name, compute, period) => {
      const matches = searchExpression(text);
      const found = store.all().filter((metric) => metric.newest >= frame.end - SEARCHED_BACK && matches(metric));
      const labels = labelsOf(found);
      return found.map((metric, index) => {
        const { namespace, dimensions } = metric;
        return pointsOf({ namespace, name: metric.name, dimensions, statistic: name, compute, period }, frame, store, labels[index]);
      });
    },
    none: (period) => new TimeSeries(Array.from({ length: frame.count }, () => undefined), period, false, frame.end),
  };
}
