import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmKind, AlarmSet } from '../alarm-set';
import { addAlarm, type AlarmOptions, type CommonAlarmOptions } from './alarm';

/** The set that was given; else the standard one, and what a threshold was given for. */
export function chosenSet(given: AlarmSet | undefined, thresholds: Partial<Record<AlarmKind, unknown>>): AlarmSet {
  if (given) return given;
  const asked = (Object.entries(thresholds) as [AlarmKind, unknown][]).filter(([, threshold]) => threshold !== undefined);
  return AlarmSet.standard().with(...asked.map(([kind]) => kind));
}

/** The alarms of a construct: those that its set has. */
export class ChosenAlarms {
  private readonly made = new Map<AlarmKind, cloudwatch.Alarm>();

  constructor(private readonly scope: Construct, private readonly set: AlarmSet, private readonly common: CommonAlarmOptions) {}

  add(kind: AlarmKind, options: AlarmOptions): void {
    if (this.set.includes(kind)) this.made.set(kind, addAlarm(this.scope, kind, { ...this.common, ...options }));
  }

  get(kind: AlarmKind): cloudwatch.Alarm {
    const alarm = this.made.get(kind);
    if (alarm) return alarm;
    const others = [...this.made.keys()].map((one) => `'${one}'`).join(', ') || 'none';
    throw new Error(`${this.scope.node.path}: there is no alarm '${kind}', only ${others}; 'alarms' decides which exist`);
  }

  get all(): cloudwatch.Alarm[] {
    return [...this.made.values()];
  }
}
