import { Token } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { conditionRules, isObject, type JsonObject, operatorNames, shown } from './filter-policy-rules-conditions';
import { must, type Rule } from './validation';

/** What a filter policy looks at. */
export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const limits = { keys: 5, combinations: 150, bytes: 256 * 1024 };

/** What must hold for a filter policy as the template has it. Values that are not known yet are passed over. */
export function filterPolicyRules(name: string, policy: JsonObject | undefined, scope: FilterPolicyScope): Rule[] {
  if (policy === undefined || Token.isUnresolved(policy)) return [];
  const attributes = scope === 'MessageAttributes';
  const keys = attributes ? attributeNames(policy).size : Object.keys(policy).length;
  const total = combinations(policy, 1);
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  return [
    must(keys <= limits.keys, `'${name}' must have at most ${limits.keys} ${attributes ? 'attributes' : 'properties'}, got ${keys}`),
    must(total <= limits.combinations, `'${name}' must have at most ${limits.combinations} combinations of values, got ${total}: `
      + 'the number of values of each property, times its depth, multiplied over the properties'),
    must(bytes <= limits.bytes, `'${name}' must have at most ${limits.bytes} bytes as JSON, got ${bytes}`),
    ...nodeRules(name, policy, scope),
  ];
}

/** The policy that an `sns.Subscription` writes for filters on attributes. */
export function attributesPolicy(policy: { [attribute: string]: sns.SubscriptionFilter } | undefined): JsonObject | undefined {
  return policy && Object.fromEntries(Object.entries(policy).map(([name, { conditions }]) => [name, conditions]));
}

/** The policy that an `sns.Subscription` writes for filters on the body. */
export function bodyPolicy(policy: { [property: string]: sns.FilterOrPolicy } | undefined): JsonObject | undefined {
  return policy && Object.fromEntries(Object.entries(policy).map(([name, value]) => [
    name, value.isPolicy() ? bodyPolicy(value.policyDoc) : (value as sns.Filter).filterDoc.conditions,
  ]));
}

function nodeRules(path: string, policy: JsonObject, scope: FilterPolicyScope): Rule[] {
  if (Token.isUnresolved(policy)) return [];
  return Object.entries(policy).flatMap(([key, value]): Rule[] => {
    const name = `${path}.${key}`;
    if (Token.isUnresolved(value)) return [];
    const branches = orBranches(key, value);
    if (branches) return branches.flatMap((branch, index) => nodeRules(`${name}[${index}]`, branch, scope));
    if (Array.isArray(value)) return conditionRules(name, value);
    if (scope === 'MessageAttributes') return [must(false, `'${name}' must be a list of conditions, got ${shown(value)}`)];
    if (!isObject(value)) return [must(false, `'${name}' must be a list of conditions or an object, got ${shown(value)}`)];
    return [must(Object.keys(value).length > 0, `'${name}' must have at least one property, got none`), ...nodeRules(name, value, scope)];
  });
}

/** Only two or more objects, none with a property that is named like an operator, make an `$or`; otherwise it is a name like any other. */
function orBranches(key: string, value: unknown): readonly JsonObject[] | undefined {
  if (key !== '$or' || !Array.isArray(value) || value.length < 2) return undefined;
  return value.every((branch) => isObject(branch) && Object.keys(branch).every((inner) => !operatorNames.has(inner)))
    ? value as JsonObject[]
    : undefined;
}

function attributeNames(policy: JsonObject): Set<string> {
  if (Token.isUnresolved(policy)) return new Set();
  return new Set(Object.entries(policy).flatMap(([key, value]) => {
    const branches = orBranches(key, value);
    return branches ? branches.flatMap((branch) => [...attributeNames(branch)]) : [key];
  }));
}

/** As SNS counts them: values times depth, multiplied over the properties and added over the branches of an `$or`. */
function combinations(policy: JsonObject, depth: number): number {
  if (Token.isUnresolved(policy)) return 1;
  return Object.entries(policy).reduce((product, [key, value]) => {
    if (Token.isUnresolved(value)) return product;
    const branches = orBranches(key, value);
    if (branches) return product * branches.reduce((sum, branch) => sum + combinations(branch, depth), 0);
    if (Array.isArray(value)) return product * value.length * depth;
    return isObject(value) ? product * combinations(value, depth + 1) : product;
  }, 1);
}
