import { documented } from '../../documented';
import { MINUTE, START, refusal, world } from '../fixture';

const seconds = START / 1000;
const range = { StartTime: seconds, EndTime: seconds + 300 };

const dimensions = (count: number) => Array.from({ length: count }, (_, index) => ({ Name: `d${index}`, Value: 'x' }));

documented('PutMetricData', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html', () => {
  test('takes values, values with counts, and statistic sets, at a time of their own', async () => {
    const { call } = world();
    await call('PutMetricData', {
      Namespace: 'Shop',
      MetricData: [
        { MetricName: 'Orders', Value: 3, Timestamp: seconds },
        { MetricName: 'Orders', Values: [1, 2], Counts: [10, 5], Timestamp: new Date(START + MINUTE) },
        { MetricName: 'Orders', StatisticValues: { Sum: 9, SampleCount: 3, Minimum: 1, Maximum: 5 }, Timestamp: new Date(START + 2 * MINUTE).toISOString() },
      ],
    });
    const { Datapoints } = await call('GetMetricStatistics', { ...range, Namespace: 'Shop', MetricName: 'Orders', Period: 60, Statistics: ['Sum', 'SampleCount', 'Maximum'] });
    expect(Datapoints).toEqual([
      { Timestamp: seconds, Sum: 3, SampleCount: 1, Maximum: 3, Unit: 'None' },
      { Timestamp: seconds + 60, Sum: 20, SampleCount: 15, Maximum: 2, Unit: 'None' },
      { Timestamp: seconds + 120, Sum: 9, SampleCount: 3, Maximum: 5, Unit: 'None' },
    ]);
  });

  test.each<[object, string]>([
    [{ Value: NaN }, "'MetricData[0].Value' must be a number, got NaN"],
    [{}, "'Orders' must have one of Value, Values and StatisticValues, got none"],
    [{ Value: 1, Values: [1] }, "'Orders' must have one of Value, Values and StatisticValues, got Value, Values"],
    [{ Values: [1, 2], Counts: [1] }, "'Counts' must have as many entries as 'Values' (2), got 1"],
    [{ Values: [1], Counts: [0] }, "'Counts' must be more than 0, got 0"],
    [{ Values: Array(151).fill(1) }, "'MetricData[0].Values' must have at most 150 entries, got 151"],
    [{ Value: 1, StorageResolution: 5 }, "'StorageResolution' must be 1 or 60, got 5"],
    [{ Value: 1, Timestamp: seconds - 15 * 86_400 }, "'Timestamp' of 'Orders' must be from two weeks ago to two hours ahead"],
    [{ Value: 1, Timestamp: seconds + 3 * 3_600 }, "'Timestamp' of 'Orders' must be from two weeks ago to two hours ahead"],
    [{ StatisticValues: { Sum: 1, SampleCount: 0, Minimum: 1, Maximum: 1 } }, "'SampleCount' must be more than 0, got 0"],
    [{ StatisticValues: { Sum: 1, SampleCount: 1, Minimum: 2, Maximum: 1 } }, "'Minimum' must be at most 'Maximum', got 2 and 1"],
    [{ Value: 2 ** 361 }, "'Value' must be from -2^360 to 2^360, got "],
    [{ Values: [1, -(2 ** 361)] }, "'Values' must be from -2^360 to 2^360, got -"],
    [{ StatisticValues: { Sum: 2 ** 361, SampleCount: 1, Minimum: 1, Maximum: 1 } }, "'StatisticValues' must be from -2^360 to 2^360, got "],
    [{ Values: [NaN] }, "'MetricData[0].Values' must be a list of numbers"],
    [{ StatisticValues: { Sum: 1, Minimum: 1, Maximum: 1 } }, "'MetricData[0].StatisticValues.SampleCount' is required"],
    [{ Value: 1, Dimensions: dimensions(31) }, "'MetricData[0].Dimensions' must have at most 30 entries, got 31"],
    [{ Value: 1, MetricName: 'x'.repeat(256) }, "'MetricData[0].MetricName' must have from 1 to 255 characters, got 256"],
    [{ Value: 1, Dimensions: [{ Name: 'Country', Value: 'x'.repeat(1025) }] }, "'MetricData[0].Dimensions[0].Value' must have from 1 to 1024 characters"],
    [{ Value: 1, Entity: {} }, "'MetricData[0].Entity' is not modelled by the simulator"],
  ])('refuses %j and keeps nothing', async (sample, message) => {
    const { call, cloudWatch } = world();
    const input = { Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', ...sample }] };
    await expect(call('PutMetricData', input)).rejects.toThrow(refusal('InvalidParameterValue', message));
    expect(cloudWatch.metrics.all()).toEqual([]);
  });

  test.each<[string, object]>([
    ['the largest values', { Values: [2 ** 360, -(2 ** 360)] }], ['150 values', { Values: Array(150).fill(1) }],
    ['two weeks ago', { Value: 1, Timestamp: seconds - 14 * 86_400 }], ['two hours ahead', { Value: 1, Timestamp: seconds + 2 * 3_600 }],
    ['30 dimensions', { Value: 1, Dimensions: dimensions(30) }],
  ])('takes %s', async (_, sample) => {
    const { call, cloudWatch } = world();
    await call('PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', ...sample }] });
    expect(cloudWatch.metrics.all()).toHaveLength(1);
  });

  test('takes 1,000 metrics in a request, and no more', async () => {
    const { call, cloudWatch } = world();
    const put = (count: number) => call('PutMetricData', {
      Namespace: 'Shop', MetricData: Array.from({ length: count }, (_, index) => ({ MetricName: `Orders${index}`, Value: 1 })),
    });
    await expect(put(1001)).rejects.toThrow("'MetricData' must have at most 1000 entries, got 1001");
    await put(1000);
    expect(cloudWatch.metrics.all()).toHaveLength(1000);
  });

  test("refuses AWS's own namespaces", async () => {
    const { call } = world();
    await expect(call('PutMetricData', { Namespace: 'AWS/SQS', MetricData: [] })).rejects.toThrow("'Namespace' must not begin with AWS/, got 'AWS/SQS'");
  });
});

test('putMetric refuses what is not a number', () => {
  const { cloudWatch } = world();
  expect(() => cloudWatch.putMetric('Shop', 'Orders', {}, Infinity)).toThrow("the value of 'Orders' must be a finite number, got Infinity");
  expect(() => cloudWatch.putMetric('Shop', 'Orders', {}, 1, { count: 0 })).toThrow("the count of 'Orders' must be more than 0, got 0");
});
