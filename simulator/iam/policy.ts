/** A policy document, as templates hold it. */
export interface PolicyDocument {
  readonly Statement?: Statement | readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValues>>>>;
}

export type ConditionValues = string | number | boolean | readonly (string | number | boolean)[];

export type PrincipalElement = '*' | Readonly<Record<string, string | readonly string[]>>;

export function statementsOf({ Statement = [] }: PolicyDocument): readonly Statement[] {
  return list(Statement);
}

export function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}

const patterns = { exact: new Map<string, RegExp>(), anyCase: new Map<string, RegExp>() };

/** Whether a text matches a pattern with `*` and `?`. */
export function matchesPattern(pattern: string, text: string, caseSensitive = true): boolean {
  const known = caseSensitive ? patterns.exact : patterns.anyCase;
  let compiled = known.get(pattern);
  if (!compiled) {
    const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
    known.set(pattern, compiled = new RegExp(`^${source}$`, caseSensitive ? 's' : 'is'));
  }
  return compiled.test(text);
}
