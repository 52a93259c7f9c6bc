/** A resource of a template with its intrinsic functions evaluated, as a provider gets it. */
export interface ResourceToCreate {
  readonly logicalId: string;
  readonly type: string;
  /** The construct path relative to the stack; the logical ID where there is none. */
  readonly path: string;
  readonly stackName: string;
  /** The ARN of the stack. */
  readonly stackId: string;
  readonly properties: Properties;
  /** A name as CloudFormation makes it when the template gives none; `suffix` counts in the length. */
  readonly physicalName: (maximumLength: number, suffix?: string) => string;
  /** The folder or file of an asset by its object key. */
  readonly asset: (objectKey: string, bucket?: string) => string | undefined;
}

/** A resource that exists and shall have other properties. */
export interface ResourceToUpdate extends ResourceToCreate {
  /** The value of `Ref`: what identifies the resource. */
  readonly ref: string;
  /** What it has until now. */
  readonly previous: Properties;
}

/** A resource that shall be gone, with the properties that it has. */
export interface ResourceToDelete {
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Properties;
}

export interface CreatedResource {
  /** The value of `Ref`. */
  readonly ref: string;
  /** The values of `Fn::GetAtt`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Why the simulation goes without it and has only its name. @default - it is there */
  readonly leftOut?: string;
}

/**
 * Creates, updates and deletes the resources of one type in the simulation.
 *
 * `update` and `delete` may be missing. A stack operation that needs the missing one fails with an error that names the type,
 * and is rolled back: nothing is passed over in silence. A type with nothing to update or delete says so with an empty method.
 */
export interface ResourceProvider {
  readonly type: string;
  /** The properties whose meaning is modelled. */
  readonly modelled: readonly string[];
  /** The properties that change nothing that the simulator shows, tags and descriptions for example. */
  readonly withoutEffect?: readonly string[];
  /**
   * The properties whose change replaces the resource, as the type's page says with "Update requires: Replacement".
   * @default - none: every change is made in place
   */
  readonly replaces?: readonly string[];
  /** The property that names the resource: while it keeps its value, the resource cannot be replaced. @default - none */
  readonly namedBy?: string;
  create(resource: ResourceToCreate): CreatedResource;
  /**
   * Makes the change in place. What it returns are the new values of `Ref` and `Fn::GetAtt`; nothing where they stay. It is not
   * called when only properties without effect change.
   */
  update?(resource: ResourceToUpdate): CreatedResource | void;
  /** Throws where AWS refuses, for a bucket with objects for example. */
  delete?(resource: ResourceToDelete): void;
}

/** A resource of a modelled type is of a kind that is not. */
export class NotModelled extends Error {}

/** What CloudFormation says when a resource of that name exists outside of the stack. */
export function alreadyExists(type: string, name: string): Error {
  return new Error(`Resource of type '${type}' with identifier '${name}' already exists.`);
}

/** The properties of a resource, read with the type that CloudFormation documents (text is taken for numbers and booleans). */
export class Properties {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  get names(): string[] {
    return Object.keys(this.values).filter((name) => this.values[name] !== undefined);
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new Error(`'${name}' is required`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    const number = Number(value);
    if (typeof value === 'object' || value === '' || Number.isNaN(number)) {
      throw new Error(`'${name}' must be a number, got ${JSON.stringify(value)}`);
    }
    return number;
  }

  boolean(name: string): boolean | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw new Error(`'${name}' must be true or false, got ${JSON.stringify(value)}`);
  }

  /** An object, or the JSON text of one. */
  object<T extends object = Record<string, unknown>>(name: string): T | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    if (typeof parsed !== 'object' || parsed === null) throw new Error(`'${name}' must be an object, got ${JSON.stringify(value)}`);
    return parsed as T;
  }

  list<T>(name: string): T[] | undefined {
    const value = this.values[name];
    if (value !== undefined && !Array.isArray(value)) throw new Error(`'${name}' must be a list, got ${JSON.stringify(value)}`);
    return value as T[] | undefined;
  }

  tags(): Record<string, string> {
    return Object.fromEntries((this.list<{ Key: string; Value: string }>('Tags') ?? []).map(({ Key, Value }) => [Key, Value]));
  }

  /** All values, for a provider that hands them on as they are. */
  all(): Readonly<Record<string, unknown>> {
    return this.values;
  }
}
