import { documented } from '../../documented';
import { MINUTE, START, world } from '../fixture';

const seconds = START / 1000;
const range = { StartTime: seconds, EndTime: seconds + 300 };
const query = (Id: string, MetricName = 'Orders', Stat = 'Sum', Period = 60) => ({ Id, MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Stat, Period } });

/** Three minutes of orders: 1 and 2, none, 4. */
function shop() {
  const made = world();
  for (const [value, minute] of [[1, 0], [2, 0], [4, 2]]) made.put(value, START + minute * MINUTE);
  return made;
}

documented('GetMetricData', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html', () => {
  test('returns series and expressions over them, newest first unless asked otherwise', async () => {
    const { call } = shop();
    const MetricDataQueries = [{ ...query('m1'), Label: 'Orders' }, { Id: 'e1', Expression: 'FILL(m1, 0) * 10' }];
    const ascending = await call('GetMetricData', { StartTime: seconds, EndTime: seconds + 180, MetricDataQueries, ScanBy: 'TimestampAscending' });
    expect(ascending.MetricDataResults).toEqual([
      { Id: 'm1', Label: 'Orders', StatusCode: 'Complete', Timestamps: [seconds, seconds + 120], Values: [3, 4] },
      { Id: 'e1', Label: 'e1', StatusCode: 'Complete', Timestamps: [seconds, seconds + 60, seconds + 120], Values: [30, 0, 40] },
    ]);
    const descending = await call('GetMetricData', { ...range, MetricDataQueries: [query('m1')] });
    expect(descending.MetricDataResults).toEqual([expect.objectContaining({ Timestamps: [seconds + 120, seconds], Values: [4, 3] })]);
  });

  test('leaves out what does not return data, and returns every series of an array', async () => {
    const { call } = shop();
    const MetricDataQueries = [{ ...query('m1'), ReturnData: false }, { ...query('m2', 'None'), ReturnData: false }, { Id: 'all', Expression: 'METRICS()' }];
    const { MetricDataResults } = await call('GetMetricData', { ...range, MetricDataQueries });
    expect(MetricDataResults).toEqual([expect.objectContaining({ Id: 'all', Values: [4, 3] }), expect.objectContaining({ Id: 'all', Values: [] })]);
  });

  test('takes 500 queries, and no more', async () => {
    const { call } = shop();
    const get = (count: number) => call('GetMetricData', { ...range, MetricDataQueries: Array.from({ length: count }, (_, index) => query(`m${index}`)) });
    expect((await get(500)).MetricDataResults).toHaveLength(500);
    await expect(get(501)).rejects.toThrow("'MetricDataQueries' must have at most 500 entries, got 501");
  });

  test('comes in pages of data points, and says where a series goes on in the next one', async () => {
    const { call } = shop();
    const MetricDataQueries = [{ Id: 'filled', Expression: 'FILL(m1, 0)' }, query('m1'), query('m2', 'None')];
    const pages: unknown[] = [];
    let NextToken: unknown;
    do {
      const answer = await call('GetMetricData', { ...range, EndTime: seconds + 180, MetricDataQueries, MaxDatapoints: 2, NextToken });
      const results = answer.MetricDataResults as { Id: string; Values: number[]; StatusCode: string }[];
      pages.push(results.map((each) => [each.Id, each.Values, each.StatusCode]));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    expect(pages).toEqual([
      [['filled', [4, 0], 'PartialData'], ['m2', [], 'Complete']],
      [['filled', [3], 'Complete'], ['m1', [4], 'PartialData']],
      [['m1', [3], 'Complete']],
    ]);
  });

  test('begins at a whole period', async () => {
    const { call } = shop();
    const { MetricDataResults } = await call('GetMetricData', { StartTime: seconds + 59, EndTime: seconds + 61, MetricDataQueries: [query('m1')] });
    expect(MetricDataResults).toEqual([expect.objectContaining({ Timestamps: [seconds], Values: [3] })]);
  });

  test.each<[object, string]>([
    [{ EndTime: seconds }, "'StartTime' must be before 'EndTime'"],
    [{ StartTime: 'yesterday' }, "'StartTime' must be a time, got 'yesterday'"],
    [{ NextToken: 'x' }, "'NextToken' must be one that a call returned, got 'x'"],
    [{ MaxDatapoints: 100_801 }, "'MaxDatapoints' must be from 1 to 100800, got 100801"],
    [{ MaxDatapoints: 0 }, "'MaxDatapoints' must be from 1 to 100800, got 0"],
  ])('refuses %j', async (input, message) => {
    const { call } = shop();
    await expect(call('GetMetricData', { ...range, MetricDataQueries: [query('m1')], ...input })).rejects.toThrow(message);
  });
});

