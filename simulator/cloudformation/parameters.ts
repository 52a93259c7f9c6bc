import { ServiceError } from '../contracts';
import type { Template, TemplateParameter } from './template';

/** The version of the bootstrap stack that an account of the simulation has: CDK's stacks ask for at least 6. */
export const bootstrapVersion = '30';

/** Finds what a parameter of Systems Manager holds. Undefined where there is none. */
export type ParameterStore = (name: string) => string | undefined;

/** What `cdk bootstrap` leaves in Parameter Store. */
export const bootstrappedStore: ParameterStore = (name) => (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name) ? bootstrapVersion : undefined);

export interface ParameterValues {
  /** As they were given or defaulted, for whoever asks: the values of `NoEcho` parameters are `****`. */
  readonly shown: Readonly<Record<string, string>>;
  /** As they were given or defaulted. */
  readonly given: Readonly<Record<string, string>>;
  /** What `Ref` gives: lists are split, parameters of Systems Manager looked up. */
  readonly resolved: Readonly<Record<string, unknown>>;
}

/**
 * The values of a template's parameters.
 *
 * @throws ServiceError `ValidationError` with every missing value, or every value that a constraint refuses
 */
export function parameterValues({ Parameters = {} }: Template, values: Readonly<Record<string, string>>, store: ParameterStore): ParameterValues {
  const unknown = Object.keys(values).filter((name) => !(name in Parameters));
  if (unknown.length > 0) throw refusal(`Parameters: [${unknown.join(', ')}] do not exist in the template`);

  const given: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, { Default }] of Object.entries(Parameters)) {
    const value = values[name] ?? Default;
    if (value === undefined) missing.push(name);
    else given[name] = textOf(value);
  }
  if (missing.length > 0) throw refusal(`Parameters: [${missing.join(', ')}] must have values`);

  const problems: string[] = [];
  const resolved: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(Parameters)) {
    problems.push(...problemsOf(name, given[name], parameter));
    resolved[name] = resolve(given[name], parameter, store);
  }
  if (problems.length > 0) throw refusal(problems.join('; '));

  const hidden = (name: string): boolean => String(Parameters[name].NoEcho) === 'true';
  const shown = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, hidden(name) ? '****' : value]));
  return { shown, given, resolved };
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

const refusal = (message: string): ServiceError => new ServiceError('ValidationError', message);

/** `List<Number>`, `CommaDelimitedList`, `List<AWS::EC2::Subnet::Id>`; of Systems Manager: what the angle brackets hold. */
const isList = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');

const storedType = (type: string): string | undefined => /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];

function elements(value: string): string[] {
  return value === '' ? [] : value.split(',').map((element) => element.trim());
}

function resolve(value: string, { Type }: TemplateParameter, store: ParameterStore): unknown {
  const stored = storedType(Type);
  if (stored === undefined) return isList(Type) ? elements(value) : value;
  const found = store(value);
  if (found === undefined) throw refusal(`Unable to fetch parameters [${value}] from parameter store for this account.`);
  return isList(stored) ? elements(found) : found;
}

function problemsOf(name: string, value: string, parameter: TemplateParameter): string[] {
  const { Type, AllowedValues, AllowedPattern, ConstraintDescription } = parameter;
  const list = isList(Type);
  const numeric = Type === 'Number' || Type === 'List<Number>';
  const problems: string[] = [];
  const problem = (text: string): void => {
    problems.push(ConstraintDescription === undefined ? text : `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}`);
  };
  for (const element of list ? elements(value) : [value]) {
    if (numeric && (element === '' || Number.isNaN(Number(element)))) {
      problems.push(`Parameter '${name}' must be a number, got '${element}'`);
      continue;
    }
    if (AllowedValues && !AllowedValues.map(String).includes(element)) {
      problem(`Parameter '${name}' must be one of AllowedValues: ${AllowedValues.map(String).join(', ')}, got '${element}'`);
    }
    if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(element)) {
      problem(`Parameter '${name}' must match pattern ${AllowedPattern}, got '${element}'`);
    }
    if (numeric && !within(Number(element), parameter.MinValue, parameter.MaxValue)) {
      problem(`Parameter '${name}' must be a number ${range(parameter.MinValue, parameter.MaxValue)}, got ${element}`);
    }
    if (!numeric && !list && !within(element.length, parameter.MinLength, parameter.MaxLength)) {
      problem(`Parameter '${name}' must have a length ${range(parameter.MinLength, parameter.MaxLength)}, got ${element.length}`);
    }
  }
  return problems;
}

type Limit = number | string | undefined;

const within = (value: number, least: Limit, most: Limit): boolean => (
  value >= Number(least ?? -Infinity) && value <= Number(most ?? Infinity)
);

const range = (least: Limit, most: Limit): string => (
  [least !== undefined && `from ${least}`, most !== undefined && `to ${most}`].filter(Boolean).join(' ')
);
