import { ServiceError, type InvokableFunction } from '../../../simulator/contracts';
import { subject } from '../../../simulator/cloudwatch/notification';
import { documented } from '../documented';
import { MINUTE, START, TOPIC, world } from './fixture';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:Page';
const actions = { AlarmActions: [TOPIC], OKActions: [TOPIC], InsufficientDataActions: [TOPIC] };

documented('the actions of an alarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html', () => {
  test('publish what AWS publishes', async () => {
    const { clock, alarm, put, published } = world();
    const { arn } = alarm({
      ...actions, AlarmDescription: 'Too many orders', DatapointsToAlarm: 1, TreatMissingData: 'notBreaching',
    });
    put(12);
    await clock.advance(MINUTE);
    expect(published).toEqual([{
      topic: TOPIC,
      subject: 'ALARM: "Orders" in US East (N. Virginia)',
      caller: { principal: 'cloudwatch.amazonaws.com', sourceArn: arn },
      message: {
        AlarmName: 'Orders', AlarmDescription: 'Too many orders', AWSAccountId: '123456789012',
        AlarmConfigurationUpdatedTimestamp: '2026-01-05T09:00:00.000+0000',
        NewStateValue: 'ALARM',
        NewStateReason: 'Threshold Crossed: 1 out of the last 1 datapoints [12.0 (05/01/26 09:00:00)] was greater than or equal to the threshold (10.0) '
          + '(minimum 1 datapoint for OK -> ALARM transition).',
        StateChangeTime: '2026-01-05T09:01:00.000+0000', Region: 'US East (N. Virginia)', AlarmArn: arn, OldStateValue: 'INSUFFICIENT_DATA',
        OKActions: [TOPIC], AlarmActions: [TOPIC], InsufficientDataActions: [TOPIC],
        Trigger: {
          MetricName: 'Orders', Namespace: 'Shop', StatisticType: 'Statistic', Statistic: 'SUM', Unit: null, Dimensions: [], Period: 60,
          EvaluationPeriods: 1, DatapointsToAlarm: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 10,
          TreatMissingData: 'notBreaching', EvaluateLowSampleCountPercentile: '',
        },
      },
    }]);
  });

  test('tell the metrics of an expression', async () => {
    const { clock, alarm, put, published } = world();
    const metric = { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Country', Value: 'NO' }] };
    alarm({
      AlarmActions: [TOPIC], Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined, TreatMissingData: 'breaching',
      Metrics: [
        { Id: 'm1', MetricStat: { Metric: metric, Stat: 'p99', Period: 60 }, ReturnData: false },
        { Id: 'e1', Expression: 'm1 * 2', Label: 'Twice' },
      ],
    });
    put(1);
    await clock.advance(MINUTE);
    expect(published[0].message.Trigger).toEqual({
      Period: 60, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 10, TreatMissingData: 'breaching',
      EvaluateLowSampleCountPercentile: '',
      Metrics: [
        {
          Id: 'm1', ReturnData: false,
          MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ name: 'Country', value: 'NO' }] }, Stat: 'p99', Period: 60 },
        },
        { Id: 'e1', Label: 'Twice', Expression: 'm1 * 2', ReturnData: true },
      ],
    });
  });

  test('spell percentiles and sample counts as AWS does', async () => {
    const { clock, alarm, put, published } = world();
    alarm({ AlarmName: 'a', AlarmActions: [TOPIC], Statistic: 'SampleCount', Threshold: 1 });
    alarm({ AlarmName: 'b', AlarmActions: [TOPIC], Statistic: undefined, ExtendedStatistic: 'p99' });
    put(12);
    await clock.advance(MINUTE);
    expect(published.map(({ message }) => message.Trigger)).toEqual([
      expect.objectContaining({ StatisticType: 'Statistic', Statistic: 'SAMPLE_COUNT' }),
      expect.objectContaining({ StatisticType: 'ExtendedStatistic', ExtendedStatistic: 'p99' }),
    ]);
  });

  test('run on transitions only, each state its own', async () => {
    const { clock, alarm, put, published } = world();
    alarm(actions);
    for (const value of [12, 13, 14, 1, 2]) {
      put(value);
      await clock.advance(MINUTE);
    }
    await clock.advance(10 * MINUTE);
    expect(published.map(({ subject }) => subject?.split(':')[0])).toEqual(['ALARM', 'OK', 'INSUFFICIENT_DATA']);
  });

  test('do not run while they are disabled', async () => {
    const { clock, alarm, put, published, call } = world();
    const orders = alarm({ ...actions, ActionsEnabled: false });
    put(12);
    await clock.advance(MINUTE);
    expect([orders.state, published.length, orders.history[0].actions]).toEqual(['ALARM', 0, []]);
    await call('EnableAlarmActions', { AlarmNames: ['Orders'] });
    put(1);
    await clock.advance(MINUTE);
    expect(published).toHaveLength(1);
    await call('DisableAlarmActions', { AlarmNames: ['Orders'] });
    put(12);
    await clock.advance(MINUTE);
    expect(published).toHaveLength(1);
  });

  test('that fail are in the history, and the others run all the same', async () => {
    const { clock, alarm, put, published, call } = world();
    const gone = 'arn:aws:sns:us-east-1:123456789012:Gone';
    const orders = alarm({ AlarmActions: [gone, TOPIC] });
    put(12);
    await clock.advance(MINUTE);
    expect(published).toHaveLength(1);
    expect(orders.history[0].actions).toEqual([
      { action: gone, status: 'failed', error: `there is no topic ${gone}` },
      { action: TOPIC, status: 'succeeded' },
    ]);
    const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { HistoryItemType: 'Action' });
    expect(AlarmHistoryItems).toEqual([
      expect.objectContaining({ AlarmName: 'Orders', HistorySummary: `Successfully executed action ${TOPIC}` }),
      expect.objectContaining({ HistorySummary: `Failed to execute action ${gone}. Received error: "there is no topic ${gone}"` }),
    ]);
  });

  test('name a region by its code where AWS has no name for it yet', () => {
    const { alarm, place } = world();
    const transition = { at: START, from: 'OK', to: 'ALARM', reason: '', reasonData: '', actions: [] } as const;
    expect(subject(alarm(), { ...transition, actions: [] }, { ...place, region: 'xx-north-1' })).toBe('ALARM: "Orders" in xx-north-1');
  });

  test('cut the subject to the hundred characters that SNS takes', async () => {
    const { clock, alarm, put, published } = world();
    alarm({ AlarmName: 'n'.repeat(200), AlarmActions: [TOPIC] });
    put(12);
    await clock.advance(MINUTE);
    expect(published[0].subject).toBe(`ALARM: "${'n'.repeat(89)}...`);
  });
});

