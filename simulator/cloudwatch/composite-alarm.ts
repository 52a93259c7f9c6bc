import type { Alarm, AlarmDefinition, CommonAlarmProperties, Verdict } from './alarm';
import { readCommonProperties } from './common-properties';
import { parseRule, type CompositeRule } from './composite-rule';
import { Members } from './members';
import type { AlarmState } from './missing-data';
import { timestamp } from './timestamp';

/** How many alarms a rule may name. See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html */
const ALARMS = 100;

/** The members of `PutCompositeAlarm`. */
export interface CompositeAlarmProperties extends CommonAlarmProperties {
  /** For example `ALARM("one") AND NOT OK("other")`. */
  readonly AlarmRule: string;
  /** The name or ARN of an alarm; while it is in `ALARM`, no actions are run. */
  readonly ActionsSuppressor?: string;
  /** Seconds that the suppressor is given to go into `ALARM`, before actions are run. Required with it. */
  readonly ActionsSuppressorWaitPeriod?: number;
  /** Seconds for which actions stay suppressed after the suppressor has left `ALARM`. Required with it. */
  readonly ActionsSuppressorExtensionPeriod?: number;
}

/** An alarm on the states of other alarms. */
export class CompositeAlarm implements AlarmDefinition {
  readonly type = 'CompositeAlarm';
  readonly interval = 60_000;
  readonly properties: CommonAlarmProperties;
  readonly rule: CompositeRule;
  /** Seconds, as the extension period. */
  readonly waitPeriod: number;
  readonly extensionPeriod: number;
  private readonly text: string;
  private readonly suppressorName: string | undefined;

  constructor(given: CompositeAlarmProperties, private readonly find: (nameOrArn: string) => Alarm | undefined) {
    const members = new Members({ ...given });
    this.properties = readCommonProperties(members);
    this.text = members.required(members.text('AlarmRule', { atMost: 10_240 }), 'AlarmRule');
    this.suppressorName = members.text('ActionsSuppressor', { atMost: 1600 });
    this.waitPeriod = this.readPeriod(members, 'ActionsSuppressorWaitPeriod');
    this.extensionPeriod = this.readPeriod(members, 'ActionsSuppressorExtensionPeriod');
    members.nothingElse();
    members.finish();
    this.rule = parseRule(this.text);
    const unknown = this.rule.alarms.filter((name) => !find(name));
    if (this.rule.alarms.length > ALARMS) members.problem(`'AlarmRule' must name at most ${ALARMS} alarms, got ${this.rule.alarms.length}`);
    if (unknown.length > 0) members.problem(`'AlarmRule' must name alarms that exist, got ${unknown.join(', ')}`);
    const { suppressorName: suppressor } = this;
    if (suppressor !== undefined && !find(suppressor)) members.problem(`'ActionsSuppressor' must name an alarm that exists, got '${suppressor}'`);
    members.finish();
  }

  /** The alarm that keeps the actions of this one from being run. */
  get suppressor(): Alarm | undefined {
    const { suppressorName: suppressor } = this;
    return suppressor === undefined ? undefined : this.find(suppressor);
  }

  evaluate(_at: number, current: AlarmState): Verdict | undefined {
    const state = this.rule.holds((name) => this.find(name)?.state) ? 'ALARM' : 'OK';
    if (state === current) return undefined;
    const triggering = this.triggering();
    const [first] = triggering;
    return {
      state,
      reason: first
        ? `${first.arn} transitioned to ${first.state} at ${moment(first.stateUpdatedAt)}`
        : `The alarm rule ${state === 'ALARM' ? 'holds' : 'does not hold'}`,
      reasonData: {
        triggeringAlarms: triggering.map(({ arn, state: value, stateUpdatedAt }) => (
          { arn, state: { value, timestamp: timestamp(stateUpdatedAt) } }
        )),
      },
    };
  }

  /** The alarms that the rule names. */
  children(): Alarm[] {
    return this.rule.alarms.map((name) => this.find(name)).filter((alarm) => alarm !== undefined);
  }

  /** Those of them that changed last. */
  private triggering(): Alarm[] {
    const children = this.children();
    const last = Math.max(...children.map(({ stateUpdatedAt }) => stateUpdatedAt));
    return children.filter(({ stateUpdatedAt }) => stateUpdatedAt === last);
  }

  describe(): Record<string, unknown> {
    return { ...this.properties, AlarmRule: this.text, ...this.describeSuppression((name) => name), Tags: undefined };
  }

  trigger(): Record<string, unknown> {
    return {
      AlarmRule: this.text,
      TriggeringChildren: this.triggering().map(({ arn, state, stateUpdatedAt }) => (
        { Arn: arn, State: { Value: state, Timestamp: timestamp(stateUpdatedAt) } }
      )),
    };
  }

  configuration(): Record<string, unknown> {
    const inSmall = (name: string): string => name[0].toLowerCase() + name.slice(1);
    return { description: this.properties.AlarmDescription, alarmRule: this.text, ...this.describeSuppression(inSmall) };
  }

  private describeSuppression(nameOf: (member: string) => string): Record<string, unknown> {
    const { suppressorName: suppressor } = this;
    return suppressor === undefined ? {} : {
      [nameOf('ActionsSuppressor')]: suppressor,
      [nameOf('ActionsSuppressorWaitPeriod')]: this.waitPeriod,
      [nameOf('ActionsSuppressorExtensionPeriod')]: this.extensionPeriod,
    };
  }

  private readPeriod(members: Members, name: string): number {
    const seconds = members.number(name, { least: 0, whole: true });
    if (this.suppressorName !== undefined) members.required(seconds, name);
    else if (members.has(name)) members.problem(`'${name}' must not be given without 'ActionsSuppressor'`);
    return seconds ?? 0;
  }
}

/** `Friday 04 August, 2023 12:54:46 UTC`. */
function moment(time: number): string {
  const date = new Date(time);
  const part = (options: Intl.DateTimeFormatOptions): string => date.toLocaleString('en-US', { timeZone: 'UTC', ...options });
  const day = `${part({ weekday: 'long' })} ${part({ day: '2-digit' })} ${part({ month: 'long' })}`;
  return `${day}, ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} UTC`;
}
