import type { Clock } from '../../clock';
import { ServiceError, type Place } from '../../contracts';
import type { Hold } from '../held-actions';
import { MuteRule, type MuteRuleProperties } from './mute-rule';

export { MuteRule, type MuteRuleProperties, type MuteRuleStatus } from './mute-rule';

/** The mute rules of one account and region, by their names. */
export class MuteRules {
  private readonly byName = new Map<string, MuteRule>();

  constructor(
    private readonly clock: Clock, private readonly place: Place,
    private readonly exists: (alarm: string) => boolean, private readonly changed: () => void,
  ) {}

  /** Creates a rule, or replaces the one of that name. Throws a `ValidationError` that names every problem. */
  put(properties: MuteRuleProperties): MuteRule {
    const rule = new MuteRule(properties, this.clock.now(), this.exists);
    this.byName.set(rule.name, rule);
    this.changed();
    return rule;
  }

  arn(name: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:cloudwatch:${region}:${account}:alarm-mute-rule:${name}`;
  }

  /** Throws `ResourceNotFoundException` for an unknown rule. */
  existing(name: string): MuteRule {
    const rule = this.byName.get(name);
    if (!rule) throw new ServiceError('ResourceNotFoundException', `there is no alarm mute rule ${name}`, 404);
    return rule;
  }

  all(): MuteRule[] {
    return [...this.byName.values()];
  }

  /** A rule that does not exist is no error. */
  delete(name: string): void {
    if (this.byName.delete(name)) this.changed();
  }

  /** The rule that mutes an alarm at a moment; of several, the one that ends last. */
  mute(alarm: string, at: number): Hold | undefined {
    let longest: Required<Hold> | undefined;
    for (const rule of this.byName.values()) {
      if (!rule.targets.includes(alarm)) continue;
      const until = rule.mutedUntil(at);
      if (until !== undefined && until > (longest?.until ?? 0)) longest = { by: rule.name, until };
    }
    return longest;
  }
}
