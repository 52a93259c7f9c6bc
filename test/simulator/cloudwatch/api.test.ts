import { MINUTE, ORDERS, START, TOPIC, refusal, world } from './fixture';

const seconds = START / 1000;
const range = { StartTime: seconds, EndTime: seconds + 300 };
const query = (Id: string, MetricName = 'Orders', Stat = 'Sum', Period = 60) => ({ Id, MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Stat, Period } });

/** Three minutes of orders: 1 and 2, none, 4. */
function shop() {
  const made = world();
  for (const [value, minute] of [[1, 0], [2, 0], [4, 2]]) made.put(value, START + minute * MINUTE);
  return made;
}

describe('PutMetricData', () => {
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
    [{ Value: 1, Entity: {} }, "'MetricData[0].Entity' is not modelled by the simulator"],
  ])('refuses %j and keeps nothing', async (sample, message) => {
    const { call, cloudWatch } = world();
    const input = { Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', ...sample }] };
    await expect(call('PutMetricData', input)).rejects.toThrow(refusal('InvalidParameterValue', message));
    expect(cloudWatch.metrics.all()).toEqual([]);
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

describe('GetMetricData', () => {
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

  test('begins at a whole period', async () => {
    const { call } = shop();
    const { MetricDataResults } = await call('GetMetricData', { StartTime: seconds + 59, EndTime: seconds + 61, MetricDataQueries: [query('m1')] });
    expect(MetricDataResults).toEqual([expect.objectContaining({ Timestamps: [seconds], Values: [3] })]);
  });

  test.each<[object, string]>([
    [{ EndTime: seconds }, "'StartTime' must be before 'EndTime'"],
    [{ MaxDatapoints: 1 }, 'the result must have at most 1 data points (pages are not modelled by the simulator), got 2'],
    [{ StartTime: 'yesterday' }, "'StartTime' must be a time, got 'yesterday'"],
    [{ NextToken: 'x' }, "'NextToken' is not modelled by the simulator"],
  ])('refuses %j', async (input, message) => {
    const { call } = shop();
    await expect(call('GetMetricData', { ...range, MetricDataQueries: [query('m1')], ...input })).rejects.toThrow(message);
  });
});

describe('GetMetricStatistics', () => {
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

describe('ListMetrics', () => {
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

describe('the operations on alarms', () => {
  test('describe an alarm as it was put, and its state', async () => {
    const { call, clock, put } = world();
    await call('PutMetricAlarm', { ...ORDERS, AlarmActions: [TOPIC], Tags: [{ Key: 'Team', Value: 'Shop' }] });
    put(12);
    await clock.advance(MINUTE);
    const { MetricAlarms, CompositeAlarms } = await call('DescribeAlarms');
    expect(CompositeAlarms).toEqual([]);
    expect(MetricAlarms).toEqual([{
      ...ORDERS, Dimensions: [], AlarmActions: [TOPIC], OKActions: [], InsufficientDataActions: [], ActionsEnabled: true,
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:Orders', StateValue: 'ALARM',
      StateReason: expect.stringContaining('Threshold Crossed') as string, StateReasonData: expect.stringContaining('"threshold":10') as string,
      StateUpdatedTimestamp: seconds + 60, StateTransitionedTimestamp: seconds + 60, AlarmConfigurationUpdatedTimestamp: seconds,
    }]);
  });

  test('describe alarms by name, prefix, state, action and type', async () => {
    const { call, alarm, cloudWatch } = world();
    alarm({ AlarmName: 'b1', AlarmActions: [TOPIC] });
    alarm({ AlarmName: 'a1' });
    cloudWatch.createCompositeAlarm({ AlarmName: 'a2', AlarmRule: 'ALARM(a1)' });
    const names = async (input: object): Promise<string[]> => {
      const { MetricAlarms, CompositeAlarms } = await call('DescribeAlarms', { ...input });
      return [...(MetricAlarms as { AlarmName: string }[]), ...(CompositeAlarms as { AlarmName: string }[])].map(({ AlarmName }) => AlarmName);
    };
    expect(await names({})).toEqual(['a1', 'b1']);
    expect(await names({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], AlarmNamePrefix: 'a' })).toEqual(['a1', 'a2']);
    expect(await names({ AlarmNames: ['b1'] })).toEqual(['b1']);
    expect(await names({ StateValue: 'OK' })).toEqual([]);
    expect(await names({ ActionPrefix: 'arn:aws:sns' })).toEqual(['b1']);
    expect(await names({ MaxRecords: 1 })).toEqual(['a1']);
    expect(await names({ MaxRecords: 1, NextToken: '1' })).toEqual(['b1']);
    await expect(call('DescribeAlarms', { AlarmNames: ['a1'], AlarmNamePrefix: 'a' })).rejects.toThrow('must not be given together');
    await expect(call('DescribeAlarms', { ParentsOfAlarmName: 'a1' })).rejects.toThrow("'ParentsOfAlarmName' is not modelled by the simulator");
    await expect(call('DescribeAlarms', { AlarmTypes: ['LogAlarm'] })).rejects.toThrow("'AlarmTypes' must be of MetricAlarm, CompositeAlarm, got 'LogAlarm'");
  });

  test('describe the alarms of a metric', async () => {
    const { call, alarm } = world();
    alarm({ AlarmName: 'plain' });
    alarm({ AlarmName: 'country', Dimensions: [{ Name: 'Country', Value: 'NO' }] });
    const { MetricAlarms } = await call('DescribeAlarmsForMetric', { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Country', Value: 'NO' }] });
    expect(MetricAlarms).toEqual([expect.objectContaining({ AlarmName: 'country' })]);
    expect((await call('DescribeAlarmsForMetric', { Namespace: 'Shop', MetricName: 'Orders', Period: 300 })).MetricAlarms).toEqual([]);
  });

  test('set a state, which runs actions and lasts until the next evaluation', async () => {
    const { call, alarm, put, clock, published } = world();
    const orders = alarm({ AlarmActions: [TOPIC] });
    put(1);
    await call('SetAlarmState', { AlarmName: 'Orders', StateValue: 'ALARM', StateReason: 'a drill', StateReasonData: '{"drill":true}' });
    expect([orders.state, orders.reason, published.length]).toEqual(['ALARM', 'a drill', 1]);
    await clock.advance(MINUTE);
    expect(orders.state).toBe('OK');
    const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { AlarmName: 'Orders', HistoryItemType: 'StateUpdate' });
    expect((AlarmHistoryItems as { HistorySummary: string; Timestamp: number }[]).map(({ HistorySummary, Timestamp }) => [HistorySummary, Timestamp])).toEqual([
      ['Alarm updated from ALARM to OK', seconds + 60], ['Alarm updated from INSUFFICIENT_DATA to ALARM', seconds],
    ]);
    const { AlarmHistoryItems: early } = await call('DescribeAlarmHistory', { EndDate: seconds, ScanBy: 'TimestampAscending', AlarmTypes: ['MetricAlarm'] });
    expect((early as { HistoryItemType: string }[]).map(({ HistoryItemType }) => HistoryItemType)).toEqual(['StateUpdate', 'Action']);
    await expect(call('SetAlarmState', { AlarmName: 'Orders', StateValue: 'ALARM', StateReason: 'a drill', StateReasonData: 'no' })).rejects.toThrow(refusal('InvalidFormat'));
    await expect(call('SetAlarmState', { AlarmName: 'Other', StateValue: 'ALARM', StateReason: 'a drill' })).rejects.toThrow(refusal('ResourceNotFound'));
  });

  test('delete all of the alarms or none', async () => {
    const { call, alarm, cloudWatch } = world();
    alarm();
    await expect(call('DeleteAlarms', { AlarmNames: ['Orders', 'Other'] })).rejects.toThrow('there is no alarm Other');
    expect(cloudWatch.alarms()).toHaveLength(1);
    await call('DeleteAlarms', { AlarmNames: ['Orders'] });
    expect(cloudWatch.alarms()).toEqual([]);
  });

  test('put composite alarms', async () => {
    const { call, cloudWatch } = world();
    await call('PutCompositeAlarm', { AlarmName: 'Always', AlarmRule: 'TRUE' });
    const { CompositeAlarms } = await call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] });
    expect(CompositeAlarms).toEqual([expect.objectContaining({ AlarmName: 'Always', AlarmRule: 'TRUE', StateValue: 'INSUFFICIENT_DATA' })]);
    expect(cloudWatch.alarm('Always')!.definition.type).toBe('CompositeAlarm');
  });
});

describe('dashboards', () => {
  test('are kept, listed and deleted', async () => {
    const { call } = world();
    const DashboardBody = '{"widgets":[]}';
    await call('PutDashboard', { DashboardName: 'Messaging', DashboardBody });
    expect(await call('GetDashboard', { DashboardName: 'Messaging' })).toEqual(
      { DashboardName: 'Messaging', DashboardBody, DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/Messaging' });
    expect((await call('ListDashboards', { DashboardNamePrefix: 'M' })).DashboardEntries).toEqual([
      { DashboardName: 'Messaging', DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/Messaging', LastModified: seconds, Size: 14 },
    ]);
    expect((await call('ListDashboards', { DashboardNamePrefix: 'X' })).DashboardEntries).toEqual([]);
    await expect(call('DeleteDashboards', { DashboardNames: ['Messaging', 'Other'] })).rejects.toThrow('there is no dashboard Other');
    await call('DeleteDashboards', { DashboardNames: ['Messaging'] });
    await expect(call('GetDashboard', { DashboardName: 'Messaging' })).rejects.toThrow(refusal('ResourceNotFound'));
  });

  test.each([
    ['a b', '{"widgets":[]}', "'DashboardName' must have from 1 to 255 letters"], ['a', 'no', "'DashboardBody' must be JSON"],
    ['a', '{}', "'DashboardBody' must have a list of 'widgets'"], ['a', 'null', "'DashboardBody' must have a list of 'widgets'"],
  ])('are refused with the name %s and the body %s', async (DashboardName, DashboardBody, message) => {
    const { call } = world();
    await expect(call('PutDashboard', { DashboardName, DashboardBody })).rejects.toThrow(refusal('InvalidParameterInput', message));
  });
});

test.each(['PutAnomalyDetector', 'toString'])('the operation %s is refused by name', async (operation) => {
  const { call } = world();
  await expect(call(operation)).rejects.toThrow(refusal('InvalidAction', `the operation '${operation}' of CloudWatch is not modelled by the simulator`));
});
