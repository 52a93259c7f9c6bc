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
    if (!(Number(index) in values)) throw new Error(`'Fn::Select' has no element ${index} in a list of ${values.length}`);
    return values[Number(index)];
  },

  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, scope) as [string, string];
    return text.split(separator);
  },

  'Fn::Base64': (argument, scope) => Buffer.from(String(evaluateNested(argument, scope))).toString('base64'),

  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return evaluateNested(holds(condition, scope) ? whenTrue : whenFalse, scope);
  },

  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = list(argument, scope).map(String);
    const value = scope.template.Mappings?.[map]?.[top]?.[second];
    if (value === undefined) throw new Error(`the template has no mapping '${map}.${top}.${second}'`);
    return value;
  },

  'Fn::ImportValue': (argument, scope) => scope.importValue(String(evaluateNested(argument, scope))),
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
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(evaluate(argument, scope)),
};
