import type { CommonAlarmProperties } from './alarm';
import { readCommonProperties } from './common-properties';
import { Members } from './members';
import { MetricQueries, readPeriod, readStatistic, type MetricQuery } from './metric-queries';
import type { MetricStatistic } from './metric-source';
import { TREATMENTS, type TreatMissingData } from './missing-data';
import { COMPARISONS, type ComparisonOperator } from './reason';
import { isExtended, percentileOf, STATISTICS } from './statistics';

/** The members of `PutMetricAlarm`, which are those of `AWS::CloudWatch::Alarm`. */
export interface AlarmProperties extends CommonAlarmProperties {
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  /** `SampleCount`, `Average`, `Sum`, `Minimum` or `Maximum`. */
  readonly Statistic?: string;
  /** A percentile such as `p99`, or a trimmed statistic such as `tm90` or `TM(2%:98%)`. */
  readonly ExtendedStatistic?: string;
  /** Seconds: 10, 20, 30 or a multiple of 60. */
  readonly Period?: number;
  readonly Unit?: string;
  /** N: how many periods count. */
  readonly EvaluationPeriods: number;
  /** M: how many of them must breach. @default - all evaluation periods */
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  /** Of the operators, those of anomaly detection are not modelled. */
  readonly ComparisonOperator: string;
  /** Of an alarm on a metric of AWS/DynamoDB it is always `ignore`. @default 'missing' */
  readonly TreatMissingData?: string;
  /**
   * Of a percentile: `ignore` retains the state while there are too few samples for it to mean something.
   * @default 'evaluate'
   */
  readonly EvaluateLowSampleCountPercentile?: string;
  /** In place of one metric: metrics and expressions, exactly one of which returns data. */
  readonly Metrics?: readonly object[];
}

/** The properties of a metric alarm, read and found to be right. */
export interface MetricAlarmSettings {
  readonly common: CommonAlarmProperties;
  readonly watched: { readonly metric: MetricStatistic } | { readonly queries: MetricQueries; readonly returned: MetricQuery };
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly treatMissingData: TreatMissingData;
  /** How many samples each period must have for the alarm to change its state. */
  readonly leastSamples: number;
}

const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 86_400;

/** Throws one `ValidationError` with everything that is wrong with the properties. */
export function readMetricAlarm(properties: AlarmProperties, account: string): MetricAlarmSettings {
  const members = new Members({ ...properties });
  const common = readCommonProperties(members);
  const evaluationPeriods = members.required(members.number('EvaluationPeriods', { least: 1, whole: true }), 'EvaluationPeriods');
  const settings = {
    common,
    evaluationPeriods,
    datapointsToAlarm: members.number('DatapointsToAlarm', { least: 1, most: evaluationPeriods, whole: true }) ?? evaluationPeriods,
    threshold: members.required(members.number('Threshold'), 'Threshold'),
    comparison: members.required(
      members.text('ComparisonOperator', { oneOf: Object.keys(COMPARISONS) }), 'ComparisonOperator',
    ) as ComparisonOperator,
    treatMissingData: (members.text('TreatMissingData', { oneOf: TREATMENTS }) ?? 'missing') as TreatMissingData,
  };
  const lowSamples = members.text('EvaluateLowSampleCountPercentile', { oneOf: ['evaluate', 'ignore'] });
  const watched = members.has('Metrics') ? readQueries(members, account) : { metric: readMetric(members) };
  members.nothingElse();
  members.finish();

  const period = 'metric' in watched ? watched.metric.period : watched.queries.periodOf(watched.returned);
  checkSpan(members, period, evaluationPeriods);
  members.finish();
  const percent = 'metric' in watched && lowSamples === 'ignore' ? percentileOf(watched.metric.statistic) : undefined;
  if (namespacesOf(watched).includes('AWS/DynamoDB')) settings.treatMissingData = 'ignore'; // whatever it says, as on AWS
  return { ...settings, watched, period, leastSamples: percent === undefined ? 0 : significant(percent) };
}

function namespacesOf(watched: MetricAlarmSettings['watched']): (string | undefined)[] {
  return 'metric' in watched ? [watched.metric.namespace] : watched.queries.queries.map(({ metric }) => metric?.namespace);
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html */
function significant(percent: number): number {
  const share = Math.min(percent, 100 - percent) / 100;
  return share > 0 ? Math.round(10 / share) : 0;
}

function readMetric(members: Members): MetricStatistic {
  const simple = members.has('Statistic');
  if (simple === members.has('ExtendedStatistic')) members.problem("an alarm must have either 'Statistic' or 'ExtendedStatistic'");
  const read = readStatistic(members, simple ? 'Statistic' : 'ExtendedStatistic');
  if (read && simple === isExtended(read.name)) {
    members.problem(simple
      ? `'Statistic' must be one of ${STATISTICS.join(', ')}, got '${read.name}'`
      : `'ExtendedStatistic' must be a percentile such as p99 or a trimmed statistic such as tm90, got '${read.name}'`);
  }
  return {
    namespace: members.required(members.text('Namespace', { atMost: 255 }), 'Namespace'),
    name: members.required(members.text('MetricName', { atMost: 255 }), 'MetricName'),
    dimensions: members.dimensions(),
    statistic: read?.name ?? '',
    compute: read?.compute ?? (() => undefined),
    period: members.required(readPeriod(members), 'Period'),
    unit: members.text('Unit'),
  };
}

function readQueries(members: Members, account: string): { queries: MetricQueries; returned: MetricQuery } {
  for (const name of ['MetricName', 'Namespace', 'Dimensions', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit']) {
    const empty = name === 'Dimensions' && members.texts('Dimensions').length === 0;
    if (members.has(name) && !empty) members.problem(`'${name}' must not be given beside 'Metrics'`);
  }
  const queries = MetricQueries.read(members.list('Metrics'), members, account);
  if (queries.search) {
    members.problem('SEARCH is not supported on Metric Alarms');
    members.finish();
  }
  const returned = queries.queries.filter(({ returnData }) => returnData);
  if (returned.length !== 1) {
    members.problem(`exactly one of 'Metrics' must have ReturnData true, got ${returned.map(({ id }) => id).join(', ') || 'none'}`);
    members.finish();
  }
  if (queries.resultsInList(returned[0])) {
    members.problem(`the expression '${returned[0].id}' must result in one time series, not in an array of them`);
    members.finish();
  }
  return { queries, returned: returned[0] };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkSpan(members: Members, period: number, evaluationPeriods: number): void {
  const span = period * evaluationPeriods;
  const most = period >= HOUR_SECONDS ? 7 * DAY_SECONDS : DAY_SECONDS;
  if (span > most) {
    members.problem(`'Period' times 'EvaluationPeriods' must be at most ${most} seconds for this period, got ${span}`);
  }
}
