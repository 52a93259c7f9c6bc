import type { Caller } from '../contracts';
import { canonical, storedItem, type Item } from './attribute-value';
import { validationError } from './errors';
import type { Input, Output } from './input';
import type { DynamoDbService } from './index';
import type { Table } from './table';

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Record<string, unknown> };
  readonly DeleteRequest?: { readonly Key: Record<string, unknown> };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const mostWrites = 25;

/** Puts and deletes items of several tables. Nothing is written when one of them is refused. */
export function batchWriteItem(dynamoDb: DynamoDbService, input: Input, caller: Caller): Output {
  const requests = Object.entries((input.RequestItems ?? {}) as Record<string, WriteRequest[]>);
  const count = requests.reduce((sum, [, writes]) => sum + writes.length, 0);
  if (count < 1 || count > mostWrites) throw validationError(`'requestItems' must have from 1 to ${mostWrites} requests, got ${count}`);
  const writes = requests.flatMap(([name, ofTable]) => {
    const table = dynamoDb.allowed('BatchWriteItem', name, caller);
    return distinct(table, ofTable.map((request) => writeOf(table, request)));
  });
  for (const { table, item, key } of writes) {
    if (item) table.put(item);
    else table.delete(key);
  }
  return { UnprocessedItems: {} };
}

interface Write {
  readonly table: Table;
  readonly key: Item;
  /** Undefined for a delete. */
  readonly item?: Item;
}

function writeOf(table: Table, { PutRequest, DeleteRequest }: WriteRequest): Write {
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw validationError('Supplied AttributeValue has to have exactly one of PutRequest and DeleteRequest');
  }
  if (PutRequest) {
    const item = storedItem(PutRequest.Item);
    table.checkItem(item);
    return { table, item, key: table.keyOf(item) };
  }
  const key = storedItem(DeleteRequest!.Key);
  table.checkKey(key);
  return { table, key };
}

function distinct(table: Table, writes: readonly Write[]): readonly Write[] {
  if (new Set(writes.map(({ key }) => canonical({ M: key }))).size < writes.length) {
    throw validationError(`Provided list of item keys contains duplicates: table ${table.name}`);
  }
  return writes;
}
