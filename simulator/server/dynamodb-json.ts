/** Amazon DynamoDB, version 2012-08-10. */
import type { JsonService } from './aws-json';
import { blob, double, flag, integer, list, map, operation, operations, structure, text, timestamp, type Shape } from './shapes';

/** Values lie in values: the shape holds itself. */
const members: Record<string, Shape> = Object.create(null) as Record<string, Shape>;
const attributeValue = { type: 'structure', members, plain: false } as const;
const item = map(attributeValue);
Object.assign(members, {
  S: text, N: text, B: blob, SS: list(text), NS: list(text), BS: list(blob), M: item, L: list(attributeValue), BOOL: flag, NULL: flag,
});

const expressions = { ExpressionAttributeNames: map(text), ExpressionAttributeValues: item };
const written = {
  TableName: text, ConditionExpression: text, ReturnValues: text, ReturnValuesOnConditionCheckFailure: text,
  ReturnConsumedCapacity: text, ReturnItemCollectionMetrics: text, ConditionalOperator: text, Expected: item, ...expressions,
};
const keyElement = structure({ AttributeName: text, KeyType: text });

const capacity = structure({ CapacityUnits: double });
const consumedCapacity = structure({
  TableName: text, CapacityUnits: double, Table: capacity, LocalSecondaryIndexes: map(capacity), GlobalSecondaryIndexes: map(capacity),
});
const consumed = { ConsumedCapacity: consumedCapacity };
const consumedOfTables = { ConsumedCapacity: list(consumedCapacity) };

const index = {
  IndexName: text, IndexArn: text, KeySchema: list(keyElement), Projection: structure({ ProjectionType: text, NonKeyAttributes: list(text) }),
  ItemCount: integer, IndexSizeBytes: double,
};

const got = {
  TableName: text, Key: item, ConsistentRead: flag, ProjectionExpression: text, AttributesToGet: list(text), ExpressionAttributeNames: map(text),
};
const read = {
  TableName: text, IndexName: text, FilterExpression: text, ProjectionExpression: text, Select: text, Limit: integer, ConsistentRead: flag,
  ExclusiveStartKey: item, ReturnConsumedCapacity: text, AttributesToGet: list(text), ConditionalOperator: text, ...expressions,
};
const page = { Items: list(item), Count: integer, ScannedCount: integer, LastEvaluatedKey: item, ...consumed };

const keysAndAttributes = structure({ ...got, Keys: list(item) });
const writeRequest = structure({ PutRequest: structure({ Item: item }), DeleteRequest: structure({ Key: item }) });

const action = structure({ ...written, Key: item, Item: item, UpdateExpression: text });
const transaction = { ReturnConsumedCapacity: text, ReturnItemCollectionMetrics: text, ClientRequestToken: text };

export const dynamoDbOperations = operations({
  PutItem: operation({ ...written, Item: item }, { Attributes: item, ...consumed }),
  UpdateItem: operation({ ...written, Key: item, UpdateExpression: text, AttributeUpdates: item }, { Attributes: item, ...consumed }),
  DeleteItem: operation({ ...written, Key: item }, { Attributes: item, ...consumed }),
  GetItem: operation({ ...got, ReturnConsumedCapacity: text }, { Item: item, ...consumed }),
  Query: operation({ ...read, KeyConditionExpression: text, ScanIndexForward: flag, KeyConditions: item, QueryFilter: item }, page),
  Scan: operation({ ...read, Segment: integer, TotalSegments: integer, ScanFilter: item }, page),
  BatchGetItem: operation(
    { RequestItems: map(keysAndAttributes), ReturnConsumedCapacity: text },
    { Responses: map(list(item)), UnprocessedKeys: map(keysAndAttributes), ...consumedOfTables },
  ),
  BatchWriteItem: operation(
    { RequestItems: map(list(writeRequest)), ReturnConsumedCapacity: text, ReturnItemCollectionMetrics: text },
    { UnprocessedItems: map(list(writeRequest)), ...consumedOfTables },
  ),
  TransactGetItems: operation(
    { TransactItems: list(structure({ Get: structure(got) })), ReturnConsumedCapacity: text },
    { Responses: list(structure({ Item: item })), ...consumedOfTables },
  ),
  TransactWriteItems: operation(
    { TransactItems: list(structure({ ConditionCheck: action, Put: action, Delete: action, Update: action })), ...transaction }, consumedOfTables,
  ),
  DescribeTable: operation({ TableName: text }, {
    Table: structure({
      TableName: text, TableArn: text, TableStatus: text, CreationDateTime: timestamp, ItemCount: integer, TableSizeBytes: double,
      AttributeDefinitions: list(structure({ AttributeName: text, AttributeType: text })), KeySchema: list(keyElement),
      BillingModeSummary: structure({ BillingMode: text }), DeletionProtectionEnabled: flag,
      LocalSecondaryIndexes: list(structure(index)), GlobalSecondaryIndexes: list(structure({ ...index, IndexStatus: text })),
      SSEDescription: structure({ Status: text, SSEType: text, KMSMasterKeyArn: text }),
    }),
  }),
  DescribeTimeToLive: operation({ TableName: text }, { TimeToLiveDescription: structure({ TimeToLiveStatus: text, AttributeName: text }) }),
  ListTables: operation({ ExclusiveStartTableName: text, Limit: integer }, { TableNames: list(text), LastEvaluatedTableName: text }),
});

/** Bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const dynamoDbBodyLimit = 16 * 1024 * 1024;

const errorMembers = structure({ Item: item, CancellationReasons: list(structure({ Code: text, Message: text, Item: item })) });

export const describeDynamoDb: JsonService['describe'] = (error) => {
  const denied = error.code === 'AccessDenied';
  const code = denied ? 'AccessDeniedException' : error.code;
  const { members: values } = error as { readonly members?: Record<string, unknown> };
  return { shape: code, code, status: denied ? 400 : error.status, members: values && { shape: errorMembers, values } };
};
