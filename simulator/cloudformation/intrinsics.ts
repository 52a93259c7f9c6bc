import type { Template } from './template';

/** What intrinsic functions look up while a stack is created. */
export interface Scope {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** AWS::Region, AWS::AccountId and so on. */
  readonly pseudoParameters: Readonly<Record<string, string>>;
  /** Undefined where no such resource was created. */
  reference(logicalId: string): string | undefined;
  /** Throws where the resource has no such attribute. */
  attribute(logicalId: string, name: string): string;
  importValue(exportName: string): unknown;
}

/** Stands in the preview of an update for what is known only afterwards, as CloudFormation's change sets write it. */
export const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';

export const isKnownAfterApply = (value: unknown): boolean => JSON.stringify(value)?.includes(knownAfterApply) ?? false;

/** Stands for `AWS::NoValue`: the property is left out. */
const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** The value of a property, with every intrinsic function in it evaluated. */
export function evaluate(value: unknown, scope: Scope): unknown {
  const result = evaluateNested(value, scope);
  return result === noValue ? undefined : result;
}

/** Whether a condition of the template holds. */
export function holds(name: string, scope: Scope): boolean {
  const condition = scope.template.Conditions?.[name];
  if (condition === undefined) throw new Error(`the template has no condition '${name}'`);
  return evaluateNested(condition, scope) === true;
}

function evaluateNested(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((element) => evaluateNested(element, scope)).filter((element) => element !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [name, argument] = entries[0] as [string, unknown];
    if (name in intrinsics) return intrinsics[name](argument, scope);
    if (name === 'Fn::Transform') throw new Error('\'Fn::Transform\' calls a macro, and the simulator has none');
    if (name.startsWith('Fn::')) throw new Error(`intrinsic function '${name}' is not modelled`);
  }
  return Object.fromEntries(entries
    .map(([name, member]) => [name, evaluateNested(member, scope)] as const)
    .filter(([, member]) => member !== noValue));
}

function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return noValue;
  const value = scope.pseudoParameters[name] ?? scope.parameters[name] ?? scope.reference(name);
  if (value === undefined) throw new Error(`'${name}' is no resource, parameter or pseudo parameter of the template`);
  return value;
}

const list = (argument: unknown, scope: Scope): unknown[] => {
  const value = evaluateNested(argument, scope);
  if (!Array.isArray(value)) throw new Error(`an intrinsic function needs a list, got ${JSON.stringify(value)}`);
  return value;
};

const intrinsics: Record<string, Intrinsic> = {
  'Ref': (name, scope) => reference(String(name), scope),

  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    return scope.attribute(logicalId, String(evaluateNested(attribute.join('.'), scope)));
  },

  'Fn::Join': (argument, scope) => {
    const [separator, values] = list(argument, scope) as [string, unknown[]];
    return values.join(separator);
  },

  'Fn::Sub': (argument, scope) => {
    const [text, variables] = Array.isArray(argument) ? argument as [string, Record<string, unknown>] : [String(argument), {}];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return String(evaluateNested(variables[name], scope));
      const [logicalId, ...attribute] = name.split('.');
      return attribute.length > 0 ? scope.attribute(logicalId, attribute.join('.')) : String(reference(name, scope));
    });
  },

  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument, scope) as [number | string, unknown[]];
    if (isKnownAfterApply(values)) return knownAfterApply;
    if (!(Number(index) in values)) throw new Error(`'Fn::Select' has no element ${index} in a list of ${values.length}`);
    return values[Number(index)];
  },

  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, scope) as [string, string];
    return isKnownAfterApply(text) ? [knownAfterApply] : text.split(separator);
  },

  'Fn::Base64': (argument, scope) => {
    const text = String(evaluateNested(argument, scope));
    return isKnownAfterApply(text) ? knownAfterApply : Buffer.from(text).toString('base64');
  },

  'Fn::GetAZs': (argument, scope) => {
    const given = evaluateNested(argument, scope);
    const region = typeof given === 'string' && given !== '' ? given : scope.pseudoParameters['AWS::Region'];
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },

  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits = 8] = list(argument, scope);
    return cidrBlocks(String(block), Number(count), Number(bits));
  },

  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return evaluateNested(holds(condition, scope) ? whenTrue : whenFalse, scope);
  },

  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second, options] = list(argument, scope);
    const { DefaultValue } = (options ?? {}) as { DefaultValue?: unknown };
    const value = scope.template.Mappings?.[String(map)]?.[String(top)]?.[String(second)] ?? DefaultValue;
    if (value === undefined) throw new Error(`the template has no mapping '${String(map)}.${String(top)}.${String(second)}'`);
    return value;
  },

  'Fn::ImportValue': (argument, scope) => {
    const name = String(evaluateNested(argument, scope));
    return isKnownAfterApply(name) ? knownAfterApply : scope.importValue(name);
  },
  'Condition': (name, scope) => (typeof name === 'string' && name in (scope.template.Conditions ?? {})
    ? holds(name, scope) : { Condition: evaluateNested(name, scope) }), // a policy statement has a `Condition`, too
  'Fn::Equals': (argument, scope) => {
    const [one, other] = list(argument, scope);
    return JSON.stringify(one) === JSON.stringify(other);
  },
  'Fn::And': (argument, scope) => list(argument, scope).every((condition) => condition === true),
  'Fn::Or': (argument, scope) => list(argument, scope).some((condition) => condition === true),
  'Fn::Not': (argument, scope) => list(argument, scope)[0] !== true,
  'Fn::Length': (argument, scope) => list(argument, scope).length,
  'Fn::Contains': (argument, scope) => {
    const [values, wanted] = list(argument, scope) as [unknown[], unknown];
    return values.some((value) => String(value) === String(wanted));
  },
  'Fn::EachMemberEquals': (argument, scope) => {
    const [values, wanted] = list(argument, scope) as [unknown[], unknown];
    return values.every((value) => String(value) === String(wanted));
  },
  'Fn::EachMemberIn': (argument, scope) => {
    const [values, allowed] = list(argument, scope) as [unknown[], unknown[]];
    return values.every((value) => allowed.map(String).includes(String(value)));
  },
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(evaluate(argument, scope)),
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html */
function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [, address, mask] = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(block) ?? [];
  if (address === undefined) throw new Error(`'Fn::Cidr' of the simulator divides IPv4 blocks, got '${block}'`);
  if (!(count >= 1 && count <= 256)) throw new Error(`'Fn::Cidr' must have a count from 1 to 256, got ${count}`);
  const size = 2 ** bits;
  const inside = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const start = inside - (inside % 2 ** (32 - Number(mask)));
  if (count * size > 2 ** (32 - Number(mask))) {
    throw new Error(`'Fn::Cidr' cannot divide ${block} into ${count} blocks with ${bits} bits each`);
  }
  return Array.from({ length: count }, (_, index) => {
    const first = start + index * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${32 - bits}`;
  });
}
