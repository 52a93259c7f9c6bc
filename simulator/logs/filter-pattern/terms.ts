import type { Condition } from './conditions';
import { regularExpression } from './regular-expression';
import { invalidPattern } from './tokens';

const TERM = /([-?]?)(?:"([^"]+)"|%([^%]+)%|([A-Za-z0-9_]+))(?=\s|$)/y;

/**
 * Every term must be in the event, none with a minus sign may be; of those with a question mark one must be. Beside other terms
 * those with a question mark are ignored.
 */
export function terms(pattern: string): Condition<string> {
  const text = pattern.trim();
  const found: Record<'' | '-' | '?', Condition<string>[]> = { '': [], '-': [], '?': [] };
  for (let at = 0; at < text.length;) {
    TERM.lastIndex = at;
    const match = TERM.exec(text);
    if (!match) return invalidPattern('a term with characters other than letters, digits and _ must stand in quotation marks', pattern);
    const [, sign, quoted, regex, word] = match;
    found[sign as '' | '-' | '?'].push(containing(quoted ?? word, regex, pattern));
    at = TERM.lastIndex + /^\s*/.exec(text.slice(TERM.lastIndex))![0].length;
  }
  const { '': wanted, '-': unwanted, '?': optional } = found;
  if (wanted.length + unwanted.length === 0 && optional.length > 0) return (message) => optional.some((has) => has(message));
  return (message) => wanted.every((has) => has(message)) && !unwanted.some((has) => has(message));
}

function containing(term: string | undefined, regex: string | undefined, pattern: string): Condition<string> {
  if (regex === undefined) return (message) => message.includes(term!);
  const expression = regularExpression(regex, pattern);
  return (message) => expression.test(message);
}
