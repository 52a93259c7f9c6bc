import { compileFilterPolicy } from '../../../simulator/sns/filter-policy';
import { documented } from '../documented';
import { list, number, passesAttributes, passesBody, type Attributes } from './filtering';
import { text } from './simulate';

const order = { interests: list('soccer', 'rugby', 'hockey'), store: text('example_corp'), event: text('order_placed'), price: number('210.75') };
const orderBody = { interests: ['soccer', 'rugby', 'hockey'], store: 'example_corp', event: 'order_placed', price: 210.75 };
const record = (eventName: string, key: string) => ({ eventName, s3: { object: { key } } });

documented('String value matching', 'https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html', () => {
  test.each<[string, object, Attributes, unknown, boolean]>([
    ['exact text', { i: ['rugby', 'tennis'] }, { i: text('rugby') }, { i: 'rugby' }, true],
    ['exact text, the other value', { i: ['rugby', 'tennis'] }, { i: text('tennis') }, { i: 'tennis' }, true],
    ['exact text in an array', { i: ['rugby', 'tennis'] }, { i: list('rugby', 'tennis') }, { i: ['rugby', 'tennis'] }, true],
    ['another text', { i: ['rugby', 'tennis'] }, { i: text('baseball') }, { i: 'baseball' }, false],
    ['another text in an array', { i: ['rugby', 'tennis'] }, { i: list('baseball') }, { i: ['baseball'] }, false],
    ['a prefix', { i: [{ prefix: 'bas' }] }, { i: text('baseball') }, { i: 'baseball' }, true],
    ['a prefix of another word', { i: [{ prefix: 'bas' }] }, { i: text('basketball') }, { i: 'basketball' }, true],
    ['no such prefix', { i: [{ prefix: 'bas' }] }, { i: text('rugby') }, { i: 'rugby' }, false],
    ['a suffix', { i: [{ suffix: 'ball' }] }, { i: text('baseball') }, { i: 'baseball' }, true],
    ['a suffix of another word', { i: [{ suffix: 'ball' }] }, { i: text('basketball') }, { i: 'basketball' }, true],
    ['no such suffix', { i: [{ suffix: 'ball' }] }, { i: text('rugby') }, { i: 'rugby' }, false],
    ['the same but for case', { i: [{ 'equals-ignore-case': 'tennis' }] }, { i: text('TENNIS') }, { i: 'TENNIS' }, true],
    ['the same but for one capital', { i: [{ 'equals-ignore-case': 'tennis' }] }, { i: text('Tennis') }, { i: 'Tennis' }, true],
    ['another word whatever its case', { i: [{ 'equals-ignore-case': 'tennis' }] }, { i: text('rugby') }, { i: 'rugby' }, false],
    ['anything but two words', { i: [{ 'anything-but': ['rugby', 'tennis'] }] }, { i: text('baseball') }, { i: 'baseball' }, true],
    ['anything but two words, another one', { i: [{ 'anything-but': ['rugby', 'tennis'] }] }, { i: text('football') }, { i: 'football' }, true],
    ['an array with another word', { i: [{ 'anything-but': ['rugby', 'tennis'] }] }, { i: list('rugby', 'baseball') },
      { i: ['rugby', 'baseball'] }, true],
    ['an excluded word', { i: [{ 'anything-but': ['rugby', 'tennis'] }] }, { i: text('rugby') }, { i: ['rugby'] }, false],
    ['anything but a prefix', { e: [{ 'anything-but': { prefix: 'order-' } }] }, { e: text('data-entry') }, { e: 'data-entry' }, true],
    ['almost the prefix', { e: [{ 'anything-but': { prefix: 'order-' } }] }, { e: text('order_number') }, { e: 'order_number' }, true],
    ['the excluded prefix', { e: [{ 'anything-but': { prefix: 'order-' } }] }, { e: text('order-cancelled') }, { e: 'order-cancelled' }, false],
    ['the first address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.0.0') }, { ip: '10.0.0.0' }, true],
    ['the last address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.0.255') }, { ip: '10.0.0.255' }, true],
    ['an address outside', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.1.1.0') }, { ip: '10.1.1.0' }, false],
  ])('%s', (_name, policy, attributes, body, accepted) => {
    expect([passesAttributes(policy, attributes), passesBody(policy, body)]).toEqual([accepted, accepted]);
  });

  test('IPv6 networks and addresses', () => {
    const policy = { ip: [{ cidr: '2001:db8:1234:1a00::/64' }] };
    expect(passesBody(policy, { ip: '2001:0db8:1234:1a00:0000:0000:0000:0000' })).toBe(true);
    expect(passesBody(policy, { ip: '2001:0db8:123f:1a01:0000:0000:0000:0000' })).toBe(false);
    expect(passesBody({ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.256' })).toBe(false);
    expect(passesBody({ ip: [{ cidr: '0.0.0.0/0' }] }, { ip: '2001:db8::1' })).toBe(false);
  });
});

documented('Numeric value matching', 'https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html', () => {
  test.each<[string, object, Attributes, unknown, boolean]>([
    ['an equal number', { p: [{ numeric: ['=', 301.5] }] }, { p: number('301.5') }, { p: 301.5 }, true],
    ['an equal number, written otherwise', { p: [{ numeric: ['=', 301.5] }] }, { p: number('3.015e2') }, '{"p":3.015e2}', true],
    ['anything but two numbers', { p: [{ 'anything-but': [100, 500] }] }, { p: number('101') }, { p: 101 }, true],
    ['a number near an excluded one', { p: [{ 'anything-but': [100, 500] }] }, { p: number('100.1') }, { p: 100.1 }, true],
    ['an excluded number in an array of its own', { p: [{ 'anything-but': [100, 500] }] }, { p: { dataType: 'Number.Array', stringValue: '[100]' } },
      { p: [100] }, false],
    ['an array with another number', { p: [{ 'anything-but': [100, 500] }] }, { p: { dataType: 'Number.Array', stringValue: '[100, 50]' } },
      { p: [100, 50] }, true],
    ['an excluded number', { p: [{ 'anything-but': [100, 500] }] }, { p: number('100') }, { p: 100 }, false],
    ['a negative number', { p: [{ numeric: ['<', 0] }] }, { p: number('-0.5') }, { p: -0.5 }, true],
    ['zero, which isn\'t negative', { p: [{ numeric: ['<', 0] }] }, { p: number('0') }, { p: 0 }, false],
    ['the top of a range', { p: [{ numeric: ['>', 0, '<=', 150] }] }, { p: number('150') }, { p: 150 }, true],
    ['the bottom of a range, left out', { p: [{ numeric: ['>', 0, '<=', 150] }] }, { p: number('0') }, { p: 0 }, false],
    ['above a range', { p: [{ numeric: ['>', 0, '<=', 150] }] }, { p: number('150.00001') }, { p: 150.00001 }, false],
  ])('%s', (_name, policy, attributes, body, accepted) => {
    expect([passesAttributes(policy, attributes), passesBody(policy, body)]).toEqual([accepted, accepted]);
  });
});

documented('Attribute key matching', 'https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html', () => {
  test.each<[string, object, Attributes, unknown, boolean]>([
    ['a key that exists', { store: [{ exists: true }] }, { store: text('fans'), i: list('baseball') }, { store: 'fans', i: ['baseball'] }, true],
    ['a key that doesn\'t exist', { store: [{ exists: true }] }, { i: list('baseball') }, { i: ['baseball'] }, false],
    ['the absence of a key that exists', { store: [{ exists: false }] }, { store: text('fans') }, { store: 'fans' }, false],
    ['the absence of a key', { store: [{ exists: false }] }, { i: list('baseball') }, { i: ['baseball'] }, true],
  ])('%s', (_name, policy, attributes, body, accepted) => {
    expect([passesAttributes(policy, attributes), passesBody(policy, body)]).toEqual([accepted, accepted]);
  });

  test('exists needs a leaf with a value; its absence is told of leaves in the whole message', () => {
    expect([null, '', [], { b: 1 }].map((a) => passesBody({ a: [{ exists: true }] }, { a }))).toEqual([false, false, false, false]);
    expect([[], { b: 1 }].map((a) => passesBody({ a: [{ exists: false }] }, { a }))).toEqual([true, true]);
    expect(passesBody({ list: { a: [{ exists: false }] } }, { list: [{ a: 1 }, {}] })).toBe(false);
    expect(passesBody({ list: { a: [{ exists: false }] } }, { list: [] })).toBe(true);
    expect(passesBody({ a: [{ exists: false }, { 'anything-but': 'x' }] }, { a: 'y' })).toBe(true);
    expect(passesBody({ a: [{ exists: false }, { 'anything-but': 'x' }] }, {})).toBe(true);
    expect(passesBody({ a: [{ exists: false }, { 'anything-but': 'x' }] }, { a: 'x' })).toBe(false);
  });

  test('a message without attributes passes no policy, not even for the absence of one', () => {
    expect(passesAttributes({ a: [{ exists: false }] }, {})).toBe(false);
    expect(passesAttributes({ a: [null, { 'anything-but': 'x' }] }, {})).toBe(false);
  });
});

documented('AND/OR logic', 'https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html', () => {
  test.each<[string, object, Attributes, unknown, boolean]>([
    ['two keys', { i: ['rugby'], p: [{ numeric: ['>', 100] }] }, { i: text('rugby'), p: number('101') }, { i: 'rugby', p: 101 }, true],
    ['the first of three values', { i: ['rugby', 'football', 'baseball'] }, { i: text('rugby') }, { i: 'rugby' }, true],
    ['the second of three values', { i: ['rugby', 'football', 'baseball'] }, { i: text('football') }, { i: 'football' }, true],
    ['the last of three values', { i: ['rugby', 'football', 'baseball'] }, { i: text('baseball') }, { i: 'baseball' }, true],
    ['none of three values', { i: ['rugby', 'football', 'baseball'] }, { i: text('tennis') }, { i: 'tennis' }, false],
    ['two keys, of which one fails', { i: ['rugby'], p: [{ numeric: ['>', 100] }] }, { i: text('rugby'), p: number('100') },
      { i: 'rugby', p: 100 }, false],
  ])('%s', (_name, policy, attributes, body, accepted) => {
    expect([passesAttributes(policy, attributes), passesBody(policy, body)]).toEqual([accepted, accepted]);
  });

  test.each<[Attributes, boolean]>([
    [{ source: text('aws.cloudwatch'), metricName: text('CPUUtilization') }, true],
    [{ source: text('aws.cloudwatch'), namespace: text('AWS/EC2') }, true],
    [{ source: text('aws.cloudwatch'), namespace: text('AWS/ES') }, false],
    [{ metricName: text('CPUUtilization') }, false],
  ])('$or over attributes: %j', (given, accepted) => {
    const policy = { source: ['aws.cloudwatch'], $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }] };
    expect(passesAttributes(policy, given)).toBe(accepted);
  });

  // Messages with which AWS itself was seen to answer so.
  test.each<[unknown, boolean]>([
    [{ metricName: 'CPUUtilization', detail: { scope: 'Service', source: 'aws.cloudwatch' } }, true],
    [{ namespace: 'AWS/ES', detail: { scope: 'Service', type: 'CloudWatch Alarm State Change' } }, true],
    [{ metricName: 'CPUUtilization', detail: { scope: 'Service' } }, false],
    [{ metricName: 'CPUUtilization', detail: { scope: 'aws.cloudwatch', source: 'aws.cloudwatch' } }, false],
    [{ metricName: 'AWS/EC2', detail: { scope: 'Service', source: 'aws.cloudwatch' } }, false],
    [{ metricName: 'CPUUtilization', scope: 'Service', source: 'aws.cloudwatch' }, false],
  ])('nested $or over a body: %j', (given, accepted) => {
    const policy = {
      $or: [{ metricName: ['CPUUtilization', 'ReadLatency'] }, { namespace: ['AWS/EC2', 'AWS/ES'] }],
      detail: { scope: ['Service'], $or: [{ source: ['aws.cloudwatch'] }, { type: ['CloudWatch Alarm State Change'] }] },
    };
    expect(passesBody(policy, given)).toBe(accepted);
  });

  test('$or is an ordinary name beside reserved keywords, and where it has not an array of two objects or more', () => {
    expect(() => compileFilterPolicy({ $or: [{ numeric: 123 }, { prefix: 'abc' }] }, 'MessageAttributes')).toThrow('numeric');
    expect(() => compileFilterPolicy({ $or: [{ source: ['aws.cloudwatch'] }] }, 'MessageAttributes')).toThrow('Unrecognized match type source');
    expect(() => compileFilterPolicy({ $or: { source: ['aws.cloudwatch'] } }, 'MessageAttributes')).toThrow('does not support nested');
    expect(passesAttributes({ $or: [{ prefix: 'a' }, { prefix: 'b' }] }, { $or: text('abc') })).toBe(true);
  });
});

