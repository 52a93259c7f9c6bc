import type { AlarmProperties } from '../../../simulator/cloudwatch';
import { documented } from '../documented';
import { HOUR, MINUTE, ORDERS, START, refusal, world } from './fixture';

const metricStat = (MetricName: string, Stat = 'Sum', Period = 60) => ({ Metric: { Namespace: 'Shop', MetricName }, Stat, Period });

documented('an alarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html', () => {
  test('begins with insufficient data', () => {
    const { alarm } = world();
    const { state, reason, arn, history } = alarm();
    expect({ state, reason, arn, history }).toEqual({
      state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', history: [],
      arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:Orders',
    });
  });

  test('is evaluated at the end of the minute, over that whole minute', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm();
    put(4);
    await clock.advance(MINUTE - 1);
    put(6);
    expect(orders.state).toBe('INSUFFICIENT_DATA');
    await clock.advance(1);
    expect(orders.state).toBe('ALARM');
    expect(orders.history).toEqual([expect.objectContaining({ at: START + MINUTE, from: 'INSUFFICIENT_DATA', to: 'ALARM' })]);
  });

  test('does not count what comes in the minute that begins', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm();
    put(10, START + MINUTE);
    await clock.advance(MINUTE);
    expect(orders.state).toBe('INSUFFICIENT_DATA');
    await clock.advance(MINUTE);
    expect(orders.state).toBe('ALARM');
  });

  test('goes to ALARM, to OK and to insufficient data, and says so', async () => {
    const { clock, alarm, put, changes } = world();
    const orders = alarm();
    put(10);
    await clock.advance(MINUTE);
    put(9.5);
    await clock.advance(MINUTE);
    await clock.advance(5 * MINUTE);
    expect(orders.history.map(({ from, to, reason, at }) => [from, to, reason, (at - START) / MINUTE])).toEqual([
      ['INSUFFICIENT_DATA', 'ALARM', 'Threshold Crossed: 1 datapoint [10.0 (05/01/26 09:00:00)] was greater than or equal to the threshold (10.0).', 1],
      ['ALARM', 'OK', 'Threshold Crossed: 1 datapoint [9.5 (05/01/26 09:01:00)] was not greater than or equal to the threshold (10.0).', 2],
      ['OK', 'INSUFFICIENT_DATA', 'Insufficient Data: 1 datapoint was unknown.', 5],
    ]);
    expect(changes.map(({ action, from, to, at, resource }) => [action, from, to, at, resource])).toEqual(
      orders.history.map(({ from, to, at }) => ['alarmChanged', from, to, at, orders.arn]));
  });

  test.each([
    ['GreaterThanThreshold', ['OK', 'OK', 'ALARM']],
    ['GreaterThanOrEqualToThreshold', ['OK', 'ALARM', 'ALARM']],
    ['LessThanThreshold', ['ALARM', 'OK', 'OK']],
    ['LessThanOrEqualToThreshold', ['ALARM', 'ALARM', 'OK']],
  ])('with %s compares values below, at and above the threshold', async (ComparisonOperator, expected) => {
    const { clock, alarm, put } = world();
    const orders = alarm({ ComparisonOperator });
    const states: string[] = [];
    for (const value of [9, 10, 11]) {
      put(value);
      await clock.advance(MINUTE);
      states.push(orders.state);
    }
    expect(states).toEqual(expected);
  });

  test.each([
    [{ Statistic: 'Sum' }, 12], [{ Statistic: 'Average' }, 4], [{ Statistic: 'Minimum' }, 1], [{ Statistic: 'Maximum' }, 7],
    [{ Statistic: 'SampleCount' }, 3], [{ Statistic: undefined, ExtendedStatistic: 'p50' }, 4],
  ])('watches the statistic of %j', async (statistic, value) => {
    const { clock, alarm, put } = world();
    const reached = alarm({ ...statistic, AlarmName: 'reached', Threshold: value });
    const above = alarm({ ...statistic, AlarmName: 'above', Threshold: value, ComparisonOperator: 'GreaterThanThreshold' });
    for (const each of [1, 4, 7]) put(each);
    await clock.advance(MINUTE);
    expect([reached.state, above.state]).toEqual(['ALARM', 'OK']);
  });

  test('of 2 out of 3 needs two breaching periods of three, and tells which', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    for (const value of [1, 12, 2, 11]) {
      put(value);
      await clock.advance(MINUTE);
    }
    expect(orders.history.map(({ to }) => to)).toEqual(['OK', 'ALARM']);
    expect(orders.reason).toBe('Threshold Crossed: 2 out of the last 3 datapoints [11.0 (05/01/26 09:03:00), 12.0 (05/01/26 09:01:00)] '
      + 'were greater than or equal to the threshold (10.0) (minimum 2 datapoints for OK -> ALARM transition).');
  });

  test('takes all evaluation periods as its data points to alarm by default', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm({ EvaluationPeriods: 2 });
    for (const value of [1, 11]) { put(value); await clock.advance(MINUTE); }
    expect(orders.state).toBe('OK');
    put(11);
    await clock.advance(MINUTE);
    expect(orders.state).toBe('ALARM');
  });

  test.each([
    ['breaching', 'ALARM', 'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].'],
    ['notBreaching', 'OK', 'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [NonBreaching].'],
    ['ignore', 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation'],
    ['missing', 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation'],
  ])('that treats missing data as %s is %s without data', async (TreatMissingData, state, reason) => {
    const { clock, alarm } = world();
    const orders = alarm({ TreatMissingData, EvaluationPeriods: 2 });
    await clock.advance(MINUTE);
    expect([orders.state, orders.reason]).toEqual([state, reason]);
  });

  test('treats missing data as missing by default', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm();
    put(11);
    await clock.advance(10 * MINUTE);
    expect(orders.state).toBe('INSUFFICIENT_DATA');
  });

  test.each([
    ['of a metric of it', {}],
    ['of an expression over one', {
      MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined,
      Metrics: [{ Id: 'm1', MetricStat: { ...metricStat('Throttled'), Metric: { Namespace: 'AWS/DynamoDB', MetricName: 'Throttled' } } }],
    }],
  ])('%s in AWS/DynamoDB ignores missing data, whatever it says', async (_, properties) => {
    const { clock, alarm } = world();
    const table = alarm({ Namespace: 'AWS/DynamoDB', TreatMissingData: 'breaching', ...properties });
    await clock.advance(5 * MINUTE);
    expect(table.state).toBe('INSUFFICIENT_DATA');
  });

  test('of five minutes is evaluated each minute, over the last five', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm({ Period: 300 });
    await clock.advance(7 * MINUTE);
    put(6);
    await clock.advance(MINUTE);
    expect(orders.state).toBe('OK');
    put(6);
    await clock.advance(MINUTE);
    expect(orders.state).toBe('ALARM');
    expect(orders.reason).toContain('[12.0 (05/01/26 09:04:00)]');
  });

  test.each([10, 20, 30])('of %i seconds is evaluated every ten seconds', async (Period) => {
    const { clock, alarm, cloudWatch } = world();
    await clock.advance(1_000);
    const fast = alarm({ Period });
    cloudWatch.putMetric('Shop', 'Orders', {}, 10, { storageResolution: 1 });
    await clock.advance(8_999);
    expect(fast.state).toBe('INSUFFICIENT_DATA');
    await clock.advance(1);
    expect(fast.state).toBe('ALARM');
  });

  test('over more than a day is evaluated each full hour', async () => {
    const { clock, alarm, put } = world();
    await clock.advance(MINUTE);
    const daily = alarm({ Period: 86_400, EvaluationPeriods: 2, TreatMissingData: 'breaching' });
    put(1);
    await clock.advance(HOUR - MINUTE - 1);
    expect(daily.state).toBe('INSUFFICIENT_DATA');
    await clock.advance(1);
    expect(daily.state).toBe('OK');
  });

  test('with a unit sees only samples of that unit', async () => {
    const { clock, alarm, cloudWatch } = world();
    const seconds = alarm({ AlarmName: 'seconds', Unit: 'Seconds' });
    const bytes = alarm({ AlarmName: 'bytes', Unit: 'Bytes' });
    cloudWatch.putMetric('Shop', 'Orders', {}, 10, { unit: 'Seconds' });
    await clock.advance(MINUTE);
    expect([seconds.state, bytes.state]).toEqual(['ALARM', 'INSUFFICIENT_DATA']);
  });

  test('that is created again gets a new configuration and keeps its state', async () => {
    const { clock, alarm, put, cloudWatch } = world();
    const orders = alarm();
    put(10);
    await clock.advance(MINUTE);
    expect(alarm({ Threshold: 99 })).toBe(orders);
    expect([orders.state, cloudWatch.alarms().length]).toEqual(['ALARM', 1]);
    put(10);
    await clock.advance(MINUTE);
    expect(orders.state).toBe('OK');
  });

  test('is found by name and by ARN until it is deleted', () => {
    const { alarm, cloudWatch } = world();
    const orders = alarm();
    expect([cloudWatch.alarm('Orders'), cloudWatch.alarm(orders.arn)]).toEqual([orders, orders]);
    cloudWatch.deleteAlarm('Orders');
    expect(cloudWatch.alarm('Orders')).toBeUndefined();
    expect(() => cloudWatch.deleteAlarm('Orders')).toThrow(refusal('ResourceNotFound'));
  });

  test('is no longer evaluated after stop', async () => {
    const { clock, alarm, put, cloudWatch } = world();
    const orders = alarm();
    put(10);
    cloudWatch.stop();
    await clock.advance(MINUTE);
    expect(orders.state).toBe('INSUFFICIENT_DATA');
  });
});

