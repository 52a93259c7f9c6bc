import type { Item, SecondaryIndex, TableProperties } from '../../../simulator/dynamodb';
import { documented } from '../documented';
import { caller, partitionKey, simulate } from './fixture';

const byCustomer: SecondaryIndex = {
  name: 'ByCustomer', global: true, partitionKey: { name: 'customer', type: 'S' }, sortKey: { name: 'placed', type: 'N' }, projection: 'ALL',
};
const sortKey = { name: 'n', type: 'N' } as const;
const ofOne = { KeyConditionExpression: 'customer = :c', ExpressionAttributeValues: { ':c': { S: 'one' } } };

function indexed(index: Partial<SecondaryIndex> = {}, more: Partial<TableProperties> = {}) {
  const table = simulate({ indexes: [{ ...byCustomer, ...index }], ...more });
  const query = (input: Record<string, unknown> = {}) => table.call('Query', { IndexName: 'ByCustomer', ...ofOne, ...input });
  return { ...table, query };
}
const order = (id: string, customer: string, placed: number, more: Item = {}): Item => (
  { id: { S: id }, customer: { S: customer }, placed: { N: String(placed) }, ...more }
);
const ids = ({ Items }: Record<string, unknown>) => (Items as Item[]).map(({ id }) => id.S);

