import { Token } from 'aws-cdk-lib';
import { isIP } from 'node:net';
import { must, type Rule } from './validation';

/** An object as JSON has it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The names that no property inside an `$or` may have.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html
 */
export const operatorNames: ReadonlySet<string> = new Set([
  'anything-but', 'cidr', 'equals-ignore-case', 'exists', 'numeric', 'prefix', 'suffix', 'wildcard',
]);

/** The operators that SNS has, with what must hold for the operand of each. */
const operators: Readonly<Record<string, (name: string, operand: unknown) => Rule[]>> = {
  'exists': (name, operand) => [must(typeof operand === 'boolean', `'${name}' must be true or false, got ${shown(operand)}`)],
  'prefix': textRules,
  'suffix': textRules,
  'equals-ignore-case': textRules,
  'anything-but': anythingButRules,
  'numeric': numericRules,
  'cidr': cidrRules,
};

/** Numbers are compared up to here, with five digits after the decimal point. */
const largestNumber = 1e9;

/**
 * What must hold for the conditions of one attribute or property.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
 */
export function conditionRules(name: string, conditions: readonly unknown[]): Rule[] {
  return [
    must(conditions.length > 0, `'${name}' must have at least one condition, got an empty list`),
    ...conditions.flatMap((condition, index) => (isObject(condition) && !Token.isUnresolved(condition)
      ? operatorRules(`${name}[${index}]`, condition)
      : valueRules(`${name}[${index}]`, condition))),
  ];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as an error message has it. */
export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function operatorRules(name: string, condition: JsonObject): Rule[] {
  const [operator, ...others] = Object.keys(condition);
  if (operator === undefined || others.length > 0) return [must(false, `'${name}' must have one operator, got ${shown(condition)}`)];
  if (!Object.hasOwn(operators, operator)) {
    return [must(false, `'${name}' must have an operator of ${Object.keys(operators).join(', ')}, got '${operator}'`)];
  }
  const operand = condition[operator];
  return Token.isUnresolved(operand) ? [] : operators[operator](`${name}.${operator}`, operand);
}

function textRules(name: string, operand: unknown): Rule[] {
  return [must(typeof operand === 'string', `'${name}' must be a text, got ${shown(operand)}`)];
}

/** A value to be equal to. */
function valueRules(name: string, value: unknown): Rule[] {
  if (Token.isUnresolved(value) || value === null) return [];
  if (typeof value === 'number') return numberRules(name, value);
  return [must(typeof value === 'string' || typeof value === 'boolean',
    `'${name}' must be a text, a number, true, false, null or an operator, got ${shown(value)}`)];
}

function numberRules(name: string, value: unknown): Rule[] {
  if (Token.isUnresolved(value)) return [];
  return [must(typeof value === 'number' && Math.abs(value) <= largestNumber,
    `'${name}' must be a number from -1000000000 to 1000000000, got ${typeof value === 'number' ? value : shown(value)}`)];
}

function anythingButRules(name: string, operand: unknown): Rule[] {
  if (isObject(operand)) {
    const [operator, ...others] = Object.keys(operand);
    if (operator !== 'prefix' || others.length > 0) return [must(false, `'${name}' must have 'prefix' as its only operator, got ${shown(operand)}`)];
    return Token.isUnresolved(operand.prefix) ? [] : textRules(`${name}.prefix`, operand.prefix);
  }
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) return [must(false, `'${name}' must have at least one value, got an empty list`)];
  // A token that stands for a number is a number already, and one that stands for a text a text.
  const types = new Set(values.filter((value) => !isObject(value) || !Token.isUnresolved(value)).map((value) => typeof value));
  if (types.size === 0) return [];
  if (types.size > 1 || !(types.has('string') || types.has('number'))) {
    return [must(false, `'${name}' must have only texts or only numbers, got ${shown(operand)}`)];
  }
  return values.flatMap((value, index) => valueRules(Array.isArray(operand) ? `${name}[${index}]` : name, value));
}

function numericRules(name: string, operand: unknown): Rule[] {
  const example = 'such as ["=", 1] or [">=", 1, "<", 5]';
  if (!Array.isArray(operand)) return [must(false, `'${name}' must be a list ${example}, got ${shown(operand)}`)];
  const [first, lower, second, upper] = operand as unknown[];
  const shape = operand.length === 2
    ? ['=', '<', '<=', '>', '>='].includes(first as string)
    : operand.length === 4 && ['>', '>='].includes(first as string) && ['<', '<='].includes(second as string);
  if (!shape) return [must(false, `'${name}' must be one comparison or a lower and then an upper bound, ${example}, got ${shown(operand)}`)];
  const bounds = operand.length === 2 ? [lower] : [lower, upper];
  return [
    ...bounds.flatMap((bound, index) => numberRules(`${name}[${2 * index + 1}]`, bound)),
    must(bounds.some((bound) => typeof bound !== 'number' || Token.isUnresolved(bound)) || bounds.length < 2
      || inUnits(lower as number) < inUnits(upper as number),
    `'${name}' must have a lower bound under the upper bound, got ${shown(operand)}`),
  ];
}

function cidrRules(name: string, operand: unknown): Rule[] {
  if (typeof operand !== 'string') return textRules(name, operand);
  const [address, bits = '', ...others] = operand.split('/');
  const highest = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return [must(others.length === 0 && /^\d+$/.test(bits) && Number(bits) <= highest,
    `'${name}' must be an address range such as 10.0.0.0/24, got ${shown(operand)}`)];
}

/** In units of the fifth digit after the decimal point. */
function inUnits(value: number): number {
  return Math.round(value * 1e5);
}
