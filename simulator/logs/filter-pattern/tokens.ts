import { ServiceError } from '../../contracts';

export interface Token {
  /** `regex` and `text` are without the signs around them. */
  readonly type: 'operator' | 'regex' | 'text' | 'word' | 'end';
  readonly text: string;
}

/** @throws always, as CloudWatch Logs does for a pattern that it cannot read */
export function invalidPattern(reason: string, pattern: string): never {
  throw new ServiceError('InvalidParameterException', `Invalid filter pattern '${pattern}': ${reason}`);
}

const PATTERN = /\s*(?:(&&|\|\||!=|<=|>=|[=<>(),])|%([^%]+)%|"((?:[^"\\]|\\.)*)"|([^\s"%&|!=<>(),]+))/y;

/** Cuts the conditions of a pattern into tokens; the last one is the `end`. */
export function tokensOf(text: string, pattern: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (!match) return invalidPattern(`'${text.slice(at).trim()[0]}' has no meaning`, pattern);
    const [, operator, regex, quoted, word] = match;
    if (operator !== undefined) found.push({ type: 'operator', text: operator });
    else if (regex !== undefined) found.push({ type: 'regex', text: regex });
    else if (quoted !== undefined) found.push({ type: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else found.push({ type: 'word', text: word });
    at = PATTERN.lastIndex;
  }
  found.push({ type: 'end', text: 'the end' });
  return found;
}
