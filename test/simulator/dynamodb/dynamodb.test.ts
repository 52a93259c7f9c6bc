import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import {
  BatchWriteItemCommand, DeleteItemCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand,
  QueryCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Simulation } from '../../../simulator';
import { VirtualClock } from '../../../simulator/clock';
import { ServiceError, type Caller } from '../../../simulator/contracts';
import { DynamoDbService, type Item, type TableProperties } from '../../../simulator/dynamodb';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' };
const caller: Caller = { principal: place.account };
const partitionKey = { name: 'id', type: 'S' } as const;

function simulate(properties: Partial<TableProperties> = {}) {
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

documented('a condition', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html', () => {
  const item: Item = {
    id: { S: 'a' }, price: { N: '10.50' }, tags: { SS: ['new', 'sale'] }, lines: { L: [{ N: '1' }, { M: { sku: { S: 'x' } } }] },
    address: { M: { city: { S: 'Berlin' } } }, photo: { B: Buffer.from('abc') }, paid: { BOOL: true }, gone: { NULL: true },
  };
  const values = {
    ':a': { S: 'a' }, ':ab': { S: 'ab' }, ':ten': { N: '10' }, ':same': { N: '1.05E1' }, ':twenty': { N: '20' }, ':type': { S: 'SS' }, ':new': { S: 'new' },
    ':one': { N: '1' }, ':two': { N: '2' }, ':Ber': { S: 'Ber' }, ':three': { N: '3' }, ':true': { BOOL: true },
  };

  test.each([
    ['attribute_exists(id)', true], ['attribute_not_exists(id)', false], ['attribute_not_exists(other)', true],
    ['attribute_exists(address.city)', true], ['attribute_exists(lines[1].sku)', true], ['attribute_exists(lines[2])', false],
    ['attribute_type(tags, :type)', true], ['attribute_type(id, :type)', false], ['begins_with(address.city, :Ber)', true], ['begins_with(id, :ab)', false],
    ['contains(tags, :new)', true], ['contains(lines, :one)', true], ['contains(lines, :two)', false], ['contains(address.city, :Ber)', true],
    ['size(id) = :one', true], ['size(tags) = :two', true], ['size(photo) = :three', true], ['size(other) = :one', false], ['size(lines) >= :two', true],
    ['price = :same', true], ['price <> :same', false], ['price > :ten', true], ['price < :ten', false], ['price <= :twenty', true], ['price > :a', false],
    ['other = :a', false], ['other <> :a', true], ['paid = :true', true], ['price BETWEEN :ten AND :twenty', true], ['price between :twenty and :ten', false],
    ['id IN (:ab, :a)', true], ['id IN (:ab)', false],
    ['NOT id = :ab', true], ['id = :ab OR id = :a AND price = :ten', false], ['(id = :a OR id = :ab) AND NOT price = :ten', true],
    ['id = :a AND (NOT (price = :ten OR id = :ab))', true],
  ])('%s is %s', async (expression, holds) => {
    const { put, get, call } = simulate();
    await put(item);
    const used = Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(expression)));
    const ExpressionAttributeValues = Object.keys(used).length > 0 ? used : undefined;
    const deleted = call('DeleteItem', { Key: { id: { S: 'a' } }, ConditionExpression: expression, ExpressionAttributeValues });
    if (holds) await deleted;
    else await expect(deleted).rejects.toMatchObject({ code: 'ConditionalCheckFailedException', message: 'The conditional request failed' });
    expect((await get('a')) === undefined).toBe(holds);
  });

  test.each([
    ['id = ', 'Invalid ConditionExpression: Syntax error; token: "<EOF>"'], ['', 'The expression can not be empty'], ['id ! :a', 'Syntax error; token: "!"'],
    ['(id = :a', 'Syntax error'], ['id = :none', 'attribute value: :none'], ['#none = :a', 'attribute name: #none'], ['length(id) = :a', 'Invalid function name; function: length'],
    ['id', 'Syntax error'], ['id = :a id', 'Syntax error; token: "id"'], ['attribute_type(id, :a)', 'Invalid attribute type name found'],
    ['attribute_exists(id)', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}'],
  ])('that reads "%s" is refused', async (ConditionExpression, message) => {
    const { put } = simulate();
    await expect(put(item, { ConditionExpression, ExpressionAttributeValues: { ':a': { S: 'a' } } }))
      .rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
  });
});

