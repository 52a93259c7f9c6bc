import type { AlarmState } from './missing-data';

/** How far back the history of an alarm goes, also of one that was deleted: 30 days, in milliseconds. */
export const HISTORY_KEPT_FOR = 30 * 24 * 3_600_000;

/** What became of one action of a transition. */
export interface ActionResult {
  /** The ARN of the topic or the function. */
  readonly action: string;
  /** A function has succeeded as an action when Lambda has taken the event for it. */
  status: 'succeeded' | 'failed';
  error?: string;
}

export interface AlarmTransition {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** JSON, as AWS's `StateReasonData`. */
  readonly reasonData: string;
  /** The actions that ran, and what became of them; a failed one says why. */
  readonly actions: ActionResult[];
  /**
   * What held its actions back and still does, or did until they were no longer due: the name of a mute rule, or `Alarm`,
   * `WaitPeriod` or `ExtensionPeriod` of a composite alarm's suppressor.
   */
  suppressedBy?: string;
}

/** A change of the alarm itself. */
export interface ConfigurationUpdate {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: 'Create' | 'Update' | 'Delete';
  /** As the API describes the alarm. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The state that an evaluation came to, and why. */
export interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: Readonly<Record<string, unknown>>;
}

/** The members that metric alarms and composite alarms share. */
export interface CommonAlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  /** @default true */
  readonly ActionsEnabled?: boolean;
  /** ARNs of topics and functions, at most five. */
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** What an alarm watches: a metric, or other alarms. */
export interface AlarmDefinition {
  readonly type: 'MetricAlarm' | 'CompositeAlarm';
  readonly properties: CommonAlarmProperties;
  /** How often the alarm is evaluated, in milliseconds. */
  readonly interval: number;
  /** Another state than the current one, or undefined to stay in it. */
  evaluate(at: number, current: AlarmState): Verdict | undefined;
  /** What the API and the notifications call the alarm's configuration. */
  describe(): Record<string, unknown>;
  /** The `Trigger`, or what composite alarms have in its place, of a notification. */
  trigger(): Record<string, unknown>;
  /** The configuration as the event of a Lambda action has it. */
  configuration(newId: () => string): Record<string, unknown>;
}

/** A CloudWatch alarm: its state, and how it came to it. */
export class Alarm {
  state: AlarmState = 'INSUFFICIENT_DATA';
  reason = 'Unchecked: Initial alarm creation';
  reasonData = '';
  /** Milliseconds since the epoch, as all times here. */
  stateUpdatedAt: number;
  configurationUpdatedAt: number;
  /** Set by `EnableAlarmActions` and `DisableAlarmActions`. */
  actionsEnabled: boolean;
  /** Oldest first; 30 days. */
  readonly history: AlarmTransition[] = [];
  /** Oldest first; 30 days. */
  readonly configurationUpdates: ConfigurationUpdate[] = [];

  constructor(readonly arn: string, public definition: AlarmDefinition, at: number) {
    this.note('Create', at);
    this.stateUpdatedAt = at;
    this.configurationUpdatedAt = at;
    this.actionsEnabled = definition.properties.ActionsEnabled ?? true;
  }

  get name(): string {
    return this.definition.properties.AlarmName;
  }

  get description(): string | undefined {
    return this.definition.properties.AlarmDescription;
  }

  /** Replaces the whole configuration and leaves the state, as AWS does. */
  update(definition: AlarmDefinition, at: number): void {
    this.definition = definition;
    this.configurationUpdatedAt = at;
    this.actionsEnabled = definition.properties.ActionsEnabled ?? true;
    this.note('Update', at);
  }

  /** Notes a change of the alarm itself in its history. */
  note(type: ConfigurationUpdate['type'], at: number): void {
    this.configurationUpdates.push({ at, type, configuration: this.definition.describe() });
    forgetOld(this.configurationUpdates, at);
  }

  moveTo({ state, reason, reasonData }: Verdict, at: number): AlarmTransition {
    const transition: AlarmTransition = {
      at, from: this.state, to: state, reason, reasonData: JSON.stringify(reasonData), actions: [],
    };
    this.state = state;
    this.reason = reason;
    this.reasonData = transition.reasonData;
    this.stateUpdatedAt = at;
    this.history.push(transition);
    forgetOld(this.history, at);
    return transition;
  }

  /** The ARNs that a transition to a state calls. */
  actionsFor(state: AlarmState): readonly string[] {
    const { AlarmActions, OKActions, InsufficientDataActions } = this.definition.properties;
    return (state === 'ALARM' ? AlarmActions : state === 'OK' ? OKActions : InsufficientDataActions) ?? [];
  }
}

function forgetOld(history: { readonly at: number }[], now: number): void {
  while (history[0].at < now - HISTORY_KEPT_FOR) history.shift();
}