documented('GetMetricStatistics', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html', () => {
  test('returns percentiles apart, and each unit apart', async () => {
    const { call, cloudWatch } = shop();
    cloudWatch.putMetric('Shop', 'Orders', {}, 8, { unit: 'Count' });
    const input = { ...range, Namespace: 'Shop', MetricName: 'Orders', Period: 300, Statistics: ['Sum'], ExtendedStatistics: ['p50'] };
    expect((await call('GetMetricStatistics', input)).Datapoints).toEqual([
      { Timestamp: seconds, Sum: 7, ExtendedStatistics: { p50: 2 }, Unit: 'None' },
      { Timestamp: seconds, Sum: 8, ExtendedStatistics: { p50: 8 }, Unit: 'Count' },
    ]);
    expect((await call('GetMetricStatistics', { ...input, Unit: 'Count' })).Datapoints).toHaveLength(1);
  });

  test.each<[object, string]>([
    [{ Statistics: ['p50'] }, "'Statistics': must be of SampleCount, Average, Sum, Minimum, Maximum, got 'p50'"],
    [{ Statistics: [] }, "either 'Statistics' or 'ExtendedStatistics' must be given"],
    [{ EndTime: seconds + 1441 * 60 }, 'must give at most 1440 data points, got 1441'],
    [{ Period: 7 }, "'Period' must be 1, 5, 10, 20, 30 or a multiple of 60, got 7"],
  ])('refuses %j', async (input, message) => {
    const { call } = shop();
    await expect(call('GetMetricStatistics', { ...range, Namespace: 'Shop', MetricName: 'Orders', Period: 60, Statistics: ['Sum'], ...input })).rejects.toThrow(message);
  });
});

documented('ListMetrics', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html', () => {
  test('filters by namespace, name and dimensions', async () => {
    const { call, cloudWatch } = shop();
    cloudWatch.putMetric('Shop', 'Orders', { Country: 'NO', Kind: 'gift' }, 1);
    cloudWatch.putMetric('Depot', 'Orders', {}, 1);
    const list = async (input: object) => (await call('ListMetrics', { ...input })).Metrics as { Namespace: string; Dimensions: object[] }[];
    expect((await list({})).map(({ Namespace }) => Namespace)).toEqual(['Shop', 'Shop', 'Depot']);
    expect(await list({ Dimensions: [{ Name: 'Country' }] })).toEqual([
      { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Country', Value: 'NO' }, { Name: 'Kind', Value: 'gift' }] },
    ]);
    expect(await list({ Dimensions: [{ Name: 'Country', Value: 'SE' }] })).toEqual([]);
    expect(await list({ Namespace: 'Depot', MetricName: 'Orders' })).toHaveLength(1);
  });

  test('forgets metrics after two weeks, or three hours when only active ones are asked for', async () => {
    const { call, clock } = shop();
    await clock.advance(4 * 60 * MINUTE);
    expect((await call('ListMetrics', { RecentlyActive: 'PT3H' })).Metrics).toEqual([]);
    expect((await call('ListMetrics')).Metrics).toHaveLength(1);
    await clock.advance(14 * 24 * 60 * MINUTE);
    expect((await call('ListMetrics')).Metrics).toEqual([]);
  });

  test('comes in pages of 500', async () => {
    const { call, cloudWatch } = world();
    for (let index = 0; index < 501; index++) cloudWatch.putMetric('Shop', `Orders${index}`, {}, 1);
    const first = await call('ListMetrics');
    const second = await call('ListMetrics', { NextToken: first.NextToken });
    expect([first.Metrics, second.Metrics].map((metrics) => (metrics as object[]).length)).toEqual([500, 1]);
    expect(second.NextToken).toBeUndefined();
    await expect(call('ListMetrics', { NextToken: 'x' })).rejects.toThrow("'NextToken' must be one that a call returned, got 'x'");
  });
});
