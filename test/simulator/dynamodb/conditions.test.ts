import type { Item } from '../../../simulator/dynamodb';
import { documented } from '../documented';
import { simulate } from './fixture';

documented('a condition', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html', () => {
  const item: Item = {
    id: { S: 'a' }, price: { N: '10.50' }, tags: { SS: ['new', 'sale'] }, parts: { L: [{ N: '1' }, { M: { sku: { S: 'x' } } }] },
    address: { M: { city: { S: 'Berlin' } } }, photo: { B: Buffer.from('abc') }, paid: { BOOL: true }, gone: { NULL: true },
  };
  const values = {
    ':a': { S: 'a' }, ':ab': { S: 'ab' }, ':ten': { N: '10' }, ':same': { N: '1.05E1' }, ':twenty': { N: '20' }, ':type': { S: 'SS' }, ':new': { S: 'new' },
    ':one': { N: '1' }, ':two': { N: '2' }, ':Ber': { S: 'Ber' }, ':three': { N: '3' }, ':true': { BOOL: true },
  };

  test.each([
    ['attribute_exists(id)', true], ['attribute_not_exists(id)', false], ['attribute_not_exists(extra)', true],
    ['attribute_exists(address.city)', true], ['attribute_exists(parts[1].sku)', true], ['attribute_exists(parts[2])', false],
    ['attribute_type(tags, :type)', true], ['attribute_type(id, :type)', false], ['begins_with(address.city, :Ber)', true], ['begins_with(id, :ab)', false],
    ['contains(tags, :new)', true], ['contains(parts, :one)', true], ['contains(parts, :two)', false], ['contains(address.city, :Ber)', true],
    ['size(id) = :one', true], ['size(tags) = :two', true], ['size(photo) = :three', true], ['size(extra) = :one', false], ['size(parts) >= :two', true],
    ['price = :same', true], ['price <> :same', false], ['price > :ten', true], ['price < :ten', false], ['price <= :twenty', true], ['price > :a', false],
    ['extra = :a', false], ['extra <> :a', true], ['paid = :true', true], ['price BETWEEN :ten AND :twenty', true], ['price between :one and :two', false],
    ['id IN (:ab, :a)', true], ['id IN (:ab)', false],
    ['NOT id = :ab', true], ['id = :ab OR id = :a AND price = :ten', false], ['(id = :a OR id = :ab) AND NOT price = :ten', true],
    ['id = :a AND (NOT (price = :ten OR id = :ab))', true], ['((id = :a) AND (price <> :ten))', true],
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
    ['#id = :a', 'attribute name: #id'],
    ['id = id', 'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [id]'],
    ['parts[0] IN (id, parts[0])', 'operator: IN, first operand: [parts, [0]]'],
    ['((id = :a))', 'The expression has redundant parentheses;'], ['price < :yes', 'operator: <, operand type: BOOL'],
    ['price BETWEEN :ten AND :one', 'lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:1}'],
    ['price BETWEEN :ten AND :a', 'The BETWEEN operator requires same data type for lower and upper bounds'],
    ['begins_with(id, :ten)', 'operator or function: begins_with, operand type: N'],
    [`id IN (${Array(101).fill(':a').join()})`, 'must have from 1 to 100 operands, got 101'],
    [`id = :a${' '.repeat(4090)}`, 'Expression size has exceeded the maximum allowed size; expression size: 4097'],
    ['attribute_exists(id)', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}'],
  ])('that reads "%s" is refused', async (ConditionExpression, message) => {
    const { put } = simulate();
    const values = { ':ten': { N: '10' }, ':one': { N: '1' }, ':yes': { BOOL: true } };
    const used = Object.fromEntries(Object.entries(values).filter(([name]) => ConditionExpression.includes(name)));
    await expect(put(item, { ConditionExpression, ExpressionAttributeValues: { ':a': { S: 'a' }, ...used } }))
      .rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
  });
});

documented('reserved words', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html', () => {
  test.each(['status', 'Name', 'TTL', 'items', 'zone', 'abort'])('%s is refused as an attribute name, and taken as a placeholder', async (word) => {
    const { put } = simulate();
    await expect(put({ id: { S: 'a' } }, { ConditionExpression: `attribute_not_exists(${word})` }))
      .rejects.toThrow(`Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: ${word}`);
    await put({ id: { S: 'a' } }, { ConditionExpression: 'attribute_not_exists(#word)', ExpressionAttributeNames: { '#word': word } });
  });

  test('are refused inside of a path and in every expression', async () => {
    const { update, call } = simulate();
    await expect(update('REMOVE box.name')).rejects.toThrow('Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name');
    await expect(call('Scan', { ProjectionExpression: 'id, data' })).rejects.toThrow('Invalid ProjectionExpression: Attribute name is a reserved keyword');
  });
});

documented('names and values of expressions', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames can only be specified when using expressions'],
    [{ ExpressionAttributeNames: {}, ConditionExpression: 'id = :a' }, 'ExpressionAttributeNames must not be empty'],
    [{ ExpressionAttributeNames: { n: 'n' }, ConditionExpression: 'n = :a' }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "n"'],
    [{ ExpressionAttributeValues: {}, ConditionExpression: 'id = :a' }, 'ExpressionAttributeValues must not be empty'],
    [{ ExpressionAttributeValues: { ':a-b': { S: '' } }, ConditionExpression: 'id = :a' }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":a-b"'],
    [{ ExpressionAttributeValues: { ':a': { S: '' } } }, 'can only be specified when using expressions: UpdateExpression and ConditionExpression are null'],
    [{ ExpressionAttributeNames: { '#n': 'n', '#m': 'm' }, ConditionExpression: 'attribute_exists(#n)' }, 'unused in expressions: keys: {#m}'],
  ])('that are %j are refused', async (more, message) => {
    const { put, table } = simulate();
    await expect(put({ id: { S: 'a' } }, more)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) as string });
    expect(table.items).toEqual([]);
  });
});