documented('a global secondary index', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html', () => {
  test('has the items with its key, in the order of its sort key, and follows what is written', async () => {
    const { put, update, query, call } = indexed();
    for (const item of [order('a', 'one', 3), order('b', 'two', 1), order('c', 'one', 2)]) await put(item);
    await put({ id: { S: 'd' }, customer: { S: 'one' } });
    expect(ids(await query())).toEqual(['c', 'a']);
    await update('SET placed = :p', { ExpressionAttributeValues: { ':p': { N: '1' } } });
    await call('DeleteItem', { Key: { id: { S: 'c' } } });
    expect(ids(await query())).toEqual(['a']);
    expect(ids(await call('Scan', { IndexName: 'ByCustomer' })).sort()).toEqual(['a', 'b']);
  });

  test('may have several items of the same key, of which pages leave none out', async () => {
    const { put, query } = indexed();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await put(order(id, 'one', 1));
    const [first, second] = [await query({ Limit: 3 }), {} as Record<string, unknown>];
    expect(Object.keys(first.LastEvaluatedKey as object).sort()).toEqual(['customer', 'id', 'placed']);
    Object.assign(second, await query({ ExclusiveStartKey: first.LastEvaluatedKey }));
    expect([...ids(first), ...ids(second)].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await expect(query({ ExclusiveStartKey: { id: { S: 'a' } } })).rejects.toThrow('The provided starting key is invalid');
  });

  test.each<[SecondaryIndex['projection'], string[] | undefined, string[]]>([
    ['ALL', undefined, ['amount', 'customer', 'id', 'placed', 'x']], ['KEYS_ONLY', undefined, ['customer', 'id', 'placed']],
    ['INCLUDE', ['amount'], ['amount', 'customer', 'id', 'placed']],
  ])('with the projection %s has %j beside the keys', async (projection, nonKeyAttributes, names) => {
    const { put, query } = indexed({ projection, nonKeyAttributes });
    await put(order('a', 'one', 1, { amount: { N: '5' }, x: { S: 'x' } }));
    const { Items: [item] } = await query() as { Items: [Item] };
    expect(Object.keys(item).sort()).toEqual(names);
  });

  test('filters by what it has', async () => {
    const { put, query } = indexed({ projection: 'KEYS_ONLY' });
    await put(order('a', 'one', 1, { amount: { N: '5' } }));
    expect(await query({ FilterExpression: 'attribute_not_exists(amount)' })).toMatchObject({ Count: 1 });
  });

  test.each([
    [{ ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
    [{ Select: 'ALL_ATTRIBUTES' }, 'Select type ALL_ATTRIBUTES is not supported for global secondary index ByCustomer because its projection type is not ALL'],
    [{ ProjectionExpression: 'id, amount' }, 'Global secondary index ByCustomer does not project [amount]'],
    [{ IndexName: 'Other' }, 'The table does not have the specified index: Other'],
  ])('fails for %j', async (input, message) => {
    await expect(indexed({ projection: 'KEYS_ONLY' }).query(input)).rejects.toThrow(message);
  });

  test('needs the permission on its own ARN', async () => {
    const { query, authorize } = indexed();
    await query();
    expect(authorize).toHaveBeenCalledWith(
      'dynamodb:Query', expect.objectContaining({ arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/ByCustomer' }), caller,
    );
  });
});

documented('the key of an index', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html', () => {
  test.each<[Item, string]>([
    [order('a', 'one', 1, { placed: { S: '1' } }), 'Type mismatch for Index Key placed Expected: N Actual: S IndexName: ByCustomer'],
    [order('a', '', 1), 'cannot contain an empty string value. IndexName: ByCustomer, IndexKey: customer'],
  ])('must have its type, and not be empty: %#', async (item, message) => {
    const { put, update, table } = indexed();
    await expect(put(item)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
    const { id, ...rest } = item;
    expect(id).toEqual({ S: 'a' });
    const ExpressionAttributeValues = Object.fromEntries(Object.entries(rest).map(([name, value]) => [`:${name}`, value]));
    await expect(update('SET customer = :customer, placed = :placed', { ExpressionAttributeValues })).rejects.toThrow(message);
    expect(table.items).toEqual([]);
  });
});

documented('a local secondary index', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html', () => {
  const local: SecondaryIndex = { name: 'ByTotal', global: false, partitionKey, sortKey: { name: 'sum', type: 'N' }, projection: 'KEYS_ONLY' };
  const ofA = { IndexName: 'ByTotal', KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } }, ConsistentRead: true };

  test('has the items of a partition in another order, and fetches from the table what it has not', async () => {
    const { put, call } = simulate({ sortKey, indexes: [local] });
    for (const [n, sum] of [['1', '9'], ['2', '3']]) await put({ id: { S: 'a' }, n: { N: n }, sum: { N: sum }, x: { S: n } });
    expect((await call('Query', ofA)).Items).toEqual([{ id: { S: 'a' }, n: { N: '2' }, sum: { N: '3' } }, { id: { S: 'a' }, n: { N: '1' }, sum: { N: '9' } }]);
    expect((await call('Query', { ...ofA, ProjectionExpression: 'x' })).Items).toEqual([{ x: { S: '2' } }, { x: { S: '1' } }]);
    expect((await call('Query', { ...ofA, Select: 'ALL_ATTRIBUTES', Limit: 1 })).Items).toEqual([{ id: { S: 'a' }, n: { N: '2' }, sum: { N: '3' }, x: { S: '2' } }]);
  });

  test.each<[Partial<TableProperties>, string]>([
    [{ indexes: [local] }, 'Table KeySchema does not have a range key'],
    [{ sortKey, indexes: Array.from({ length: 6 }, (_, index) => ({ ...local, name: `Index${index}` })) }, 'exceeds per-table limit of 5'],
    [{ sortKey, indexes: [{ ...local, sortKey: undefined }] }, 'Index KeySchema does not have a range key for index: ByTotal'],
    [{ sortKey, indexes: [{ ...local, partitionKey: { name: 'sum', type: 'N' } }] }, "must begin with the table's key id"],
    [{ sortKey, indexes: [local, { ...byCustomer, name: 'ByTotal' }] }, 'Duplicate index name: ByTotal'],
    [{ indexes: Array.from({ length: 21 }, (_, index) => ({ ...byCustomer, name: `Index${index}` })) }, 'exceeds the per-table limit of 20'],
    [{ indexes: [{ ...byCustomer, nonKeyAttributes: ['x'] }] }, 'ProjectionType is ALL, but NonKeyAttributes is specified'],
    [{ indexes: [{ ...byCustomer, projection: 'INCLUDE' }] }, 'ProjectionType is INCLUDE, but NonKeyAttributes is not specified'],
  ])('and all others are refused where DynamoDB has none of them: %#', (properties, message) => {
    expect(() => simulate(properties)).toThrow(message);
  });
});
