import { invalidParameters, validationError } from './errors';
import { compareNumbers, normalizeNumber } from './number';

/** A value with its type, as the API has it; `B` is bytes. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly Uint8Array[];
  readonly M?: Readonly<Record<string, AttributeValue>>;
  readonly L?: readonly AttributeValue[];
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
}

export type AttributeType = keyof AttributeValue;
export type Item = Readonly<Record<string, AttributeValue>>;

export const attributeTypes: readonly AttributeType[] = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'BOOL', 'NULL'];

/** Levels of maps and lists in each other. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const deepestNesting = 32;

export function typeOf(value: AttributeValue): AttributeType {
  return Object.keys(value)[0] as AttributeType;
}

/**
 * The value in the form in which it is stored: numbers in their one form, bytes as buffers.
 *
 * @throws ServiceError `ValidationException` for what DynamoDB would refuse
 */
export function storedValue(value: unknown, depth = 0): AttributeValue {
  const types = typeof value === 'object' && value !== null ? Object.keys(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined) : [];
  if (types.length === 0) {
    throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (types.length > 1) {
    throw validationError('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
  }
  if (depth > deepestNesting) throw validationError('Nesting Levels have exceeded supported limits');
  const given = value as AttributeValue;
  switch (types[0]) {
    case 'S': case 'BOOL': return { ...given };
    case 'NULL':
      if (given.NULL !== true) throw invalidParameters('Null attribute value types must have the value of true');
      return { NULL: true };
    case 'N': return { N: normalizeNumber(given.N!) };
    case 'B': return { B: Buffer.from(given.B!) };
    case 'SS': return { SS: distinct(given.SS!, 'string', (one) => one) };
    case 'NS': return { NS: distinct(given.NS!.map(normalizeNumber), 'number', (one) => one) };
    case 'BS': return { BS: distinct(given.BS!.map((one) => Buffer.from(one)), 'binary', (one) => one.toString('base64')) };
    case 'L': return { L: given.L!.map((one) => storedValue(one, depth + 1)) };
    case 'M': return { M: storedItem(given.M!, depth + 1) };
    default: throw validationError(`Supplied AttributeValue has the unknown type ${types[0]}`);
  }
}

export function storedItem(item: Readonly<Record<string, unknown>>, depth = 0): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, storedValue(value, depth)]));
}

function distinct<T>(members: readonly T[], type: string, keyOf: (member: T) => string): readonly T[] {
  if (members.length === 0) throw invalidParameters(`An ${type} set  may not be empty`);
  if (new Set(members.map(keyOf)).size < members.length) throw invalidParameters('Input collection contains duplicates.');
  return members;
}

/** Bytes, as DynamoDB counts them. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function sizeOf(value: AttributeValue): number {
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return sizeOfNumber(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.SS) return sum(value.SS.map((one) => Buffer.byteLength(one)));
  if (value.NS) return sum(value.NS.map(sizeOfNumber));
  if (value.BS) return sum(value.BS.map((one) => one.length));
  if (value.L) return 3 + sum(value.L.map((one) => 1 + sizeOf(one)));
  if (value.M) return 3 + Object.keys(value.M).length + sizeOfItem(value.M);
  return 1;
}

export function sizeOfItem(item: Item): number {
  return Object.entries(item).reduce((total, [name, value]) => total + Buffer.byteLength(name) + sizeOf(value), 0);
}

/** About a byte for two significant digits, and one. */
function sizeOfNumber(number: string): number {
  return Math.ceil(number.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length / 2) + 1;
}

/** Texts by their UTF-8 bytes, numbers by value; undefined where the two can't be compared. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if (one.S !== undefined && other.S !== undefined) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if (one.N !== undefined && other.N !== undefined) return compareNumbers(one.N, other.N);
  if (one.B && other.B) return Buffer.compare(one.B, other.B);
  return undefined;
}

/** Whether two stored values are the same; the order of a set does not count. */
export function sameValue(one: AttributeValue, other: AttributeValue): boolean {
  return canonical(one) === canonical(other);
}

/** A text that is the same for the same values only. */
export function canonical(value: AttributeValue): string {
  const type = typeOf(value);
  switch (type) {
    case 'B': return `B${Buffer.from(value.B!).toString('base64')}`;
    case 'SS': case 'NS': return `${type}${JSON.stringify([...value[type]!].sort())}`;
    case 'BS': return `BS${JSON.stringify(value.BS!.map((one) => Buffer.from(one).toString('base64')).sort())}`;
    case 'L': return `L${JSON.stringify(value.L!.map(canonical))}`;
    case 'M': return `M${JSON.stringify(Object.entries(value.M!).map(([name, one]) => [name, canonical(one)]).sort())}`;
    default: return `${type}${JSON.stringify(value[type])}`;
  }
}

/** The value as JavaScript has it: numbers, sets and buffers. */
function plainValue(value: AttributeValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.SS) return new Set(value.SS);
  if (value.NS) return new Set(value.NS.map(Number));
  if (value.BS) return new Set(value.BS);
  if (value.L) return value.L.map(plainValue);
  if (value.M) return plainItem(value.M);
  return value.NULL ? null : value[typeOf(value)];
}

export function plainItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}