documented('an alarm on a percentile that ignores low sample counts', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html', () => {
  test.each([
    ['p90', 99, 'INSUFFICIENT_DATA'], ['p90', 100, 'ALARM'], ['p99', 999, 'INSUFFICIENT_DATA'], ['p99', 1000, 'ALARM'],
    ['p50', 19, 'INSUFFICIENT_DATA'], ['p50', 20, 'ALARM'], ['p10', 99, 'INSUFFICIENT_DATA'], ['p10', 100, 'ALARM'], ['tm90', 1, 'ALARM'],
  ])('with %s of %i samples is %s', async (ExtendedStatistic, count, state) => {
    const { clock, cloudWatch, alarm } = world();
    const orders = alarm({ Statistic: undefined, ExtendedStatistic, EvaluateLowSampleCountPercentile: 'ignore' });
    cloudWatch.putMetric('Shop', 'Orders', {}, 12, { count });
    await clock.advance(60_000);
    expect(orders.state).toBe(state);
  });
});

documented('an alarm on an expression', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html', () => {
  const metrics = (Expression: string, more: object[] = []): Partial<AlarmProperties> => ({
    Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined,
    Metrics: [
      { Id: 'visible', MetricStat: metricStat('Visible', 'Maximum'), ReturnData: false },
      { Id: 'deleted', MetricStat: metricStat('Deleted'), ReturnData: false },
      ...more,
      { Id: 'stalled', Expression, Label: 'Stalled', ReturnData: true },
    ],
  });

  test('goes by the result, of the period of its metrics', async () => {
    const { clock, alarm, cloudWatch } = world();
    const stalled = alarm({ ...metrics('IF(visible > 0 AND deleted == 0, 1, 0)'), Threshold: 1 });
    cloudWatch.putMetric('Shop', 'Visible', {}, 3);
    cloudWatch.putMetric('Shop', 'Deleted', {}, 1);
    await clock.advance(MINUTE);
    expect(stalled.state).toBe('OK');
    cloudWatch.putMetric('Shop', 'Visible', {}, 3);
    cloudWatch.putMetric('Shop', 'Deleted', {}, 0);
    await clock.advance(MINUTE);
    expect(stalled.state).toBe('ALARM');
  });

  test('can name other expressions', async () => {
    const { clock, alarm, cloudWatch } = world();
    const rate = alarm({ ...metrics('ratio * 100', [{ Id: 'ratio', Expression: 'deleted / visible', ReturnData: false }]), Threshold: 50 });
    cloudWatch.putMetric('Shop', 'Visible', {}, 4);
    cloudWatch.putMetric('Shop', 'Deleted', {}, 2);
    await clock.advance(MINUTE);
    expect(rate.state).toBe('ALARM');
  });

  test.each([
    ['an unknown function', metrics('FIND("x")'), "the function 'FIND' is not modelled by the simulator"],
    ['a search', metrics('SUM(SEARCH("Orders", "Sum", 60))'), 'SEARCH is not supported on Metric Alarms'],
    ['an unknown ID', metrics('visible / m9'), "no metric or expression has the ID 'm9'"],
    ['a number as its result', metrics('SUM(visible)'), "the expression 'stalled' must result in a time series, not in a number"],
    ['an array as its result', metrics('METRICS()'), "the expression 'stalled' must result in one time series, not in an array of them"],
    ['a circle', metrics('other', [{ Id: 'other', Expression: 'stalled', ReturnData: false }]), 'the expressions other -> stalled -> other form a circle'],
    ['several periods', metrics('visible + slow', [{ Id: 'slow', MetricStat: metricStat('Slow', 'Sum', 300), ReturnData: false }]),
      "the expression 'stalled' must have metrics of one period, got 60, 300"],
    ['a period that its metrics do not have', metrics('visible', [{ Id: 'slow', Expression: 'deleted', Period: 300, ReturnData: false }]),
      "the expression 'slow' has the period 300, its metrics 60"],
    ['two results', metrics('visible', [{ Id: 'more', Expression: 'deleted' }]), "exactly one of 'Metrics' must have ReturnData true, got more, stalled"],
    ['an ID given twice', metrics('visible', [{ Id: 'deleted', MetricStat: metricStat('Other'), ReturnData: false }]), "the ID 'deleted' is given twice"],
    ['a capital ID', metrics('visible', [{ Id: 'Big', MetricStat: metricStat('Other'), ReturnData: false }]),
      "'Id' must begin with a small letter and have only letters, digits and underscores, got 'Big'"],
    ['both metric and expression', metrics('visible', [{ Id: 'both', Expression: '1', MetricStat: metricStat('Other'), ReturnData: false }]),
      "'both' must have either 'Expression' or 'MetricStat'"],
    ['a metric of another account', metrics('visible', [{ Id: 'far', AccountId: '210987654321', MetricStat: metricStat('Other'), ReturnData: false }]),
      'metrics of another account (210987654321) are not modelled by the simulator'],
    ['a single metric beside it', { ...metrics('visible'), MetricName: 'Orders' }, "'MetricName' must not be given beside 'Metrics'"],
    ['an unknown member', metrics('visible', [{ Id: 'odd', Colour: 'red', MetricStat: metricStat('Other'), ReturnData: false }]),
      "'Metrics[2].Colour' is not modelled by the simulator"],
  ])('is refused at creation with %s', (_, properties, message) => {
    const { alarm, cloudWatch } = world();
    expect(() => alarm(properties)).toThrow(refusal('ValidationError', message));
    expect(cloudWatch.alarms()).toEqual([]);
  });
});

