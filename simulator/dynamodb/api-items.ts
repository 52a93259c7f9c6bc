import type { Item } from './attribute-value';
import { ConditionalCheckFailed, invalidParameters } from './errors';
import { parseCondition } from './expressions/condition';
import { valueAt } from './expressions/document-path';
import type { Placeholders } from './expressions/parser';
import { parseProjection } from './expressions/projection';
import { parseUpdate } from './expressions/update';
import { oneOf, optionalText, placeholdersOf, refuseUnmodelled, requiredItem, type Input, type Output } from './input';
import type { Table } from './table';

export function getItem(table: Table, input: Input): Output {
  refuseUnmodelled(input);
  const placeholders = placeholdersOf(input);
  const projection = optionalText(input, 'ProjectionExpression');
  const project = projection === undefined ? (item: Item) => item : parseProjection(projection, placeholders);
  placeholders.refuseUnused();
  const key = requiredItem(input, 'Key');
  table.checkKey(key);
  const item = table.get(key);
  return item ? { Item: project(item) } : {};
}

export function putItem(table: Table, input: Input): Output {
  refuseUnmodelled(input);
  const returned = oneOf(input, 'ReturnValues', ['NONE', 'ALL_OLD'], 'NONE');
  const placeholders = placeholdersOf(input);
  const check = conditionOf(input, placeholders);
  placeholders.refuseUnused();
  const item = requiredItem(input, 'Item');
  table.checkItem(item);
  const old = table.get(item);
  check(old);
  table.put(item);
  return returned === 'ALL_OLD' && old ? { Attributes: old } : {};
}

export function deleteItem(table: Table, input: Input): Output {
  refuseUnmodelled(input);
  const returned = oneOf(input, 'ReturnValues', ['NONE', 'ALL_OLD'], 'NONE');
  const placeholders = placeholdersOf(input);
  const check = conditionOf(input, placeholders);
  placeholders.refuseUnused();
  const key = requiredItem(input, 'Key');
  table.checkKey(key);
  const old = table.get(key);
  check(old);
  table.delete(key);
  return returned === 'ALL_OLD' && old ? { Attributes: old } : {};
}

export function updateItem(table: Table, input: Input): Output {
  refuseUnmodelled(input);
  const returned = oneOf(input, 'ReturnValues', ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'], 'NONE');
  const placeholders = placeholdersOf(input);
  const expression = optionalText(input, 'UpdateExpression');
  const update = expression === undefined ? { paths: [], apply: (item: Item) => item } : parseUpdate(expression, placeholders);
  const check = conditionOf(input, placeholders);
  placeholders.refuseUnused();
  const key = requiredItem(input, 'Key');
  table.checkKey(key);
  const ofKey = update.paths.find(([name]) => Object.hasOwn(key, name));
  if (ofKey) throw invalidParameters(`Cannot update attribute ${ofKey[0]}. This attribute is part of the key`);
  const old = table.get(key);
  check(old);
  const changed = update.apply(old ?? key);
  table.put(changed);
  const attributes = {
    NONE: undefined, ALL_OLD: old, ALL_NEW: changed,
    UPDATED_OLD: old && only(old, update.paths), UPDATED_NEW: only(changed, update.paths),
  }[returned];
  return attributes && Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
}

/** Throws where the condition does not hold for the item that is there; one that is not there has no attributes. */
function conditionOf(input: Input, placeholders: Placeholders): (item: Item | undefined) => void {
  const expression = optionalText(input, 'ConditionExpression');
  const shown = oneOf(input, 'ReturnValuesOnConditionCheckFailure', ['NONE', 'ALL_OLD'], 'NONE') === 'ALL_OLD';
  if (expression === undefined) return () => {};
  const holds = parseCondition(expression, placeholders);
  return (item) => {
    if (!holds(item ?? {})) throw new ConditionalCheckFailed(shown ? item : undefined);
  };
}

/** The attributes in which the paths lie; whole ones, where DynamoDB gives of a nested path what is in it. */
function only(item: Item, paths: readonly (readonly (string | number)[])[]): Item {
  const names = new Set(paths.filter((path) => valueAt(item, path) !== undefined).map(([name]) => name));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