documented('an update', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html', () => {
  const values = (more: Record<string, unknown>) => ({ ExpressionAttributeValues: more });

  test('makes the item that is not there', async () => {
    const { update, get } = simulate();
    await update('SET n = :n', values({ ':n': { N: '1' } }));
    expect(await get('a')).toEqual({ id: { S: 'a' }, n: { N: '1' } });
  });

  test('counts exactly, beyond what a floating-point number holds', async () => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, n: { N: '9007199254740993' }, m: { N: '0.1' } });
    await update('SET n = n + :one, m = m - :m ADD k :one', values({ ':one': { N: '1' }, ':m': { N: '0.3' } }));
    expect(await get('a')).toEqual({ id: { S: 'a' }, n: { N: '9007199254740994' }, m: { N: '-0.2' }, k: { N: '1' } });
  });

  test('sets what is missing only, appends to lists, and reads the item as it was', async () => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, list: { L: [{ S: 'x' }] }, old: { S: 'old' } });
    await update('SET n = if_not_exists(n, :zero), old = if_not_exists(old, :zero), list = list_append(list, :more), #copy = old', {
      ...values({ ':zero': { N: '0' }, ':more': { L: [{ S: 'y' }] } }), ExpressionAttributeNames: { '#copy': 'copy' },
    });
    expect(await get('a')).toEqual({
      id: { S: 'a' }, list: { L: [{ S: 'x' }, { S: 'y' }] }, old: { S: 'old' }, n: { N: '0' }, copy: { S: 'old' },
    });
  });

  test('removes attributes and list elements, by their places before the update', async () => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, gone: { S: '' }, list: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] }, map: { M: { x: { N: '1' }, y: { N: '2' } } } });
    await update('REMOVE gone, list[0], list[1], map.x, nothing');
    expect(await get('a')).toEqual({ id: { S: 'a' }, list: { L: [{ S: '2' }] }, map: { M: { y: { N: '2' } } } });
  });

  test('adds to sets and deletes from them; a set without members does not exist', async () => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, s: { SS: ['x', 'y'] }, t: { NS: ['1'] } });
    await update('ADD s :s DELETE t :t', values({ ':s': { SS: ['y', 'z'] }, ':t': { NS: ['1.0'] } }));
    expect(await get('a')).toEqual({ id: { S: 'a' }, s: { SS: ['x', 'y', 'z'] } });
  });

  test.each([
    ['NONE', undefined], ['ALL_OLD', { id: { S: 'a' }, n: { N: '1' }, m: { N: '5' } }], ['ALL_NEW', { id: { S: 'a' }, m: { N: '5' }, n: { N: '2' } }],
    ['UPDATED_OLD', { n: { N: '1' } }], ['UPDATED_NEW', { n: { N: '2' } }],
  ])('answers with %s', async (ReturnValues, attributes) => {
    const { update, put } = simulate();
    await put({ id: { S: 'a' }, n: { N: '1' }, m: { N: '5' } });
    const answer = await update('SET n = :two', { ...values({ ':two': { N: '2' } }), ReturnValues });
    expect(answer.Attributes).toEqual(attributes);
  });

  test.each([
    ['SET id = :v', 'Cannot update attribute id. This attribute is part of the key'], ['SET n = m', 'refers to an attribute that does not exist'],
    ['SET a.b = :v', 'document path provided in the update expression is invalid'], ['SET n = :v SET m = :v', 'can only be used once'],
    ['SET s = s + :v', 'incorrect data type'], ['ADD n :s', 'operator: ADD, operand type: S'], ['DELETE n :v', 'operator: DELETE, operand type: N'],
    ['SET s = :v REMOVE s', 'Two document paths overlap'], ['PUT n :v', 'Syntax error'], ['SET n :v', 'Syntax error'],
  ])('that reads "%s" is refused', async (expression, message) => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, s: { S: 'text' } });
    const name = expression.includes(':s') ? ':s' : ':v';
    const given = expression.includes(':') ? values({ [name]: name === ':s' ? { S: '' } : { N: '1' } }) : {};
    await expect(update(expression, given)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
    expect(await get('a')).toEqual({ id: { S: 'a' }, s: { S: 'text' } });
  });
});

