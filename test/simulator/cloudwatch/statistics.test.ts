import { Buckets } from '../../../simulator/cloudwatch/buckets';
import { MetricStore } from '../../../simulator/cloudwatch/metric-store';
import { statistic, type Compute } from '../../../simulator/cloudwatch/statistics';
import { documented } from '../documented';

const MINUTE = 60_000;
const compute = (name: string): Compute => {
  const found = statistic(name);
  if (typeof found === 'string') throw new Error(found);
  return found;
};

documented('statistics', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html', () => {
  const metric = new MetricStore().metric('Shop', 'Latency', {});
  for (let value = 1; value <= 100; value++) metric.put(value, 1, { at: value * 1_000 });
  const over = (from: number, to: number, name: string) => compute(name)(metric.aggregate(from, to, MINUTE)!);

  test.each([
    ['SampleCount', 100], ['Sum', 5050], ['Average', 50.5], ['Minimum', 1], ['Maximum', 100],
    ['p50', 50], ['p99', 99], ['p99.5', 100], ['p0', 1], ['p100', 100],
  ])('%s of 1 to 100, over two minutes, is %d', (name, expected) => {
    expect(over(0, 2 * MINUTE, name)).toBe(expected);
  });

  test('of one minute leave out the minutes before and after', () => {
    expect(over(MINUTE, 2 * MINUTE, 'Minimum')).toBe(60);
    expect(metric.aggregate(2 * MINUTE, 3 * MINUTE, MINUTE)).toBeUndefined();
  });

  test.each([
    ['tm90', 45.5], ['TM(2%:98%)', 50.5], ['TM(10:20)', 15.5], ['TM(:10)', 5.5], ['TM(90:)', 95.5], ['TM(:95%)', 48], ['TM(80%:)', 90.5],
    ['IQM', 50.5], ['iqm', 50.5], ['TM(25%:75%)', 50.5],
    ['wm98', 50.47], ['WM(80%:95%)', 81.95], ['WM(10:20)', 18.55], ['tc90', 90], ['TC(80%:)', 20], ['TC(10:20)', 10], ['TC(200:300)', 0],
    ['ts90', 4095], ['TS(80%:)', 1810], ['TS(80:)', 1810], ['PR(:30)', 30], ['PR(10:30)', 20], ['PR(90:)', 10],
  ])('%s of 1 to 100 is %d', (name, expected) => {
    expect(over(0, 2 * MINUTE, name)).toBeCloseTo(expected, 10);
  });

  test('TM has no value where it leaves no sample, TC and TS count 0', () => {
    expect(['TM(200:)', 'TC(200:)', 'TS(200:)', 'PR(200:)'].map((name) => over(0, 2 * MINUTE, name))).toEqual([undefined, 0, 0, 0]);
  });

  test.each(['PR(:30%)', 'TM(98%:2%)', 'TM(:)', 'TM(2%:98)', 'TM(0%:101%)', 'tm101', 'pr90', 'TM(%:9)'])("'%s' has bounds that are none", (name) => {
    expect(statistic(name)).toContain(`got '${name}'`);
  });

  test.each(['Median', 'p101', 'sum', ''])("'%s' is refused as unknown", (name) => {
    expect(statistic(name)).toContain(`got '${name}'`);
  });

  test('count a value as often as it occurred', () => {
    const counted = new MetricStore().metric('Shop', 'Counted', {});
    counted.put(1, 9, { at: 0 });
    counted.put(5, 1, { at: 0 });
    const aggregate = counted.aggregate(0, MINUTE, MINUTE)!;
    expect(['SampleCount', 'Sum', 'p90', 'p91'].map((name) => compute(name)(aggregate))).toEqual([10, 14, 1, 5]);
  });
});

documented('percentiles', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html', () => {
  test('of statistic sets have no percentiles, unless all samples are equal', () => {
    const sets = new MetricStore().metric('Shop', 'Sets', {});
    sets.putSet({ sum: 30, count: 3, minimum: 5, maximum: 15 }, { at: 0 });
    sets.put(1, 1, { at: 0 });
    sets.putSet({ sum: 4, count: 2, minimum: 2, maximum: 2 }, { at: MINUTE });
    const values = (at: number) => ['Sum', 'SampleCount', 'Minimum', 'Maximum', 'p50'].map((name) => compute(name)(sets.aggregate(at, at + MINUTE, MINUTE)!));
    expect(values(0)).toEqual([31, 4, 1, 15, undefined]);
    expect(values(MINUTE)).toEqual([4, 2, 2, 2, 2]);
  });

  test('of negative values have no percentiles', () => {
    const negative = new MetricStore().metric('Shop', 'Change', {});
    negative.put(-1, 1, { at: 0 });
    negative.put(5, 9, { at: 0 });
    const aggregate = negative.aggregate(0, MINUTE, MINUTE)!;
    expect(['p50', 'p100', 'Minimum', 'Sum'].map((name) => compute(name)(aggregate))).toEqual([undefined, undefined, -1, 44]);
  });
});

