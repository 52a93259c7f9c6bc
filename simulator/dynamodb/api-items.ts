import { sizeOfItem, type Item } from './attribute-value';
import { ConsumedCapacity } from './consumed-capacity';
import { parseProjection, projected, type Projection } from './expressions/projection';
import { oneOf, optionalText, placeholdersOf, refuseUnmodelled, requiredItem, type Input, type Output } from './input';
import { checkKey } from './key-schema';
import type { Table } from './table';
import { deleteOf, perform, putOf, updateOf, type Outcome, type Write } from './writes';

export function getItem(table: Table, input: Input): Output {
  const projection = projectionOf(input);
  const key = requiredItem(input, 'Key');
  checkKey(table.properties, key);
  const item = table.get(key);
  const consumed = new ConsumedCapacity(input);
  consumed.read(table, item ? sizeOfItem(item) : 0, { consistent: input.ConsistentRead === true });
  return { ...item && { Item: projection?.of(item) ?? item }, ...consumed.ofTable() };
}

export function putItem(table: Table, input: Input): Output {
  return written(putOf(table, input), input, ['ALL_OLD']);
}

export function deleteItem(table: Table, input: Input): Output {
  return written(deleteOf(table, input), input, ['ALL_OLD']);
}

export function updateItem(table: Table, input: Input): Output {
  return written(updateOf(table, input), input, ['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
}

/** The projection of a request whose only expression it is. */
export function projectionOf(input: Input): Projection | undefined {
  refuseUnmodelled(input);
  const placeholders = placeholdersOf(input, 'ProjectionExpression');
  const expression = optionalText(input, 'ProjectionExpression');
  const projection = expression === undefined ? undefined : parseProjection(expression, placeholders);
  placeholders.refuseUnused();
  return projection;
}

type Returned = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

function written(write: Write, input: Input, values: readonly Returned[]): Output {
  const returned = oneOf<Returned>(input, 'ReturnValues', ['NONE', ...values], 'NONE');
  const outcome = write.outcome();
  perform(write, outcome);
  const consumed = new ConsumedCapacity(input);
  consumed.write(write.table, outcome.old, outcome.item);
  const attributes = attributesOf(returned, write, outcome);
  return { ...attributes && Object.keys(attributes).length > 0 && { Attributes: attributes }, ...consumed.ofTable() };
}

function attributesOf(returned: Returned, { paths }: Write, { old, item }: Outcome): Item | undefined {
  switch (returned) {
    case 'NONE': return undefined;
    case 'ALL_OLD': return old;
    case 'ALL_NEW': return item;
    case 'UPDATED_OLD': return old && projected(old, paths);
    case 'UPDATED_NEW': return item && projected(item, paths);
  }
}