documented('a function as an action', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html', () => {
  function page(accept: () => string = () => 'request') {
    const invocations: unknown[] = [];
    const invoked: InvokableFunction = {
      arn: FUNCTION, timeout: 3,
      invoke: () => Promise.reject(new Error('an alarm invokes asynchronously')),
      invokeAsync: (event, caller) => {
        invocations.push({ event, caller });
        return accept();
      },
    };
    return { invocations, functions: { [FUNCTION]: invoked } };
  }

  test('is invoked with the alarm and its states', async () => {
    const { invocations, functions } = page();
    const { clock, alarm, put } = world(functions);
    const { arn, history } = alarm({ AlarmActions: [FUNCTION], AlarmDescription: 'Too many' });
    put(12);
    await clock.advance(MINUTE);
    expect(invocations).toEqual([{
      caller: { principal: 'lambda.alarms.cloudwatch.amazonaws.com', sourceArn: arn },
      event: {
        source: 'aws.cloudwatch', alarmArn: arn, accountId: '123456789012', time: '2026-01-05T09:01:00.000+0000', region: 'us-east-1',
        alarmData: {
          alarmName: 'Orders',
          state: { value: 'ALARM', reason: history[0].reason, reasonData: history[0].reasonData, timestamp: '2026-01-05T09:01:00.000+0000' },
          previousState: { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', timestamp: '2026-01-05T09:00:00.000+0000' },
          configuration: {
            description: 'Too many',
            metrics: [{
              id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, returnData: true,
              metricStat: { metric: { namespace: 'Shop', name: 'Orders', dimensions: {} }, period: 60, stat: 'Sum' },
            }],
          },
        },
      },
    }]);
    expect(JSON.parse(history[0].reasonData)).toMatchObject({ startDate: '2026-01-05T09:00:00.000+0000', statistic: 'Sum', recentDatapoints: [12], threshold: 10 });
    expect(history[0].actions).toEqual([{ action: FUNCTION, status: 'succeeded' }]);
  });

  test('is told why the alarm was in its previous state, where it knows', async () => {
    const { invocations, functions } = page();
    const { clock, alarm, put } = world(functions);
    const { history } = alarm({ AlarmActions: [FUNCTION], OKActions: [FUNCTION] });
    for (const value of [12, 1]) {
      put(value);
      await clock.advance(MINUTE);
    }
    expect(invocations).toEqual([
      { event: expect.objectContaining({ alarmData: expect.objectContaining({ previousState: expect.not.objectContaining({ reasonData: expect.anything() }) }) }) },
      { event: expect.objectContaining({ alarmData: expect.objectContaining({ previousState: expect.objectContaining({ reasonData: history[0].reasonData }) }) }) },
    ].map((each) => expect.objectContaining(each) as unknown));
  });

  test('that lets CloudWatch not in is a failed action', async () => {
    const refuse = (): never => { throw new ServiceError('AccessDeniedException', 'no statement for lambda.alarms.cloudwatch.amazonaws.com', 403); };
    const { clock, alarm, put } = world(page(refuse).functions);
    const orders = alarm({ AlarmActions: [FUNCTION] });
    put(12);
    await clock.advance(MINUTE);
    expect(orders.history[0].actions).toEqual([
      { action: FUNCTION, status: 'failed', error: 'no statement for lambda.alarms.cloudwatch.amazonaws.com' },
    ]);
  });

  test('that takes no events is a failed action', async () => {
    const invoked: InvokableFunction = { arn: FUNCTION, timeout: 3, invoke: () => Promise.reject(new Error('an alarm invokes asynchronously')) };
    const { clock, alarm, put } = world({ [FUNCTION]: invoked });
    const orders = alarm({ AlarmActions: [FUNCTION] });
    put(12);
    await clock.advance(MINUTE);
    expect(orders.history[0].actions).toEqual([{ action: FUNCTION, status: 'failed', error: `the function ${FUNCTION} takes no events` }]);
  });

  test('that does not exist is a failed action', async () => {
    const { clock, alarm, put } = world();
    const orders = alarm({ AlarmActions: [FUNCTION] });
    put(12);
    await clock.advance(MINUTE);
    expect(orders.history[0].actions).toEqual([{ action: FUNCTION, status: 'failed', error: `there is no function ${FUNCTION}` }]);
  });
});

documented('the history of an alarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html', () => {
  test('goes back thirty days', async () => {
    const { clock, alarm, cloudWatch } = world();
    const orders = alarm();
    const set = (state: 'OK' | 'ALARM') => cloudWatch.setAlarmState('Orders', { state, reason: state, reasonData: {} });
    set('OK');
    await clock.advance(31 * 24 * 60 * MINUTE);
    set('ALARM');
    expect(orders.history.map(({ at }) => at)).toEqual([START + 3 * MINUTE, START + 31 * 24 * 60 * MINUTE].slice(1));
  });
});
