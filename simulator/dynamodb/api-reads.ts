import { sizeOfItem, type Item } from './attribute-value';
import { ConsumedCapacity } from './consumed-capacity';
import { invalidParameters, validationError } from './errors';
import { parseCondition } from './expressions/condition';
import { parseKeyCondition } from './expressions/key-condition';
import type { Placeholders } from './expressions/placeholders';
import { parseProjection, type Projection } from './expressions/projection';
import { oneOf, optionalText, placeholdersOf, refuseUnmodelled, requiredItem, type Input, type Output } from './input';
import type { ItemCollection } from './item-collection';
import type { Table } from './table';

/** Bytes that one page reads. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1024 * 1024;

/** A page of the items of one partition, of the table or of an index. */
export function query(table: Table, input: Input): Output {
  const collection = collectionOf(table, input);
  const placeholders = placeholdersOf(input, 'KeyConditionExpression', 'FilterExpression', 'ProjectionExpression');
  const expression = optionalText(input, 'KeyConditionExpression');
  if (expression === undefined) {
    throw validationError('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const passes = parseKeyCondition(expression, placeholders, collection.keys);
  const keyNames = [collection.keys.partitionKey.name, collection.keys.sortKey?.name];
  const show = shownOf(collection, input, placeholders, keyNames);
  const found = collection.items((item) => passes(item));
  const backwards = input.ScanIndexForward === false;
  return page(table, collection, input, backwards ? found.reverse() : found, show);
}

/** A page of all items, of the table or of an index, or of one part of them. */
export function scan(table: Table, input: Input): Output {
  const collection = collectionOf(table, input);
  const show = shownOf(collection, input, placeholdersOf(input, 'FilterExpression', 'ProjectionExpression'));
  const inSegment = segmentOf(collection, input);
  return page(table, collection, input, collection.items(() => true).filter(inSegment), show);
}

interface Shown {
  readonly count: boolean;
  readonly matches: (item: Item) => boolean;
  readonly of: (item: Item) => Item;
}

function collectionOf(table: Table, input: Input): ItemCollection {
  refuseUnmodelled(input);
  const collection = table.collection(optionalText(input, 'IndexName'));
  if (collection.index?.global && input.ConsistentRead === true) {
    throw validationError('Consistent reads are not supported on global secondary indexes');
  }
  return collection;
}

/** What of the items that are read is answered. */
function shownOf(collection: ItemCollection, input: Input, placeholders: Placeholders, keyNames: readonly (string | undefined)[] = []): Shown {
  const { index } = collection;
  const [filter, expression] = [optionalText(input, 'FilterExpression'), optionalText(input, 'ProjectionExpression')];
  const projection = expression === undefined ? undefined : parseProjection(expression, placeholders);
  const condition = filter === undefined ? undefined : parseCondition(filter, placeholders, 'FilterExpression', (path) => {
    if (keyNames.includes(path)) throw validationError(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${path}`);
  });
  placeholders.refuseUnused();
  const otherwise = projection ? 'SPECIFIC_ATTRIBUTES' : index ? 'ALL_PROJECTED_ATTRIBUTES' : 'ALL_ATTRIBUTES';
  const select = oneOf(input, 'Select', ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'], otherwise);
  checkSelect(select, collection, projection);
  // a local index fetches from the table what it has not
  const whole = index === undefined || (!index.global && (select === 'ALL_ATTRIBUTES' || projection !== undefined));
  const read = (item: Item): Item => (whole ? item : collection.projected(item));
  return {
    count: select === 'COUNT',
    matches: (item) => condition?.(read(item)) ?? true,
    of: (item) => projection?.of(read(item)) ?? read(item),
  };
}

function checkSelect(select: string, { index, projectedNames }: ItemCollection, projection: Projection | undefined): void {
  if (projection && select !== 'SPECIFIC_ATTRIBUTES') {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`);
  }
  if (!projection && select === 'SPECIFIC_ATTRIBUTES') {
    throw validationError('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw invalidParameters('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (!index?.global || projectedNames === undefined) return;
  if (select === 'ALL_ATTRIBUTES') {
    throw invalidParameters(`Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`);
  }
  const missing = projection?.paths.map(([name]) => String(name)).filter((name) => !projectedNames.has(name)) ?? [];
  if (missing.length > 0) throw invalidParameters(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`);
}

/** `Limit` and the page's size count what is read, before the filter. */
function page(table: Table, collection: ItemCollection, input: Input, found: readonly Item[], show: Shown): Output {
  const limit = input.Limit as number | undefined;
  if (limit !== undefined && limit < 1) {
    throw validationError(`1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`);
  }
  const rest = input.ExclusiveStartKey === undefined ? found : after(collection, found, input);
  const { read, bytes } = readOf(collection, rest, limit ?? Infinity);
  const items = read.filter(show.matches);
  const consumed = new ConsumedCapacity(input);
  consumed.read(table, bytes, { consistent: input.ConsistentRead === true, index: collection.index });
  return {
    Count: items.length,
    ScannedCount: read.length,
    ...(!show.count && { Items: items.map(show.of) }),
    // A page that is full has a key, even if nothing comes after it.
    ...(read.length > 0 && (read.length < rest.length || read.length === limit) && { LastEvaluatedKey: collection.keyOf(read.at(-1)!) }),
    ...consumed.ofTable(),
  };
}

function after(collection: ItemCollection, found: readonly Item[], input: Input): Item[] {
  const key = requiredItem(input, 'ExclusiveStartKey');
  collection.checkStartKey(key);
  return collection.after(found, key, input.ScanIndexForward === false);
}

function readOf(collection: ItemCollection, items: readonly Item[], limit: number): { read: readonly Item[]; bytes: number } {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const size = sizeOfItem(collection.projected(item));
    if (index >= limit || bytes + size > pageBytes) return { read: items.slice(0, index), bytes };
    bytes += size;
  }
  return { read: items, bytes };
}

function segmentOf(collection: ItemCollection, { Segment: segment, TotalSegments: total }: Input): (item: Item) => boolean {
  if (segment === undefined && total === undefined) return () => true;
  if (typeof total !== 'number') {
    throw validationError('The TotalSegments parameter is required but was not present in the request when Segment parameter is present');
  }
  if (typeof segment !== 'number') {
    throw validationError('The Segment parameter is required but was not present in the request when parameter TotalSegments is present');
  }
  if (total < 1 || total > 1_000_000) throw validationError(`'totalSegments' must be from 1 to 1000000, got ${total}`);
  if (segment < 0 || segment >= total) {
    throw validationError('The Segment parameter is zero-based and must be less than parameter TotalSegments: '
      + `Segment: ${segment} is not less than TotalSegments: ${total}`);
  }
  return (item) => collection.segmentOf(item, total) === segment;
}
