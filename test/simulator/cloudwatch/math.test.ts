import { documented } from '../documented';
import { refusal } from './fixture';
import { evaluate } from '../../../simulator/cloudwatch/math/evaluate';
import { parse } from '../../../simulator/cloudwatch/math/parser';
import { TimeSeries, type Value } from '../../../simulator/cloudwatch/math/values';

type Points = (number | undefined)[];
const _ = undefined;

/** Metrics of one minute; results are shown as points, numbers, or lists of points. */
function compute(expression: string, metrics: Record<string, Points> = {}): unknown {
  const series = new Map(Object.entries(metrics).map(([id, points]) => [id, new TimeSeries(points, 60, true)]));
  const show = (value: Value): unknown => (typeof value === 'number' ? value : value instanceof TimeSeries ? value.points : value.map(show));
  return show(evaluate(parse(expression), { series: (id) => series.get(id), metrics: () => series }));
}

documented('arithmetic', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  test.each([
    ['1 + 2 * 3', 7], ['(1 + 2) * 3', 9], ['2 ^ 3 ^ 2', 512], ['-2 ^ 2', -4], ['2 ^ -1', 0.5], ['10 - 4 - 3', 3], ['8 / 4 / 2', 1],
    ['1.5e1 + .5', 15.5], ['--3', 3],
  ])('%s is %d', (expression, expected) => {
    expect(compute(expression)).toBe(expected);
  });

  test('of a series and a number leaves missing points missing', () => {
    expect(compute('100 - m1 * 2', { m1: [1, _, 3] })).toEqual([98, _, 94]);
  });

  test('of two series takes a missing point as 0, unless both are missing', () => {
    expect(compute('m1 - m2', { m1: [5, _, 7, _], m2: [1, 2, _, _] })).toEqual([4, -2, 7, _]);
  });

  test('drops a point that would be divided by zero', () => {
    expect(compute('m1 / m2', { m1: [6, 6, 0], m2: [3, 0, 0] })).toEqual([2, _, _]);
  });

  test('of an array works on each of its series', () => {
    expect(compute('[m1, m2] * 10', { m1: [1], m2: [2] })).toEqual([[10], [20]]);
    expect(compute('-METRICS()', { m1: [1], m2: [2] })).toEqual([[-1], [-2]]);
  });

  test('of two arrays is refused', () => {
    expect(() => compute('[m1] + [m1]', { m1: [1] })).toThrow("'+' takes at most one array of time series");
  });
});

documented('comparisons and logic', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  const metrics = { m1: [30, 20, 0, 0], m2: [20, _, 20, _] };

  test.each([
    ['m1 < m2', [0, 0, 1, 0]],
    ['m1 >= 30', [1, 0, 0, 0]],
    ['m1 > 15 AND m2 > 15', [1, 0, 0, 0]],
    ['m1 > 15 && m2 > 15', [1, 0, 0, 0]],
    ['m1 > 25 OR m2 > 15', [1, 0, 1, 0]],
    ['m1 > 25 || m2 > 15', [1, 0, 1, 0]],
    ['m1 == 20', [0, 1, 0, 0]],
    ['m1 != 20', [1, 0, 1, 1]],
    ['m1 <= 0', [0, 0, 1, 1]],
    ['m1 == 0 OR m1 > 1 AND m1 < 25', [0, 1, 1, 1]],
  ])('%s is %j', (expression, expected) => {
    expect(compute(expression, metrics)).toEqual(expected);
  });

  test('of numbers are 0 or 1', () => {
    expect([compute('2 > 1'), compute('2 < 1'), compute('1 AND 0'), compute('1 OR 0')]).toEqual([1, 0, 0, 1]);
  });

  test('of arrays are refused', () => {
    expect(() => compute('METRICS() > 1', { m1: [1] })).toThrow("'>' does not take an array of time series");
  });
});

documented('IF', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  const metrics = { m1: [1, 1, 0, 0, _], m2: [30, _, 0, 0, 30], m3: [0, 0, 20, _, 20] };

  test.each([
    ['IF(m1, m2, m3)', [30, 0, 20, _, _]],
    ['IF(m1, 5, m3)', [5, 5, 20, _, _]],
    ['IF(m1, m2, 5)', [30, 0, 5, 5, _]],
    ['IF(m1, m2)', [30, 0, _, _, _]],
    ['IF(m2 < 10, 10, 2)', [2, _, 10, 10, 2]],
    ['IF(1, m2, m3)', [30, _, 0, 0, 30]],
    ['IF(0, m2, m3)', [0, 0, 20, _, 20]],
    ['IF(0, m2)', [_, _, _, _, _]],
  ])('%s is %j', (expression, expected) => {
    expect(compute(expression, metrics)).toEqual(expected);
  });

  test('takes a condition of any value but 0 as true', () => {
    expect(compute('IF(m1, 1, 2)', { m1: [-1, 0.5, 0] })).toEqual([1, 1, 2]);
  });

  test('needs a time series', () => {
    expect(() => compute('IF(1, 2, 3)')).toThrow('IF needs a time series among its parameters');
    expect(() => compute('IF(m1, METRICS(), 1)', { m1: [1] })).toThrow('IF takes time series and numbers, got an array of time series');
  });
});