documented('creating an alarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ AlarmName: undefined }, "'AlarmName' is required"],
    [{ AlarmName: 'x'.repeat(256) }, "'AlarmName' must have from 1 to 255 characters, got 256"],
    [{ Namespace: undefined }, "'Namespace' is required"],
    [{ MetricName: undefined }, "'MetricName' is required"],
    [{ Statistic: undefined }, "an alarm must have either 'Statistic' or 'ExtendedStatistic'"],
    [{ ExtendedStatistic: 'p99' }, "an alarm must have either 'Statistic' or 'ExtendedStatistic'"],
    [{ Statistic: 'p99' }, "'Statistic' must be one of SampleCount, Average, Sum, Minimum, Maximum, got 'p99'"],
    [{ Statistic: undefined, ExtendedStatistic: 'Sum' }, "'ExtendedStatistic' must be a percentile such as p99 or a trimmed statistic such as tm90, got 'Sum'"],
    [{ Period: 90 }, "'Period' must be 10, 20, 30 or a multiple of 60, got 90"],
    [{ Period: 5 }, "'Period' must be 10, 20, 30 or a multiple of 60, got 5"],
    [{ Period: undefined }, "'Period' is required"],
    [{ EvaluationPeriods: 0 }, "'EvaluationPeriods' must be at least 1, got 0"],
    [{ EvaluationPeriods: 1.5 }, "'EvaluationPeriods' must be a whole number, got 1.5"],
    [{ EvaluationPeriods: undefined }, "'EvaluationPeriods' is required"],
    [{ DatapointsToAlarm: 2 }, "'DatapointsToAlarm' must be from 1 to 1, got 2"],
    [{ EvaluationPeriods: 1441 }, "'Period' times 'EvaluationPeriods' must be at most 86400 seconds for this period, got 86460"],
    [{ Period: 3600, EvaluationPeriods: 169 }, "'Period' times 'EvaluationPeriods' must be at most 604800 seconds for this period, got 608400"],
    [{ Threshold: undefined }, "'Threshold' is required"],
    [{ Threshold: 'high' }, "'Threshold' must be a number, got 'high'"],
    [{ ComparisonOperator: 'GreaterThanUpperThreshold' }, "'ComparisonOperator' must be one of GreaterThanOrEqualToThreshold, GreaterThanThreshold"],
    [{ TreatMissingData: 'zero' }, "'TreatMissingData' must be one of breaching, notBreaching, ignore, missing, got 'zero'"],
    [{ EvaluateLowSampleCountPercentile: 'skip' }, "'EvaluateLowSampleCountPercentile' must be one of evaluate, ignore, got 'skip'"],
    [{ ActionsEnabled: 'perhaps' }, "'ActionsEnabled' must be true or false, got 'perhaps'"],
    [{ AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] }, 'no other action is modelled by the simulator'],
    [{ OKActions: Array(6).fill('arn:aws:sns:us-east-1:123456789012:T') }, "'OKActions' must have at most 5 entries, got 6"],
    [{ Dimensions: [{ Name: 'QueueName' }] }, "'Dimensions[0].Value' is required"],
    [{ Tags: [{ Key: 'Team', Value: 'Shop', Colour: 'red' }] }, "'Tags[0].Colour' is not modelled by the simulator"],
    [{ ThresholdMetricId: 'ad1' }, "'ThresholdMetricId' is not modelled by the simulator"],
  ])('is refused for %j', (properties, message) => {
    const { alarm } = world();
    expect(() => alarm(properties as Partial<AlarmProperties>)).toThrow(
      refusal('ValidationError', message));
  });

  test('names every problem in one error', () => {
    const { alarm } = world();
    expect(() => alarm({ Period: 90, EvaluationPeriods: 0, TreatMissingData: 'zero' })).toThrow(
      /'EvaluationPeriods' .*; 'TreatMissingData' .*; 'Period' /);
  });

  test('takes numbers and booleans as text, as templates have them', () => {
    const { alarm } = world();
    const text = { Threshold: '10', EvaluationPeriods: '2', Period: '60', ActionsEnabled: 'false' } as unknown as Partial<AlarmProperties>;
    expect(alarm(text).actionsEnabled).toBe(false);
  });

  test('takes an empty description', () => {
    const { alarm } = world();
    expect(alarm({ AlarmDescription: '' }).description).toBe('');
  });

  test('takes the longest spans', () => {
    const { alarm } = world();
    expect(alarm({ EvaluationPeriods: 1440 }).name).toBe(ORDERS.AlarmName);
    expect(alarm({ Period: 3600, EvaluationPeriods: 168 }).name).toBe(ORDERS.AlarmName);
  });
});
