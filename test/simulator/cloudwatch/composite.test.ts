import { parseRule } from '../../../simulator/cloudwatch/composite-rule';
import type { AlarmState } from '../../../simulator/cloudwatch';
import { documented } from '../documented';
import { MINUTE, TOPIC, refusal, world } from './fixture';

documented('an alarm rule', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html', () => {
  const states: Record<string, AlarmState> = { a: 'ALARM', o: 'OK', i: 'INSUFFICIENT_DATA', 'with space': 'ALARM' };
  const holds = (rule: string): boolean => parseRule(rule).holds((name) => states[name]);

  test.each([
    ['ALARM("a")', true], ['ALARM(a)', true], ["ALARM('a')", true], ['ALARM("o")', false], ['OK("o")', true], ['INSUFFICIENT_DATA("i")', true],
    ['ALARM("with space")', true], ['TRUE', true], ['FALSE', false], ['NOT ALARM(o)', true], ['NOT NOT TRUE', true],
    ['ALARM(a) AND OK(o)', true], ['ALARM(a) AND ALARM(o)', false], ['ALARM(o) OR OK(o)', true], ['ALARM(o) OR OK(a)', false],
    ['TRUE OR TRUE AND FALSE', true], ['(TRUE OR TRUE) AND FALSE', false], ['NOT FALSE AND FALSE', false], ['NOT (FALSE AND FALSE)', true],
    ['((ALARM("a")))', true], ['ALARM("a")AND(OK("o"))', true],
  ])('%s is %p', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });

  test('names its alarms once, in order', () => {
    expect(parseRule('OK("b") AND (ALARM(a) OR OK("b"))').alarms).toEqual(['b', 'a']);
  });

  test.each([
    ['ALARM("a"', 'the end'], ['ALARM()', "')'"], ['AND', "'AND'"], ['ALARM(a) ALARM(b)', "'ALARM'"], ['AT_MOST(1, ALARM, (a))', "'AT_MOST'"],
    ['', 'the end'], ['alarm(a)', "'alarm'"], ['ALARM("a) OR TRUE', 'a quotation mark without its second one'],
  ])('%s is refused', (rule, got) => {
    expect(() => parseRule(rule)).toThrow(refusal('ValidationError', `'AlarmRule' has ${got}`));
  });
});

documented('AT_LEAST in an alarm rule', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html', () => {
  const states: Record<string, AlarmState> = { a: 'ALARM', b: 'ALARM', o: 'OK', i: 'INSUFFICIENT_DATA' };
  const holds = (rule: string): boolean => parseRule(rule).holds((name) => states[name]);

  test.each([
    ['AT_LEAST(2, ALARM, (a, b, o))', true], ['AT_LEAST(3, ALARM, (a, b, o))', false], ['AT_LEAST(1, OK, ("o"))', true],
    ['AT_LEAST(1, NOT ALARM, (a, b))', false], ['AT_LEAST(2, NOT ALARM, (a, o, i))', true],
    ["AT_LEAST(1, INSUFFICIENT_DATA, ('i', o))", true], ['AT_LEAST(1, NOT INSUFFICIENT_DATA, (i))', false],
    ['AT_LEAST(50%, ALARM, (a, b, o, i))', true], ['AT_LEAST(51%, ALARM, (a, b, o, i))', false], ['AT_LEAST(100%, ALARM, (a, b))', true],
    ['AT_LEAST(1%, OK, (a, b, i))', false], ['AT_LEAST(1, ALARM, (a)) AND NOT AT_LEAST(1, OK, (a, b))', true],
  ])('%s is %p', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });

  test('names all of its alarms', () => {
    expect(parseRule('AT_LEAST(1, ALARM, (b, a)) OR OK(b)').alarms).toEqual(['b', 'a']);
  });

  test.each([
    ['AT_LEAST(0, ALARM, (a))', 'must have AT_LEAST of 1 to 1, got 0'], ['AT_LEAST(3, ALARM, (a, b))', 'must have AT_LEAST of 1 to 2, got 3'],
    ['AT_LEAST(101%, ALARM, (a, b))', 'must have AT_LEAST of 1 to 100%, got 101%'], ['AT_LEAST(1.5, ALARM, (a, b))', "has '1.5'"],
    ['AT_LEAST("1", ALARM, (a))', "has '1'"], ['AT_LEAST(1, ALARM, ())', "has ')'"], ['AT_LEAST(1, TRUE, (a))', "has 'TRUE'"],
    ['AT_LEAST(1, ALARM, (a,))', "has ')'"], ['AT_LEAST(1, ALARM (a))', "has '('"], ['AT_LEAST(1 ALARM, (a))', "has 'ALARM'"],
    ['AT_LEAST(1, ALARM, (a)', 'has the end'], ['AT_LEAST', 'has the end'],
  ])('%s is refused', (rule, problem) => {
    expect(() => parseRule(rule)).toThrow(refusal('ValidationError', `'AlarmRule' ${problem}`));
  });
});

