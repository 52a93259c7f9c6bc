import { list, matchesPattern, type ConditionValues, type Statement } from './policy';
import { withVariables } from './variables';

/** The condition keys of a request, by their names in lower case: IAM does not distinguish the case of keys. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

type Test = (actual: string, expected: string) => boolean;

const number = (test: (actual: number, expected: number) => boolean): Test => (actual, expected) => test(Number(actual), Number(expected));
const date = (test: (actual: number, expected: number) => boolean): Test => (actual, expected) => test(moment(actual), moment(expected));
/** Milliseconds of a date as ISO 8601 has it, or of seconds since the epoch. */
const moment = (text: string): number => (/^\d{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text));

/** Each operator with its test of one value; a negated one holds when no expected value passes. */
const operators: Readonly<Record<string, { readonly test: Test; readonly negated?: boolean }>> = {
  StringEquals: { test: (actual, expected) => actual === expected },
  StringNotEquals: { test: (actual, expected) => actual === expected, negated: true },
  StringEqualsIgnoreCase: { test: (actual, expected) => actual.toLowerCase() === expected.toLowerCase() },
  StringNotEqualsIgnoreCase: { test: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(), negated: true },
  StringLike: { test: (actual, expected) => matchesPattern(expected, actual) },
  StringNotLike: { test: (actual, expected) => matchesPattern(expected, actual), negated: true },
  // AWS documents ArnEquals and ArnLike as behaving alike
  ArnEquals: { test: matchesArn },
  ArnLike: { test: matchesArn },
  ArnNotEquals: { test: matchesArn, negated: true },
  ArnNotLike: { test: matchesArn, negated: true },
  Bool: { test: (actual, expected) => actual.toLowerCase() === expected.toLowerCase() },
  NumericEquals: { test: number((actual, expected) => actual === expected) },
  NumericNotEquals: { test: number((actual, expected) => actual === expected), negated: true },
  NumericLessThan: { test: number((actual, expected) => actual < expected) },
  NumericLessThanEquals: { test: number((actual, expected) => actual <= expected) },
  NumericGreaterThan: { test: number((actual, expected) => actual > expected) },
  NumericGreaterThanEquals: { test: number((actual, expected) => actual >= expected) },
  DateEquals: { test: date((actual, expected) => actual === expected) },
  DateLessThan: { test: date((actual, expected) => actual < expected) },
  DateGreaterThan: { test: date((actual, expected) => actual > expected) },
  DateNotEquals: { test: date((actual, expected) => actual === expected), negated: true },
  DateLessThanEquals: { test: date((actual, expected) => actual <= expected) },
  DateGreaterThanEquals: { test: date((actual, expected) => actual >= expected) },
  BinaryEquals: { test: (actual, expected) => actual === expected },
};

/**
 * Whether every condition of a statement holds for a request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @throws for an operator that is not modelled
 */
export function conditionsHold({ Condition = {} }: Statement, context: RequestContext): boolean {
  return Object.entries(Condition).every(([operator, keys]) => (
    Object.entries(keys).every(([key, expected]) => holds(operator, context[key.toLowerCase()], expected, context))
  ));
}

function holds(
  operator: string, actual: string | readonly string[] | undefined, values: ConditionValues, context: RequestContext,
): boolean {
  const written = list<string | number | boolean>(values).map(String);
  if (operator === 'Null') return written.includes(String(actual === undefined));

  const [, quantifier, name, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === undefined || !Object.hasOwn(operators, name)) throw new Error(`the condition operator '${operator}' is not modelled`);
  const { test, negated = false } = operators[name];
  const expected = /^(String|Arn)/.test(name)
    ? written.map((one) => withVariables(one, context)).filter((one) => one !== undefined) : written;
  if (negated && expected.length < written.length) return false;
  if (actual === undefined) return ifExists !== undefined || quantifier === 'ForAllValues' || (negated && quantifier === undefined);

  const passes = (value: string): boolean => expected.some((one) => test(value, one)) !== negated;
  const found = list<string>(actual);
  return quantifier === 'ForAnyValue' ? found.some(passes) : found.every(passes);
}

/** Each of the first five parts of an ARN is matched by itself, so that `*` does not reach over a colon. */
function matchesArn(actual: string, expected: string): boolean {
  const split = (arn: string): string[] => {
    const parts = arn.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  const [actualParts, expectedParts] = [split(actual), split(expected)];
  return expectedParts.every((part, index) => matchesPattern(part, actualParts[index] ?? ''));
}
