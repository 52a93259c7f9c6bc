import { ServiceError } from '../../contracts';

export interface Token {
  readonly type: 'number' | 'name' | 'text' | 'operator' | 'end';
  readonly text: string;
  /** Where the token begins, counted from 0. */
  readonly at: number;
}

const PATTERNS: readonly (readonly [Token['type'] | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['text', /"[^"]*"|'[^']*'/y],
  ['operator', /<=|>=|==|!=|&&|\|\||[-+*/^<>()[\],]/y],
];

/** Cuts a metric math expression into tokens; the last one is the `end`. */
export function tokens(expression: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const [type, text] = next(expression, at);
    if (type !== 'space') found.push({ type, text: type === 'text' ? text.slice(1, -1) : text, at });
    at += text.length;
  }
  found.push({ type: 'end', text: 'the end', at });
  return found;
}

function next(expression: string, at: number): [Token['type'] | 'space', string] {
  for (const [type, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(expression);
    if (match) return [type, match[0]];
  }
  throw new ServiceError('ValidationError', `'${expression[at]}' at ${at} has no meaning in the expression '${expression}'`);
}
