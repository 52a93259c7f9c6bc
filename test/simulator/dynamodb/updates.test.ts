import { documented } from '../documented';
import { simulate } from './fixture';

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
    await put({ id: { S: 'a' }, parts: { L: [{ S: 'x' }] }, was: { S: 'old' } });
    await update('SET n = if_not_exists(n, :zero), was = if_not_exists(was, :zero), parts = list_append(parts, :more), #copy = was', {
      ...values({ ':zero': { N: '0' }, ':more': { L: [{ S: 'y' }] } }), ExpressionAttributeNames: { '#copy': 'copy' },
    });
    expect(await get('a')).toEqual({
      id: { S: 'a' }, parts: { L: [{ S: 'x' }, { S: 'y' }] }, was: { S: 'old' }, n: { N: '0' }, copy: { S: 'old' },
    });
  });

  test('removes attributes and list elements, by their places before the update', async () => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, gone: { S: '' }, parts: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] }, box: { M: { x: { N: '1' }, y: { N: '2' } } } });
    await update('REMOVE gone, parts[0], parts[1], box.x, nothing');
    expect(await get('a')).toEqual({ id: { S: 'a' }, parts: { L: [{ S: '2' }] }, box: { M: { y: { N: '2' } } } });
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

  test.each([['UPDATED_OLD', '1'], ['UPDATED_NEW', '2']])('answers with %s of a path in a map or a list only that path', async (ReturnValues, n) => {
    const { update, put } = simulate();
    await put({ id: { S: 'a' }, box: { M: { x: { N: '1' }, y: { N: '1' } } }, parts: { L: [{ S: 'p' }, { N: '1' }] } });
    const answer = await update('SET box.x = :two, parts[1] = :two', { ...values({ ':two': { N: '2' } }), ReturnValues });
    expect(answer.Attributes).toEqual({ box: { M: { x: { N: n } } }, parts: { L: [{ N: n }] } });
  });

  test('that makes the item larger than 400 KB is refused, and changes nothing', async () => {
    const { update, put, get } = simulate();
    await put({ id: { S: 'a' }, text: { S: 'x'.repeat(300 * 1024) } });
    await expect(update('SET more = :more', values({ ':more': { S: 'x'.repeat(100 * 1024) } })))
      .rejects.toMatchObject({ code: 'ValidationException', message: 'Item size to update has exceeded the maximum allowed size' });
    expect(await get('a')).not.toHaveProperty('more');
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
