import type { Item } from '../../../simulator/dynamodb';
import { documented } from '../documented';
import { partitionKey, simulate } from './fixture';

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
    ['id > :a', 'Query key condition not supported'], ['#at = :n', 'Query condition missed key schema element: id'],
    ['id = :a AND #at BETWEEN :ten AND :n', 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}'],
    ['id = :a AND begins_with(#at, :n)', 'operator or function: begins_with, operand type: N'],
    ['id = :n', 'Condition parameter type does not match schema type'], ['id = :a AND even = :n', 'Query key condition not supported'],
  ])('that reads "%s" is refused', async (expression, message) => {
    const table = await filled();
    const all: Record<string, unknown> = { ...ofA, ':n': { N: '1' }, ':ten': { N: '10' } };
    const ExpressionAttributeValues = Object.fromEntries(Object.entries(all).filter(([name]) => expression.includes(name)));
    const ExpressionAttributeNames = expression.includes('#at') ? { '#at': 'at' } : undefined;
    await expect(query(table, expression, { ExpressionAttributeValues, ExpressionAttributeNames })).rejects.toThrow(message);
  });
});

documented('the filter of a query', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.FilterExpression.html', () => {
  test.each(['id', '#key.deep', 'size(id)'])('must not name the key: %s', async (operand) => {
    const table = simulate();
    const ExpressionAttributeNames = operand.startsWith('#') ? { '#key': 'id' } : undefined;
    await expect(table.call('Query', {
      KeyConditionExpression: 'id = :a', FilterExpression: `${operand} <> :a`, ExpressionAttributeValues: { ':a': { S: 'a' } }, ExpressionAttributeNames,
    })).rejects.toThrow('Filter Expression can only contain non-primary key attributes: Primary key attribute: id');
  });
});

documented('the pages of a query', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html', () => {
  const partitionOf = { KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
  const sorted = { partitionKey, sortKey: { name: 'n', type: 'N' } } as const;
  const numbers = ({ Items }: Record<string, unknown>) => (Items as Item[]).map(({ n }) => Number(n.N));

  test('end before what would make them larger than 1 MB', async () => {
    const table = simulate(sorted);
    for (let n = 0; n < 5; n++) await table.put({ id: { S: 'a' }, n: { N: String(n) }, body: { S: 'x'.repeat(300 * 1024) } });
    const first = await table.call('Query', partitionOf);
    expect([numbers(first), first.LastEvaluatedKey]).toEqual([[0, 1, 2], { id: { S: 'a' }, n: { N: '2' } }]);
    const second = await table.call('Query', { ...partitionOf, ExclusiveStartKey: first.LastEvaluatedKey });
    expect([numbers(second), second.LastEvaluatedKey]).toEqual([[3, 4], undefined]);
  });

  test('go on behind a key whose item was deleted, forwards and backwards', async () => {
    const table = simulate(sorted);
    for (const n of ['1', '2', '4']) await table.put({ id: { S: 'a' }, n: { N: n } });
    const ExclusiveStartKey = { id: { S: 'a' }, n: { N: '3' } };
    expect(numbers(await table.call('Query', { ...partitionOf, ExclusiveStartKey }))).toEqual([4]);
    expect(numbers(await table.call('Query', { ...partitionOf, ExclusiveStartKey, ScanIndexForward: false }))).toEqual([2, 1]);
  });

  test('fail for a start key that is none', async () => {
    const table = simulate(sorted);
    await expect(table.call('Query', { ...partitionOf, ExclusiveStartKey: { id: { S: 'a' } } })).rejects.toThrow('The provided starting key is invalid');
    await expect(table.call('Query', { ...partitionOf, Limit: 0 })).rejects.toThrow('Member must have value greater than or equal to 1');
  });
});

