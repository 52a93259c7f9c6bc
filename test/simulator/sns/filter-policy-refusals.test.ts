import { compileFilterPolicy, FilterPolicyError, type FilterPolicyScope } from '../../../simulator/sns/filter-policy';
import { documented } from '../documented';

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `value${index}`);

documented('A filter policy is refused', 'https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html', () => {
  test.each<[string, unknown, FilterPolicyScope?]>([
    ['Match value must be', { key: [['value']] }],
    ['Unrecognized match type wrong-operator', { key: [{ 'wrong-operator': true }] }],
    ['Unrecognized match type wildcard', { key: [{ wildcard: 'a*' }] }],
    ['Only one key allowed', { key: [{ suffix: 'value', prefix: 'value2' }] }],
    ['Only one key allowed', { key: [{}] }],
    ['Empty arrays are not allowed', { key: [] }],
    ['Empty objects are not allowed', { key: {} }, 'MessageBody'],
    ['suffix match pattern must be a string', { key: [{ suffix: 100 }] }],
    ['suffix match pattern must be a string', { key: [{ suffix: ['a', 'b'] }] }],
    ['prefix match pattern must be a string', { key: [{ prefix: null }] }],
    ['equals-ignore-case match pattern must be a string', { key: [{ 'equals-ignore-case': 1 }] }],
    ['"suffix" must be an object or an array', { key: { suffix: 'value' } }],
    ['"key" must be an object or an array', { key: 'value' }],
    ['exists match pattern must be either true or false', { key: [{ exists: null }] }],
    ['exists match pattern must be either true or false', { key: [{ exists: 'no' }] }],
    ['one \'/\' required', { key: [{ cidr: 'bad' }] }],
    ['Nonstandard IP address: bad', { key: [{ cidr: 'bad/8' }] }],
    ['mask bits must be an integer', { key: [{ cidr: '10.0.0.0/8bad' }] }],
    ['mask bits must be from 0 to 32, got 33', { key: [{ cidr: '10.0.0.0/33' }] }],
    ['Unsupported anything-but pattern: suffix', { key: [{ 'anything-but': { suffix: 'x' } }] }],
    ['Unsupported anything-but pattern: exists', { key: [{ 'anything-but': { exists: false } }] }],
    ['prefix match pattern must be a string', { key: [{ 'anything-but': { prefix: false } }] }],
    ['only strings or only numbers', { key: [{ 'anything-but': ['a', 1] }] }],
    ['only strings or only numbers', { key: [{ 'anything-but': true }] }],
    ['Empty arrays are not allowed', { key: [{ 'anything-but': [] }] }],
    ['Value of numeric must be an array', { key: [{ numeric: 5 }] }],
    ['Invalid member in numeric match: ]', { key: [{ numeric: [] }] }],
    ['Unrecognized numeric range operator: operator', { key: [{ numeric: ['operator'] }] }],
    ['Invalid member in numeric match: 1', { key: [{ numeric: [1, '<='] }] }],
    ['Value of equals must be numeric', { key: [{ numeric: ['=', '000'] }] }],
    ['Value of >= must be numeric', { key: [{ numeric: ['>='] }] }],
    ['Too many elements in numeric expression', { key: [{ numeric: ['<', 100, '>', 10] }] }],
    ['Bad numeric range operator: >', { key: [{ numeric: ['>=', 1, '>', 2] }] }],
    ['Bottom must be less than top', { key: [{ numeric: ['>', 3, '<', 1] }] }],
    ['Value of <= must be numeric', { key: [{ numeric: ['>', 20, '<='] }] }],
    ['Bad value in numeric range: 30', { key: [{ numeric: ['>', 20, 30] }] }],
    ['Value of > must be numeric', { key: [{ numeric: ['>', '20', '<', '30'] }] }],
    ['Too many terms', { key: [{ numeric: ['>', 20, '<', 30, '<', 50] }] }],
    ['between -1.0E9 and 1.0E9', { key: [1e9 + 1] }],
    ['between -1.0E9 and 1.0E9', { key: [{ numeric: ['<', -1e9 - 1] }] }],
    ['does not support nested filter policy', { key: { inner: ['x'] } }, 'MessageAttributes'],
    ['does not support nested filter policy', { $or: [{ a: { inner: ['x'] } }, { b: ['y'] }] }, 'MessageAttributes'],
    ['more than 5 keys', Object.fromEntries(many(6).map((name) => [name, ['x']]))],
    ['more than 5 keys', { a: ['x'], b: ['x'], c: ['x'], $or: [{ d: ['x'] }, { e: ['x'], f: ['x'] }] }, 'MessageAttributes'],
    ['too complex', { key: many(151) }],
    ['too complex', { key1: many(100), key2: many(51) }],
    ['too complex', { a: { b: { c: many(4) } }, d: { e: many(3) }, f: many(3) }, 'MessageBody'],
    ['too complex', { source: many(4), $or: [{ a: many(6) }, { b: many(4), $or: [{ c: many(4) }, { d: many(4) }] }] }],
    ['too complex', { $or: [{ a: many(3) }, { b: many(2) }], detail: { s: many(2), $or: [{ t: many(1) }, { u: many(3) }] } }, 'MessageBody'],
    ['at most 262144 bytes', { key: ['x'.repeat(256 * 1024)] }],
    ['Filter is not an object', ['x']],
  ])('%s', (message, policy, ...scopes) => {
    for (const each of scopes[0] ? [scopes[0]] : ['MessageAttributes', 'MessageBody'] as const) {
      expect(() => compileFilterPolicy(policy as object, each)).toThrow(FilterPolicyError);
      expect(() => compileFilterPolicy(policy as object, each)).toThrow(message);
    }
  });

  test.each<[string, object, FilterPolicyScope]>([
    ['exactly 150 values', { key: many(150) }, 'MessageAttributes'],
    ['exactly 150 combinations over $or', {
      source: many(3), $or: [{ a: many(6) }, { b: many(4), $or: [{ c: many(4) }, { d: many(7) }] }],
    }, 'MessageAttributes'],
    ['72 combinations by depth, of the guide', { a: { b: { c: many(4) } }, d: { e: many(3) } }, 'MessageBody'],
    ['more than 5 names below 5', { a: { b: ['x'], c: ['x'] }, d: { e: ['x'], f: ['x'] }, g: { h: ['x'], i: ['x'] } }, 'MessageBody'],
    ['nothing', {}, 'MessageAttributes'],
    ['exactly 256 KB', { key: ['x'.repeat(256 * 1024 - '{"key":[""]}'.length)] }, 'MessageAttributes'],
  ])('but not %s', (_name, policy, scope) => {
    expect(() => compileFilterPolicy(policy, scope)).not.toThrow();
  });
});
