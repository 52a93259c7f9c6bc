import { BlockList, isIP } from 'node:net';

/** What a filter policy compares: the value of a message attribute, or a leaf of a JSON message body. */
export type Leaf = string | number | boolean | null;

export type LeafTest = (leaf: Leaf) => boolean;

/** A filter policy that SNS refuses; whoever sets it turns this into an `InvalidParameter`. */
export class FilterPolicyError extends Error {}

/** The names of the operators, which no field inside an `$or` may have. */
export const reservedKeywords: ReadonlySet<string> = new Set([
  'anything-but', 'cidr', 'equals-ignore-case', 'exists', 'numeric', 'prefix', 'suffix', 'wildcard',
]);

/** What a field must be to pass: one of these leaves, or not there. */
export interface FieldTest {
  readonly matches: LeafTest;
  readonly matchesAbsence: boolean;
}

/** Compiles the list of values of one field; any of them suffices. */
export function compileValues(values: readonly unknown[]): FieldTest {
  if (values.length === 0) throw new FilterPolicyError('Empty arrays are not allowed');
  const exact = new Set<Leaf>();
  const tests: LeafTest[] = [];
  let matchesAbsence = false;
  for (const value of values) {
    if (isObject(value)) {
      const [operator, operand] = onlyEntry(value);
      if (operator === 'exists' && operand === false) matchesAbsence = true;
      else tests.push(compileOperator(operator, operand));
    } else {
      exact.add(comparable(leaf(value)));
    }
  }
  if (exact.size > 0) tests.unshift((candidate) => exact.has(comparable(candidate)));
  const matches: LeafTest = tests.length === 1 ? tests[0] : (candidate) => tests.some((test) => test(candidate));
  return { matches, matchesAbsence };
}

function compileOperator(operator: string, operand: unknown): LeafTest {
  switch (operator) {
    case 'exists':
      if (operand !== true) throw new FilterPolicyError('exists match pattern must be either true or false.');
      return (candidate) => candidate !== null && candidate !== '';
    case 'prefix': {
      const prefix = pattern('prefix', operand);
      return (candidate) => typeof candidate === 'string' && candidate.startsWith(prefix);
    }
    case 'suffix': {
      const suffix = pattern('suffix', operand);
      return (candidate) => typeof candidate === 'string' && candidate.endsWith(suffix);
    }
    case 'equals-ignore-case': {
      const wanted = pattern('equals-ignore-case', operand).toLowerCase();
      return (candidate) => typeof candidate === 'string' && candidate.toLowerCase() === wanted;
    }
    case 'anything-but': return compileAnythingBut(operand);
    case 'numeric': return compileNumeric(operand);
    case 'cidr': return compileCidr(operand);
    default: throw new FilterPolicyError(`Unrecognized match type ${operator}`);
  }
}

function compileAnythingBut(operand: unknown): LeafTest {
  if (isObject(operand)) {
    const [operator, nested] = onlyEntry(operand);
    if (operator !== 'prefix') throw new FilterPolicyError(`Unsupported anything-but pattern: ${operator}`);
    const prefix = pattern('prefix', nested);
    return (candidate) => typeof candidate === 'string' && !candidate.startsWith(prefix);
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0) throw new FilterPolicyError('Empty arrays are not allowed');
  const types = new Set(excluded.map((value) => typeof value));
  if (types.size > 1 || !(types.has('string') || types.has('number'))) {
    throw new FilterPolicyError('anything-but list must hold only strings or only numbers');
  }
  const leaves = new Set(excluded.map((value) => comparable(leaf(value))));
  return (candidate) => !leaves.has(comparable(candidate));
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const largestNumber = 1e9;

function compileNumeric(operand: unknown): LeafTest {
  if (!Array.isArray(operand)) throw new FilterPolicyError('Value of numeric must be an array.');
  const [first, firstValue, second, secondValue] = operand as unknown[];
  if (typeof first !== 'string') throw new FilterPolicyError(`Invalid member in numeric match: ${show(first)}`);
  if (!['=', '<', '<=', '>', '>='].includes(first)) {
    throw new FilterPolicyError(`Unrecognized numeric range operator: ${first}`);
  }
  const lower = numericBound(first === '=' ? 'equals' : first, firstValue);
  const test = comparison(first, lower);
  if (operand.length === 2) return numberTest(test);

  if (!first.startsWith('>')) throw new FilterPolicyError('Too many elements in numeric expression');
  if (typeof second !== 'string') throw new FilterPolicyError(`Bad value in numeric range: ${show(second)}`);
  if (second !== '<' && second !== '<=') throw new FilterPolicyError(`Bad numeric range operator: ${second}`);
  const upper = numericBound(second, secondValue);
  if (upper <= lower) throw new FilterPolicyError('Bottom must be less than top');
  if (operand.length > 4) throw new FilterPolicyError('Too many terms in numeric range expression');
  const upperTest = comparison(second, upper);
  return numberTest((candidate) => test(candidate) && upperTest(candidate));
}

function numericBound(operator: string, value: unknown): number {
  if (typeof value !== 'number') throw new FilterPolicyError(`Value of ${operator} must be numeric`);
  return comparableNumber(value);
}

function comparison(operator: string, bound: number): (candidate: number) => boolean {
  switch (operator) {
    case '=': return (candidate) => candidate === bound;
    case '<': return (candidate) => candidate < bound;
    case '<=': return (candidate) => candidate <= bound;
    case '>': return (candidate) => candidate > bound;
    default: return (candidate) => candidate >= bound;
  }
}

function numberTest(test: (candidate: number) => boolean): LeafTest {
  return (candidate) => typeof candidate === 'number' && Math.abs(candidate) <= largestNumber && test(rounded(candidate));
}

function compileCidr(operand: unknown): LeafTest {
  const [address, bits, ...rest] = pattern('cidr', operand).split('/');
  if (bits === undefined || rest.length > 0) throw new FilterPolicyError('Malformed CIDR, one \'/\' required');
  if (!/^\d+$/.test(bits)) throw new FilterPolicyError('Malformed CIDR, mask bits must be an integer');
  const version = isIP(address);
  if (version === 0) throw new FilterPolicyError(`Nonstandard IP address: ${address}`);
  if (Number(bits) > (version === 4 ? 32 : 128)) {
    throw new FilterPolicyError(`Malformed CIDR, mask bits must be from 0 to ${version === 4 ? 32 : 128}, got ${bits}`);
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, Number(bits), family);
  return (candidate) => typeof candidate === 'string' && isIP(candidate) === version && network.check(candidate, family);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyEntry(expression: Readonly<Record<string, unknown>>): [string, unknown] {
  const entries = Object.entries(expression);
  if (entries.length !== 1) throw new FilterPolicyError('Only one key allowed in match expression');
  return entries[0];
}

function pattern(operator: string, value: unknown): string {
  if (typeof value !== 'string') throw new FilterPolicyError(`${operator} match pattern must be a string`);
  return value;
}

function leaf(value: unknown): Leaf {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return comparableNumber(value);
  throw new FilterPolicyError('Match value must be String, number, true, false, or null');
}

function comparableNumber(value: number): number {
  if (Math.abs(value) > largestNumber) {
    throw new FilterPolicyError(`Value must be between -1.0E9 and 1.0E9, inclusive, got ${value}`);
  }
  return rounded(value);
}

/** Numbers are compared with five digits after the decimal point. */
function rounded(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}

function comparable(value: Leaf): Leaf {
  return typeof value === 'number' ? rounded(value) : value;
}

function show(value: unknown): string {
  return value === undefined ? ']' : JSON.stringify(value);
}