documented('functions', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  const metrics = { m1: [1, _, 4], m2: [3, _, _] };

  test.each([
    ['SUM(m1)', 5], ['AVG(m1)', 5 / 3], ['MIN(m1)', 1], ['MAX(m1)', 4], ['DATAPOINT_COUNT(m1)', 2], ['PERIOD(m1)', 60],
    ['SUM([m1, m2])', [4, _, 4]], ['AVG([m1, m2])', [2, _, 2]], ['MIN(METRICS())', [1, _, 4]], ['MAX(METRICS())', [3, _, 4]],
    ['DATAPOINT_COUNT(METRICS())', [2, _, 1]],
    ['SUM(METRICS("2"))', [3, _, _]], ['SUM([METRICS("1"), m2])', [4, _, 4]],
    ['ABS(m1 - 2)', [1, _, 2]], ['CEIL(m1 / 2)', [1, _, 2]], ['FLOOR(m1 / 2)', [0, _, 2]], ['ABS(-[m1, m2])', [[1, _, 4], [3, _, _]]],
    ['DIFF(m1)', [_, _, 3]], ['RATE(m1)', [_, _, 3 / 120]], ['RUNNING_SUM(m1)', [1, _, 5]],
    ['FILL(m1, 7)', [1, 7, 4]], ['FILL(m2, REPEAT)', [3, 3, 3]], ['FILL(m2, m1)', [3, _, 4]], ['FILL(METRICS(), 0)', [[1, 0, 4], [3, 0, 0]]],
    ['FILL(m1, MIN(m1))', [1, 1, 4]], ['m1 / PERIOD(m1) * 60', [1, _, 4]],
  ])('%s is %j', (expression, expected) => {
    expect(compute(expression, metrics)).toEqual(expected);
  });

  test('FILL with REPEAT has nothing to repeat before the first point', () => {
    expect(compute('FILL(m1, REPEAT)', { m1: [_, 2, _] })).toEqual([_, 2, 2]);
  });

  test.each([
    ['SEARCH("x")', 'SEARCH takes a text to look for, a text with the statistic, and the period in seconds or none'],
    ['SEARCH("x", "Sum", 60, 1)', 'SEARCH takes a text to look for'], ['SEARCH("x", Sum)', 'SEARCH takes a text to look for'],
    ['SEARCH("x", "Sum", m1)', 'SEARCH takes a text to look for'], ['SEARCH(1, "Sum")', 'SEARCH takes a text to look for'],
    ['ANOMALY_DETECTION_BAND(m1)', "the function 'ANOMALY_DETECTION_BAND' is not modelled by the simulator: its band comes from a model"],
    ['INSIGHT_RULE_METRIC("a", Sum)', "the function 'INSIGHT_RULE_METRIC' is not modelled by the simulator: it reads rules of Contributor Insights"],
    ['SERVICE_QUOTA(m1)', "the function 'SERVICE_QUOTA' is not modelled by the simulator: it reads usage metrics"],
    ['LAMBDA("a", "b")', "the function 'LAMBDA' is not modelled by the simulator: it asks the function of another data source"],
    ['DB_PERF_INSIGHTS("a", "b", "c")', "the function 'DB_PERF_INSIGHTS' is not modelled by the simulator: it reads Performance Insights"],
    ['sum(m1)', "the function 'sum' is not modelled by the simulator"],
    ['toString(m1)', "the function 'toString' is not modelled by the simulator"],
    ['FILL(m1)', 'FILL takes 2 parameters, got 1'],
    ['IF(m1)', 'IF takes 2 to 3 parameters, got 1'],
    ['PERIOD(m1 + 1)', 'PERIOD takes a metric, not the result of an expression'],
    ['ABS(3)', 'ABS takes a time series or an array of them, got the number 3'],
    ['SUM(3)', 'SUM takes a time series or an array of them, got the number 3'],
    ['FILL(m1, "REPEAT")', 'FILL takes a number, a time series, REPEAT or LINEAR as its second parameter, got the text "REPEAT"'],
    ['METRICS(1)', 'METRICS takes at most one text, got the number 1'],
    ['SUM([m1, 2])', 'an array holds time series, got the number 2'],
    ['SUM(METRICS("none"))', 'an array of time series must not be empty'],
    ['m9 + 1', "no metric or expression has the ID 'm9'"],
    ['REPEAT', "an expression must not be 'REPEAT' alone"],
    ['m1 + "x"', `'+' takes numbers and time series, got the text "x"`],
  ])('%s is refused: %s', (expression, message) => {
    expect(() => compute(expression, metrics)).toThrow(message);
  });
});

