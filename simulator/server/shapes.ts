/**
 * The shapes of AWS's operations, as far as a wire protocol must know them: which members are numbers, bytes or moments,
 * and what the query protocol calls the items of its lists and maps. Taken from the service models that AWS publishes.
 */
export type Shape = Scalar | Structure | List | MapShape;

export interface Scalar {
  readonly type: 'string' | 'integer' | 'double' | 'boolean' | 'timestamp' | 'blob';
  readonly plain: boolean;
}

export interface Structure {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
  readonly plain: boolean;
}

export interface List {
  readonly type: 'list';
  readonly item: Shape;
  /** What the query protocol calls an item; of a flattened list, what it calls the list as well. */
  readonly itemName: string;
  readonly flattened: boolean;
  readonly plain: boolean;
}

export interface MapShape {
  readonly type: 'map';
  readonly value: Shape;
  readonly entryName: string;
  readonly keyName: string;
  readonly valueName: string;
  readonly flattened: boolean;
  readonly plain: boolean;
}

export interface Operation {
  readonly input: Structure;
  /** Undefined where the query protocol answers without a result element. */
  readonly output: Structure | undefined;
}

export type Operations = Readonly<Record<string, Operation>>;

/** An error of a service's model: the name of its shape, and what the query protocol calls it. */
export interface ModelledError {
  readonly shape: string;
  readonly code: string;
  readonly status: number;
}

export const text: Scalar = { type: 'string', plain: true };
export const integer: Scalar = { type: 'integer', plain: true };
export const double: Scalar = { type: 'double', plain: true };
export const flag: Scalar = { type: 'boolean', plain: true };
/** A `Date` in a service's input; in its output, or seconds since the epoch. */
export const timestamp: Scalar = { type: 'timestamp', plain: false };
/** A `Buffer` in a service's input; in its output, or base64 text. */
export const blob: Scalar = { type: 'blob', plain: false };

export function structure(members: Readonly<Record<string, Shape>>): Structure {
  // Without a prototype, a member that a client calls `constructor` or `__proto__` is unknown like any other.
  const own = Object.assign(Object.create(null) as Record<string, Shape>, members);
  return { type: 'structure', members: own, plain: Object.values(members).every((member) => member.plain) };
}

export function list(item: Shape, itemName = 'member'): List {
  return { type: 'list', item, itemName, flattened: false, plain: item.plain };
}

export function flatList(itemName: string, item: Shape): List {
  return { type: 'list', item, itemName, flattened: true, plain: item.plain };
}

export function map(value: Shape, keyName = 'key', valueName = 'value'): MapShape {
  return { type: 'map', value, entryName: 'entry', keyName, valueName, flattened: false, plain: value.plain };
}

export function flatMap(entryName: string, value: Shape, keyName = 'Name', valueName = 'Value'): MapShape {
  return { type: 'map', value, entryName, keyName, valueName, flattened: true, plain: value.plain };
}

export function operation(input: Readonly<Record<string, Shape>>, output?: Readonly<Record<string, Shape>>): Operation {
  return { input: structure(input), output: output && structure(output) };
}

/** Operations by name, without what every object inherits. */
export function operations(table: Operations): Operations {
  return Object.assign(Object.create(null) as Record<string, Operation>, table);
}
