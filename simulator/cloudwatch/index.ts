import { parseArn } from '../arn';
import type { Clock, Timer } from '../clock';
import { ServiceError, type Caller, type Directory, type Place, type ServiceApi } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { AlarmActions } from './actions';
import { Alarm, HISTORY_KEPT_FOR, type AlarmDefinition, type Verdict } from './alarm';
import { operations, type Operation } from './api';
import { CompositeAlarm, type CompositeAlarmProperties } from './composite-alarm';
import { Dashboards } from './dashboards';
import { HeldActions } from './held-actions';
import { MetricAlarm } from './metric-alarm';
import type { AlarmProperties } from './metric-alarm-properties';
import { MetricStore, type Metric } from './metric-store';
import { MuteRules } from './mute-rules';

export { Alarm, type ActionResult, type AlarmTransition } from './alarm';
export type { CompositeAlarmProperties } from './composite-alarm';
export type { AlarmProperties } from './metric-alarm-properties';
export type { AlarmState } from './missing-data';
export type { MuteRuleProperties } from './mute-rules';
export { ServiceMetrics, type QueueGauge } from './service-metrics';

const MINUTE = 60_000;

export interface PutMetricOptions {
  /** Milliseconds since the epoch. @default - now */
  readonly at?: number;
  /** @default 'None' */
  readonly unit?: string;
  /** How often the value occurred. @default 1 */
  readonly count?: number;
  /** 1 also keeps buckets of one second, for alarms with periods of 10, 20 or 30 seconds. @default 60 */
  readonly storageResolution?: 1 | 60;
}

/** Amazon CloudWatch: metrics, alarms on them, and the actions of alarms. */
export class CloudWatchService implements ServiceApi {
  readonly metrics = new MetricStore();
  readonly dashboards = new Dashboards();
  readonly muteRules: MuteRules;
  private readonly byName = new Map<string, Alarm>();
  private deleted: Alarm[] = [];
  private readonly actions: AlarmActions;
  private readonly held: HeldActions;
  private readonly samplers: ((at: number) => void)[] = [];
  private readonly operations: Readonly<Record<string, Operation>>;
  private timer: Timer | undefined;

  constructor(
    readonly clock: Clock, private readonly events: Events, random: Random, readonly place: Place, directory: Directory,
  ) {
    this.actions = new AlarmActions(random, place, directory);
    this.muteRules = new MuteRules(clock, place, (name) => this.byName.has(name), () => this.held.reconsider());
    this.held = new HeldActions(
      clock, (alarm, at) => this.muteRules.mute(alarm.name, at), (...change) => this.actions.run(...change),
    );
    this.operations = operations(this);
  }

  /** Adds a value to a metric. `count` must be more than 0 and `value` finite. */
  putMetric(
    namespace: string, name: string, dimensions: Record<string, string>, value: number, options: PutMetricOptions = {},
  ): void {
    const { at = this.clock.now(), count = 1 } = options;
    const refuse = (rule: string): never => { throw new ServiceError('InvalidParameterValue', rule); };
    if (!Number.isFinite(value)) refuse(`the value of '${name}' must be a finite number, got ${value}`);
    if (!(count > 0)) refuse(`the count of '${name}' must be more than 0, got ${count}`);
    this.metrics.metric(namespace, name, dimensions).put(value, count, { ...options, at });
  }

  /** The metric itself, made when it does not exist: what publishes often keeps hold of it. */
  metric(namespace: string, name: string, dimensions: Record<string, string>): Metric {
    return this.metrics.metric(namespace, name, dimensions);
  }

  /**
   * Creates an alarm, or replaces the configuration of the alarm of that name.
   * Throws a `ValidationError` that names every problem.
   */
  createAlarm(properties: AlarmProperties): Alarm {
    return this.put(new MetricAlarm(properties, this.metrics, this.place.account));
  }

  /** Like `createAlarm`; the alarms that the rule names must exist. */
  createCompositeAlarm(properties: CompositeAlarmProperties): Alarm {
    const definition = new CompositeAlarm(properties, (nameOrArn) => this.alarm(nameOrArn));
    const name = definition.properties.AlarmName;
    if (this.dependsOn(definition, name)) {
      throw new ServiceError('ValidationError', `'AlarmRule' of ${name} must not come back to the alarm itself`);
    }
    return this.put(definition);
  }

  alarm(nameOrArn: string): Alarm | undefined {
    const prefix = this.arn('');
    return this.byName.get(nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : nameOrArn);
  }

  /** In the order of creation. */
  alarms(): Alarm[] {
    return [...this.byName.values()];
  }

  /** The alarms, and before them those that were deleted while their history is kept. */
  alarmsWithHistory(): Alarm[] {
    const since = this.clock.now() - HISTORY_KEPT_FOR;
    this.deleted = this.deleted.filter(({ configurationUpdates }) => configurationUpdates.at(-1)!.at >= since);
    return [...this.deleted, ...this.alarms()];
  }

  /** Throws `ResourceNotFound` for an unknown alarm, a `ValidationError` for one that a composite alarm depends on. */
  deleteAlarm(nameOrArn: string): void {
    this.deleteAlarms([nameOrArn]);
  }

