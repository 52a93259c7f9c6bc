import { VirtualClock } from '../../../simulator/clock';
import { ServiceError } from '../../../simulator/contracts';
import { RequestTokens } from '../../../simulator/dynamodb/request-tokens';
import { documented } from '../documented';
import { caller, simulate } from './fixture';

const key = (id: string) => ({ id: { S: id } });
const on = <T extends object>(more: T) => ({ TableName: 'orders', ...more });

function transactions() {
  const simulated = simulate();
  const write = (items: readonly object[], more: object = {}) => simulated.call('TransactWriteItems', { TransactItems: items, ...more });
  return { ...simulated, write };
}
const putItem = (id: string, more: object = {}) => ({ Put: on({ Item: key(id), ...more }) });

documented('a transaction that writes', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html', () => {
  test('puts, updates, deletes and checks all at once', async () => {
    const { write, put, table } = transactions();
    for (const id of ['u', 'd', 'c']) await put(key(id));
    expect(await write([
      putItem('p'), { Update: on({ Key: key('u'), UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } } }) },
      { Delete: on({ Key: key('d') }) }, { ConditionCheck: on({ Key: key('c'), ConditionExpression: 'attribute_exists(id)' }) },
    ])).toEqual({});
    expect(table.items).toEqual([key('c'), key('p'), { ...key('u'), n: { N: '1' } }]);
  });

  test('does nothing when a condition does not hold, and gives the reason of each action, with the item where it is asked for', async () => {
    const { write, put, table } = transactions();
    await put({ ...key('c'), n: { N: '1' } });
    const before = table.items;
    const ConditionExpression = 'attribute_not_exists(id)';
    await expect(write([
      putItem('p'), { ConditionCheck: on({ Key: key('c'), ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }) },
      { Delete: on({ Key: key('x'), ConditionExpression: 'attribute_exists(id)' }) },
    ])).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      members: {
        CancellationReasons: [
          { Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { ...key('c'), n: { N: '1' } } },
          { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
        ],
      },
    });
    expect(table.items).toEqual(before);
  });

  test('is cancelled by an update that does not fit the item', async () => {
    const { write, put, table } = transactions();
    await put({ ...key('u'), n: { S: 'text' } });
    const Update = on({ Key: key('u'), UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: '1' } } });
    await expect(write([putItem('p'), { Update }])).rejects.toMatchObject({
      members: { CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError', Message: expect.stringContaining('incorrect data type') as string }] },
    });
    expect(table.items).toHaveLength(1);
  });

  test.each<[string, readonly object[], string]>([
    ['no action', [], 'greater than or equal to 1'], ['101 actions', Array.from({ length: 101 }, (_, index) => putItem(`${index}`)), 'less than or equal to 100'],
    ['two actions with one item', [putItem('a'), { Delete: on({ Key: key('a') }) }], 'Transaction request cannot include multiple operations on one item'],
    ['two actions in one', [{ ...putItem('a'), Delete: on({ Key: key('b') }) }], 'can only contain one of ConditionCheck, Put, Update, Delete, got Put, Delete'],
    ['a check without a condition', [{ ConditionCheck: on({ Key: key('a') }) }], 'ConditionExpression must be set'],
    ['a key that is none', [{ Delete: on({ Key: { n: { N: '1' } } }) }], 'The provided key element does not match the schema'],
    ['more than 4 MB', Array.from({ length: 11 }, (_, index) => ({ Put: on({ Item: { ...key(`${index}`), body: { S: 'x'.repeat(390 * 1024) } } }) })), 'at most 4194304 bytes together'],
  ])('fails for %s', async (_what, items, message) => {
    const { write, table } = transactions();
    await expect(write(items)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
    expect(table.items).toEqual([]);
  });
});

documented('the token of a transaction', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html', () => {
  const add = { Update: on({ Key: key('a'), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } }) };
  const token = { ClientRequestToken: 'token' };

  test('has it done once in ten minutes, and again after them', async () => {
    const { write, get, clock } = transactions();
    await write([add], token);
    await clock.advance(10 * 60_000 - 1);
    await write([add], token);
    expect((await get('a'))!.n).toEqual({ N: '1' });
    await clock.advance(1);
    await write([add], token);
    expect((await get('a'))!.n).toEqual({ N: '2' });
  });

  test('fails for another transaction', async () => {
    const { write } = transactions();
    await write([add], token);
    await expect(write([putItem('b')], token)).rejects.toMatchObject({ code: 'IdempotentParameterMismatchException' });
    await expect(write([add], { ClientRequestToken: 'x'.repeat(37) })).rejects.toThrow("'clientRequestToken' must have from 1 to 36 characters, got 37");
  });

  test('is forgotten after ten minutes by itself, so that long runs do not fill up', async () => {
    const clock = new VirtualClock(0);
    const tokens = new RequestTokens(clock);
    for (let minute = 0; minute < 60; minute++) {
      for (const token of ['again', `${minute}`]) tokens.completed(token, 'request');
      await clock.advance(60_000);
    }
    expect(tokens.size).toBe(11);
    expect([tokens.isNew('49', 'request'), tokens.isNew('51', 'request'), tokens.isNew('again', 'request')]).toEqual([true, false, false]);
  });

  test('means nothing for one that was cancelled', async () => {
    const { write, put, table } = transactions();
    const conditional = [putItem('b', { ConditionExpression: 'attribute_not_exists(id)' })];
    await put(key('b'));
    await expect(write(conditional, token)).rejects.toMatchObject({ code: 'TransactionCanceledException' });
    table.delete(key('b'));
    await write(conditional, token);
    expect(table.items).toEqual([key('b')]);
  });
});

documented('a transaction that reads', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html', () => {
  test('answers the items in the order of the request, with nothing for one that is not there', async () => {
    const { put, call } = simulate();
    await put({ ...key('a'), n: { N: '1' } });
    await put(key('b'));
    const get = (id: string, more: object = {}) => ({ Get: on({ Key: key(id), ...more }) });
    expect(await call('TransactGetItems', { TransactItems: [get('b'), get('none'), get('a', { ProjectionExpression: 'n' })] }))
      .toEqual({ Responses: [{ Item: key('b') }, {}, { Item: { n: { N: '1' } } }] });
    await expect(call('TransactGetItems', { TransactItems: [get('a'), get('a')] })).rejects.toThrow('cannot include multiple operations on one item');
  });
});

documented('the permissions of transactions', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html', () => {
  const actions: [string, object, string][] = [
    ['ConditionCheckItem', { ConditionCheck: on({ Key: key('c'), ConditionExpression: 'attribute_exists(id)' }) }, 'TransactWriteItems'],
    ['PutItem', putItem('p'), 'TransactWriteItems'],
    ['UpdateItem', { Update: on({ Key: key('u'), UpdateExpression: 'REMOVE n' }) }, 'TransactWriteItems'],
    ['DeleteItem', { Delete: on({ Key: key('d') }) }, 'TransactWriteItems'], ['GetItem', { Get: on({ Key: key('d') }) }, 'TransactGetItems'],
  ];
  test.each(actions)('are those of the actions: %s', async (permission, action, operation) => {
    const { call, authorize, table } = simulate();
    authorize.mockImplementation((asked: string) => {
      if (asked === `dynamodb:${permission}`) throw new ServiceError('AccessDenied', 'no', 403);
    });
    await expect(call(operation, { TransactItems: [action] })).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(authorize).toHaveBeenCalledWith(`dynamodb:${permission}`, expect.objectContaining({ arn: table.arn }), caller);
    expect(table.items).toEqual([]);
  });
});
