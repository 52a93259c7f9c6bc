import type { Item } from '../../../simulator/dynamodb';
import { documented } from '../documented';
import { caller, simulate } from './fixture';

const key = (id: string) => ({ id: { S: id } });
const put = (id: string, more: Item = {}) => ({ PutRequest: { Item: { ...key(id), ...more } } });
const large = { body: { S: 'x'.repeat(390 * 1024) } };

function twoTables() {
  const { dynamoDb, table: orders } = simulate();
  const stock = dynamoDb.createTable({ name: 'stock', partitionKey: { name: 'id', type: 'S' } });
  const call = (operation: string, RequestItems: object, more: object = {}) => dynamoDb.call(operation, { RequestItems, ...more }, caller);
  return { call, orders, stock };
}

documented('writing a batch', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html', () => {
  test('puts and deletes items of several tables', async () => {
    const { call, orders, stock } = twoTables();
    await call('BatchWriteItem', { orders: [put('a'), put('b')], stock: [put('s')] });
    expect(await call('BatchWriteItem', { orders: [{ DeleteRequest: { Key: key('a') } }] })).toEqual({ UnprocessedItems: {} });
    expect([orders.items, stock.items]).toEqual([[key('b')], [key('s')]]);
  });

  test.each<[string, object, string]>([
    ['nothing', {}, 'Member must have length greater than or equal to 1'], ['no request of a table', { orders: [] }, 'Member must have length greater than or equal to 1'],
    ['26 requests of a table', { orders: Array.from({ length: 26 }, (_, index) => put(`${index}`)) }, 'less than or equal to 25'],
    ['26 requests of two tables', { orders: Array.from({ length: 25 }, (_, index) => put(`${index}`)), stock: [put('s')] }, 'Too many items requested for the BatchWriteItem call'],
    ['an item twice', { orders: [put('a'), { DeleteRequest: { Key: key('a') } }] }, 'Provided list of item keys contains duplicates'],
    ['a request that is none', { orders: [{}] }, 'must contain exactly one of the supported datatypes'],
    ['an item that is too large', { orders: [put('b'), put('a', { body: { S: 'x'.repeat(400 * 1024) } })] }, 'Item size has exceeded the maximum allowed size'],
    ['a table that is not there', { orders: [put('a')], none: [put('a')] }, 'Requested resource not found'],
  ])('fails as a whole for %s', async (_what, items, message) => {
    const { call, orders, stock } = twoTables();
    await expect(call('BatchWriteItem', items)).rejects.toThrow(message);
    expect([...orders.items, ...stock.items]).toEqual([]);
  });
});

documented('getting a batch', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html', () => {
  test('answers the items of several tables that are there, and what of them is asked for', async () => {
    const { call } = twoTables();
    await call('BatchWriteItem', { orders: [put('a', { n: { N: '1' } }), put('b')], stock: [put('s', { n: { N: '2' } })] });
    expect(await call('BatchGetItem', { orders: { Keys: [key('a'), key('none')] }, stock: { Keys: [key('s')], ProjectionExpression: 'n' } })).toEqual({
      Responses: { orders: [{ ...key('a'), n: { N: '1' } }], stock: [{ n: { N: '2' } }] }, UnprocessedKeys: {},
    });
  });

  test('leaves what is beyond 16 MB for the next request', async () => {
    const { call, orders } = twoTables();
    const all = Array.from({ length: 50 }, (_, index) => `${index}`);
    for (const id of all) orders.put({ ...key(id), ...large });
    const answer = await call('BatchGetItem', { orders: { Keys: all.map(key), ConsistentRead: true } }) as {
      Responses: { orders: Item[] }; UnprocessedKeys: { orders: { Keys: Item[]; ConsistentRead: boolean } };
    };
    const [got, left] = [answer.Responses.orders, answer.UnprocessedKeys.orders];
    expect([got.length, left.Keys.length, left.ConsistentRead]).toEqual([42, 8, true]);
    const next = await call('BatchGetItem', answer.UnprocessedKeys) as typeof answer;
    expect([...got, ...next.Responses.orders].map(({ id }) => id.S)).toEqual(all);
  });

  test.each<[string, object, string]>([
    ['nothing', {}, 'Member must have length greater than or equal to 1'],
    ['a table without keys', { orders: {} }, 'Member must have length greater than or equal to 1'],
    ['101 keys', { orders: { Keys: Array.from({ length: 101 }, (_, index) => key(`${index}`)) } }, 'less than or equal to 100'],
    ['101 keys of two tables', { orders: { Keys: Array.from({ length: 100 }, (_, index) => key(`${index}`)) }, stock: { Keys: [key('s')] } }, 'Too many items requested for the BatchGetItem call'],
    ['a key twice', { orders: { Keys: [key('a'), key('a')] } }, 'Provided list of item keys contains duplicates'],
    ['a key of another type', { orders: { Keys: [{ id: { N: '1' } }] } }, 'The provided key element does not match the schema'],
  ])('fails for %s', async (_what, items, message) => {
    await expect(twoTables().call('BatchGetItem', items)).rejects.toThrow(message);
  });
});
