import { ARRAY_FUNCTIONS } from './array-functions';
import { TIME_FUNCTIONS } from './time-functions';
import { across, describe, each, finite, isList, Literal, refuse, TimeSeries, type Parameter, type Value } from './values';

export interface MathFunction {
  /** The least and the largest number of parameters. */
  readonly takes: readonly [number, number];
  /** @param none makes the series of a search that found none; undefined without a search */
  apply(parameters: readonly Parameter[], none?: () => TimeSeries): Value;
}

/** A scalar of one series, or a series of several: SUM, AVG, MIN, MAX. */
function reduction(
  name: string, ofOne: (series: TimeSeries) => number, ofMany: (values: number[], all: number) => number,
): MathFunction {
  return {
    takes: [1, 1],
    apply([value], none) {
      if (value instanceof TimeSeries) return ofOne(value);
      if (isList(value)) return across(value, ofMany, none);
      return refuse(`${name} takes a time series or an array of them, got ${describe(value)}`);
    },
  };
}

function elementwise(name: string, change: (point: number) => number): MathFunction {
  return { takes: [1, 1], apply: ([value]) => each(value, (series) => series.map(change), name) };
}

function seriesFunction(name: string, change: (series: TimeSeries) => (number | undefined)[]): MathFunction {
  return { takes: [1, 1], apply: ([value]) => each(value, (series) => series.with(change(series)), name) };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Calls back with each data point and the one before it, however far back; the first has none and yields nothing. */
function fromPrevious(
  series: TimeSeries, change: (point: number, previous: number, seconds: number) => number,
): (number | undefined)[] {
  let previous: number | undefined;
  return series.points.map((point, index) => {
    if (point === undefined) return undefined;
    const before = previous;
    previous = index;
    if (before === undefined) return undefined;
    return finite(change(point, series.points[before]!, (index - before) * series.period));
  });
}

function runningSum(series: TimeSeries): (number | undefined)[] {
  let sum = 0;
  return series.points.map((point) => (point === undefined ? undefined : sum += point));
}

function fill(series: TimeSeries, filler: Parameter): TimeSeries {
  if (typeof filler === 'number') return series.with(series.points.map((point) => point ?? filler));
  if (filler instanceof TimeSeries) return series.with(series.points.map((point, index) => point ?? filler.points[index]));
  const keyword = filler instanceof Literal && !filler.quoted ? filler.text : undefined;
  if (keyword === 'REPEAT') {
    let last: number | undefined;
    return series.with(series.points.map((point) => (last = point ?? last)));
  }
  if (keyword === 'LINEAR') return series.with(series.points.map((point, index) => point ?? interpolated(series.points, index)));
  return refuse(`FILL takes a number, a time series, REPEAT or LINEAR as its second parameter, got ${describe(filler)}`);
}

/** Between the known points on both sides of a gap; before the first and after the last one there is no line. */
function interpolated(points: readonly (number | undefined)[], index: number): number | undefined {
  const after = points.findIndex((point, at) => at > index && point !== undefined);
  let before = index - 1;
  while (before >= 0 && points[before] === undefined) before--;
  if (before < 0 || after < 0) return undefined;
  return points[before]! + ((points[after]! - points[before]!) * (index - before)) / (after - before);
}

function deviation(values: readonly number[]): number {
  const mean = total(values) / values.length;
  return Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / values.length);
}

/** Takes the second parameter where the first is not 0, else the third. */
function choose([condition, whenTrue, whenFalse]: readonly Parameter[]): TimeSeries {
  const parameters = whenFalse === undefined ? [condition, whenTrue] : [condition, whenTrue, whenFalse];
  for (const parameter of parameters) {
    if (typeof parameter !== 'number' && !(parameter instanceof TimeSeries)) {
      refuse(`IF takes time series and numbers, got ${describe(parameter)}`);
    }
  }
  const frame = parameters.find((parameter) => parameter instanceof TimeSeries);
  if (!frame) return refuse('IF needs a time series among its parameters');
  const pointOf = (value: Parameter | undefined, index: number): number | undefined => (
    value instanceof TimeSeries ? value.points[index] : value as number | undefined
  );
  return frame.with(frame.points.map((_, index) => {
    const decision = pointOf(condition, index);
    if (decision === undefined) return undefined;
    if (decision === 0) return pointOf(whenFalse, index);
    const chosen = pointOf(whenTrue, index);
    // AWS has 0 where the condition holds and there is no value.
    return chosen === undefined && condition instanceof TimeSeries ? 0 : chosen;
  }));
}

/** Functions of AWS's list that read what the simulator has not. */
export const ELSEWHERE: Readonly<Partial<Record<string, string>>> = {
  ANOMALY_DETECTION_BAND: 'its band comes from a model that is trained on weeks of data',
  INSIGHT_RULE_METRIC: 'it reads rules of Contributor Insights',
  SERVICE_QUOTA: 'it reads usage metrics and service quotas',
  LAMBDA: 'it asks the function of another data source',
  DB_PERF_INSIGHTS: 'it reads Performance Insights',
};

/**
 * The functions that are modelled, with the meaning that AWS gives them.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
 */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  SUM: reduction('SUM', ({ values }) => total(values), total),
  // AVG counts missing values as 0; DATAPOINT_COUNT is AWS's way to an average of what is there.
  AVG: reduction('AVG', ({ values, points }) => total(values) / points.length, (values, all) => total(values) / all),
  MIN: reduction('MIN', ({ values }) => Math.min(...values), (values) => Math.min(...values)),
  MAX: reduction('MAX', ({ values }) => Math.max(...values), (values) => Math.max(...values)),
  DATAPOINT_COUNT: reduction('DATAPOINT_COUNT', ({ values }) => values.length, (values) => values.length),
  STDDEV: reduction('STDDEV', ({ values }) => deviation(values), (values) => deviation(values)),
  LOG: elementwise('LOG', Math.log),
  LOG10: elementwise('LOG10', Math.log10),
  ABS: elementwise('ABS', Math.abs),
  CEIL: elementwise('CEIL', Math.ceil),
  FLOOR: elementwise('FLOOR', Math.floor),
  DIFF_TIME: seriesFunction('DIFF_TIME', (series) => fromPrevious(series, (_point, _previous, seconds) => seconds)),
  DIFF: seriesFunction('DIFF', (series) => fromPrevious(series, (point, previous) => point - previous)),
  RATE: seriesFunction('RATE', (series) => fromPrevious(series, (point, previous, seconds) => (point - previous) / seconds)),
  RUNNING_SUM: seriesFunction('RUNNING_SUM', runningSum),
  FILL: { takes: [2, 2], apply: ([value, filler]) => each(value, (series) => fill(series, filler), 'FILL') },
  IF: { takes: [2, 3], apply: choose },
  PERIOD: {
    takes: [1, 1],
    apply: ([value]) => (value instanceof TimeSeries && value.metric
      ? value.period
      : refuse('PERIOD takes a metric, not the result of an expression')),
  },
  ...ARRAY_FUNCTIONS,
  ...TIME_FUNCTIONS,
};
