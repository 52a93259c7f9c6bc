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

export const dynamoDbOperations = operations({
  PutItem: operation({ ...written, Item: item }, { Attributes: item }),
  UpdateItem: operation({ ...written, Key: item, UpdateExpression: text, AttributeUpdates: item }, { Attributes: item }),
  DeleteItem: operation({ ...written, Key: item }, { Attributes: item }),
  GetItem: operation({
    TableName: text, Key: item, ConsistentRead: flag, ProjectionExpression: text, AttributesToGet: list(text), ReturnConsumedCapacity: text,
    ExpressionAttributeNames: map(text),
  }, { Item: item }),
  Query: operation({
    TableName: text, IndexName: text, KeyConditionExpression: text, FilterExpression: text, ProjectionExpression: text, Select: text,
    Limit: integer, ScanIndexForward: flag, ConsistentRead: flag, ExclusiveStartKey: item, ReturnConsumedCapacity: text,
    KeyConditions: item, QueryFilter: item, AttributesToGet: list(text), ConditionalOperator: text, ...expressions,
  }, { Items: list(item), Count: integer, ScannedCount: integer, LastEvaluatedKey: item }),
  BatchWriteItem: operation({
    RequestItems: map(list(structure({ PutRequest: structure({ Item: item }), DeleteRequest: structure({ Key: item }) }))),
  }, { UnprocessedItems: map(list(structure({}))) }),
  DescribeTable: operation({ TableName: text }, {
    Table: structure({
      TableName: text, TableArn: text, TableStatus: text, CreationDateTime: timestamp, ItemCount: integer, TableSizeBytes: double,
      AttributeDefinitions: list(structure({ AttributeName: text, AttributeType: text })), KeySchema: list(keyElement),
      BillingModeSummary: structure({ BillingMode: text }),
      SSEDescription: structure({ Status: text, SSEType: text, KMSMasterKeyArn: text }),
    }),
  }),
  ListTables: operation({ ExclusiveStartTableName: text, Limit: integer }, { TableNames: list(text), LastEvaluatedTableName: text }),
});

const errorMembers = structure({ Item: item });

export const describeDynamoDb: JsonService['describe'] = (error) => {
  const denied = error.code === 'AccessDenied';
  const code = denied ? 'AccessDeniedException' : error.code;
  const { members: values } = error as { readonly members?: Record<string, unknown> };
  return { shape: code, code, status: denied ? 400 : error.status, members: values && { shape: errorMembers, values } };
};
