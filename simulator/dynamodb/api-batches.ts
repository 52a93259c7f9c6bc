import type { Caller } from '../contracts';
import { canonical, sizeOfItem, storedItem, type Item } from './attribute-value';
import { projectionOf } from './api-items';
import { ConsumedCapacity } from './consumed-capacity';
import { validationError } from './errors';
import type { Input, Output } from './input';
import type { DynamoDbService } from './index';
import { checkKey } from './key-schema';
import type { Table } from './table';

/**
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
const limits = { writes: 25, keys: 100, bytesRead: 16 * 1024 * 1024 };

type WriteRequest = Readonly<Record<'PutRequest', { readonly Item: Input } | undefined>>
  & Readonly<Record<'DeleteRequest', { readonly Key: Input } | undefined>>;

interface KeysAndAttributes extends Input {
  readonly Keys: readonly Input[];
}

/** Puts and deletes items of several tables. Nothing is written when one of them is refused. */
export function batchWriteItem(dynamoDb: DynamoDbService, input: Input, caller: Caller): Output {
  const requests = requestsIn<readonly WriteRequest[]>(input, (writes) => writes.length, limits.writes, 'BatchWriteItem');
  const writes = requests.flatMap(([name, ofTable]) => {
    const table = dynamoDb.allowed('BatchWriteItem', name, caller);
    const read = ofTable.map((request) => writeOf(table, request));
    refuseDuplicates(read.map(({ key }) => key));
    return read;
  });
  const consumed = new ConsumedCapacity(input);
  for (const { table, item, key } of writes) {
    consumed.write(table, table.get(key), item);
    if (item) table.put(item);
    else table.delete(key);
  }
  return { UnprocessedItems: {}, ...consumed.ofTables() };
}

/** Gets items of several tables; those beyond 16 MB are left for the next request, as `UnprocessedKeys`. */
export function batchGetItem(dynamoDb: DynamoDbService, input: Input, caller: Caller): Output {
  const requests = requestsIn<KeysAndAttributes>(input, ({ Keys }) => Keys?.length ?? 0, limits.keys, 'BatchGetItem');
  const reads = requests.map(([name, request]) => {
    const table = dynamoDb.allowed('BatchGetItem', name, caller);
    const projection = projectionOf(request);
    const keys = request.Keys.map((key) => storedItem(key));
    for (const key of keys) checkKey(table.properties, key);
    refuseDuplicates(keys);
    return { name, request, table, projection, keys };
  });
  const consumed = new ConsumedCapacity(input);
  const answer = { Responses: {} as Record<string, Item[]>, UnprocessedKeys: {} as Record<string, Input> };
  let bytes = 0;
  for (const { name, request, table, projection, keys } of reads) {
    const items = answer.Responses[name] = [] as Item[];
    for (const [index, key] of keys.entries()) {
      const item = table.get(key);
      const size = item ? sizeOfItem(item) : 0;
      if (bytes + size > limits.bytesRead) {
        answer.UnprocessedKeys[name] = { ...request, Keys: keys.slice(index) };
        break;
      }
      bytes += size;
      consumed.read(table, size, { consistent: request.ConsistentRead === true });
      if (item) items.push(projection?.of(item) ?? item);
    }
  }
  return { ...answer, ...consumed.ofTables() };
}

function requestsIn<Request>(input: Input, countOf: (request: Request) => number, most: number, operation: string): [string, Request][] {
  const requests = Object.entries((input.RequestItems ?? {}) as Record<string, Request>);
  if (requests.length === 0) {
    throw validationError('1 validation error detected: Value \'{}\' at \'requestItems\' failed to satisfy constraint: Member must have length greater than or equal to 1');
  }
  const counts = requests.map(([, request]) => countOf(request));
  const wrong = counts.find((count) => count < 1 || count > most);
  if (wrong !== undefined) {
    throw validationError(`1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: `
      + `[Member must have length less than or equal to ${most}, Member must have length greater than or equal to 1], got ${wrong}`);
  }
  if (counts.reduce((sum, count) => sum + count, 0) > most) throw validationError(`Too many items requested for the ${operation} call`);
  return requests;
}

interface BatchedWrite {
  readonly table: Table;
  readonly key: Item;
  /** Undefined for a delete. */
  readonly item?: Item;
}

function writeOf(table: Table, { PutRequest: put, DeleteRequest: deletion }: WriteRequest): BatchedWrite {
  if ((put === undefined) === (deletion === undefined)) {
    throw validationError('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
  }
  if (put) {
    const item = storedItem(put.Item);
    table.checkItem(item);
    return { table, item, key: table.keyOf(item) };
  }
  const key = storedItem(deletion!.Key);
  checkKey(table.properties, key);
  return { table, key };
}

function refuseDuplicates(keys: readonly Item[]): void {
  if (new Set(keys.map((key) => canonical({ M: key }))).size < keys.length) {
    throw validationError('Provided list of item keys contains duplicates');
  }
}
