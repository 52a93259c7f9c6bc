import { MuteRule, type MuteRuleProperties } from '../../../simulator/cloudwatch/mute-rules';
import { documented } from '../documented';
import { HOUR, MINUTE, START, TOPIC, refusal, world } from './fixture';

const DAY = 24 * HOUR;

function ruleOf(Expression: string, Duration: string, more: Partial<MuteRuleProperties> & { Timezone?: string } = {}): MuteRule {
  const { Timezone, ...properties } = more;
  return new MuteRule({ Name: 'Night', Rule: { Schedule: { Expression, Duration, Timezone } }, ...properties }, START, (name) => name === 'Orders');
}

documented('a schedule', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html', () => {
  const at = (text: string): number => Date.parse(text);

  test.each([
    ['cron(0 2 * * *)', 'PT1H', '2026-01-05T02:00Z', '2026-01-05T03:00Z'],
    ['cron(0 2 * * *)', 'PT1H', '2026-01-05T03:00Z', undefined],
    ['cron(0 2 * * *)', 'PT1H', '2026-01-05T01:59Z', undefined],
    ['cron(0 18 * * FRI)', 'P2DT12H', '2026-01-05T05:59Z', '2026-01-05T06:00Z'],
    ['cron(0 18 * * FRI)', 'P2DT12H', '2026-01-05T06:00Z', undefined],
    ['cron(0 23 31 * *)', 'PT2H', '2026-02-01T00:30Z', '2026-02-01T01:00Z'],
    ['cron(0,30 9-17 * * MON-FRI)', 'PT10M', '2026-01-05T09:35Z', '2026-01-05T09:40Z'],
    ['cron(0,30 9-17 * * MON-FRI)', 'PT10M', '2026-01-04T09:35Z', undefined],
    ['cron(0 0 1 JAN *)', 'P15D', '2026-01-15T23:59Z', '2026-01-16T00:00Z'],
    ['cron(0 0 29 2 *)', 'PT1H', '2028-02-29T00:10Z', '2028-02-29T01:00Z'],
    ['cron(0 0 13 * FRI)', 'PT1H', '2026-01-09T00:10Z', '2026-01-09T01:00Z'], // either of the two days
    ['cron(* * * * *)', 'PT1M', '2026-01-05T09:00:30Z', '2026-01-05T09:01Z'],
    ['at(2026-01-05T14:00)', 'PT4H', '2026-01-05T17:59Z', '2026-01-05T18:00Z'],
    ['at(2026-01-05T14:00)', 'PT4H', '2026-01-05T18:00Z', undefined],
  ])('%s for %s at %s mutes until %s', (expression, duration, moment, until) => {
    expect(ruleOf(expression, duration).mutedUntil(at(moment))).toBe(until && at(until));
  });

  test('is read in its time zone, summer time included', () => {
    const rule = ruleOf('cron(0 2 * * *)', 'PT1H', { Timezone: 'America/New_York' });
    expect(rule.mutedUntil(at('2026-01-05T07:30Z'))).toBe(at('2026-01-05T08:00Z'));
    expect(rule.mutedUntil(at('2026-07-05T06:30Z'))).toBe(at('2026-07-05T07:00Z'));
    expect(rule.mutedUntil(at('2026-07-05T07:30Z'))).toBeUndefined();
  });

  test('counts from the start date on and ends at the expiry, both in its time zone', () => {
    const dates = { StartDate: '2026-01-06T00:00:00', ExpireDate: '2026-01-07T02:30:00Z', Timezone: 'Asia/Tokyo' };
    const rule = ruleOf('cron(0 0 * * *)', 'PT12H', dates);
    expect(rule.startDate).toBe(at('2026-01-05T15:00Z'));
    expect([at('2026-01-05T14:59Z'), at('2026-01-05T15:00Z'), at('2026-01-07T02:29Z'), at('2026-01-07T02:30Z')].map((moment) => rule.mutedUntil(moment)))
      .toEqual([undefined, at('2026-01-06T03:00Z'), at('2026-01-07T02:30Z'), undefined]);
  });

  test('mutes from the start date on, also where that lies within a window', () => {
    const rule = ruleOf('cron(0 0 * * *)', 'PT12H', { StartDate: '2026-01-05T06:00:00Z' });
    expect(rule.mutedUntil(at('2026-01-05T05:59Z'))).toBeUndefined();
    expect(rule.mutedUntil(at('2026-01-05T06:00Z'))).toBe(at('2026-01-05T12:00Z'));
  });

  test.each([
    ['cron(0 2 * *)', 'PT1H', "'Expression' must be cron(minutes hours"],
    ['cron(60 2 * * *)', 'PT1H', "got 'cron(60 2 * * *)'"], ['cron(0 2 * * MON-SUN)', 'PT1H', 'must be cron('], ['rate(1 hour)', 'PT1H', 'must be cron('],
    ['cron(1-2-3 * * * *)', 'PT1H', 'must be cron('], ['at(2026-13-05T14:00)', 'PT1H', 'must name a date'],
    ['cron(0 2 * * *)', 'PT30S', "must be an ISO 8601 duration from PT1M to P15D, got 'PT30S'"], ['cron(0 2 * * *)', 'P16D', "got 'P16D'"],
    ['cron(0 2 * * *)', 'P', "got 'P'"], ['cron(0 2 * * *)', '1 hour', "got '1 hour'"],
  ])('%s for %s is refused', (expression, duration, problem) => {
    expect(() => ruleOf(expression, duration)).toThrow(refusal('ValidationError', problem));
  });

  test.each<[object, string]>([
    [{ Rule: {} }, "'Rule.Schedule' is required"], [{ Rule: undefined }, "'Rule' is required"],
    [{ MuteTargets: { AlarmNames: [], Tags: [] } }, "'MuteTargets.Tags' is not modelled by the simulator"],
    [{ MuteTargets: { AlarmNames: Array(101).fill('Orders') } }, "'MuteTargets.AlarmNames' must have at most 100 entries, got 101"],
    [{ Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT1H' }, Colour: 'red' } }, "'Rule.Colour' is not modelled by the simulator"],
    [{ Colour: 'red' }, "'Colour' is not modelled by the simulator"], [{ StartDate: 'soon' }, "'StartDate' must be a time, got 'soon'"],
  ])('a rule with %j is refused', (more, problem) => {
    expect(() => ruleOf('cron(0 2 * * *)', 'PT1H', more)).toThrow(refusal('ValidationError', problem));
  });

  test('that recurs has expired from its expiry on', () => {
    const rule = ruleOf('cron(0 2 * * *)', 'PT1H', { ExpireDate: '2026-01-06T00:00:00Z' });
    expect([rule.status(at('2026-01-05T23:59Z')), rule.status(at('2026-01-06T00:00Z'))]).toEqual(['SCHEDULED', 'EXPIRED']);
  });

  test('names everything that is wrong with a rule at once', () => {
    const more = { Timezone: 'Mars', MuteTargets: { AlarmNames: ['None'] }, StartDate: '2026-01-07T00:00Z', ExpireDate: '2026-01-06T00:00Z' };
    const problems = ["'MuteTargets.AlarmNames' must name alarms that exist, got None", "must be the name of a time zone such as Europe/London, got 'Mars'",
      "'ExpireDate' must be after 'StartDate'"];
    for (const problem of problems) expect(() => ruleOf('cron(0 2 * * *)', 'PT1H', more)).toThrow(refusal('ValidationError', problem));
  });
});

documented('a muted alarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html', () => {
  /** Muted from two minutes after the start for ten minutes. */
  function muted() {
    const made = world();
    const orders = made.alarm({ AlarmActions: [TOPIC], OKActions: [TOPIC] });
    const mute = (Name: string, Expression: string, Duration: string) => made.cloudWatch.muteRules.put({
      Name, Rule: { Schedule: { Expression, Duration } }, MuteTargets: { AlarmNames: ['Orders'] },
    });
    mute('Release', 'at(2026-01-05T09:02)', 'PT10M');
    const states = (): unknown[] => made.published.map(({ message }) => message.NewStateValue);
    const set = async (...values: number[]) => {
      for (const value of values) {
        made.put(value);
        await made.clock.advance(MINUTE);
      }
    };
    return { ...made, orders, mute, states, set };
  }

  test('changes its state, but nobody hears of it', async () => {
    const { set, orders, states } = muted();
    await set(1, 1, 12, 12);
    expect(orders.state).toBe('ALARM');
    expect(orders.history.at(-1)).toMatchObject({ to: 'ALARM', suppressedBy: 'Release', actions: [] });
    expect(states()).toEqual(['OK']);
  });

  test('that is back in its old state at the end of the window has nothing to say', async () => {
    const { set, states } = muted();
    await set(1, 1, 12, 12, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    expect(states()).toEqual(['OK']);
  });

  test('that is still in the state in which it was muted runs its actions at the end of the window', async () => {
    const { set, states, published, orders } = muted();
    await set(1, 1, ...Array.from({ length: 9 }, () => 12));
    expect(states()).toEqual(['OK']);
    await set(12, 12, 12);
    expect(states()).toEqual(['OK', 'ALARM']);
    expect(published[1].message.StateChangeTime).toBe('2026-01-05T09:03:00.000+0000');
    expect(orders.history.at(-1)).toMatchObject({ suppressedBy: undefined, actions: [{ status: 'succeeded' }] });
  });

  test('stays muted until the last of several windows is over', async () => {
    const { set, states, mute } = muted();
    mute('Longer', 'at(2026-01-05T09:05)', 'PT20M');
    await set(1, 1, ...Array.from({ length: 20 }, () => 12));
    expect(states()).toEqual(['OK']);
    await set(12, 12, 12, 12);
    expect(states()).toEqual(['OK', 'ALARM']);
  });

  test('is muted by the rules that name it alone, of which the one that ends last counts', () => {
    const { mute, alarm, cloudWatch } = muted();
    alarm({ AlarmName: 'Other' });
    mute('Longer', 'at(2026-01-05T09:00)', 'PT20M');
    mute('Shorter', 'at(2026-01-05T09:00)', 'PT5M');
    expect(cloudWatch.muteRules.mute('Orders', START + 3 * MINUTE)).toEqual({ by: 'Longer', until: START + 20 * MINUTE });
    expect(cloudWatch.muteRules.mute('Other', START + 3 * MINUTE)).toBeUndefined();
  });

  test('speaks at once when its rule is deleted, and not again at the end of the window', async () => {
    const { set, states, call } = muted();
    await set(1, 1, 12, 12);
    await call('DeleteAlarmMuteRule', { AlarmMuteRuleName: 'Release' });
    expect(states()).toEqual(['OK', 'ALARM']);
    await set(...Array.from({ length: 12 }, () => 12));
    expect(states()).toEqual(['OK', 'ALARM']);
  });

  test('that is deleted says nothing at the end of the window', async () => {
    const { set, states, cloudWatch, clock } = muted();
    await set(1, 1, 12, 12);
    cloudWatch.deleteAlarm('Orders');
    await clock.advance(HOUR);
    expect(states()).toEqual(['OK']);
  });
});

documented('alarm mute rules', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html', () => {
  test('are shown with their status, and found by alarm and by status', async () => {
    const { call, alarm, clock } = world();
    alarm();
    const Rule = { Schedule: { Expression: 'at(2026-01-05T10:00)', Duration: 'PT1H' } };
    await call('PutAlarmMuteRule', { Name: 'Once', Description: 'A release', Rule, MuteTargets: { AlarmNames: ['Orders'] }, ExpireDate: new Date(START + DAY) });
    await call('PutAlarmMuteRule', { Name: 'Nightly', Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT1H' } } });
    const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:Once';
    const status = async () => (await call('GetAlarmMuteRule', { AlarmMuteRuleName: 'Once' })).Status;

    expect(await call('GetAlarmMuteRule', { AlarmMuteRuleName: 'Once' })).toEqual({
      Name: 'Once', Description: 'A release', AlarmMuteRuleArn: arn, Rule, MuteTargets: { AlarmNames: ['Orders'] }, MuteType: 'ONE_TIME',
      Status: 'SCHEDULED', ExpireDate: (START + DAY) / 1000, LastUpdatedTimestamp: START / 1000,
    });
    await clock.advance(90 * MINUTE);
    expect(await status()).toBe('ACTIVE');
    await clock.advance(60 * MINUTE);
    expect(await status()).toBe('EXPIRED');
    const found = async (input: object) => ((await call('ListAlarmMuteRules', { ...input })).AlarmMuteRuleSummaries as { MuteType: string }[]).map(({ MuteType }) => MuteType);
    expect([await found({}), await found({ AlarmName: 'Orders' }), await found({ Statuses: ['SCHEDULED'] })])
      .toEqual([['ONE_TIME', 'RECURRING'], ['ONE_TIME'], ['RECURRING']]);
    await call('DeleteAlarmMuteRule', { AlarmMuteRuleName: 'Once' });
    await expect(call('GetAlarmMuteRule', { AlarmMuteRuleName: 'Once' })).rejects.toThrow(refusal('ResourceNotFoundException'));
  });
});
