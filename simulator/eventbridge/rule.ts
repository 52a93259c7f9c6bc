import type { Clock, Timer } from '../clock';
import { ServiceError } from '../contracts';
import { compilePattern, eventBridgeRules, type Predicate } from '../event-pattern';
import type { EventBus } from './event-bus';
import { readSchedule } from './schedule';
import { problemsOf, type Target } from './target';

/** `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS` is enabled, too: the simulator has no CloudTrail. */
export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export interface RuleProperties {
  /** 1 to 64 letters, digits, dots, hyphens and underscores. */
  readonly name: string;
  /** JSON, at most 2,048 characters. @default - no event matches */
  readonly eventPattern?: string;
  /** `rate(5 minutes)` or `cron(0 10 * * ? *)`; on the default event bus only. @default - none */
  readonly scheduleExpression?: string;
  /** @default 'ENABLED' */
  readonly state?: RuleState;
  readonly roleArn?: string;
  readonly description?: string;
  /** At most 5. @default - none */
  readonly targets?: readonly Target[];
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const limits = { patternCharacters: 2048, targets: 5 };

/** A rule of an event bus: what it matches or when it runs, and where that goes. */
export class Rule {
  readonly arn: string;
  private state: RuleState;
  private pattern: Predicate | undefined;
  private timer: Timer | undefined;
  /** What `rate` counts from. */
  private scheduledSince = 0;

  /**
   * @param run what happens at a time of the schedule
   * @throws ServiceError `ValidationException`, `InvalidEventPatternException`
   */
  constructor(readonly bus: EventBus, public properties: RuleProperties, private readonly clock: Clock, private readonly run: (rule: Rule) => void) {
    const owner = bus.arn.slice(0, bus.arn.indexOf('event-bus/'));
    this.arn = `${owner}rule/${bus.isDefault ? '' : `${bus.name}/`}${properties.name}`;
    this.state = properties.state ?? 'ENABLED';
    this.pattern = this.read(properties);
    this.schedule();
  }

  get name(): string {
    return this.properties.name;
  }

  get targets(): readonly Target[] {
    return this.properties.targets ?? [];
  }

  get currentState(): RuleState {
    return this.state;
  }

  get enabled(): boolean {
    return this.state !== 'DISABLED';
  }

  set enabled(enabled: boolean) {
    if (enabled === this.enabled) return;
    this.state = enabled ? 'ENABLED' : 'DISABLED';
    this.schedule();
  }

  /** Gives the rule other properties: those that are left out go back to their defaults. Throws as the constructor; nothing has changed then. */
  update(properties: RuleProperties): void {
    this.pattern = this.read(properties);
    const { scheduleExpression: before } = this.properties;
    const wasEnabled = this.enabled;
    this.properties = properties;
    this.state = properties.state ?? 'ENABLED';
    // an unchanged schedule keeps its beat
    if (before !== properties.scheduleExpression || wasEnabled !== this.enabled) this.schedule();
  }

  matches(event: object): boolean {
    return this.enabled && this.pattern !== undefined && this.pattern(event);
  }

  /** It runs no more. */
  end(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private schedule(): void {
    this.end();
    this.scheduledSince = this.clock.now();
    if (this.enabled && this.properties.scheduleExpression !== undefined) this.scheduleNext(this.scheduledSince);
  }

  private scheduleNext(after: number): void {
    const next = readSchedule(this.properties.scheduleExpression!, this.scheduledSince)!(after);
    if (next === undefined) return;
    this.timer = this.clock.schedule(next - this.clock.now(), () => {
      // a real clock calls back a little early or late; the next time follows from this one all the same
      this.scheduleNext(Math.max(next, this.clock.now()));
      this.run(this);
    });
  }

  private read({ name, eventPattern, scheduleExpression, targets = [] }: RuleProperties): Predicate | undefined {
    const problems: string[] = [];
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) problems.push(`'Name' must be 1 to 64 letters, digits, dots, hyphens and underscores, got '${name}'`);
    if (eventPattern === undefined && scheduleExpression === undefined) problems.push('\'EventPattern\' or \'ScheduleExpression\' is required');
    if (scheduleExpression !== undefined) {
      if (!this.bus.isDefault) problems.push('\'ScheduleExpression\' is for the default event bus only');
      if (!readSchedule(scheduleExpression, 0)) {
        problems.push(`'ScheduleExpression' must be rate(value unit) or cron(minutes hours day-of-month month day-of-week year), got '${scheduleExpression}'`);
      }
    }
    if (targets.length > limits.targets) problems.push(`'Targets' must have at most ${limits.targets} targets, got ${targets.length}`);
    const ids = targets.map(({ Id }) => Id);
    if (new Set(ids).size < ids.length) problems.push(`'Targets' must have different IDs, got ${ids.join(', ')}`);
    problems.push(...targets.flatMap(problemsOf));
    if (problems.length > 0) throw new ServiceError('ValidationException', `rule '${name}': ${problems.join('; ')}`);
    return eventPattern === undefined ? undefined : compileEventPattern(eventPattern);
  }
}

/** @throws ServiceError `InvalidEventPatternException` */
export function compileEventPattern(pattern: string): Predicate {
  const invalid = (reason: string): never => { throw new ServiceError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`); };
  if (pattern.length > limits.patternCharacters) invalid(`it must have at most ${limits.patternCharacters} characters, got ${pattern.length}`);
  try {
    const parsed: unknown = JSON.parse(pattern);
    if (Array.isArray(parsed)) throw new Error('it must be an object, got a list');
    return compilePattern(parsed, 'pattern', eventBridgeRules);
  } catch (error) {
    return invalid((error as Error).message);
  }
}
