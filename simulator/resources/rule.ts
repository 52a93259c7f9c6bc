import type { Rule } from '../eventbridge';
import type { RuleTally, Tally } from '../tally';
import { SimulatedResource, type Surroundings } from './resource';

/** An EventBridge rule of the simulation. */
export class SimulatedRule extends SimulatedResource {
  readonly kind = 'rule';

  constructor(path: string, private readonly rule: Rule, private readonly tallies: Tally, simulation: Surroundings) {
    super(path, simulation);
  }

  get arn(): string {
    return this.rule.arn;
  }

  get name(): string {
    return this.rule.name;
  }

  /** Whether it matches events and runs by its schedule; a test may change it, as `EnableRule` and `DisableRule` do. */
  get enabled(): boolean {
    return this.rule.enabled;
  }

  set enabled(enabled: boolean) {
    this.rule.enabled = enabled;
  }

  /** What happened at the rule so far. */
  get tally(): Readonly<RuleTally> {
    return this.tallies.rule(this.arn);
  }
}
