import { VirtualClock } from '../../../simulator/clock';
import type { Caller } from '../../../simulator/contracts';
import { DynamoDbService, type Item, type TableProperties } from '../../../simulator/dynamodb';
import { Random } from '../../../simulator/random';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' };
export const caller: Caller = { principal: place.account };
export const partitionKey = { name: 'id', type: 'S' } as const;

/** The service with one table, `orders`. */
export function simulate(properties: Partial<TableProperties> = {}) {
  const clock = new VirtualClock();
  const authorize = jest.fn();
  const dynamoDb = new DynamoDbService(clock, new Random(1), place, authorize);
  const table = dynamoDb.createTable({ name: 'orders', partitionKey, ...properties });
  const call = (operation: string, input: Record<string, unknown> = {}) => dynamoDb.call(operation, { TableName: 'orders', ...input }, caller);
  const put = (item: Item, more: Record<string, unknown> = {}) => call('PutItem', { Item: item, ...more });
  const get = async (id: string) => (await call('GetItem', { Key: { id: { S: id } } })).Item as Item | undefined;
  const update = (UpdateExpression: string, more: Record<string, unknown> = {}) => call('UpdateItem', { Key: { id: { S: 'a' } }, UpdateExpression, ...more });
  return { clock, authorize, dynamoDb, table, call, put, get, update };
}
