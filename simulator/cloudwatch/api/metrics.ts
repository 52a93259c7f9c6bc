import type { CloudWatchService } from '..';
import type { Operation } from '../api';
import type { Aggregate } from '../buckets';
import { isList, TimeSeries } from '../math/values';
import { Members } from '../members';
import { MetricQueries, readPeriod, type MetricQuery } from '../metric-queries';
import type { Dimensions, MetricStore } from '../metric-store';
import { statistic, STATISTICS, type Compute } from '../statistics';
import { epochSeconds } from '../timestamp';
import { page } from './page';

const HOUR = 3_600_000;
const LISTED_FOR = 14 * 24 * HOUR;
const METRICS_A_PAGE = 500;
const DATAPOINTS_OF_STATISTICS = 1_440;
const DATAPOINTS = 100_800;
const QUERIES = 500;
const PERIODS_UNDER_A_MINUTE = [1, 5, 10, 20, 30];

export function metricOperations({ metrics, clock, place }: CloudWatchService): Record<string, Operation> {
  return {
    ListMetrics(input) {
      const members = new Members(input);
      const namespace = members.text('Namespace');
      const name = members.text('MetricName');
      const filters = members.list('Dimensions').map((filter) => (
        { name: filter.required(filter.text('Name'), 'Name'), value: filter.text('Value') }
      ));
      const recent = members.text('RecentlyActive', { oneOf: ['PT3H'] });
      const token = members.text('NextToken');
      members.nothingElse();
      members.finish('InvalidParameterValue');
      const since = clock.now() - (recent ? 3 * HOUR : LISTED_FOR);
      const found = metrics.all().filter((metric) => metric.newest >= since
        && (namespace ?? metric.namespace) === metric.namespace && (name ?? metric.name) === metric.name
        && filters.every((filter) => Object.hasOwn(metric.dimensions, filter.name)
          && (filter.value ?? metric.dimensions[filter.name]) === metric.dimensions[filter.name]));
      const { page: shown, ...next } = page(found, METRICS_A_PAGE, token);
      return {
        Metrics: shown.map(({ namespace: Namespace, name: MetricName, dimensions }) => (
          { Namespace, MetricName, Dimensions: pairs(dimensions) }
        )),
        ...next,
      };
    },

    GetMetricStatistics(input) {
      const members = new Members(input);
      const namespace = members.required(members.text('Namespace'), 'Namespace');
      const name = members.required(members.text('MetricName'), 'MetricName');
      const dimensions = members.dimensions();
      const period = members.required(readPeriod(members, 'Period', PERIODS_UNDER_A_MINUTE), 'Period') * 1000;
      const unit = members.text('Unit');
      const simple = readStatistics(members, 'Statistics', (text) => (STATISTICS as readonly string[]).includes(text));
      const extended = readStatistics(members, 'ExtendedStatistics', () => true);
      if (simple.length + extended.length === 0) members.problem("either 'Statistics' or 'ExtendedStatistics' must be given");
      const range = readRange(members, period);
      members.nothingElse();
      if (range.count > DATAPOINTS_OF_STATISTICS) {
        const rule = `must give at most ${DATAPOINTS_OF_STATISTICS} data points`;
        members.problem(`'StartTime', 'EndTime' and 'Period' ${rule}, got ${range.count}`);
      }
      members.finish('InvalidParameterValue');
      const metric = metrics.find(namespace, name, dimensions);
      const units = (metric?.units(period) ?? []).filter((each) => (unit ?? each) === each);
      return {
        Label: name,
        Datapoints: starts(range, period).flatMap((at) => units.flatMap((each) => {
          const aggregate = metric?.aggregate(at, at + period, period, each);
          if (!aggregate) return [];
          const percentiles = extended.length > 0 && { ExtendedStatistics: values(extended, aggregate) };
          return [{ Timestamp: epochSeconds(at), ...values(simple, aggregate), ...percentiles, Unit: each }];
        })),
      };
    },

    GetMetricData(input) {
      const members = new Members(input);
      const queries = MetricQueries.read(members.list('MetricDataQueries'), members, place.account);
      const ascending = members.text('ScanBy', { oneOf: ['TimestampDescending', 'TimestampAscending'] }) === 'TimestampAscending';
      const most = members.number('MaxDatapoints', { least: 1, most: DATAPOINTS, whole: true }) ?? DATAPOINTS;
      const token = members.text('NextToken');
      if (queries.queries.length > QUERIES) {
        members.problem(`'MetricDataQueries' must have at most ${QUERIES} entries, got ${queries.queries.length}`);
      }
      const returned = queries.queries.filter(({ returnData }) => returnData);
      const ranges = returned.map((query) => readRange(members, queries.periodOf(query) * 1000));
      members.nothingElse();
      members.finish();
      const results = returned.flatMap((query, index) => seriesOf(query, queries, metrics, ranges[index]));
      if (!ascending) {
        for (const { Timestamps, Values } of results) {
          Timestamps.reverse();
          Values.reverse();
        }
      }
      return { ...dataPage(results, most, token), Messages: [] };
    },
  };
}

