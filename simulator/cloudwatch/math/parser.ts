import { ServiceError } from '../../contracts';
import { tokens, type Token } from './tokens';

/** A metric math expression, as a tree. */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly text: string }
  /** A metric's or another expression's ID. */
  | { readonly type: 'reference'; readonly id: string }
  /** A name in capitals that is no call: `REPEAT`, `LINEAR`. */
  | { readonly type: 'keyword'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly type: 'negation'; readonly operand: Expression }
  | { readonly type: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** Binary operators that group from the left, those that bind least first. */
const LEVELS: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

const SAME: Readonly<Record<string, string>> = { '||': 'OR', '&&': 'AND' };

/** Reads a metric math expression. Throws a `ValidationError` that says where it cannot be read. */
export function parse(expression: string): Expression {
  const input = tokens(expression);
  let position = 0;
  const tree = binary(0);
  if (input[position].type !== 'end') unexpected(input[position]);
  return tree;

  function binary(level: number): Expression {
    if (level === LEVELS.length) return negation();
    let left = binary(level + 1);
    for (;;) {
      const { text, type } = input[position];
      if ((type !== 'operator' && type !== 'name') || !LEVELS[level].includes(text)) return left;
      position++;
      left = { type: 'operation', operator: SAME[text] ?? text, left, right: binary(level + 1) };
    }
  }

  function negation(): Expression {
    if (take('-')) return { type: 'negation', operand: negation() };
    const base = primary();
    return take('^') ? { type: 'operation', operator: '^', left: base, right: negation() } : base;
  }

  function primary(): Expression {
    const token = input[position++];
    if (token.type === 'number') return { type: 'number', value: Number(token.text) };
    if (token.type === 'text') return { type: 'text', text: token.text };
    if (token.type === 'operator' && token.text === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (token.type === 'operator' && token.text === '[') return { type: 'list', items: sequence(']') };
    if (token.type !== 'name') return unexpected(token);
    if (take('(')) return { type: 'call', name: token.text, parameters: sequence(')') };
    return /^[a-z]/.test(token.text) ? { type: 'reference', id: token.text } : { type: 'keyword', text: token.text };
  }

  function sequence(end: string): Expression[] {
    const items: Expression[] = [];
    if (take(end)) return items;
    do items.push(binary(0)); while (take(','));
    expect(end);
    return items;
  }

  function take(operator: string): boolean {
    const { type, text } = input[position];
    if (type !== 'operator' || text !== operator) return false;
    position++;
    return true;
  }

  function expect(operator: string): void {
    if (!take(operator)) unexpected(input[position], `'${operator}'`);
  }

  function unexpected(token: Token, instead = 'a metric, a number or a function'): never {
    throw new ServiceError('ValidationError',
      `expected ${instead} at ${token.at}, got '${token.text}', in the expression '${expression}'`);
  }
}

/** The IDs that an expression names; `METRICS()` names none. */
export function references(expression: Expression): string[] {
  switch (expression.type) {
    case 'reference': return [expression.id];
    case 'list': return expression.items.flatMap(references);
    case 'call': return expression.parameters.flatMap(references);
    case 'negation': return references(expression.operand);
    case 'operation': return [...references(expression.left), ...references(expression.right)];
    default: return [];
  }
}

/** The periods in seconds of the searches in an expression, undefined for one that names none. */
export function searches(expression: Expression): (number | undefined)[] {
  switch (expression.type) {
    case 'list': return expression.items.flatMap(searches);
    case 'call': {
      const [, , period] = expression.parameters;
      const own = expression.name === 'SEARCH' ? [period?.type === 'number' ? period.value : undefined] : [];
      return [...own, ...expression.parameters.flatMap(searches)];
    }
    case 'negation': return searches(expression.operand);
    case 'operation': return [...searches(expression.left), ...searches(expression.right)];
    default: return [];
  }
}