documented('Example filter policies', 'https://docs.aws.amazon.com/sns/latest/dg/example-filter-policies.html', () => {
  test('the policy that accepts the example message', () => {
    const policy = {
      store: ['example_corp'], event: [{ 'anything-but': 'order_cancelled' }], interests: ['rugby', 'football', 'baseball'],
      price: [{ numeric: ['>=', 100] }],
    };
    expect([passesAttributes(policy, order), passesBody(policy, orderBody)]).toEqual([true, true]);
  });

  test('the policy that rejects the example message', () => {
    const policy = { store: ['example_corp'], event: ['order_cancelled'], encrypted: [false], interests: ['basketball', 'baseball'] };
    expect([passesAttributes(policy, order), passesBody(policy, orderBody)]).toEqual([false, false]);
  });
});

documented('Filter policy scope', 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html', () => {
  test('nested names, one of which must be absent', () => {
    const policy = { object: { key: [{ prefix: 'auto-' }, 'fixed'], nested: [{ exists: false }] }, test: [{ exists: false }] };
    expect([{ object: { key: 'auto-1' } }, { object: { key: 'fixed' } }].map((message) => passesBody(policy, message))).toEqual([true, true]);
    expect([
      { object: { key: 'test-auto' } }, { object: { key: 'auto-1' }, test: 'x' }, { object: { key: 'auto-1', nested: 'x' } },
      { object: { test: 'auto-1' } }, { test: 'auto-1' },
    ].map((message) => passesBody(policy, message))).toEqual([false, false, false, false, false]);
  });

  test.each<[string, unknown, boolean]>([
    ['one element fulfils all', { Records: [record('ObjectCreated:Put', 'auto-1')] }, true],
    ['one of two elements fulfils all', { Records: [record('ObjectRemoved:Delete', 'home-1'), record('ObjectCreated:Put', 'auto-1')] }, true],
    ['the wrong event', { Records: [record('ObjectRemoved:Delete', 'auto-1')] }, false],
    ['the wrong key', { Records: [record('ObjectCreated:Put', 'home-1')] }, false],
    ['two elements fulfil half each', { Records: [record('ObjectRemoved:Delete', 'auto-1'), record('ObjectCreated:Put', 'home-1')] }, false],
    ['arrays in arrays', { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: [[{ key: 'auto-1' }]] } }] }, true],
  ])('conditions on the elements of an array: %s', (_name, message, accepted) => {
    const policy = { Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] } };
    expect(passesBody(policy, message)).toBe(accepted);
  });

  test('booleans, null and the empty text are compared as what they are', () => {
    expect(passesBody({ a: [true] }, { a: true })).toBe(true);
    expect(passesBody({ a: [true] }, { a: 'true' })).toBe(false);
    expect(passesBody({ a: [null] }, { a: null })).toBe(true);
    expect(passesBody({ a: [null] }, {})).toBe(false);
    expect(passesBody({ a: [''] }, { a: '', b: [] })).toBe(true);
    expect(passesBody({ a: [300] }, { a: '300' })).toBe(false);
    expect(passesBody({ a: [300] }, { a: 300.0 })).toBe(true);
  });

  test.each(['no JSON', '"text"', '[{"a":"x"}]', '1', 'null'])('a body that is no JSON object is filtered out: %s', (body) => {
    expect(passesBody({ a: [{ exists: false }] }, body)).toBe(false);
  });
});

