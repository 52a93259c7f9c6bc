import { Lazy, Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as fc from 'fast-check';
import { DurableQueue, FanOutTopic, type QueueSubscription } from '../../lib';
import { filterPolicyRules, type FilterPolicyScope } from '../../lib/private/filter-policy-rules';
import { failures } from '../../lib/private/validation';
import { compileFilterPolicy } from '../../simulator/sns/filter-policy';
import { newStack, resourceOf } from './set-up';

type Policy = Record<string, unknown>;

const manyValues = (count: number): string[] => Array.from({ length: count }, (_, index) => `v${index}`);
const problems = (policy: Policy, scope: FilterPolicyScope = 'MessageAttributes'): string[] => failures(filterPolicyRules('filterPolicy', policy, scope));

const attributes = (policy: Policy): { [name: string]: sns.SubscriptionFilter } =>
  Object.fromEntries(Object.entries(policy).map(([name, conditions]) => [name, new sns.SubscriptionFilter(conditions as unknown[])]));

/** The policy as properties of the constructs of aws-cdk-lib. */
const body = (policy: Policy): { [name: string]: sns.FilterOrPolicy } => Object.fromEntries(Object.entries(policy).map(([name, value]) => [
  name,
  Array.isArray(value) ? sns.FilterOrPolicy.filter(new sns.SubscriptionFilter(value)) : sns.FilterOrPolicy.policy(body(value as Policy)),
]));

function subscribed(options: Parameters<FanOutTopic['addQueue']>[2]): QueueSubscription {
  const stack = newStack();
  return new FanOutTopic(stack, 'Orders').addQueue('Billing', new DurableQueue(stack, 'Billing'), options);
}

describe('A filter policy', () => {
  const grammar: Policy = {
    $or: [{ kind: ['placed', { prefix: 're' }, { suffix: 'ed' }] }, { kind: [{ 'equals-ignore-case': 'PAID' }] }],
    total: [{ numeric: ['=', 1] }, { numeric: ['<', -1e9] }, { numeric: ['>=', 0, '<', 1e9] }, 3.5],
    country: [{ 'anything-but': ['us', 'ca'] }, { 'anything-but': 'mx' }, { 'anything-but': { prefix: 'x' } }, { 'anything-but': [1, 2] }],
    address: [{ cidr: '10.0.0.0/24' }, { cidr: '2001:db8::/32' }],
  };

  test('on attributes may use every operator of SNS', () => {
    expect(resourceOf(subscribed({ filterPolicy: attributes(grammar) }).subscription).Properties.FilterPolicy).toEqual(grammar);
    expect(problems({ flag: [true, null, { exists: true }, { exists: false }] })).toEqual([]);
  });

  test('on the body may nest and use every operator of SNS', () => {
    const policy = { order: { total: [{ numeric: ['>', 5] }], customer: { tier: ['gold', { exists: false }] } }, address: grammar.address };
    expect(resourceOf(subscribed({ filterPolicyWithMessageBody: body(policy) }).subscription).Properties).toMatchObject({
      FilterPolicy: policy, FilterPolicyScope: 'MessageBody',
    });
  });

  test('may have values that are known only when the template is deployed', () => {
    const text = Lazy.string({ produce: () => 'text' });
    const number = Lazy.number({ produce: () => 5 });
    expect(problems({
      a: [text, number, { prefix: text }, { cidr: Token.asString({ Ref: 'Range' }) }],
      b: [{ numeric: ['>', number, '<', 3] }, { numeric: ['=', number] }, { 'anything-but': [text, 'x'] }, { exists: Token.asAny({ Ref: 'A' }) }],
      c: Lazy.list({ produce: () => [] }),
      d: [Token.asAny({ Ref: 'B' }), { 'anything-but': [Token.asAny({ Ref: 'C' })] }, { 'anything-but': { prefix: Token.asAny({ Ref: 'D' }) } }],
    })).toEqual([]);
    expect(problems({ a: [{ numeric: ['>', 3, '<', number] }], $or: [Token.asAny(manyValues(151)), { b: ['x'] }], c: Token.asAny(manyValues(151)) })).toEqual([]);
  });

  test.each(['anything-but', 'cidr', 'equals-ignore-case', 'exists', 'numeric', 'prefix', 'suffix', 'wildcard'])(
    'with a property named %s in a branch has no or, but an attribute of that name', (operator) => {
      expect(problems({ $or: [{ [operator]: ['x'] }, { a: ['y'] }] })).not.toEqual([]);
      expect(problems({ $or: [{ [`${operator}s`]: ['x'] }, { a: ['y'] }] })).toEqual([]);
    });

  test('on the body counts an or as one of its 5 properties', () => {
    const branch = (...names: string[]): Policy => Object.fromEntries(names.map((name) => [name, [1]]));
    expect(problems({ $or: [branch('a', 'b', 'c'), branch('d', 'e', 'f')] }, 'MessageBody')).toEqual([]);
  });

  test('may have 256 KB as JSON', () => {
    expect(problems({ text: ['x'.repeat(256 * 1024 - '{"text":[""]}'.length)] })).toEqual([]);
  });

  test('may have the smallest and the largest address range', () => {
    expect(problems({ ip: ['0.0.0.0/0', '10.0.0.1/32', '::/0', '::1/128'].map((cidr) => ({ cidr })) })).toEqual([]);
  });

  test('may have 150 combinations, counted with the depth and the branches of an or', () => {
    const values = manyValues;
    expect(problems({ a: values(15), b: values(10) })).toEqual([]);
    expect(problems({ a: { b: { c: values(50) } } }, 'MessageBody')).toEqual([]);
    expect(problems({ $or: [{ a: values(50) }, { b: values(100) }] })).toEqual([]);
    expect(problems({ a: values(151) })[0]).toMatch("'filterPolicy' must have at most 150 combinations of values, got 151:");
    expect(problems({ a: { b: { c: values(51) } } }, 'MessageBody')[0]).toMatch('got 153:');
    expect(problems({ $or: [{ a: values(50) }, { b: values(101) }] })[0]).toMatch('got 151:');
  });

  test.each<[string, Policy, string]>([
    ['more than 5 attributes over the branches of an or', { $or: [{ a: [1], b: [1], c: [1] }, { d: [1], e: [1] }], f: [1] },
      "'filterPolicy' must have at most 5 attributes, got 6"],
    ['an empty list', { kind: [] }, "'filterPolicy.kind' must have at least one condition, got an empty list"],
    ['a value instead of a list', { kind: 'placed' }, `'filterPolicy.kind' must be a list of conditions, got "placed"`],
    ['nesting', { order: { kind: ['placed'] } }, `'filterPolicy.order' must be a list of conditions, got {"kind":["placed"]}`],
    ['an unknown operator', { kind: [{ wildcard: 'a*' }] }, "'filterPolicy.kind[0]' must have an operator of exists, prefix, suffix, "
      + "equals-ignore-case, anything-but, numeric, cidr, got 'wildcard'"],
    ['an operator that every object has by inheritance', { kind: [{ constructor: 'a' }] }, "got 'constructor'"],
    ['no operator', { kind: [{}] }, "'filterPolicy.kind[0]' must have one operator, got {}"],
    ['two operators', { kind: [{ prefix: 'a', suffix: 'b' }] }, `'filterPolicy.kind[0]' must have one operator, got {"prefix":"a","suffix":"b"}`],
    ['exists with a text', { kind: [{ exists: 'true' }] }, `'filterPolicy.kind[0].exists' must be true or false, got "true"`],
    ['prefix with a number', { kind: ['a', { prefix: 1 }] }, "'filterPolicy.kind[1].prefix' must be a text, got 1"],
    ['suffix with a list', { kind: [{ suffix: ['a'] }] }, `'filterPolicy.kind[0].suffix' must be a text, got ["a"]`],
    ['equals-ignore-case with null', { kind: [{ 'equals-ignore-case': null }] }, "'filterPolicy.kind[0].equals-ignore-case' must be a text, got null"],
    ['anything-but with no value', { kind: [{ 'anything-but': [] }] }, "'filterPolicy.kind[0].anything-but' must have at least one value, got an empty list"],
    ['anything-but with texts and numbers', { kind: [{ 'anything-but': ['a', 1] }] },
      `'filterPolicy.kind[0].anything-but' must have only texts or only numbers, got ["a",1]`],
    ['anything-but with a boolean', { kind: [{ 'anything-but': true }] }, "'filterPolicy.kind[0].anything-but' must have only texts or only numbers, got true"],
    ['anything-but with another operator than prefix', { kind: [{ 'anything-but': { suffix: 'a' } }] },
      `'filterPolicy.kind[0].anything-but' must have 'prefix' as its only operator, got {"suffix":"a"}`],
    ['anything-but with a prefix that is no text', { kind: [{ 'anything-but': { prefix: 1 } }] }, "'filterPolicy.kind[0].anything-but.prefix' must be a text, got 1"],
    ['anything-but with a number out of range', { kind: [{ 'anything-but': [1, 2e9] }] },
      "'filterPolicy.kind[0].anything-but[1]' must be a number from -1000000000 to 1000000000, got 2000000000"],
    ['a number out of range', { total: [1, -1e9 - 1] }, "'filterPolicy.total[1]' must be a number from -1000000000 to 1000000000, got -1000000001"],
    ['what is no number', { total: [Number.NaN] }, "'filterPolicy.total[0]' must be a number from -1000000000 to 1000000000, got NaN"],
    ['anything-but with one number out of range', { kind: [{ 'anything-but': 2e9 }] },
      "'filterPolicy.kind[0].anything-but' must be a number from -1000000000 to 1000000000, got 2000000000"],
    ['anything-but with two operators', { kind: [{ 'anything-but': { prefix: 'a', suffix: 'b' } }] },
      `'filterPolicy.kind[0].anything-but' must have 'prefix' as its only operator, got {"prefix":"a","suffix":"b"}`],
    ['anything-but with a number beside a text that is not known yet', { kind: [{ 'anything-but': [Lazy.string({ produce: () => 'x' }), 5] }] },
      "'filterPolicy.kind[0].anything-but' must have only texts or only numbers"],
    ['a list as a value', { kind: [['a']] }, `'filterPolicy.kind[0]' must be a text, a number, true, false, null or an operator, got ["a"]`],
    ['numeric without a list', { total: [{ numeric: 5 }] }, "'filterPolicy.total[0].numeric' must be a list such as"],
    ['numeric with an unknown comparison', { total: [{ numeric: ['!=', 5] }] }, "'filterPolicy.total[0].numeric' must be one comparison or a lower and then an"],
    ['numeric with the upper bound first', { total: [{ numeric: ['<', 5, '>', 1] }] }, 'must be one comparison or a lower and then an upper bound'],
    ['numeric with too many elements', { total: [{ numeric: ['>', 1, '<', 5, '<', 6] }] }, 'must be one comparison or a lower and then an upper bound'],
    ['numeric with a text as bound', { total: [{ numeric: ['>', '5'] }] }, `'filterPolicy.total[0].numeric[1]' must be a number from -1000000000 to 1000000000, got "5"`],
    ['numeric with a bound out of range', { total: [{ numeric: ['>', 1, '<', 1e10] }] }, "'filterPolicy.total[0].numeric[3]' must be a number from"],
    ['numeric with bounds that are equal in five digits', { total: [{ numeric: ['>', 1, '<=', 1.000001] }] },
      `'filterPolicy.total[0].numeric' must have a lower bound under the upper bound, got [">",1,"<=",1.000001]`],
    ['cidr without a slash', { ip: [{ cidr: '10.0.0.0' }] }, `'filterPolicy.ip[0].cidr' must be an address range such as 10.0.0.0/24, got "10.0.0.0"`],
    ['cidr with too many bits', { ip: [{ cidr: '10.0.0.0/33' }] }, "'filterPolicy.ip[0].cidr' must be an address range"],
    ['cidr with too many bits for version 6', { ip: [{ cidr: '::/129' }] }, "'filterPolicy.ip[0].cidr' must be an address range"],
    ['cidr with a sign', { ip: [{ cidr: '10.0.0.0/+8' }] }, "'filterPolicy.ip[0].cidr' must be an address range"],
    ['cidr with a fraction', { ip: [{ cidr: '10.0.0.0/8.0' }] }, "'filterPolicy.ip[0].cidr' must be an address range"],
    ['cidr without an address', { ip: [{ cidr: 'ten/8' }] }, "'filterPolicy.ip[0].cidr' must be an address range"],
    ['an or with one branch', { $or: [{ a: [1] }] }, "'filterPolicy.$or[0]' must have an operator of"],
    ['an or with a branch named like an operator', { $or: [{ prefix: 'a' }, { suffix: ['a'] }] }, "'filterPolicy.$or[1].suffix' must be a text"],
    ['a wrong condition in a branch of an or', { $or: [{ a: ['x'] }, { b: [] }] }, "'filterPolicy.$or[1].b' must have at least one condition"],
  ])('on attributes fails with %s', (_case, policy, message) => {
    expect(problems(policy)).toEqual([expect.stringContaining(message)]);
  });

  test.each<[string, Policy, string]>([
    ['more than 5 properties', { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, "'filterPolicy' must have at most 5 properties, got 6"],
    ['an empty object', { order: { customer: {} } }, "'filterPolicy.order.customer' must have at least one property, got none"],
    ['a value instead of a list', { order: { kind: 'placed' } }, `'filterPolicy.order.kind' must be a list of conditions or an object, got "placed"`],
    ['a wrong condition deep inside', { order: { customer: { tier: [{ exists: 1 }] } } }, "'filterPolicy.order.customer.tier[0].exists' must be true or false, got 1"],
    ['more than 256 KB', { text: ['x'.repeat(256 * 1024)] }, "'filterPolicy' must have at most 262144 bytes as JSON, got 262157"],
  ])('on the body fails with %s', (_case, policy, message) => {
    expect(problems(policy, 'MessageBody')).toEqual([expect.stringContaining(message)]);
  });

  test('fails with every problem at once, at the path of the subscription', () => {
    expect(() => subscribed({ filterPolicy: attributes({ a: [], b: [{ exists: 1 }, { prefix: 2 }] }) })).toThrow(
      'Test/Orders/Billing: 3 rules do not hold:\n'
      + "  - 'filterPolicy.a' must have at least one condition, got an empty list\n"
      + "  - 'filterPolicy.b[0].exists' must be true or false, got 1\n"
      + "  - 'filterPolicy.b[1].prefix' must be a text, got 2");
    expect(() => subscribed({ filterPolicyWithMessageBody: body({ order: { kind: [] } }) }))
      .toThrow("Test/Orders/Billing: 'filterPolicyWithMessageBody.order.kind' must have at least one condition");
  });
});

describe('What the constructs accept is what the simulator accepts', () => {
  const text = fc.constantFrom('', 'a', 'placed', '10.0.0.0/24', '10.0.0.0/33', '::/0', '1.2.3.4', 'true');
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(1e9, 1e9 + 1, -1e9, -2e9, 1.000001, 0.5));
  const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
  const comparison = fc.constantFrom('=', '<', '<=', '>', '>=', '!=');
  const right = fc.oneof(
    fc.record({ exists: fc.boolean() }), fc.record({ prefix: text }), fc.record({ suffix: text }), fc.record({ 'equals-ignore-case': text }),
    fc.record({ 'anything-but': fc.oneof(text, number, fc.array(text, { minLength: 1, maxLength: 3 }), fc.record({ prefix: text })) }),
    fc.record({ numeric: fc.oneof(fc.tuple(comparison, number), fc.tuple(fc.constantFrom('>', '>='), number, fc.constantFrom('<', '<='), number)) }),
    fc.record({ cidr: fc.constantFrom('10.0.0.0/24', '2001:db8::/32') }),
  );
  const wrong = fc.dictionary(
    fc.constantFrom('exists', 'prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'numeric', 'cidr', 'wildcard', 'other'),
    fc.oneof(scalar, fc.array(fc.oneof(scalar, comparison), { maxLength: 5 }), fc.record({ prefix: scalar }), fc.record({ suffix: text })),
    { maxKeys: 2 },
  );
  const condition = fc.oneof({ weight: 6, arbitrary: right }, { weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: wrong },
    { weight: 1, arbitrary: fc.array(scalar, { maxLength: 1 }) });
  const list = fc.oneof({ weight: 8, arbitrary: fc.array(condition, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 80 }) });
  const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'x.y') }, { weight: 1, arbitrary: fc.constantFrom('prefix', '$or') });
  const { node } = fc.letrec<{ node: Policy; value: unknown }>((tie) => ({
    node: fc.oneof(
      { weight: 3, arbitrary: fc.dictionary(name, tie('value'), { maxKeys: 6 }) },
      { weight: 1, arbitrary: fc.record({ $or: fc.array(tie('node'), { maxLength: 3 }), z: list }, { requiredKeys: ['$or'] }) },
    ),
    value: fc.oneof({ maxDepth: 3 }, { weight: 12, arbitrary: list }, { weight: 2, arbitrary: tie('node') }, { weight: 1, arbitrary: scalar }),
  }));

  test.each<FilterPolicyScope>(['MessageAttributes', 'MessageBody'])('with the scope %s', (scope) => {
    const verdicts = { accepted: 0, refused: 0 };
    fc.assert(fc.property(node, (generated) => {
      const policy = JSON.parse(JSON.stringify(generated)) as Policy;
      const found = problems(policy, scope);
      if (found.length === 0) {
        compileFilterPolicy(policy, scope);
        verdicts.accepted++;
      } else {
        expect(() => compileFilterPolicy(policy, scope)).toThrow();
        verdicts.refused++;
      }
    }), { numRuns: 3000, seed: 7 });
    expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(500);
  });
});
