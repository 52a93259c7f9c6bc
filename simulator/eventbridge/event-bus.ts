import type { Rule } from './rule';

export const defaultBusName = 'default';

/** An event bus with its rules. */
export class EventBus {
  /** By name, in the order of their creation. */
  readonly rules = new Map<string, Rule>();

  constructor(readonly name: string, readonly arn: string) {}

  get isDefault(): boolean {
    return this.name === defaultBusName;
  }
}
