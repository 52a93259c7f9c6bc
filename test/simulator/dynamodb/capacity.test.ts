import type { Item, SecondaryIndex } from '../../../simulator/dynamodb';
import { documented } from '../documented';
import { simulate } from './fixture';

const key = (id: string) => ({ id: { S: id } });
const kilobytes = (size: number, more: Item = {}): Item => ({ ...key('a'), body: { S: 'x'.repeat(size * 1024 - 10) }, ...more });
const INDEXES = { ReturnConsumedCapacity: 'INDEXES' };
const TOTAL = { ReturnConsumedCapacity: 'TOTAL' };
const unitsIn = ({ ConsumedCapacity: consumed }: Record<string, unknown>) => (consumed as { CapacityUnits: number }).CapacityUnits;

documented('consumed capacity', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html', () => {
  test('of a read is a unit for 4 KB, half of it where the read need not be consistent', async () => {
    const { put, call } = simulate();
    await put(kilobytes(9));
    const get = (more: object) => call('GetItem', { Key: key('a'), ...TOTAL, ...more });
    expect([unitsIn(await get({ ConsistentRead: true })), unitsIn(await get({}))]).toEqual([3, 1.5]);
    expect(unitsIn(await call('GetItem', { Key: key('none'), ...TOTAL }))).toBe(0.5);
  });

  test('of a query or a scan counts all that is read together, before the filter', async () => {
    const { table, call } = simulate();
    for (let index = 0; index < 10; index++) table.put({ ...kilobytes(1), ...key(`${index}`) });
    const read = await call('Scan', { FilterExpression: 'attribute_exists(none1)', ConsistentRead: true, ...TOTAL });
    expect([unitsIn(read), read.Count]).toEqual([3, 0]);
  });

  test('of a write is a unit for 1 KB of the larger of the item before and after', async () => {
    const { put, call } = simulate();
    expect(unitsIn(await put(kilobytes(3), TOTAL))).toBe(3);
    expect(unitsIn(await put({ ...key('a') }, TOTAL))).toBe(3);
    expect(unitsIn(await call('DeleteItem', { Key: key('a'), ...TOTAL }))).toBe(1);
  });

  test('of a transaction is twice that, told by table', async () => {
    const { call } = simulate();
    const Put = { TableName: 'orders', Item: kilobytes(2) };
    expect(await call('TransactWriteItems', { TransactItems: [{ Put }], ...TOTAL })).toEqual({ ConsumedCapacity: [{ TableName: 'orders', CapacityUnits: 4 }] });
    expect(await call('TransactGetItems', { TransactItems: [{ Get: { TableName: 'orders', Key: key('a') } }], ...TOTAL }))
      .toMatchObject({ ConsumedCapacity: [{ TableName: 'orders', CapacityUnits: 2 }] });
  });

  test('is told for every table of a batch', async () => {
    const { call } = simulate();
    const RequestItems = { orders: [{ PutRequest: { Item: kilobytes(2) } }, { PutRequest: { Item: key('b') } }] };
    expect((await call('BatchWriteItem', { RequestItems, ...TOTAL })).ConsumedCapacity).toEqual([{ TableName: 'orders', CapacityUnits: 3 }]);
    expect((await call('BatchGetItem', { RequestItems: { orders: { Keys: [key('a'), key('b')] } }, ...TOTAL })).ConsumedCapacity)
      .toEqual([{ TableName: 'orders', CapacityUnits: 1 }]);
  });

  test('is not told unless it is asked for', async () => {
    const { put, call } = simulate();
    expect(await put(key('a'))).toEqual({});
    expect(await call('GetItem', { Key: key('a'), ReturnConsumedCapacity: 'NONE' })).toEqual({ Item: key('a') });
    await expect(call('GetItem', { Key: key('a'), ReturnConsumedCapacity: 'ALL' })).rejects.toThrow('Member must satisfy enum value set: [INDEXES, TOTAL, NONE]');
  });
});

documented('the capacity that an index consumes', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html', () => {
  const index: SecondaryIndex = { name: 'ByKind', global: true, partitionKey: { name: 'kind', type: 'S' }, projection: 'KEYS_ONLY' };
  const kind = (S: string, more: Item = {}): Item => ({ ...key('a'), kind: { S }, ...more });

  test.each<[string, Item | undefined, Item, number]>([
    ['a new item in it', undefined, kind('x'), 1], ['an item that is not in it', undefined, key('a'), 0], ['an attribute that it has not', kind('x'), kind('x', { n: { N: '1' } }), 0],
    ['another key, twice', kind('x'), kind('y'), 2], ['an item that leaves it', kind('x'), key('a'), 1],
  ])('is that of %s', async (_what, before, after, units) => {
    const { put, table } = simulate({ indexes: [index] });
    if (before) table.put(before);
    const { ConsumedCapacity } = await put(after, INDEXES);
    expect(ConsumedCapacity).toEqual({
      TableName: 'orders', CapacityUnits: 1 + units, Table: { CapacityUnits: 1 }, LocalSecondaryIndexes: {},
      GlobalSecondaryIndexes: units === 0 ? {} : { ByKind: { CapacityUnits: units } },
    });
  });

  test('is that of what is read of it', async () => {
    const { put, call } = simulate({ indexes: [index] });
    await put(kilobytes(20, { kind: { S: 'x' } }));
    const query = { IndexName: 'ByKind', KeyConditionExpression: 'kind = :x', ExpressionAttributeValues: { ':x': { S: 'x' } }, ...INDEXES };
    expect((await call('Query', query)).ConsumedCapacity).toMatchObject({ Table: { CapacityUnits: 0 }, GlobalSecondaryIndexes: { ByKind: { CapacityUnits: 0.5 } } });
  });
});
