import type { Resource } from './templates';

/** A statement of a policy. */
export interface Statement {
  /** The resource that has the policy, by ID. */
  readonly policy: string;
  readonly allows: boolean;
  readonly services: readonly string[];
  readonly identities: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Whoever a service acts for: the topic that delivers, the bucket that notifies, the alarm that changed. */
export interface Source {
  readonly arn: string;
  readonly id: string;
  readonly account: string;
}

const sourceKeys = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** Operators that a request without the key does not satisfy: those that end in `IfExists`, and the negated ones, limit nothing. */
const binding = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'];

export function statementsOf(policy: string, document: unknown): Statement[] {
  const { Statement: statements = [] } = (document ?? {}) as { Statement?: Record<string, unknown> | Record<string, unknown>[] };
  return [statements].flat().map((statement) => {
    const principal = statement.Principal ?? {};
    const { Service, AWS } = (typeof principal === 'string' ? { AWS: principal } : principal) as { Service?: unknown; AWS?: unknown };
    return {
      policy,
      allows: statement.Effect === 'Allow',
      services: texts(Service),
      identities: texts(AWS),
      actions: texts(statement.Action),
      resources: texts(statement.Resource),
      conditions: Object.entries((statement.Condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
        ([operator, keys]) => Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: texts(values) }))),
    };
  });
}

/** Whether a statement is limited to what the service does for resources of certain accounts or ARNs. */
export function hasSourceCondition({ conditions }: Statement): boolean {
  return conditions.some(({ operator, key, values }) => (
    sourceKeys.includes(key) && binding.includes(operator) && values.every((value) => !/^[*?]*$/.test(value))));
}

export function covers(statement: Statement, action: string, resource: Resource): boolean {
  return statement.allows
    && statement.actions.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()))
    && statement.resources.some((pattern) => names(pattern, resource) || names(pattern.split('/')[0], resource));
}

/** Whether the service may act for the source. `ArnEquals` knows wildcards as `ArnLike` does. A condition that is not about the source is not satisfied. */
export function holdsFor({ conditions }: Statement, source: Source): boolean {
  return conditions.every(({ operator, key, values }) => {
    if (key === 'aws:sourceaccount') return values.includes(source.account);
    if (key !== 'aws:sourcearn') return false;
    return values.some((value) => value === source.id || (operator === 'StringEquals' ? value === source.arn : like(value, source.arn)));
  });
}

/** Whether a text, with or without wildcards, names the resource. */
export function names(pattern: string, resource: Resource): boolean {
  return pattern === resource.id || like(pattern, resource.arn);
}

function like(pattern: string, text: string): boolean {
  const source = pattern.split('').map((char) => ({ '*': '.*', '?': '.' }[char] ?? char.replace(/[\\^$.|+()[\]{}]/, '\\$&'))).join('');
  return new RegExp(`^${source}$`).test(text);
}

function texts(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
