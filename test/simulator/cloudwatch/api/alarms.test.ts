import { documented } from '../../documented';
import { MINUTE, ORDERS, START, TOPIC, refusal, world } from '../fixture';

const seconds = START / 1000;

documented('DescribeAlarms', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html', () => {
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
    await expect(call('DescribeAlarms', { AlarmTypes: ['LogAlarm'] })).rejects.toThrow("'AlarmTypes' must be of MetricAlarm, CompositeAlarm, got 'LogAlarm'");
  });
});

documented('DescribeAlarms, of relatives', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html', () => {
  function family() {
    const { call, alarm, cloudWatch } = world();
    for (const AlarmName of ['b', 'a', 'other']) alarm({ AlarmName });
    cloudWatch.createCompositeAlarm({ AlarmName: 'inner', AlarmRule: 'ALARM(a)' });
    cloudWatch.createCompositeAlarm({ AlarmName: 'outer', AlarmRule: 'ALARM(b) OR ALARM(a) OR OK(inner)' });
    return (input: object) => call('DescribeAlarms', { ...input });
  }
  const arn = (name: string) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`;

  test('the children are the alarms of a rule, with their states and little else', async () => {
    const described = await family()({ ChildrenOfAlarmName: 'outer' });
    const child = (name: string) => ({ AlarmName: name, AlarmArn: arn(name), StateValue: 'INSUFFICIENT_DATA', StateUpdatedTimestamp: seconds });
    expect(described).toEqual({ MetricAlarms: [child('a'), child('b')], CompositeAlarms: [child('inner')] });
  });

  test('the parents are the composite alarms that name an alarm, with their names alone', async () => {
    const described = await family()({ ParentsOfAlarmName: 'a' });
    expect(described).toEqual({
      MetricAlarms: [], CompositeAlarms: [{ AlarmName: 'inner', AlarmArn: arn('inner') }, { AlarmName: 'outer', AlarmArn: arn('outer') }],
    });
  });

  test('come in pages', async () => {
    expect(await family()({ ParentsOfAlarmName: 'a', MaxRecords: 1, NextToken: '1' })).toMatchObject({ CompositeAlarms: [{ AlarmName: 'outer' }] });
  });

  test.each<[object, string]>([
    [{ ChildrenOfAlarmName: 'outer', StateValue: 'OK' }, "'StateValue' must not be given beside ChildrenOfAlarmName or ParentsOfAlarmName"],
    [{ ChildrenOfAlarmName: 'outer', ParentsOfAlarmName: 'a' }, 'must not be given together'],
    [{ ParentsOfAlarmName: 'none' }, 'there is no alarm none'],
  ])('%j is refused', async (input, problem) => {
    await expect(family()(input)).rejects.toThrow(problem);
  });
});

documented('DescribeAlarmHistory', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html', () => {
  const itemsOf = (answer: Record<string, unknown>) => answer.AlarmHistoryItems as { AlarmName: string; HistorySummary: string; HistoryData: string }[];

  test('says when an alarm was created, updated and deleted, and keeps it after that', async () => {
    const { call, alarm, clock } = world();
    alarm();
    alarm({ Threshold: 20 });
    await call('DeleteAlarms', { AlarmNames: ['Orders'] });
    const history = () => call('DescribeAlarmHistory', { AlarmName: 'Orders', HistoryItemType: 'ConfigurationUpdate', ScanBy: 'TimestampAscending' });
    const items = itemsOf(await history());
    expect(items.map(({ HistorySummary }) => HistorySummary)).toEqual(['Alarm "Orders" created', 'Alarm "Orders" updated', 'Alarm "Orders" deleted']);
    expect(items.map(({ HistoryData }) => JSON.parse(HistoryData) as unknown)).toMatchObject([
      { type: 'Create', createdAlarm: { Threshold: 10 } }, { type: 'Update', updatedAlarm: { Threshold: 20 } }, { type: 'Delete', deletedAlarm: { Threshold: 20 } },
    ]);
    await clock.advance(31 * 24 * 60 * MINUTE);
    expect(itemsOf(await history())).toEqual([]);
  });

  test('is of metric alarms, unless composite alarms are asked for', async () => {
    const { call, alarm, cloudWatch } = world();
    alarm();
    cloudWatch.createCompositeAlarm({ AlarmName: 'Always', AlarmRule: 'TRUE' });
    const names = async (AlarmTypes?: string[]) => itemsOf(await call('DescribeAlarmHistory', { AlarmTypes })).map(({ AlarmName }) => AlarmName);
    expect([await names(), await names(['CompositeAlarm'])]).toEqual([['Orders'], ['Always']]);
  });

  test('comes in pages of at most 100 items', async () => {
    const { call, alarm } = world();
    for (let index = 0; index < 101; index++) alarm();
    const first = await call('DescribeAlarmHistory', { AlarmName: 'Orders' });
    const second = await call('DescribeAlarmHistory', { AlarmName: 'Orders', NextToken: first.NextToken });
    expect([itemsOf(first).length, itemsOf(second).length, second.NextToken]).toEqual([100, 1, undefined]);
    await expect(call('DescribeAlarmHistory', { MaxRecords: 101 })).rejects.toThrow("'MaxRecords' must be from 1 to 100, got 101");
  });
});

documented('DescribeAlarmsForMetric', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmsForMetric.html', () => {
  test('describe the alarms of a metric', async () => {
    const { call, alarm } = world();
    alarm({ AlarmName: 'plain' });
    alarm({ AlarmName: 'country', Dimensions: [{ Name: 'Country', Value: 'NO' }] });
    const { MetricAlarms } = await call('DescribeAlarmsForMetric', { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Country', Value: 'NO' }] });
    expect(MetricAlarms).toEqual([expect.objectContaining({ AlarmName: 'country' })]);
    expect((await call('DescribeAlarmsForMetric', { Namespace: 'Shop', MetricName: 'Orders', Period: 300 })).MetricAlarms).toEqual([]);
  });
});

documented('SetAlarmState', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html', () => {
  test('to the state that an alarm is in changes nothing and runs no actions', async () => {
    const { call, alarm, published } = world();
    const orders = alarm({ InsufficientDataActions: [TOPIC] });
    await call('SetAlarmState', { AlarmName: 'Orders', StateValue: 'INSUFFICIENT_DATA', StateReason: 'a drill' });
    expect([orders.history, published]).toEqual([[], []]);
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
    expect((early as { HistoryItemType: string }[]).map(({ HistoryItemType }) => HistoryItemType))
      .toEqual(['ConfigurationUpdate', 'StateUpdate', 'Action']);
    await expect(call('SetAlarmState', { AlarmName: 'Orders', StateValue: 'ALARM', StateReason: 'a drill', StateReasonData: 'no' })).rejects.toThrow(refusal('InvalidFormat'));
    await expect(call('SetAlarmState', { AlarmName: 'Other', StateValue: 'ALARM', StateReason: 'a drill' })).rejects.toThrow(refusal('ResourceNotFound'));
  });
});

documented('DeleteAlarms', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html', () => {
  test('delete all of the alarms or none', async () => {
    const { call, alarm, cloudWatch } = world();
    alarm();
    await expect(call('DeleteAlarms', { AlarmNames: ['Orders', 'Other'] })).rejects.toThrow('there is no alarm Other');
    expect(cloudWatch.alarms()).toHaveLength(1);
    await call('DeleteAlarms', { AlarmNames: ['Orders'] });
    expect(cloudWatch.alarms()).toEqual([]);
  });
});

documented('PutCompositeAlarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html', () => {
  test('put composite alarms', async () => {
    const { call, cloudWatch } = world();
    await call('PutCompositeAlarm', { AlarmName: 'Always', AlarmRule: 'TRUE' });
    const { CompositeAlarms } = await call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] });
    expect(CompositeAlarms).toEqual([expect.objectContaining({ AlarmName: 'Always', AlarmRule: 'TRUE', StateValue: 'INSUFFICIENT_DATA' })]);
    expect(cloudWatch.alarm('Always')!.definition.type).toBe('CompositeAlarm');
  });
});
