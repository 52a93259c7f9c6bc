import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';

export interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList';
  readonly value: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** Parameter Store of AWS Systems Manager, as far as deployments read it: parameters in plain text, their newest version only. */
export class ParameterStore implements ServiceApi {
  private readonly parameters = new Map<string, Parameter>();

  constructor(private readonly now: () => number, private readonly place: Place) {}

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

  /** By name, or by ARN. */
  private lookUp(nameOrArn: string): Parameter | undefined {
    const named = /^arn:[^:]+:ssm:[^:]*:\d*:parameter\/(.+)$/.exec(nameOrArn)?.[1];
    return this.parameters.get(nameOrArn) ?? (named === undefined ? undefined : this.parameters.get(`/${named}`) ?? this.parameters.get(named));
  }

  call(operation: string, input: Record<string, unknown>, _caller: Caller): Promise<Record<string, unknown>> {
    return new Promise((resolve) => { resolve(this.answer(operation, input)); });
  }

  private answer(operation: string, input: Record<string, unknown>): Record<string, unknown> {
    switch (operation) {
      case 'GetParameter': {
        const parameter = this.lookUp(required(input.Name as string | undefined, 'name'));
        if (parameter === undefined) throw new ServiceError('ParameterNotFound', `Parameter ${String(input.Name)} not found.`);
        return { Parameter: this.shown(parameter) };
      }
      case 'GetParameters': {
        const names = required(input.Names as string[] | undefined, 'names');
        if (names.length < 1 || names.length > 10) {
          throw new ServiceError('ValidationException', `'names' must have from 1 to 10 members, got ${names.length}`);
        }
        const found = names.flatMap((name) => this.lookUp(name) ?? []);
        return {
          Parameters: found.map((parameter) => this.shown(parameter)),
          InvalidParameters: names.filter((name) => this.lookUp(name) === undefined),
        };
      }
      default:
        throw new ServiceError('InvalidAction', `The action ${operation} is not modelled by the simulator`);
    }
  }

  private shown({ name, type, value, version, modifiedAt }: Parameter): Record<string, unknown> {
    const { partition, region, account } = this.place;
    return {
      Name: name, Type: type, Value: value, Version: version, LastModifiedDate: new Date(modifiedAt), DataType: 'text',
      ARN: `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`,
    };
  }
}

function required<T>(value: T | undefined, member: string): NonNullable<T> {
  if (value === undefined || value === null || value === '') {
    throw new ServiceError('ValidationException', `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
  }
  return value;
}
