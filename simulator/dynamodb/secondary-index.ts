import { typeOf, type Item } from './attribute-value';
import { invalidParameters } from './errors';
import { byteLength, emptyKeyValue, keyAttributes, type KeySchema } from './key-schema';

export interface SecondaryIndex extends KeySchema {
  readonly name: string;
  /** With a partition key of its own; else it shares the table's. */
  readonly global: boolean;
  /** Which attributes it has beside the keys. */
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** Of the projection `INCLUDE`. */
  readonly nonKeyAttributes?: readonly string[];
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { local: 5, global: 20 };

/** Whether the index has the item: one without the index's key, or with one of another type from before the index, is not in it. */
export function holds(index: SecondaryIndex, item: Item): boolean {
  return keyAttributes(index).every(({ name, type }) => Object.hasOwn(item, name) && typeOf(item[name]) === type);
}

/** The attributes of an item that the index has; undefined for all of them. */
export function projectedNames(index: SecondaryIndex, table: KeySchema): ReadonlySet<string> | undefined {
  if (index.projection === 'ALL') return undefined;
  const keys = [...keyAttributes(table), ...keyAttributes(index)].map(({ name }) => name);
  return new Set([...keys, ...index.nonKeyAttributes ?? []]);
}

/** @throws ServiceError `ValidationException` for an attribute that cannot be a key of one of the indexes */
export function checkIndexKeys(indexes: readonly SecondaryIndex[], item: Item): void {
  for (const index of indexes) {
    for (const { name, type } of keyAttributes(index)) {
      if (!Object.hasOwn(item, name)) continue;
      const actual = typeOf(item[name]);
      if (actual !== type) {
        throw invalidParameters(`Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index.name}`);
      }
      if (byteLength(item[name]) === 0) throw emptyKeyValue(item[name], `IndexName: ${index.name}, IndexKey: ${name}`);
    }
  }
}

/**
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 * @throws ServiceError `ValidationException` for indexes that DynamoDB would refuse
 */
export function validateIndexes(table: KeySchema, indexes: readonly SecondaryIndex[]): void {
  const [local, global] = [indexes.filter((index) => !index.global), indexes.filter((index) => index.global)];
  if (local.length > limits.local) throw invalidParameters(`Number of LocalSecondaryIndexes exceeds per-table limit of ${limits.local}`);
  if (global.length > limits.global) throw invalidParameters(`GlobalSecondaryIndex count exceeds the per-table limit of ${limits.global}`);
  if (local.length > 0 && !table.sortKey) {
    throw invalidParameters('Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex');
  }
  for (const [position, { name, projection, nonKeyAttributes, sortKey, partitionKey, global: isGlobal }] of indexes.entries()) {
    if (indexes.findIndex((other) => other.name === name) < position) throw invalidParameters(`Duplicate index name: ${name}`);
    if ((projection === 'INCLUDE') !== (nonKeyAttributes !== undefined && nonKeyAttributes.length > 0)) {
      throw invalidParameters(`ProjectionType is ${projection}, but NonKeyAttributes is ${nonKeyAttributes?.length ? '' : 'not '}specified`);
    }
    if (isGlobal) continue;
    if (!sortKey) throw invalidParameters(`Index KeySchema does not have a range key for index: ${name}`);
    if (partitionKey.name !== table.partitionKey.name) {
      throw invalidParameters(`Index KeySchema must begin with the table's key ${table.partitionKey.name} for the local index: ${name}`);
    }
  }
}