documented('Filter policy constraints', 'https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html', () => {
  test('text and numbers differ', () => {
    expect(passesAttributes({ a: [100] }, { a: number('100') })).toBe(true);
    expect(passesAttributes({ a: [100] }, { a: text('100') })).toBe(false);
    expect(passesAttributes({ a: ['100'] }, { a: number('100') })).toBe(false);
    expect(passesAttributes({ a: [{ numeric: ['>', 1] }] }, { a: text('100') })).toBe(false);
    expect(passesAttributes({ a: [{ prefix: '1' }] }, { a: number('100') })).toBe(false);
  });

  test('arrays hold text, numbers, true, false and null', () => {
    const attributes = { a: list('x', 5, true, null) };
    expect([['x'], [5], [true], [null], [false], ['5']].map((values) => passesAttributes({ a: values }, attributes)))
      .toEqual([true, true, true, true, false, false]);
  });

  test('numbers are compared with five digits after the decimal point', () => {
    expect(passesAttributes({ a: [{ numeric: ['=', 1.000001] }] }, { a: number('1.000004') })).toBe(true);
    expect(passesAttributes({ a: [{ numeric: ['=', 1.00001] }] }, { a: number('1.00002') })).toBe(false);
  });

  test('binary attributes are ignored', () => {
    const attributes = { a: { dataType: 'Binary', binaryValue: Buffer.from('x') }, b: text('y') };
    expect(passesAttributes({ a: [{ exists: true }] }, attributes)).toBe(false);
    expect(passesAttributes({ a: [{ exists: false }] }, attributes)).toBe(true);
  });
});

documented('Message attribute types', 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html', () => {
  test('types with a label count as their type', () => {
    expect(passesAttributes({ a: ['x'], b: [1] }, { a: { dataType: 'String.label', stringValue: 'x' }, b: { dataType: 'Number.int', stringValue: '1' } }))
      .toBe(true);
  });

  test('an array that is no JSON filters the message out', () => {
    expect(passesAttributes({ b: ['y'] }, { a: { dataType: 'String.Array', stringValue: '[x' }, b: text('y') })).toBe(false);
  });
});
