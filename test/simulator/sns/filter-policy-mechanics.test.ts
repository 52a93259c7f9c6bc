import { passesAttributes, passesBody } from './filtering';
import { text } from './simulate';

describe('names in filter policies', () => {
  test.each([
    { object: { nested: { test: 'x' } } }, { 'object.nested.test': 'x' }, { 'object.nested': { test: 'x' } }, { object: { 'nested.test': 'x' } },
    { object: { other: 1 }, 'object.nested.test': 'x' }, { object: 1, 'object.nested.test': 'x' },
  ])('a dot in a name is nesting: %j', (message) => {
    expect(passesBody({ 'object.nested.test': ['x'] }, message)).toBe(true);
    expect(passesBody({ object: { nested: { test: ['x'] } } }, message)).toBe(true);
    expect(passesBody({ object: { nested: { test: ['y'] } } }, message)).toBe(false);
  });

  test('a name beside a dotted one of the same beginning is still found', () => {
    expect(passesBody({ object: { other: [1], nested: ['x'] } }, { object: { other: 1 }, 'object.nested': 'x' })).toBe(true);
    expect(passesBody({ object: ['y'] }, { object: 'y', 'object.nested': 'x' })).toBe(true);
    expect(passesBody({ object: { nested: ['x'] } }, { 'objects.nested': 'x', 'thing.nested': 'x' })).toBe(false);
  });

  test('names of Object.prototype are names like any other', () => {
    expect(passesBody({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(passesBody({ toString: [{ exists: false }] }, {})).toBe(true);
    expect(passesAttributes({ constructor: [{ exists: true }] }, { a: text('x') })).toBe(false);
  });

  test('a dot in a name is a part of the name', () => {
    expect(passesAttributes({ 'a.b': ['x'] }, { 'a.b': text('x') })).toBe(true);
  });
});
