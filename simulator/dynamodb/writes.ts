import type { Item } from './attribute-value';
import { ConditionalCheckFailed, invalidParameters } from './errors';
import { parseCondition } from './expressions/condition';
import type { DocumentPath } from './expressions/document-path';
import type { Placeholders } from './expressions/placeholders';
import { parseUpdate } from './expressions/update';
import { oneOf, optionalText, placeholdersOf, refuseUnmodelled, requiredItem, type Input } from './input';
import { checkKey } from './key-schema';
import type { Table } from './table';

/** What a write makes of an item. */
export interface Outcome {
  readonly old?: Item;
  /** Undefined where there is none any more. */
  readonly item?: Item;
}

/** A write that was read and found valid, and that has not happened yet. */
export interface Write {
  readonly table: Table;
  readonly key: Item;
  /** The paths that an update names. */
  readonly paths: readonly DocumentPath[];
  /** @throws ServiceError `ConditionalCheckFailedException`, or `ValidationException` where the item that is there does not fit */
  outcome(): Outcome;
}

type Change = (old: Item | undefined) => Item | undefined;

export function putOf(table: Table, input: Input): Write {
  return write(table, input, () => {
    const item = requiredItem(input, 'Item');
    table.checkItem(item);
    return { key: table.keyOf(item), change: () => item };
  });
}

export function deleteOf(table: Table, input: Input): Write {
  return write(table, input, () => ({ key: keyIn(table, input), change: () => undefined }));
}

/** Changes nothing, but has a condition. */
export function conditionCheckOf(table: Table, input: Input): Write {
  if (input.ConditionExpression === undefined) throw invalidParameters('ConditionExpression must be set in a ConditionCheck');
  return write(table, input, () => ({ key: keyIn(table, input), change: (old) => old }));
}

export function updateOf(table: Table, input: Input): Write {
  return write(table, input, (placeholders) => {
    const expression = optionalText(input, 'UpdateExpression');
    const update = expression === undefined ? { paths: [], apply: (item: Item) => item } : parseUpdate(expression, placeholders);
    const key = keyIn(table, input);
    const ofKey = update.paths.find(([name]) => Object.hasOwn(key, name));
    if (ofKey) throw invalidParameters(`Cannot update attribute ${ofKey[0]}. This attribute is part of the key`);
    const change = (old: Item | undefined): Item => {
      const item = update.apply(old ?? key);
      table.checkItem(item, 'Item size to update');
      return item;
    };
    return { key, change, paths: update.paths };
  });
}

export function perform({ table, key }: Write, { item }: Outcome): void {
  if (item) table.put(item);
  else table.delete(key);
}

function write(
  table: Table, input: Input, read: (placeholders: Placeholders) => { key: Item; change: Change; paths?: readonly DocumentPath[] },
): Write {
  refuseUnmodelled(input);
  const placeholders = placeholdersOf(input, 'UpdateExpression', 'ConditionExpression');
  const { key, change, paths = [] } = read(placeholders);
  const check = conditionOf(input, placeholders);
  placeholders.refuseUnused();
  return {
    table, key, paths,
    outcome: () => {
      const old = table.get(key);
      check(old);
      return { old, item: change(old) };
    },
  };
}

function keyIn(table: Table, input: Input): Item {
  const key = requiredItem(input, 'Key');
  checkKey(table.properties, key);
  return key;
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
