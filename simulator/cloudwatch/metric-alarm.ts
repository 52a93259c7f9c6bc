import type { AlarmDefinition, CommonAlarmProperties, Verdict } from './alarm';
import { DAY_SECONDS, readMetricAlarm, type AlarmProperties, type MetricAlarmSettings } from './metric-alarm-properties';
import type { MetricQuery } from './metric-queries';
import { pointsOf, type MetricStatistic } from './metric-source';
import type { MetricStore } from './metric-store';
import { evaluate, evaluationRange, type AlarmState } from './missing-data';
import type { TimeSeries } from './math/values';
import { COMPARISONS, reason } from './reason';
import { isExtended } from './statistics';
import { timestamp } from './timestamp';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** An alarm on a metric or on a metric math expression. */
export class MetricAlarm implements AlarmDefinition {
  readonly type = 'MetricAlarm';
  readonly settings: MetricAlarmSettings;

  /** Throws one `ValidationError` with everything that is wrong with the properties. */
  constructor(private readonly given: AlarmProperties, private readonly store: MetricStore, account: string) {
    this.settings = readMetricAlarm(given, account);
  }

  get properties(): CommonAlarmProperties {
    return this.settings.common;
  }

  /** Every ten seconds, minute or hour, as AWS's page on alarm evaluation has it. */
  get interval(): number {
    const { period, evaluationPeriods } = this.settings;
    if (period < 60) return 10 * SECOND;
    return period * evaluationPeriods > DAY_SECONDS ? 60 * MINUTE : MINUTE;
  }

  evaluate(at: number, current: AlarmState): Verdict | undefined {
    const { comparison, threshold, evaluationPeriods } = this.settings;
    const count = evaluationRange(evaluationPeriods);
    const points = this.points(at, count);
    const compare = COMPARISONS[comparison];
    const breaching = points.map((point) => (point === undefined ? undefined : compare.holds(point, threshold)));
    const evaluation = evaluate({ ...this.settings, breaching });
    const { state } = evaluation;
    const startOf = (index: number): number => at - (count - index) * this.settings.period * SECOND;
    if (state === undefined || state === current) return undefined;
    if (evaluation.evaluated.some((index) => this.hasTooFewSamples(startOf(index)))) return undefined;
    const named = this.given.DatapointsToAlarm !== undefined;
    const used = [...evaluation.evaluated].reverse();
    return {
      state,
      reason: reason({ ...this.settings, state, evaluation, breaching, points, startOf, named }),
      reasonData: {
        version: '1.0',
        queryDate: timestamp(at),
        ...(used.length > 0 && { startDate: timestamp(startOf(used.at(-1)!)) }),
        ...this.statisticMember(),
        period: this.settings.period,
        recentDatapoints: evaluation.evaluated.map((index) => points[index]),
        threshold,
        evaluatedDatapoints: used.map((index) => ({ timestamp: timestamp(startOf(index)), value: points[index] })),
      },
    };
  }

  describe(): Record<string, unknown> {
    return {
      ...this.given,
      ...this.settings.common,
      ...('metric' in this.settings.watched && { Dimensions: this.given.Dimensions ?? [], Period: this.settings.period }),
      EvaluationPeriods: this.settings.evaluationPeriods,
      Threshold: this.settings.threshold,
      Tags: undefined,
    };
  }

  trigger(): Record<string, unknown> {
    const { watched, evaluationPeriods, comparison, threshold, treatMissingData } = this.settings;
    const conditions = {
      Period: this.settings.period,
      EvaluationPeriods: evaluationPeriods,
      ...(this.given.DatapointsToAlarm !== undefined && { DatapointsToAlarm: this.settings.datapointsToAlarm }),
      ComparisonOperator: comparison,
      Threshold: threshold,
      TreatMissingData: treatMissingData,
      EvaluateLowSampleCountPercentile: '',
    };
    if ('queries' in watched) return { Trigger: { ...conditions, Metrics: watched.queries.queries.map(queryOfTrigger) } };
    const { name, namespace, dimensions, statistic, unit } = watched.metric;
    const computed = isExtended(statistic)
      ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: statistic }
      : { StatisticType: 'Statistic', Statistic: statisticOfTrigger(statistic) };
    return {
      Trigger: { MetricName: name, Namespace: namespace, ...computed, Unit: unit ?? null, Dimensions: pairs(dimensions), ...conditions },
    };
  }

  configuration(newId: () => string): Record<string, unknown> {
    const { watched, common } = this.settings;
    const metrics = 'metric' in watched
      ? [{ id: newId(), metricStat: metricOfEvent(watched.metric), returnData: true }]
      : watched.queries.queries.map(queryOfEvent);
    return { description: common.AlarmDescription, metrics };
  }

  private hasTooFewSamples(from: number): boolean {
    const { watched, leastSamples } = this.settings;
    if (!('metric' in watched) || leastSamples === 0) return false;
    const { namespace, name, dimensions, period, unit } = watched.metric;
    const samples = this.store.find(namespace, name, dimensions)?.aggregate(from, from + period * SECOND, period * SECOND, unit);
    return (samples?.count ?? 0) < leastSamples;
  }

  private points(at: number, count: number): readonly (number | undefined)[] {
    const { watched } = this.settings;
    if ('metric' in watched) return pointsOf(watched.metric, { end: at, count }, this.store).points;
    return (watched.queries.value(watched.returned, { end: at, count }, this.store) as TimeSeries).points;
  }

  private statisticMember(): Record<string, string> {
    const { watched } = this.settings;
    return 'metric' in watched ? { statistic: watched.metric.statistic } : {};
  }
}

/** The notification spells the statistics in capitals: `SUM`, `SAMPLE_COUNT`. */
function statisticOfTrigger(statistic: string): string {
  return statistic.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

function pairs(dimensions: Readonly<Record<string, string>>): { value: string; name: string }[] {
  return Object.entries(dimensions).map(([name, value]) => ({ value, name }));
}

function queryOfTrigger({ id, label, metric, expression, returnData }: MetricQuery): Record<string, unknown> {
  const watched = metric
    ? {
      MetricStat: {
        Metric: { Dimensions: pairs(metric.dimensions), MetricName: metric.name, Namespace: metric.namespace },
        Period: metric.period, Stat: metric.statistic, ...(metric.unit && { Unit: metric.unit }),
      },
    }
    : { Expression: expression!.text };
  return { Id: id, ...(label && { Label: label }), ...watched, ReturnData: returnData };
}

function metricOfEvent(metric: MetricStatistic): Record<string, unknown> {
  return {
    metric: { namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions },
    period: metric.period, stat: metric.statistic, ...(metric.unit && { unit: metric.unit }),
  };
}

function queryOfEvent({ id, label, metric, expression, returnData }: MetricQuery): Record<string, unknown> {
  const watched = metric ? { metricStat: metricOfEvent(metric) } : { expression: expression!.text };
  return { id, ...(label && { label }), ...watched, returnData };
}