/** Whole periods, the first one starting at `start`, in milliseconds. */
interface Range {
  readonly start: number;
  readonly count: number;
}

/** Reads `StartTime`, which is rounded down to a whole period, and `EndTime`, which is not part of the range. */
function readRange(members: Members, period: number): Range {
  const from = members.required(members.time('StartTime'), 'StartTime');
  const to = members.required(members.time('EndTime'), 'EndTime');
  if (from >= to) members.problem("'StartTime' must be before 'EndTime'");
  const start = from - (from % period);
  return { start, count: Math.ceil((to - start) / period) };
}

function starts({ start, count }: Range, period: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index * period);
}

interface MetricDataResult {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: number[];
  readonly Values: number[];
  readonly StatusCode: 'Complete';
}

/** So many data points, one series after the other; a series that goes on in the next page is partial. */
function dataPage(results: readonly MetricDataResult[], size: number, token: string | undefined): Record<string, unknown> {
  const count = results.reduce((sum, { Values }) => sum + Values.length, 0);
  const { page: shown, ...next } = page([...Array(count).keys()], size, token);
  const first = Number(token ?? 0);
  let begin = -first;
  const MetricDataResults = results.flatMap((result) => {
    const { Timestamps, Values } = result;
    const [from, to] = [Math.max(0, -begin), Math.max(0, shown.length - begin)];
    begin += Values.length;
    const isEmpty = Values.slice(from, to).length === 0;
    if (isEmpty && (Values.length > 0 || first > 0)) return [];
    const StatusCode = to < Values.length ? 'PartialData' : 'Complete';
    return [{ ...result, StatusCode, Timestamps: Timestamps.slice(from, to), Values: Values.slice(from, to) }];
  });
  return { MetricDataResults, ...next };
}

/** Oldest first; an expression can result in several series. */
function seriesOf(query: MetricQuery, queries: MetricQueries, store: MetricStore, range: Range): MetricDataResult[] {
  const period = queries.periodOf(query) * 1000;
  const value = queries.value(query, { end: range.start + range.count * period, count: range.count }, store);
  const own = query.label ?? query.metric?.name ?? query.id;
  return (isList(value) ? value : [value as TimeSeries]).map(({ points, label: metric }) => {
    const label = isList(value) ? [query.label ?? '', metric ?? ''].filter((part) => part !== '').join(' ') : own;
    const times = starts(range, period).filter((_, index) => points[index] !== undefined);
    return {
      Id: query.id, Label: label, StatusCode: 'Complete',
      Timestamps: times.map(epochSeconds), Values: points.filter((point) => point !== undefined),
    };
  });
}

type Named = readonly [name: string, compute: Compute];

function readStatistics(members: Members, name: string, allowed: (text: string) => boolean): Named[] {
  return members.texts(name).flatMap((text) => {
    const compute = allowed(text) ? statistic(text) : `must be of ${STATISTICS.join(', ')}, got '${text}'`;
    if (typeof compute !== 'string') return [[text, compute] as const];
    members.problem(`'${name}': ${compute}`);
    return [];
  });
}

function values(statistics: readonly Named[], aggregate: Aggregate): Record<string, number | undefined> {
  return Object.fromEntries(statistics.map(([name, compute]) => [name, compute(aggregate)]));
}

function pairs(dimensions: Dimensions): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
