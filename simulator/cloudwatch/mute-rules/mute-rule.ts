import { Members } from '../members';
import { readSchedule, type Schedule } from './schedule';

/** The members of `PutAlarmMuteRule`, which are those of `AWS::CloudWatch::AlarmMuteRule`. */
export interface MuteRuleProperties {
  readonly Name: string;
  readonly Description?: string;
  /** When alarms are muted: `Expression`, `Duration` and `Timezone` in `Schedule`. */
  readonly Rule: { readonly Schedule: { readonly Expression: string; readonly Duration: string; readonly Timezone?: string } };
  /** At most 100 names of alarms. */
  readonly MuteTargets?: { readonly AlarmNames: readonly string[] };
  /** Before it, the rule mutes nothing. @default - none */
  readonly StartDate?: string | number | Date;
  /** From it on, the rule mutes nothing. @default - none */
  readonly ExpireDate?: string | number | Date;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

export type MuteRuleStatus = 'SCHEDULED' | 'ACTIVE' | 'EXPIRED';

/**
 * Mutes the actions of alarms for some time, but not their states.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html
 */
export class MuteRule {
  readonly name: string;
  readonly targets: readonly string[];
  readonly schedule: Schedule;
  readonly startDate: number | undefined;
  readonly expireDate: number | undefined;

  /** Throws one `ValidationError` with everything that is wrong with the properties. */
  constructor(readonly given: MuteRuleProperties, readonly updatedAt: number, exists: (alarm: string) => boolean) {
    const members = new Members({ ...given });
    this.name = members.required(members.text('Name', { atMost: 255 }), 'Name');
    members.text('Description', { atLeast: 0, atMost: 1024 });
    members.list('Tags').forEach((tag) => tag.text('Key'));
    const targets = members.structure('MuteTargets');
    this.targets = targets?.texts('AlarmNames', 100) ?? [];
    targets?.nothingElse();
    const unknown = this.targets.filter((name) => !exists(name));
    if (unknown.length > 0) members.problem(`'MuteTargets.AlarmNames' must name alarms that exist, got ${unknown.join(', ')}`);
    const rule = members.structure('Rule');
    members.required(rule, 'Rule');
    const schedule = rule?.structure('Schedule');
    rule?.required(schedule, 'Schedule');
    rule?.nothingElse();
    if (!schedule) members.finish();
    this.schedule = readSchedule(schedule!);
    this.startDate = this.readDate(members, 'StartDate');
    this.expireDate = this.readDate(members, 'ExpireDate');
    if ((this.startDate ?? -Infinity) >= (this.expireDate ?? Infinity)) members.problem("'ExpireDate' must be after 'StartDate'");
    members.nothingElse();
    members.finish();
  }

  /** When the mute window of a moment ends, in milliseconds since the epoch; undefined outside of every window. */
  mutedUntil(at: number): number | undefined {
    const { expireDate = Infinity, startDate = -Infinity } = this;
    if (at < startDate || at >= expireDate) return undefined;
    const start = this.schedule.startBefore(at);
    if (start === undefined) return undefined;
    const end = Math.min(start + this.schedule.duration, expireDate);
    return at < end ? end : undefined;
  }

  status(at: number): MuteRuleStatus {
    if (this.mutedUntil(at) !== undefined) return 'ACTIVE';
    const over = this.schedule.type === 'ONE_TIME' && this.schedule.startBefore(at) !== undefined;
    return over || at >= (this.expireDate ?? Infinity) ? 'EXPIRED' : 'SCHEDULED';
  }

  /** Without an offset, a date is one of the rule's time zone. */
  private readDate(members: Members, name: 'StartDate' | 'ExpireDate'): number | undefined {
    const given = this.given[name];
    if (typeof given !== 'string' || /(?:Z|[+-]\d\d:?\d\d)$/.test(given)) return members.time(name);
    const local = members.text(name) === undefined ? NaN : Date.parse(`${given}Z`);
    if (Number.isNaN(local)) members.problem(`'${name}' must be a time, got '${given}'`);
    return Number.isNaN(local) ? undefined : this.schedule.zone.moment(local);
  }
}