  /** Deletes all or none. */
  deleteAlarms(namesOrArns: readonly string[]): void {
    const deleted = new Set(namesOrArns.map((each) => this.existing(each)));
    for (const { definition, name } of this.alarms().filter((alarm) => !deleted.has(alarm))) {
      const needed = definition instanceof CompositeAlarm ? definition.children().find((child) => deleted.has(child)) : undefined;
      if (needed) {
        throw new ServiceError('ValidationError', `${needed.name} must not be deleted: the composite alarm ${name} depends on it`);
      }
    }
    for (const alarm of deleted) {
      this.byName.delete(alarm.name);
      this.held.forget(alarm);
      alarm.note('Delete', this.clock.now());
      this.deleted.push(alarm);
    }
  }

  /** Throws `ResourceNotFound` for an unknown alarm. */
  existing(nameOrArn: string): Alarm {
    const alarm = this.alarm(nameOrArn);
    if (!alarm) throw new ServiceError('ResourceNotFound', `there is no alarm ${nameOrArn}`, 404);
    return alarm;
  }

  /** Puts an alarm into a state until the next evaluation decides otherwise, and runs the actions of a change. */
  setAlarmState(nameOrArn: string, verdict: Verdict): void {
    const alarm = this.existing(nameOrArn);
    if (verdict.state !== alarm.state) this.move(alarm, verdict);
  }

  /** Calls back at the end of each minute, before alarms are evaluated: the place for gauges. */
  everyMinute(sample: (at: number) => void): void {
    this.samplers.push(sample);
  }

  /** Begins to evaluate the alarms on the clock: at each full minute, and each ten seconds for alarms of shorter periods. */
  start(): void {
    this.timer ??= this.scheduleNext();
  }

  /** Ends what `start` began. */
  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  call(operation: string, input: Record<string, unknown>, _caller: Caller): Promise<Record<string, unknown>> {
    return new Promise((resolve) => { resolve(this.perform(operation, input)); });
  }

  private perform(operation: string, input: Record<string, unknown>): Record<string, unknown> {
    if (!Object.hasOwn(this.operations, operation)) {
      throw new ServiceError('InvalidAction', `the operation '${operation}' of CloudWatch is not modelled by the simulator`);
    }
    return this.operations[operation](input);
  }

  private put(definition: AlarmDefinition): Alarm {
    const { AlarmName: name, AlarmActions: onAlarm, OKActions: onOk, InsufficientDataActions: onMissing } = definition.properties;
    const { region } = this.place;
    const elsewhere = ([onAlarm, onOk, onMissing].flat() as string[]).map((action) => parseArn(action).region).find((other) => other !== region);
    if (elsewhere !== undefined) throw new ServiceError('ValidationError', `Invalid region ${elsewhere} specified. Only ${region} is supported.`);
    const existing = this.byName.get(name);
    if (existing && existing.definition.type !== definition.type) {
      throw new ServiceError('ValidationError', `the alarm ${name} exists and is a ${existing.definition.type}`);
    }
    const alarm = existing ?? new Alarm(this.arn(name), definition, this.clock.now());
    if (existing) existing.update(definition, this.clock.now());
    else this.byName.set(name, alarm);
    if (this.timer && definition.interval < MINUTE) { // it may be due before the timer is
      this.timer.cancel();
      this.timer = this.scheduleNext();
    }
    return alarm;
  }

  private arn(name: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;
  }

  private dependsOn(definition: CompositeAlarm, name: string): boolean {
    return definition.children().some((child) => child.name === name
      || (child.definition instanceof CompositeAlarm && this.dependsOn(child.definition, name)));
  }

  private scheduleNext(after = this.clock.now()): Timer {
    const interval = Math.min(MINUTE, ...this.alarms().map(({ definition }) => definition.interval));
    const boundary = after - (after % interval) + interval;
    return this.clock.schedule(boundary - this.clock.now(), () => {
      // A real clock calls back a little early or late; the periods end at the boundary all the same.
      this.timer = this.scheduleNext(Math.max(boundary, this.clock.now()));
      this.evaluate(boundary);
    });
  }

  private evaluate(boundary: number): void {
    if (boundary % MINUTE === 0) for (const sample of this.samplers) sample(boundary);
    for (const alarm of this.alarms()) {
      if (boundary % alarm.definition.interval !== 0) continue;
      const verdict = alarm.definition.evaluate(boundary, alarm.state);
      if (verdict) this.move(alarm, verdict);
    }
  }

  private move(alarm: Alarm, verdict: Verdict): void {
    const previous = { reason: alarm.reason, reasonData: alarm.reasonData, at: alarm.stateUpdatedAt };
    const at = this.clock.now();
    const transition = alarm.moveTo(verdict, at);
    const { from, to, reason } = transition;
    this.events.emit({ service: 'cloudwatch', action: 'alarmChanged', at, resource: alarm.arn, from, to, reason });
    this.actions.announce(alarm, transition, previous);
    this.held.changed(alarm, transition, previous);
    for (const parent of this.alarms()) {
      if (!(parent.definition instanceof CompositeAlarm) || !parent.definition.children().includes(alarm)) continue;
      const changed = parent.definition.evaluate(at, parent.state);
      if (changed) this.move(parent, changed);
    }
  }
}

