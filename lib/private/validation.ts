import { Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A statement that must hold, with the message for the case that it does not. */
export interface Rule {
  readonly holds: boolean;
  readonly message: string;
}

/** The messages of the rules that do not hold, for `node.addValidation`. */
export function failures(rules: readonly Rule[]): string[] {
  return rules.filter(({ holds }) => !holds).map(({ message }) => message);
}

/** Throws once, with the construct's path and the message of every rule that does not hold. */
export function validate(scope: IConstruct, rules: readonly Rule[]): void {
  const messages = failures(rules);
  if (messages.length === 0) return;
  const { path } = scope.node;
  throw new Error(messages.length === 1
    ? `${path}: ${messages[0]}`
    : `${path}: ${messages.length} rules do not hold:\n${messages.map((message) => `  - ${message}`).join('\n')}`);
}

/** A condition that no other function here words. */
export function must(holds: boolean, message: string): Rule {
  return { holds, message };
}

/** Whether a value can be looked at: it was given, and is not known only when the template is deployed. */
export function isKnown<T>(value: T | undefined): value is T {
  if (value === undefined) return false;
  return value instanceof Duration ? !value.isUnresolved() : !Token.isUnresolved(value);
}

/** A whole number within a range, both ends included; without a highest number there is no limit. */
export function numberWithin(name: string, value: number | undefined, lowest: number, highest?: number): Rule {
  if (!isKnown(value)) return must(true, '');
  const whole = Number.isInteger(value);
  const open = highest === undefined || highest === Number.MAX_SAFE_INTEGER;
  const range = open ? `${whole ? '' : 'of '}${lowest} or more` : `from ${lowest} to ${highest}`;
  return must(
    whole && value >= lowest && (highest === undefined || value <= highest),
    `'${name}' must be ${whole ? '' : 'a whole number '}${range}, got ${value}`,
  );
}

/** A duration of whole seconds within a range, both ends included. */
export function durationWithin(name: string, value: Duration | undefined, shortest: Duration, longest: Duration): Rule {
  if (!isKnown(value)) return must(true, '');
  const milliseconds = value.toMilliseconds();
  const whole = milliseconds % 1000 === 0;
  return must(
    whole && milliseconds >= shortest.toMilliseconds() && milliseconds <= longest.toMilliseconds(),
    `'${name}' must be ${whole ? '' : 'whole seconds '}from ${wording(shortest)} to ${wording(longest)}, got ${wording(value)}`,
  );
}

/** A duration as messages word it. `Duration.toHumanString` knows no fractions and words zero as an empty string. */
export function wording(duration: Duration): string {
  const milliseconds = duration.toMilliseconds();
  if (milliseconds === 0) return '0 seconds';
  return milliseconds % 1000 === 0 ? duration.toHumanString() : `${milliseconds} milliseconds`;
}

/** A text of limited length. */
export function textWithin(name: string, value: string | undefined, shortest: number, longest: number): Rule {
  return must(
    !isKnown(value) || (value.length >= shortest && value.length <= longest),
    `'${name}' must have ${shortest === 0 ? 'at most' : `from ${shortest} to`} ${longest} characters, got ${value?.length}`,
  );
}

/** A text that a pattern describes. `description` completes the sentence "must …". */
export function textLike(name: string, value: string | undefined, pattern: RegExp, description: string): Rule {
  return must(!isKnown(value) || pattern.test(value), `'${name}' must ${description}, got '${value}'`);
}