describe('an expression that cannot be read', () => {
  test.each([
    ['m1 +', "expected a metric, a number or a function at 4, got 'the end', in the expression 'm1 +'"],
    ['(m1', "expected ')' at 3, got 'the end', in the expression '(m1'"],
    ['m1 m2', "expected a metric, a number or a function at 3, got 'm2', in the expression 'm1 m2'"],
    ['m1 ; 2', "';' at 3 has no meaning in the expression 'm1 ; 2'"],
    ['SUM(m1,)', "expected a metric, a number or a function at 7, got ')', in the expression 'SUM(m1,)'"],
  ])('%s says where', (expression, message) => {
    expect(() => parse(expression)).toThrow(refusal('ValidationError', message));
  });
});

documented('functions of arrays', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  const metrics = { m1: [1, _, 4], m2: [9, _, _], m3: [2, 2, 2], m4: [_, _, _] };

  test.each([
    ['SORT([m1, m2, m3], SUM, DESC)', [[9, _, _], [2, 2, 2], [1, _, 4]]],
    ['SORT([m1, m2, m3], MAX, ASC)', [[2, 2, 2], [1, _, 4], [9, _, _]]],
    ['SORT([m1, m2, m3], MIN, ASC, 1)', [[1, _, 4]]],
    ['SORT([m1, m2, m3], AVG, DESC, 2)', [[9, _, _], [2, 2, 2]]],
    ['SORT([m4, m1], SUM, ASC)', [[1, _, 4], [_, _, _]]],
    ['SLICE([m1, m2, m3], 1)', [[9, _, _], [2, 2, 2]]], ['SLICE([m1, m2, m3], 0, 2)', [[1, _, 4], [9, _, _]]],
    ['FIRST([m1, m2])', [1, _, 4]], ['LAST([m1, m2])', [9, _, _]],
    ['IF(FIRST(SORT(METRICS(), MAX, DESC)) > 5, 1, 0)', [1, _, _]],
    ['m3 / METRIC_COUNT(METRICS())', [0.5, 0.5, 0.5]],
    ['REMOVE_EMPTY([m4, m1])', [[1, _, 4]]],
    ['STDDEV([m1, m3])', [0.5, 0, 1]], ['STDDEV(m1) * m3', [3, 3, 3]],
  ])('%s is %j', (expression, expected) => {
    expect(compute(expression, metrics)).toEqual(expected);
  });

  test.each([
    ['SORT(m1, SUM, ASC)', 'SORT takes an array of time series, got a time series'],
    ['SORT([m1], STDDEV, ASC)', "SORT takes one of SUM, AVG, MIN, MAX, got 'STDDEV'"],
    ['SORT([m1], SUM, UP)', "SORT takes one of ASC, DESC, got 'UP'"],
    ['SLICE([m1], 0.5)', 'SLICE takes whole numbers from 0, got the number 0.5'],
    ['FIRST(SLICE([m1], 1))', 'FIRST takes an array that is not empty'],
    ['HOUR([m1])', 'HOUR takes a time series, got an array of time series'],
    ['TIME_SERIES(m1)', 'TIME_SERIES takes one number, got a time series'],
  ])('%s is refused', (expression, problem) => {
    expect(() => compute(expression, { m1: [1] })).toThrow(refusal('ValidationError', problem));
  });
});

documented('functions of time and of single points', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html', () => {
  test.each([
    ['LOG(m1)', [0, _, Math.log(4)]], ['LOG10(m1 * 25)', [Math.log10(25), _, 2]], ['LOG(m1 - 1)', [_, _, Math.log(3)]],
    ['DIFF_TIME(m1)', [_, _, 120]], ['FILL(m1, LINEAR)', [1, 2.5, 4]], ['TIME_SERIES(MAX(m1))', [4, 4, 4]],
  ])('%s is %j', (expression, expected) => {
    expect(compute(expression, { m1: [1, _, 4] })).toEqual(expected);
  });

  test('FILL with LINEAR draws no line before the first and after the last point', () => {
    expect(compute('FILL(m1, LINEAR)', { m1: [_, 3, _, _, 0, _] })).toEqual([_, 3, 2, 1, 0, _]);
  });

  test('read the timestamps of the periods, with Sunday as the seventh day', () => {
    const sunday = Date.UTC(2026, 0, 4, 23, 30);
    const points = (expression: string): unknown => {
      const m1 = new TimeSeries([5, _], 1800, true, sunday + 3_600_000);
      return (evaluate(parse(expression), { series: () => m1, metrics: () => new Map() }) as TimeSeries).points;
    };
    expect(['MINUTE', 'HOUR', 'DAY', 'DATE', 'MONTH', 'YEAR', 'EPOCH'].map((name) => points(`${name}(m1)`))).toEqual([
      [30, 0], [23, 0], [7, 1], [4, 5], [1, 1], [2026, 2026], [sunday / 1000, sunday / 1000 + 1800],
    ]);
    expect(points('IF(DAY(m1) < 6, m1)')).toEqual([_, 0]);
  });
});