documented('a query', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html', () => {
  const sorted = { partitionKey, sortKey: { name: 'at', type: 'N' } } as const;
  const query = async (table: ReturnType<typeof simulate>, KeyConditionExpression: string, more: Record<string, unknown> = {}) => {
    const answer = await table.call('Query', { KeyConditionExpression, ...more });
    return { ...answer, at: (answer.Items as Item[] | undefined)?.map(({ at }) => at.N) };
  };
  async function filled() {
    const table = simulate(sorted);
    for (const at of ['10', '9', '2', '100']) await table.put({ id: { S: 'a' }, at: { N: at }, even: { BOOL: Number(at) % 2 === 0 } });
    await table.put({ id: { S: 'b' }, at: { N: '1' } });
    return table;
  }
  const ofA = { ':a': { S: 'a' } };

  test('answers one partition by its sort key as a number, forwards or backwards', async () => {
    const table = await filled();
    expect(await query(table, 'id = :a', { ExpressionAttributeValues: ofA })).toMatchObject({ Count: 4, at: ['2', '9', '10', '100'] });
    expect(await query(table, 'id = :a', { ExpressionAttributeValues: ofA, ScanIndexForward: false })).toMatchObject({ at: ['100', '10', '9', '2'] });
  });

  test('takes a condition of the sort key', async () => {
    const table = await filled();
    const between = { ...ofA, ':x': { N: '9' }, ':y': { N: '10' } };
    expect(await query(table, 'id = :a AND #at BETWEEN :x AND :y', { ExpressionAttributeValues: between, ExpressionAttributeNames: { '#at': 'at' } }))
      .toMatchObject({ at: ['9', '10'] });
  });

  test('goes on from page to page, and counts what it read before the filter', async () => {
    const table = await filled();
    const input = { ExpressionAttributeValues: { ...ofA, ':yes': { BOOL: true } }, FilterExpression: 'even = :yes', Limit: 2 };
    const first = await query(table, 'id = :a', input);
    expect(first).toMatchObject({ at: ['2'], Count: 1, ScannedCount: 2, LastEvaluatedKey: { id: { S: 'a' }, at: { N: '9' } } });
    expect(await query(table, 'id = :a', { ...input, ExclusiveStartKey: (first as Record<string, unknown>).LastEvaluatedKey })).toMatchObject({ at: ['10', '100'] });
  });

  test.each([
    ['id > :a', 'Query key condition not supported'], ['at = :n', 'Query condition missed key schema element: id'],
    ['id = :n', 'Condition parameter type does not match schema type'], ['id = :a AND even = :n', 'Query key condition not supported'],
  ])('that reads "%s" is refused', async (expression, message) => {
    const table = await filled();
    const all: Record<string, unknown> = { ...ofA, ':n': { N: '1' } };
    const ExpressionAttributeValues = Object.fromEntries(Object.entries(all).filter(([name]) => expression.includes(name)));
    await expect(query(table, expression, { ExpressionAttributeValues })).rejects.toThrow(message);
  });
});

documented('an item', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['has no key', { n: { N: '1' } }, 'Missing the key id in the item'],
    ['has a key of another type', { id: { N: '1' } }, 'Type mismatch for key id expected: S actual: N'],
    ['has an empty key', { id: { S: '' } }, 'cannot contain an empty string value. Key: id'],
    ['is over 400 KB', { id: { S: 'a' }, text: { S: 'x'.repeat(400 * 1024) } }, 'Item size has exceeded the maximum allowed size'],
    ['has an empty set', { id: { S: 'a' }, s: { SS: [] } }, 'may not be empty'],
    ['has a set with a member twice', { id: { S: 'a' }, s: { NS: ['1', '1.0'] } }, 'contains duplicates'],
    ['has a number of 39 digits', { id: { S: 'a' }, n: { N: '1'.repeat(39) } }, '38 significant digits'],
    ['has a number that is none', { id: { S: 'a' }, n: { N: 'one' } }, 'cannot be converted to a numeric value'],
    ['has a value without a type', { id: { S: 'a' }, n: {} }, 'Supplied AttributeValue is empty'],
    ['has a value of two types', { id: { S: 'a' }, n: { N: '1', S: '1' } }, 'more than one datatypes'],
  ])('that %s is refused', async (_what, Item, message) => {
    const { call, table } = simulate();
    await expect(call('PutItem', { Item })).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
    expect(table.items).toEqual([]);
  });
});