documented('a composite alarm', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html', () => {
  function both() {
    const made = world();
    const one = made.alarm({ AlarmName: 'one' });
    const other = made.alarm({ AlarmName: 'other', MetricName: 'Others' });
    const create = (AlarmRule: string, AlarmName = 'both') => made.cloudWatch.createCompositeAlarm({ AlarmName, AlarmRule, AlarmActions: [TOPIC] });
    return { ...made, one, other, create, putOther: (value: number) => made.cloudWatch.putMetric('Shop', 'Others', {}, value) };
  }

  test('follows the states of its alarms, at the moment they change', async () => {
    const { clock, put, putOther, create, one, other } = both();
    const alarm = create(`ALARM("${one.arn}") AND ALARM("other")`);
    expect(alarm.state).toBe('INSUFFICIENT_DATA');
    put(12);
    await clock.advance(MINUTE);
    expect(alarm.state).toBe('OK');
    put(12);
    putOther(12);
    await clock.advance(MINUTE);
    expect(alarm.state).toBe('ALARM');
    expect(alarm.reason).toBe(`${other.arn} transitioned to ALARM at Monday 05 January, 2026 09:02:00 UTC`);
    expect(JSON.parse(alarm.reasonData)).toEqual({
      triggeringAlarms: [{ arn: other.arn, state: { value: 'ALARM', timestamp: '2026-01-05T09:02:00.000+0000' } }],
    });
  });

  test('does not wait for the next minute', () => {
    const { cloudWatch, create } = both();
    const alarm = create('ALARM("one")');
    cloudWatch.setAlarmState('one', { state: 'ALARM', reason: 'a drill', reasonData: {} });
    expect(alarm.state).toBe('ALARM');
  });

  test('publishes its rule and its alarms', async () => {
    const { clock, put, create, one, published } = both();
    create('ALARM("one")');
    put(12);
    await clock.advance(MINUTE);
    expect(published).toEqual([expect.objectContaining({ subject: 'ALARM: "both" in US East (N. Virginia)' })]);
    expect(published[0].message).toMatchObject({
      AlarmName: 'both', NewStateValue: 'ALARM', AlarmRule: 'ALARM("one")',
      TriggeringChildren: [{ Arn: one.arn, State: { Value: 'ALARM', Timestamp: '2026-01-05T09:01:00.000+0000' } }],
    });
  });

  test('can be of composite alarms', async () => {
    const { clock, put, create } = both();
    create('ALARM("one")', 'inner');
    const outer = create('NOT OK("inner")', 'outer');
    put(12);
    await clock.advance(MINUTE);
    expect(outer.state).toBe('ALARM');
  });

  test('of a constant has no alarm that triggered it', async () => {
    const { clock, create } = both();
    const alarm = create('TRUE');
    await clock.advance(MINUTE);
    expect([alarm.state, alarm.reason, alarm.reasonData]).toEqual(['ALARM', 'The alarm rule holds', '{"triggeringAlarms":[]}']);
  });

  test('must name alarms that exist', () => {
    const { create } = both();
    expect(() => create('ALARM("one") OR OK("none")')).toThrow("'AlarmRule' must name alarms that exist, got none");
  });

  test('must name at most 100 alarms', () => {
    const { alarm, create } = both();
    for (let index = 0; index <= 100; index++) alarm({ AlarmName: `many${index}` });
    const rule = (count: number) => Array.from({ length: count }, (_, index) => `ALARM(many${index})`).join(' OR ');
    expect(create(rule(100)).definition.type).toBe('CompositeAlarm');
    expect(() => create(rule(101))).toThrow(refusal('ValidationError', "'AlarmRule' must name at most 100 alarms, got 101"));
  });

  test('must not come back to itself', () => {
    const { create } = both();
    create('ALARM("one")', 'inner');
    create('ALARM("inner")', 'outer');
    expect(() => create('ALARM("outer")', 'inner')).toThrow("'AlarmRule' of inner must not come back to the alarm itself");
  });

  test('keeps its alarms from being deleted, unless it goes with them', () => {
    const { create, cloudWatch } = both();
    create('ALARM("one")');
    expect(() => cloudWatch.deleteAlarm('one')).toThrow('one must not be deleted: the composite alarm both depends on it');
    cloudWatch.deleteAlarms(['one', 'both']);
    expect(cloudWatch.alarms().map(({ name }) => name)).toEqual(['other']);
  });

  test('is not of the name of a metric alarm', () => {
    const { create } = both();
    expect(() => create('ALARM("other")', 'one')).toThrow('the alarm one exists and is a MetricAlarm');
  });
});
