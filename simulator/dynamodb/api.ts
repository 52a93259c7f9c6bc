import { ServiceError, type Caller } from '../contracts';
import { batchGetItem, batchWriteItem } from './api-batches';
import { deleteItem, getItem, putItem, updateItem } from './api-items';
import { query, scan } from './api-reads';
import { describeTable, describeTimeToLive } from './api-tables';
import { transactGetItems, transactWriteItems } from './api-transactions';
import { validationError } from './errors';
import { optionalText, requiredText, type Input, type Output } from './input';
import type { DynamoDbService } from './index';
import type { Table } from './table';

type Operation = (dynamoDb: DynamoDbService, input: Input, caller: Caller) => Output;

const onTable = (action: string, operation: (table: Table, input: Input) => Output): Operation => (dynamoDb, input, caller) => (
  operation(dynamoDb.allowed(action, requiredText(input, 'TableName'), caller, optionalText(input, 'IndexName')), input)
);

const operations: Readonly<Record<string, Operation>> = {
  PutItem: onTable('PutItem', putItem),
  GetItem: onTable('GetItem', getItem),
  UpdateItem: onTable('UpdateItem', updateItem),
  DeleteItem: onTable('DeleteItem', deleteItem),
  Query: onTable('Query', query),
  Scan: onTable('Scan', scan),
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
  DescribeTable: onTable('DescribeTable', describeTable),
  DescribeTimeToLive: onTable('DescribeTimeToLive', describeTimeToLive),

  ListTables(dynamoDb, input, caller) {
    dynamoDb.check('ListTables', { arn: dynamoDb.arnOf('*') }, caller);
    const limit = (input.Limit ?? 100) as number;
    if (limit < 1 || limit > 100) throw validationError(`'limit' must be from 1 to 100, got ${limit}`);
    const after = optionalText(input, 'ExclusiveStartTableName') ?? '';
    const names = dynamoDb.tables().map(({ name }) => name).filter((name) => name > after);
    const page = names.slice(0, limit);
    return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) };
  },
};

/** Answers an operation of DynamoDB's API. */
export function callDynamoDb(dynamoDb: DynamoDbService, operation: string, input: Input, caller: Caller): Output {
  if (!Object.hasOwn(operations, operation)) {
    throw new ServiceError('UnknownOperationException', `The simulator does not model the operation '${operation}' of DynamoDB`);
  }
  return operations[operation](dynamoDb, input, caller);
}
