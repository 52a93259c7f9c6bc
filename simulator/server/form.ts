import { ServiceError } from '../contracts';

/** The parameters of the query protocol as a tree: `A.1.Name=x` stands at A, 1, Name. */
export interface Parameter {
  value?: string;
  readonly children: Map<string, Parameter>;
}

/** Names deeper than this belong to no operation of AWS. */
const DEEPEST = 16;

/** Reads `application/x-www-form-urlencoded` text into `root`. Throws `MalformedQueryString` for what is not. */
export function readForm(form: string, root: Parameter): void {
  if (form === '') return;
  for (const pair of form.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = unescapeForm(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : unescapeForm(pair.slice(equals + 1));
    const steps = name.split('.', DEEPEST + 1);
    if (steps.length > DEEPEST) continue;
    let parameter = root;
    for (const step of steps) {
      let child = parameter.children.get(step);
      if (child === undefined) parameter.children.set(step, child = newParameter());
      parameter = child;
    }
    parameter.value = value;
  }
}

export function newParameter(): Parameter {
  return { children: new Map() };
}

function unescapeForm(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new ServiceError('MalformedQueryString', `The query string contains a malformed escape sequence: ${text.slice(0, 100)}`);
  }
}