describe('distributions', () => {
  test('of many distinct values round to three digits instead of growing without bound', () => {
    const many = new MetricStore().metric('Shop', 'Many', {});
    for (let value = 0; value < 50_000; value++) many.put(100_000 + value, 1, { at: 0 });
    const aggregate = many.aggregate(0, MINUTE, MINUTE)!;
    expect(aggregate.distribution()!.size).toBeLessThan(300);
    expect(Math.abs(compute('p50')(aggregate)! - 125_000)).toBeLessThan(625); // half a percent
  });
});

describe('buckets', () => {
  test('keep samples that come late, in their own minute', () => {
    const buckets = new Buckets(MINUTE, 60 * MINUTE);
    for (const minute of [5, 3, 4, 3]) buckets.record(minute * MINUTE + 1, minute, 1);
    expect([3, 4, 5].map((minute) => buckets.aggregate(minute * MINUTE, (minute + 1) * MINUTE)!.sum)).toEqual([6, 4, 5]);
    expect(buckets.has(4 * MINUTE)).toBe(true);
    expect(buckets.has(6 * MINUTE)).toBe(false);
  });

  test('are dropped when they are older than the retention', () => {
    const buckets = new Buckets(MINUTE, 60 * MINUTE);
    for (let minute = 0; minute < 10_000; minute++) buckets.record(minute * MINUTE, 1, 1);
    expect(buckets.aggregate(0, 10_000 * MINUTE)!.count).toBe(61);
    buckets.record(9_950 * MINUTE, 1, 1);
    expect(buckets.aggregate(9_950 * MINUTE, 9_951 * MINUTE)!.count).toBe(2);
  });
});

test('the values of dropped buckets are forgotten with them', () => {
  const buckets = new Buckets(MINUTE, 60 * MINUTE);
  for (const value of [1, 2, 3]) buckets.record(0, value, 1);
  buckets.record(61 * MINUTE, 1, 1);
  for (const value of [5, 5, 7]) buckets.record(0, value, 1); // comes two retentions late, and is alone in its minute
  expect(buckets['distributions'].get(0)).toEqual(new Map([[5, 2], [7, 1]]));
});

documented('metrics', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html', () => {
  test('are told apart by their dimensions, in whatever order these come', () => {
    const store = new MetricStore();
    store.metric('Shop', 'Orders', { Country: 'NO', Kind: 'gift' }).put(1, 1, { at: 0 });
    expect(store.find('Shop', 'Orders', { Kind: 'gift', Country: 'NO' })).toBeDefined();
    expect(store.find('Shop', 'Orders', { Country: 'NO' })).toBeUndefined();
  });

  test('are kept apart by unit, and joined when no unit is asked for', () => {
    const metric = new MetricStore().metric('Shop', 'Time', {});
    metric.put(1, 1, { at: 0, unit: 'Seconds' });
    metric.put(3, 2, { at: 0, unit: 'Milliseconds' });
    expect(metric.aggregate(0, MINUTE, MINUTE, 'Seconds')!.sum).toBe(1);
    expect(metric.aggregate(0, MINUTE, MINUTE, 'Bytes')).toBeUndefined();
    const joined = metric.aggregate(0, MINUTE, MINUTE)!;
    expect(['SampleCount', 'Sum', 'Minimum', 'Maximum', 'p50'].map((name) => compute(name)(joined))).toEqual([3, 7, 1, 3, 3]);
  });

  test('have periods under a minute only where they are put with a storage resolution of one second', () => {
    const metric = new MetricStore().metric('Shop', 'Fast', {});
    metric.put(1, 1, { at: 5_000 });
    metric.put(2, 1, { at: 15_000, storageResolution: 1 });
    expect(metric.aggregate(0, 10_000, 10_000)).toBeUndefined();
    expect(metric.aggregate(10_000, 20_000, 10_000)!.sum).toBe(2);
    expect(metric.aggregate(0, MINUTE, MINUTE)!.sum).toBe(3);
  });
});
