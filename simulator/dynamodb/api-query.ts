import { canonical, sizeOfItem, type Item } from './attribute-value';
import { validationError } from './errors';
import { parseCondition } from './expressions/condition';
import { parseKeyCondition } from './expressions/key-condition';
import { parseProjection } from './expressions/projection';
import { oneOf, optionalText, placeholdersOf, refuseUnmodelled, requiredItem, requiredText, type Input, type Output } from './input';
import type { Table } from './table';

/** Bytes that one page of a query reads. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1024 * 1024;

/** A page of the items of one partition. `Limit` and the page's size count what is read, before the filter. */
export function query(table: Table, input: Input): Output {
  refuseUnmodelled(input);
  const select = oneOf(input, 'Select', ['ALL_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'], 'ALL_ATTRIBUTES');
  const placeholders = placeholdersOf(input);
  const passes = parseKeyCondition(requiredText(input, 'KeyConditionExpression'), placeholders, table.properties);
  const [filter, projection] = [optionalText(input, 'FilterExpression'), optionalText(input, 'ProjectionExpression')];
  const matches = filter === undefined ? () => true : parseCondition(filter, placeholders, 'FilterExpression');
  const project = projection === undefined ? (item: Item) => item : parseProjection(projection, placeholders);
  placeholders.refuseUnused();
  const limit = input.Limit as number | undefined;
  if (limit !== undefined && limit < 1) throw validationError(`'limit' must be at least 1, got ${limit}`);

  const found = table.query(passes);
  if (input.ScanIndexForward === false) found.reverse();
  const rest = input.ExclusiveStartKey === undefined ? found : after(table, found, requiredItem(input, 'ExclusiveStartKey'));
  const read = page(rest, limit ?? rest.length);
  const items = read.filter(matches);
  return {
    Count: items.length,
    ScannedCount: read.length,
    ...(select !== 'COUNT' && { Items: items.map(project) }),
    // A page that is full has a key, even if nothing comes after it.
    ...(read.length > 0 && (read.length < rest.length || read.length === limit) && { LastEvaluatedKey: table.keyOf(read.at(-1)!) }),
  };
}

function after(table: Table, found: readonly Item[], key: Item): readonly Item[] {
  table.checkKey(key);
  const start = found.findIndex((item) => canonical({ M: table.keyOf(item) }) === canonical({ M: key }));
  if (start < 0) throw validationError('The provided starting key is invalid: the simulator has no item at it any more');
  return found.slice(start + 1);
}

function page(items: readonly Item[], limit: number): readonly Item[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => index >= limit || (bytes += sizeOfItem(item)) > pageBytes);
  return end < 0 ? items : items.slice(0, Math.max(end, 1));
}
