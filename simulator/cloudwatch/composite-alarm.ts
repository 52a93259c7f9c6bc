import type { Alarm, AlarmDefinition, CommonAlarmProperties, Verdict } from './alarm';
import { readCommonProperties } from './common-properties';
import { parseRule, type CompositeRule } from './composite-rule';
import { Members } from './members';
import type { AlarmState } from './missing-data';
import { timestamp } from './timestamp';

/** The members of `PutCompositeAlarm`, without the suppression of actions, which is not modelled. */
export interface CompositeAlarmProperties extends CommonAlarmProperties {
  /** For example `ALARM("one") AND NOT OK("other")`. */
  readonly AlarmRule: string;
}

/** An alarm on the states of other alarms. */
export class CompositeAlarm implements AlarmDefinition {
  readonly type = 'CompositeAlarm';
  readonly interval = 60_000;
  readonly properties: CommonAlarmProperties;
  readonly rule: CompositeRule;
  private readonly text: string;

  constructor(given: CompositeAlarmProperties, private readonly find: (nameOrArn: string) => Alarm | undefined) {
    const members = new Members({ ...given });
    this.properties = readCommonProperties(members);
    this.text = members.required(members.text('AlarmRule', { atMost: 10_240 }), 'AlarmRule');
    members.nothingElse();
    members.finish();
    this.rule = parseRule(this.text);
    const unknown = this.rule.alarms.filter((name) => !find(name));
    if (unknown.length > 0) members.problem(`'AlarmRule' must name alarms that exist, got ${unknown.join(', ')}`);
    members.finish();
  }

  evaluate(_at: number, current: AlarmState): Verdict | undefined {
    const state = this.rule.holds((name) => this.find(name)?.state) ? 'ALARM' : 'OK';
    if (state === current) return undefined;
    const children = this.children();
    const named = children.map(({ name, state: of }) => `${name} is ${of}`).join(', ');
    return {
      state,
      reason: `The alarm rule ${state === 'ALARM' ? 'holds' : 'does not hold'}${named && `: ${named}`}`,
      reasonData: {
        triggeringAlarms: children.map(({ arn, state: value, stateUpdatedAt }) => (
          { arn, state: { value, timestamp: timestamp(stateUpdatedAt) } }
        )),
      },
    };
  }

  /** The alarms that the rule names. */
  children(): Alarm[] {
    return this.rule.alarms.map((name) => this.find(name)).filter((alarm) => alarm !== undefined);
  }

  describe(): Record<string, unknown> {
    return { ...this.properties, AlarmRule: this.text, Tags: undefined };
  }

  trigger(): Record<string, unknown> {
    return {
      AlarmRule: this.text,
      TriggeringChildren: this.children().map(({ arn, state, stateUpdatedAt }) => (
        { Arn: arn, State: { Value: state, Timestamp: timestamp(stateUpdatedAt) } }
      )),
    };
  }

  configuration(): Record<string, unknown> {
    return { description: this.properties.AlarmDescription, alarmRule: this.text };
  }
}