documented('time to live', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html', () => {
  test('is deleted within 48 hours of its expiry, and is there until then', async () => {
    const { clock, put, get, table } = simulate({ timeToLiveAttribute: 'expires' });
    const expires = { N: String(clock.now() / 1000 + 60) };
    for (let index = 0; index < 50; index++) await put({ id: { S: `item-${index}` }, expires });
    await put({ id: { S: 'text' }, expires: { S: '0' } });
    await put({ id: { S: 'long ago' }, expires: { N: '1' } });
    await clock.advance(60_000);
    expect(table.items).toHaveLength(52);
    await clock.advance(24 * 3_600_000);
    expect(table.items.length).toBeLessThan(52);
    expect(table.items.length).toBeGreaterThan(2);
    await clock.advance(24 * 3_600_000);
    expect(table.items.map(({ id }) => id.S)).toEqual(['long ago', 'text']);
    expect(await get('item-0')).toBeUndefined();
  });
});

documented('the API', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html', () => {
  test('asks for the permission of each operation on its table', async () => {
    const { call, authorize } = simulate();
    authorize.mockImplementation(() => { throw new ServiceError('AccessDenied', 'no', 403); });
    await expect(call('GetItem', { Key: { id: { S: 'a' } } })).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(authorize).toHaveBeenCalledWith('dynamodb:GetItem', expect.objectContaining({ arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' }), caller);
  });
});

describe('what is not modelled', () => {
  test('refuses what it does not model, and says what', async () => {
    const { call } = simulate();
    await expect(call('TransactWriteItems')).rejects.toMatchObject({ code: 'UnknownOperationException', message: expect.stringContaining('TransactWriteItems') as string });
    await expect(call('Query', { IndexName: 'ByCustomer', KeyConditionExpression: 'id = :a' })).rejects.toThrow('\'IndexName\'');
  });
});

documented('a projection', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html', () => {
  test('shows of an item what the projection names', async () => {
    const { put, call } = simulate();
    await put({ id: { S: 'a' }, list: { L: [{ S: '0' }, { S: '1' }] }, map: { M: { x: { N: '1' }, y: { N: '2' } } } });
    const input = { Key: { id: { S: 'a' } }, ProjectionExpression: 'map.x, #list[1], other', ExpressionAttributeNames: { '#list': 'list' } };
    expect(await call('GetItem', input)).toEqual({ Item: { map: { M: { x: { N: '1' } } }, list: { L: [{ S: '1' }] } } });
  });
});

documented('an SDK client', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html', () => {
  test('the SDK client puts, gets, updates, queries and deletes, and reads errors with their item', async () => {
    const stack = new Stack(new App(), 'Test');
    const construct = new dynamodb.TableV2(stack, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    const simulation = await Simulation.start(stack);
    const client = new DynamoDBClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    expect(construct.node.id).toBe('Orders');
    const { TableNames: [TableName] = [] } = await client.send(new ListTablesCommand({}));
    const Item = { id: { S: 'a' }, bytes: { B: Buffer.from('abc') }, list: { L: [{ M: { deep: { BS: [Buffer.from('x')] } } }] } };
    await client.send(new PutItemCommand({ TableName, Item }));
    expect((await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }))).Item).toMatchObject({ id: { S: 'a' }, bytes: { B: new Uint8Array(Buffer.from('abc')) } });
    await expect(client.send(new PutItemCommand({
      TableName, Item, ConditionExpression: 'attribute_not_exists(id)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { id: { S: 'a' }, bytes: { B: new Uint8Array(Buffer.from('abc')) } } });
    const updated = await client.send(new UpdateItemCommand({
      TableName, Key: { id: { S: 'a' } }, UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } }, ReturnValues: 'UPDATED_NEW',
    }));
    expect(updated.Attributes).toEqual({ n: { N: '1' } });
    const found = await client.send(new QueryCommand({ TableName, KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } }));
    expect(found.Count).toBe(1);
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: { id: { S: 'b' } } } }, { DeleteRequest: { Key: { id: { S: 'a' } } } }] } }));
    expect(simulation.table('Orders').items).toEqual([{ id: 'b' }]);
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'b' } } }));
    expect((await client.send(new DescribeTableCommand({ TableName }))).Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 0, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] });
    await expect(client.send(new GetItemCommand({ TableName: 'none', Key: { id: { S: 'a' } } }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    client.destroy();
    await simulation.stop();
  });
});
