import { ServiceError, type Caller } from '../contracts';
import { canonical, sizeOfItem, type Item } from './attribute-value';
import { projectionOf } from './api-items';
import { ConsumedCapacity } from './consumed-capacity';
import { ConditionalCheckFailed, TransactionCanceled, validationError, type CancellationReason } from './errors';
import { optionalText, requiredItem, requiredText, type Input, type Output } from './input';
import type { DynamoDbService } from './index';
import { checkKey } from './key-schema';
import type { Table } from './table';
import { conditionCheckOf, deleteOf, perform, putOf, updateOf, type Outcome, type Write } from './writes';

/**
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
 */
const limits = { actions: 100, bytes: 4 * 1024 * 1024, token: 36 };

/** What each action does, and what a caller needs for it. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
const actions: Readonly<Record<string, readonly [permission: string, read: (table: Table, input: Input) => Write]>> = {
  ConditionCheck: ['ConditionCheckItem', conditionCheckOf],
  Put: ['PutItem', putOf],
  Update: ['UpdateItem', updateOf],
  Delete: ['DeleteItem', deleteOf],
};

/** All actions, or none of them. */
export function transactWriteItems(dynamoDb: DynamoDbService, input: Input, caller: Caller): Output {
  const writes = itemsIn(input).map((item) => {
    const [name, action] = onlyMember(item, Object.keys(actions));
    const [permission, read] = actions[name];
    return read(dynamoDb.allowed(permission, requiredText(action, 'TableName'), caller), action);
  });
  refuseSameItem(writes);
  const token = optionalText(input, 'ClientRequestToken');
  if (token !== undefined && (token.length < 1 || token.length > limits.token)) {
    throw validationError(`'clientRequestToken' must have from 1 to ${limits.token} characters, got ${token.length}`);
  }
  const consumed = new ConsumedCapacity(input);
  if (token === undefined || dynamoDb.tokens.isNew(token, JSON.stringify(input.TransactItems))) {
    const outcomes = outcomesOf(writes);
    for (const [index, write] of writes.entries()) {
      perform(write, outcomes[index]);
      consumed.write(write.table, outcomes[index].old, outcomes[index].item, true);
    }
    if (token !== undefined) dynamoDb.tokens.completed(token, JSON.stringify(input.TransactItems));
  }
  return consumed.ofTables();
}

/** Items as they are together at one moment. */
export function transactGetItems(dynamoDb: DynamoDbService, input: Input, caller: Caller): Output {
  const gets = itemsIn(input).map((item) => {
    const [, action] = onlyMember(item, ['Get']);
    const table = dynamoDb.allowed('GetItem', requiredText(action, 'TableName'), caller);
    const projection = projectionOf(action);
    const key = requiredItem(action, 'Key');
    checkKey(table.properties, key);
    return { table, key, projection };
  });
  refuseSameItem(gets);
  const consumed = new ConsumedCapacity(input);
  const items = gets.map(({ table, key }) => table.get(key));
  refuseTooLarge(items);
  for (const [index, { table }] of gets.entries()) consumed.read(table, items[index] ? sizeOfItem(items[index]) : 0, { transaction: true });
  const Responses = items.map((item, index) => (item ? { Item: gets[index].projection?.of(item) ?? item } : {}));
  return { Responses, ...consumed.ofTables() };
}

const none: CancellationReason = { Code: 'None' };

/** What each write makes of its item. @throws TransactionCanceled where one of them cannot be done */
function outcomesOf(writes: readonly Write[]): Outcome[] {
  const results = writes.map((write): { outcome: Outcome; reason: CancellationReason } => {
    try {
      return { outcome: write.outcome(), reason: none };
    } catch (error) {
      return { outcome: {}, reason: reasonOf(error) };
    }
  });
  if (results.some(({ reason }) => reason.Code !== 'None')) throw new TransactionCanceled(results.map(({ reason }) => reason));
  refuseTooLarge(results.map(({ outcome }) => outcome.item));
  return results.map(({ outcome }) => outcome);
}

function reasonOf(error: unknown): CancellationReason {
  if (error instanceof ConditionalCheckFailed) return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.members };
  if (error instanceof ServiceError && error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  throw error;
}

function itemsIn({ TransactItems: items = [] }: Input): readonly Input[] {
  const { length } = items as readonly Input[];
  if (length < 1 || length > limits.actions) {
    throw validationError('1 validation error detected: Value at \'transactItems\' failed to satisfy constraint: '
      + `Member must have length ${length < 1 ? 'greater than or equal to 1' : `less than or equal to ${limits.actions}`}`);
  }
  return items as readonly Input[];
}

function onlyMember(item: Input, names: readonly string[]): [string, Input] {
  const given = names.filter((name) => item[name] !== undefined);
  if (given.length !== 1) {
    throw validationError(`TransactItems can only contain one of ${names.join(', ')}, got ${given.join(', ') || 'none'}`);
  }
  return [given[0], item[given[0]] as Input];
}

function refuseSameItem(actions: readonly { readonly table: Table; readonly key: Item }[]): void {
  const items = new Set(actions.map(({ table, key }) => `${table.name} ${canonical({ M: key })}`));
  if (items.size < actions.length) throw validationError('Transaction request cannot include multiple operations on one item');
}

function refuseTooLarge(items: readonly (Item | undefined)[]): void {
  const bytes = items.reduce((sum, item) => sum + (item ? sizeOfItem(item) : 0), 0);
  if (bytes > limits.bytes) throw validationError(`the items of a transaction must have at most ${limits.bytes} bytes together, got ${bytes}`);
}
