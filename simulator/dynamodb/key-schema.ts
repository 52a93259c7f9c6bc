import { canonical, compareValues, typeOf, type AttributeValue, type Item } from './attribute-value';
import { invalidParameters, validationError } from './errors';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface KeySchema {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

/** Bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { partitionKey: 2_048, sortKey: 1_024 };

/** The partition key, then the sort key where there is one. */
export function keyAttributes({ partitionKey, sortKey }: KeySchema): KeyAttribute[] {
  return sortKey ? [partitionKey, sortKey] : [partitionKey];
}

/** A text that is the same for the same key only. */
export function keyText(schema: KeySchema, item: Item): string {
  return keyAttributes(schema).map(({ name }) => canonical(item[name])).join('\n');
}

/** Below, at or above zero, by the sort key; 0 where there is none. */
export function compareSortKeys({ sortKey }: KeySchema, one: Item, other: Item): number {
  return sortKey ? compareValues(one[sortKey.name], other[sortKey.name])! : 0;
}

/** @throws ServiceError `ValidationException` unless the attributes are the key, the whole key, and nothing else */
export function checkKey(schema: KeySchema, key: Item): void {
  const attributes = keyAttributes(schema);
  const fits = attributes.every(({ name, type }) => Object.hasOwn(key, name) && typeOf(key[name]) === type);
  if (!fits || Object.keys(key).length > attributes.length) throw validationError('The provided key element does not match the schema');
  checkKeyValues(schema, key);
}

/** @throws ServiceError `ValidationException` unless the item has the whole key */
export function checkItemKey(schema: KeySchema, item: Item): void {
  for (const { name, type } of keyAttributes(schema)) {
    if (!Object.hasOwn(item, name)) throw invalidParameters(`Missing the key ${name} in the item`);
    const actual = typeOf(item[name]);
    if (actual !== type) throw invalidParameters(`Type mismatch for key ${name} expected: ${type} actual: ${actual}`);
  }
  checkKeyValues(schema, item);
}

function checkKeyValues(schema: KeySchema, item: Item): void {
  for (const { name } of keyAttributes(schema)) {
    if (byteLength(item[name]) === 0) throw emptyKeyValue(item[name], `Key: ${name}`);
  }
  const { partitionKey, sortKey } = schema;
  if (byteLength(item[partitionKey.name]) > limits.partitionKey) {
    throw invalidParameters(`Size of hashkey has exceeded the maximum size limit of ${limits.partitionKey} bytes`);
  }
  if (sortKey && byteLength(item[sortKey.name]) > limits.sortKey) {
    throw invalidParameters(`Aggregated size of all range keys has exceeded the size limit of ${limits.sortKey} bytes`);
  }
}

export function emptyKeyValue({ B: bytes }: AttributeValue, where: string): Error {
  return validationError('One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an '
    + `empty ${bytes === undefined ? 'string' : 'binary'} value. ${where}`);
}

export function byteLength({ S, B, N }: AttributeValue): number {
  return S !== undefined ? Buffer.byteLength(S) : B?.length ?? N!.length;
}
