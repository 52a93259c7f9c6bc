import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';

export interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList';
  readonly value: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** Parameter Store of AWS Systems Manager: parameters in plain text, their newest version only. */
export class ParameterStore implements ServiceApi {
  private readonly parameters = new Map<string, Parameter>();

  /** @param authorize throws a `ServiceError` where the caller may not; without it everything is allowed */
  constructor(
    private readonly now: () => number, private readonly place: Place,
    private readonly authorize: (action: string, resource: string, caller: Caller) => void = () => {},
  ) {}

  put(name: string, value: string, type: Parameter['type'] = 'String'): Parameter {
    const version = (this.parameters.get(name)?.version ?? 0) + 1;
    const parameter: Parameter = { name, type, value, version, modifiedAt: this.now() };
    this.parameters.set(name, parameter);
    return parameter;
  }

  delete(name: string): void {
    this.parameters.delete(name);
  }

  find(name: string): Parameter | undefined {
    return this.parameters.get(name);
  }

  /** By name, or by ARN, perhaps with a version after a colon. */
  private lookUp(selection: string): { readonly parameter: Parameter; readonly selector?: string } | undefined {
    const [, given, selector] = /^((?:arn:[^:]+:ssm:[^:]*:\d*:parameter)?[^:]+)(:\d+)?$/.exec(selection) ?? [];
    if (given === undefined) return undefined;
    const named = given.replace(/^arn:.*:parameter(?=\/)/, '');
    const parameter = this.parameters.get(named) ?? (named === given ? undefined : this.parameters.get(named.slice(1)));
    return parameter && { parameter, selector };
  }

  /** As the API shows it; undefined where there is none of the name, or the version is not the newest. */
  private select(selection: string, action: string, caller: Caller): Record<string, unknown> | undefined {
    const found = this.lookUp(selection);
    this.authorize(action, this.arnOf(found?.parameter.name ?? selection), caller);
    if (!found) return undefined;
    const { parameter, selector } = found;
    return selector === undefined || selector === `:${parameter.version}` ? { ...this.shown(parameter), Selector: selector } : undefined;
  }

  call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return new Promise((resolve) => { resolve(this.answer(operation, input, caller)); });
  }

  private answer(operation: string, input: Record<string, unknown>, caller: Caller): Record<string, unknown> {
    switch (operation) {
      case 'GetParameter': {
        const name = required(input.Name as string | undefined, 'name');
        const found = this.select(name, 'ssm:GetParameter', caller);
        if (found !== undefined) return { Parameter: found };
        if (this.lookUp(name)) throw new ServiceError('ParameterVersionNotFound', `Systems Manager could not find version of ${name}.`);
        throw new ServiceError('ParameterNotFound', `Parameter ${name} not found.`);
      }
      case 'GetParameters': {
        const names = required(input.Names as string[] | undefined, 'names');
        if (names.length < 1 || names.length > 10) {
          throw new ServiceError('ValidationException', `'names' must have from 1 to 10 members, got ${names.length}`);
        }
        const found = names.map((name) => this.select(name, 'ssm:GetParameters', caller));
        return { Parameters: found.filter((one) => one !== undefined), InvalidParameters: names.filter((_, index) => found[index] === undefined) };
      }
      default:
        throw new ServiceError('InvalidAction', `The action ${operation} is not modelled by the simulator`);
    }
  }

  private shown({ name, type, value, version, modifiedAt }: Parameter): Record<string, unknown> {
    return {
      Name: name, Type: type, Value: value, Version: version, LastModifiedDate: new Date(modifiedAt), DataType: 'text', ARN: this.arnOf(name),
    };
  }

  private arnOf(name: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
  }
}

function required<T>(value: T | undefined, member: string): NonNullable<T> {
  if (value === undefined || value === null || value === '') {
    throw new ServiceError('ValidationException', `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
  }
  return value;
}
