import { regularExpression } from './regular-expression';
import { invalidPattern, type Token } from './tokens';

export type Scalar = string | number;

/** Whether a value of a log event is as it should be. */
export type Comparison = (value: Scalar) => boolean;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const ORDERED: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '>': (one, other) => one > other,
  '<=': (one, other) => one <= other,
  '>=': (one, other) => one >= other,
};

/** Reads `= value` and its like: a number, text with a wildcard at its ends, or a regular expression. */
export function comparisonWith(operator: string, value: Token, pattern: string): Comparison {
  if (operator in ORDERED) {
    if (value.type !== 'word' || !NUMBER.test(value.text)) return invalidPattern(`'${operator}' compares numbers, got '${value.text}'`, pattern);
    const limit = Number(value.text);
    const holds = ORDERED[operator];
    return (actual) => {
      const number = numberIn(actual);
      return number !== undefined && holds(number, limit);
    };
  }
  const equals = equality(value, pattern);
  return operator === '=' ? equals : (actual) => !equals(actual);
}

function equality(value: Token, pattern: string): Comparison {
  if (value.type === 'operator' || value.type === 'end') return invalidPattern(`a value is missing before '${value.text}'`, pattern);
  if (value.type === 'regex') {
    const regex = regularExpression(value.text, pattern);
    return (actual) => regex.test(String(actual));
  }
  const matches = wildcard(value.text);
  if (value.type === 'text' || !NUMBER.test(value.text)) return (actual) => matches(String(actual));
  const expected = Number(value.text);
  return (actual) => numberIn(actual) === expected;
}

/** Fields of space-delimited events are text, also where they are numbers. */
function numberIn(actual: Scalar): number | undefined {
  if (typeof actual === 'number') return actual;
  return typeof actual === 'string' && NUMBER.test(actual) ? Number(actual) : undefined;
}

/** A star at the beginning or the end stands for any text; in the midst it is a star. */
function wildcard(text: string): (actual: string) => boolean {
  const [open, closed] = [text.startsWith('*'), text.endsWith('*')];
  const core = text.slice(open ? 1 : 0, closed ? -1 : undefined);
  if (open && closed) return (actual) => actual.includes(core);
  if (open) return (actual) => actual.endsWith(core);
  return closed ? (actual) => actual.startsWith(core) : (actual) => actual === core;
}
