import { documented } from '../documented';
import { MINUTE, TOPIC, refusal, world } from './fixture';

documented('a composite alarm with a suppressor', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html', () => {
  /** Waits two minutes for its suppressor, and stays suppressed for three minutes after it. */
  function suppressed() {
    const made = world();
    for (const name of ['cause', 'maintenance']) made.alarm({ AlarmName: name, MetricName: name, TreatMissingData: 'ignore' });
    const composite = made.cloudWatch.createCompositeAlarm({
      AlarmName: 'page', AlarmRule: 'ALARM("cause")', AlarmActions: [TOPIC], OKActions: [TOPIC],
      ActionsSuppressor: 'maintenance', ActionsSuppressorWaitPeriod: 120, ActionsSuppressorExtensionPeriod: 180,
    });
    const set = (name: string, state: 'OK' | 'ALARM') => made.cloudWatch.setAlarmState(name, { state, reason: state, reasonData: {} });
    set('cause', 'OK');
    set('maintenance', 'OK');
    const told = (): unknown[] => made.published.map(({ message }) => message.NewStateValue).slice(1); // after the OK that it begins with
    const minutes = (count: number) => made.clock.advance(count * MINUTE);
    const by = async () => ((await made.call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] })).CompositeAlarms as Record<string, unknown>[])[0].ActionsSuppressedBy;
    return { ...made, composite, set, told, minutes, by };
  }

  test('runs its actions when the suppressor does not come within the wait period', async () => {
    const { minutes, set, told, by } = suppressed();
    await minutes(1);
    set('cause', 'ALARM');
    expect(await by()).toBe('WaitPeriod');
    await minutes(1.9);
    expect(told()).toEqual([]);
    await minutes(0.2);
    expect([told(), await by()]).toEqual([['ALARM'], undefined]);
  });

  test('runs none while the suppressor is in ALARM, and for the extension period after it', async () => {
    const { minutes, set, told, by } = suppressed();
    await minutes(1);
    set('cause', 'ALARM');
    await minutes(1);
    set('maintenance', 'ALARM');
    await minutes(10);
    expect([told(), await by()]).toEqual([[], 'Alarm']);
    set('maintenance', 'OK');
    expect(await by()).toBe('ExtensionPeriod');
    await minutes(2.9);
    expect(told()).toEqual([]);
    await minutes(0.2);
    expect(told()).toEqual(['ALARM']);
  });

  test('stays suppressed when the suppressor comes back within the extension period', async () => {
    const { minutes, set, told } = suppressed();
    set('maintenance', 'ALARM');
    set('cause', 'ALARM');
    set('maintenance', 'OK');
    await minutes(2);
    set('maintenance', 'ALARM');
    await minutes(10);
    expect(told()).toEqual([]);
  });

  test('counts the extension period from the last time that the suppressor left ALARM', async () => {
    const { minutes, set, told, by } = suppressed();
    set('maintenance', 'ALARM');
    set('maintenance', 'OK');
    await minutes(10);
    set('maintenance', 'ALARM');
    set('cause', 'ALARM');
    await minutes(5);
    set('maintenance', 'OK');
    expect([told(), await by()]).toEqual([[], 'ExtensionPeriod']);
  });

  test('that is OK again before the suppression ends has nothing to say', async () => {
    const { minutes, set, told, composite } = suppressed();
    set('maintenance', 'ALARM');
    set('cause', 'ALARM');
    await minutes(5);
    set('cause', 'OK');
    set('maintenance', 'OK');
    await minutes(10);
    expect([told(), composite.history.map(({ to }) => to)]).toEqual([[], ['OK', 'ALARM', 'OK']]);
  });

  test('tells at once that an alarm is over which it told of', async () => {
    const { minutes, set, told } = suppressed();
    set('cause', 'ALARM');
    await minutes(3);
    set('cause', 'OK');
    expect(told()).toEqual(['ALARM', 'OK']);
  });

  test('must have both periods, and a suppressor that exists', () => {
    const { cloudWatch } = suppressed();
    const create = (more: object) => () => cloudWatch.createCompositeAlarm({ AlarmName: 'other', AlarmRule: 'TRUE', ...more });
    expect(create({ ActionsSuppressor: 'cause' })).toThrow(refusal('ValidationError', "'ActionsSuppressorWaitPeriod' is required"));
    expect(create({ ActionsSuppressor: 'none', ActionsSuppressorWaitPeriod: 1, ActionsSuppressorExtensionPeriod: 1 }))
      .toThrow(refusal('ValidationError', "'ActionsSuppressor' must name an alarm that exists, got 'none'"));
    expect(create({ ActionsSuppressorWaitPeriod: 1 })).toThrow("'ActionsSuppressorWaitPeriod' must not be given without 'ActionsSuppressor'");
  });
});