documented('what a query selects', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html', () => {
  test('is the count alone, where that is asked for', async () => {
    const table = simulate();
    await table.put({ id: { S: 'a' } });
    expect(await table.call('Query', { KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } }, Select: 'COUNT' }))
      .toEqual({ Count: 1, ScannedCount: 1 });
  });

  test.each([
    [{ Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'n' }, 'Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES'],
    [{ Select: 'COUNT', ProjectionExpression: 'n' }, 'Cannot specify the ProjectionExpression when choosing to get only the Count'],
    [{ Select: 'SPECIFIC_ATTRIBUTES' }, 'Must specify the AttributesToGet or ProjectionExpression'],
    [{ Select: 'ALL_PROJECTED_ATTRIBUTES' }, 'can be used only when Querying using an IndexName'],
    [{ KeyConditionExpression: undefined, ExpressionAttributeValues: undefined }, 'Either the KeyConditions or KeyConditionExpression parameter must be specified'],
    [{ QueryFilter: {} }, "does not model 'QueryFilter'"],
  ])('fails for %j', async (more, message) => {
    const table = simulate();
    const input = { KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
    await expect(table.call('Query', { ...input, ...more })).rejects.toThrow(message);
  });
});

documented('a scan', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html', () => {
  async function filled() {
    const table = simulate({ partitionKey, sortKey: { name: 'n', type: 'N' } });
    for (let index = 0; index < 40; index++) await table.put({ id: { S: `p${index % 20}` }, n: { N: String(100 - index) }, odd: { BOOL: index % 2 === 1 } });
    return table;
  }
  const keys = (answers: readonly Record<string, unknown>[]) => answers.flatMap(({ Items }) => (Items as Item[]).map(({ id, n }) => `${id.S} ${n.N}`));

  test('reads every item once from page to page, the partitions in no order that means anything, their items in order', async () => {
    const table = await filled();
    const answers: Record<string, unknown>[] = [];
    do {
      answers.push(await table.call('Scan', { Limit: 7, ExclusiveStartKey: answers.at(-1)?.LastEvaluatedKey }));
    } while (answers.at(-1)!.LastEvaluatedKey);
    const all = keys(answers);
    expect([new Set(all).size, all.length]).toEqual([40, 40]);
    const partitions = all.map((key) => key.split(' ')[0]);
    expect(partitions).not.toEqual([...partitions].sort());
    for (let index = 0; index < 40; index += 2) {
      const [[first, one], [second, other]] = all.slice(index, index + 2).map((key) => key.split(' '));
      expect([first, Number(one)]).toEqual([second, Number(other) - 20]);
    }
  });

  test('filters what it read, and shows what is projected', async () => {
    const table = await filled();
    const answer = await table.call('Scan', {
      FilterExpression: 'odd = :yes', ProjectionExpression: 'n', ExpressionAttributeValues: { ':yes': { BOOL: true } },
    });
    expect(answer).toMatchObject({ Count: 20, ScannedCount: 40 });
    expect((answer.Items as Item[]).every((item) => Object.keys(item).join() === 'n')).toBe(true);
  });

  test('in parallel reads each item in one segment', async () => {
    const table = await filled();
    const answers = await Promise.all([0, 1, 2].map((Segment) => table.call('Scan', { Segment, TotalSegments: 3 })));
    expect(answers.every(({ Count }) => Count as number > 0)).toBe(true);
    expect([new Set(keys(answers)).size, keys(answers).length]).toEqual([40, 40]);
  });

  test.each([
    [{ Segment: 0 }, 'The TotalSegments parameter is required'], [{ TotalSegments: 2 }, 'The Segment parameter is required'],
    [{ Segment: 2, TotalSegments: 2 }, 'Segment: 2 is not less than TotalSegments: 2'],
    [{ Segment: 0, TotalSegments: 1_000_001 }, "'totalSegments' must be from 1 to 1000000, got 1000001"], [{ ScanFilter: {} }, "does not model 'ScanFilter'"],
    [{ IndexName: 'ByCustomer' }, 'The table does not have the specified index: ByCustomer'],
  ])('fails for %j', async (input, message) => {
    await expect(simulate().call('Scan', input)).rejects.toThrow(message);
  });
});
