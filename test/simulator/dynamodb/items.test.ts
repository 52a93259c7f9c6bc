import { ServiceError } from '../../../simulator/contracts';
import { plainItem } from '../../../simulator/dynamodb';
import { documented } from '../documented';
import { caller, simulate } from './fixture';

documented('an item', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['has no key', { n: { N: '1' } }, 'Missing the key id in the item'],
    ['has a key of another type', { id: { N: '1' } }, 'Type mismatch for key id expected: S actual: N'],
    ['has an empty key', { id: { S: '' } }, 'cannot contain an empty string value. Key: id'],
    ['has a key of more than 2,048 bytes', { id: { S: 'x'.repeat(2049) } }, 'Size of hashkey has exceeded the maximum size limit of 2048 bytes'],
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

documented('a nested value', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html', () => {
  const inList = (value: object) => ({ L: [value] });
  const inMap = (value: object) => ({ M: { in: value } });
  const inTurn = (value: object, depth: number) => (depth % 2 === 0 ? inList(value) : inMap(value));

  test.each<[string, (value: object, depth: number) => object]>([['lists', inList], ['maps', inMap], ['both in turn', inTurn]])(
    'has up to 32 levels of %s', async (_kind, wrap) => {
      const { call, table } = simulate();
      const put = (levels: number) => {
        let value: object = { S: 'inmost' };
        for (let depth = 0; depth < levels; depth++) value = wrap(value, depth);
        return call('PutItem', { Item: { id: { S: 'a' }, value } });
      };
      await put(32);
      await expect(put(33)).rejects.toThrow('Nesting Levels have exceeded supported limits');
      expect(table.items).toHaveLength(1);
    },
  );

  test('is shown to a test as JavaScript has it', () => {
    expect(plainItem({ map: { M: { list: { L: [{ N: '1.5' }, { NULL: true }, { BOOL: false }] }, set: { NS: ['1', '2'] } } }, texts: { SS: ['a'] } }))
      .toEqual({ map: { list: [1.5, null, false], set: new Set([1, 2]) }, texts: new Set(['a']) });
  });
});

documented('the description of a table', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html', () => {
  const index = { name: 'ByKind', partitionKey: { name: 'kind', type: 'S' }, projection: 'ALL' } as const;
  const membersOf = async (properties: Parameters<typeof simulate>[0]) => {
    const { Table } = await simulate(properties).call('DescribeTable');
    return Object.keys(Table as object).filter((name) => name.endsWith('Indexes'));
  };

  test('names the kinds of index that there are, and no other', async () => {
    expect(await membersOf({})).toEqual([]);
    expect(await membersOf({ indexes: [{ ...index, global: true }] })).toEqual(['GlobalSecondaryIndexes']);
    expect(await membersOf({ sortKey: { name: 'at', type: 'N' }, indexes: [{ ...index, partitionKey: { name: 'id', type: 'S' }, sortKey: index.partitionKey, global: false }] }))
      .toEqual(['LocalSecondaryIndexes']);
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
    await expect(call('ListTables')).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(authorize).toHaveBeenLastCalledWith('dynamodb:ListTables', { arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/*' }, caller);
  });
});

describe('what is not modelled', () => {
  test('refuses what it does not model, and says what', async () => {
    const { call } = simulate();
    await expect(call('ExecuteStatement')).rejects.toMatchObject({ code: 'UnknownOperationException', message: expect.stringContaining('ExecuteStatement') as string });
    await expect(call('PutItem', { Item: { id: { S: 'a' } }, Expected: {} })).rejects.toThrow('\'Expected\'');
  });
});

documented('a projection', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html', () => {
  test('shows of an item what the projection names', async () => {
    const { put, call } = simulate();
    await put({ id: { S: 'a' }, parts: { L: [{ S: '0' }, { S: '1' }] }, box: { M: { x: { N: '1' }, y: { N: '2' } } } });
    const input = { Key: { id: { S: 'a' } }, ProjectionExpression: 'box.x, #parts[1], extra', ExpressionAttributeNames: { '#parts': 'parts' } };
    expect(await call('GetItem', input)).toEqual({ Item: { box: { M: { x: { N: '1' } } }, parts: { L: [{ S: '1' }] } } });
  });
});
