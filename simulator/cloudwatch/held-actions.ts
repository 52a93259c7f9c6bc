import type { Clock, Timer } from '../clock';
import type { Alarm, AlarmTransition } from './alarm';
import { CompositeAlarm } from './composite-alarm';
import type { AlarmState } from './missing-data';
import type { PreviousState } from './notification';

/** What keeps the actions of an alarm from being run, and until when in milliseconds, where that is known. */
export interface Hold {
  readonly by: string;
  readonly until?: number;
}

interface Held {
  /** The state that those who are notified know of. */
  readonly told: AlarmState;
  readonly transition: AlarmTransition;
  readonly previous: PreviousState;
  readonly timer: Timer | undefined;
}

/**
 * Holds back the actions of alarms that are muted or suppressed. When nothing holds them any longer, those of the last
 * change of state are run, unless the alarm is back in the state that its receivers know of.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
export class HeldActions {
  private readonly held = new Map<Alarm, Held>();

  constructor(
    private readonly clock: Clock,
    private readonly muted: (alarm: Alarm, at: number) => Hold | undefined,
    private readonly run: (alarm: Alarm, transition: AlarmTransition, previous: PreviousState) => void,
  ) {}

  /** Runs the actions of a transition, now or later. */
  changed(alarm: Alarm, transition: AlarmTransition, previous: PreviousState): void {
    const earlier = this.held.get(alarm);
    this.settle(alarm, earlier?.told ?? transition.from, transition, previous);
    for (const [other, { told, transition: last, previous: before }] of [...this.held]) {
      if (suppressorOf(other) === alarm) this.settle(other, told, last, before);
    }
  }

  /** Looks again at what is held, after a mute rule has changed. */
  reconsider(): void {
    for (const [alarm, { told, transition, previous }] of [...this.held]) this.settle(alarm, told, transition, previous);
  }

  /** Drops what is held of an alarm that is deleted. */
  forget(alarm: Alarm): void {
    this.held.get(alarm)?.timer?.cancel();
    this.held.delete(alarm);
  }

  private settle(alarm: Alarm, told: AlarmState, transition: AlarmTransition, previous: PreviousState): void {
    this.held.get(alarm)?.timer?.cancel();
    this.held.delete(alarm);
    const at = this.clock.now();
    const hold = this.muted(alarm, at) ?? suppressed(alarm, transition, at);
    transition.suppressedBy = hold?.by;
    if (alarm.state === told) return;
    if (!hold) {
      this.run(alarm, transition, previous);
      return;
    }
    const timer = hold.until === undefined ? undefined
      : this.clock.schedule(hold.until - at, () => this.settle(alarm, told, transition, previous));
    this.held.set(alarm, { told, transition, previous, timer });
  }
}

function suppressorOf({ definition }: Alarm): Alarm | undefined {
  return definition instanceof CompositeAlarm ? definition.suppressor : undefined;
}

function suppressed(alarm: Alarm, { to, at: changedAt }: AlarmTransition, at: number): Hold | undefined {
  const { definition } = alarm;
  const suppressor = suppressorOf(alarm);
  if (!(definition instanceof CompositeAlarm) || !suppressor) return undefined;
  if (suppressor.state === 'ALARM') return { by: 'Alarm' };
  const left = suppressor.history.filter(({ from }) => from === 'ALARM').at(-1)?.at ?? -Infinity;
  const extended = left + definition.extensionPeriod * 1000;
  if (at < extended) return { by: 'ExtensionPeriod', until: extended };
  const waited = changedAt + definition.waitPeriod * 1000;
  return to === 'ALARM' && at < waited ? { by: 'WaitPeriod', until: waited } : undefined;
}
