import { compilePattern, eventBridgeRules } from '../../../simulator/event-pattern';
import { documented } from '../documented';

const matches = (pattern: unknown, event: unknown) => compilePattern(pattern, 'pattern', eventBridgeRules)(event);

const ec2 = {
  version: '0', id: '7bf73129-1428-4cd3-a780-95db273d1602', 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2',
  account: '123456789012', time: '2017-10-02T18:43:48Z', region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: {
    'instance-id': 'i-abcd1111', state: 'running', 'c-count': 5, 'd-count': 3, 'x-limit': 301.8, sourceIPAddress: '10.0.0.123', FileName: 'a/dir/b.png',
    empty: '', nothing: null,
  },
};
const detail = (more: object) => ({ ...ec2, detail: { ...ec2.detail, ...more } });

type Row = [what: string, pattern: object, matching: unknown[], others: unknown[]];

function rows(cases: Row[]): void {
  test.each(cases)('%s', (_what, pattern, matching, others) => {
    expect(matching.filter((event) => !matches(pattern, event))).toEqual([]);
    expect(others.filter((event) => matches(pattern, event))).toEqual([]);
  });
}

documented('the table of comparison operators', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html', () => {
  rows([
    ['and: each of the fields', { Location: ['New York'], Day: ['Monday'] }, [{ Location: 'New York', Day: 'Monday' }],
      [{ Location: 'New York', Day: 'Sunday' }, { Day: 'Monday' }]],
    ['anything but a value', { state: [{ 'anything-but': 'initializing' }] }, [{ state: 'running' }, { state: 'Initializing' }, { state: null }],
      [{ state: 'initializing' }, {}, { state: { a: 1 } }]],
    ['anything but what begins so', { Region: [{ 'anything-but': { prefix: 'us-' } }] }, [{ Region: 'eu-west-1' }], [{ Region: 'us-east-1' }, {}]],
    ['anything but what ends so', { FileName: [{ 'anything-but': { suffix: '.png' } }] }, [{ FileName: 'a.jpg' }], [{ FileName: 'a.png' }, {}]],
    ['anything but a value in any case', { state: [{ 'anything-but': { 'equals-ignore-case': 'initializing' } }] }, [{ state: 'running' }],
      [{ state: 'INITIALIZING' }, { state: 'initializing' }, {}]],
    ['anything but what fits the wildcard', { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, [{ FilePath: 'a/src/b' }, { FilePath: 'lib/a' }],
      [{ FilePath: 'a/lib/b' }, {}]],
    ['what begins so', { Region: [{ prefix: 'us-' }] }, [{ Region: 'us-east-1' }, { Region: ['eu-west-1', 'us-east-1'] }],
      [{ Region: 'US-EAST-1' }, { Region: 'eu-us-' }, { Region: 1 }, {}]],
    ['what begins so in any case', { service: [{ prefix: { 'equals-ignore-case': 'eventb' } }] }, [{ service: 'EventBridge' }, { service: 'EVENTBUS' }],
      [{ service: 'AmazonEventBridge' }, {}]],
    ['an empty text', { LastName: [''] }, [{ LastName: '' }], [{ LastName: null }, { LastName: ' ' }, {}]],
    ['an equal value', { Name: ['Alice'] }, [{ Name: 'Alice' }], [{ Name: 'alice' }, { Name: 'Alice ' }]],
    ['an equal value in any case', { Name: [{ 'equals-ignore-case': 'alice' }] }, [{ Name: 'Alice' }, { Name: 'ALICE' }], [{ Name: 'Alic' }, {}]],
    ['what ends so', { FileName: [{ suffix: '.png' }] }, [{ FileName: 'a.png' }], [{ FileName: 'a.png.txt' }, { FileName: 'a.PNG' }, {}]],
    ['what ends so in any case', { service: [{ suffix: { 'equals-ignore-case': 'tBridge' } }] }, [{ service: 'EventBridge' }, { service: 'EVENTBRIDGE' }],
      [{ service: 'EventBridges' }]],
    ['a field that exists', { ProductName: [{ exists: true }] }, [{ ProductName: 'a' }, { ProductName: null }], [{}, { ProductName: { a: 1 } }]],
    ['a field that does not exist', { ProductName: [{ exists: false }] }, [{}, { ProductName: { a: 1 } }], [{ ProductName: 'a' }, { ProductName: null }]],
    ['not: none of the values', { Weather: [{ 'anything-but': ['Raining'] }] }, [{ Weather: 'Sunny' }], [{ Weather: 'Raining' }]],
    ['null', { UserID: [null] }, [{ UserID: null }], [{ UserID: '' }, { UserID: 'null' }, {}]],
    ['an equal number', { Price: [{ numeric: ['=', 100] }] }, [{ Price: 100 }, { Price: 1e2 }], [{ Price: 101 }, { Price: '100' }]],
    ['a number in a range', { Price: [{ numeric: ['>', 10, '<=', 20] }] }, [{ Price: 10.5 }, { Price: 20 }], [{ Price: 10 }, { Price: 21 }]],
    ['or: one of the values', { PaymentType: ['Credit', 'Debit'] }, [{ PaymentType: 'Credit' }, { PaymentType: 'Debit' }], [{ PaymentType: 'Cash' }]],
    ['or: one of the fields', { $or: [{ Location: ['New York'] }, { Day: ['Monday'] }] }, [{ Location: 'New York' }, { Day: 'Monday', Location: 'Rome' }],
      [{ Day: 'Sunday' }, {}]],
    ['a wildcard', { FileName: [{ wildcard: 'dir/*.png' }] }, [{ FileName: 'dir/a.png' }, { FileName: 'dir/.png' }],
      [{ FileName: 'a/dir/a.png' }, { FileName: 'dir/a.PNG' }, { FileName: 'dir/axpng' }, {}]],
  ]);
});

documented('the examples of content filtering', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html', () => {
  rows([
    ['a time by its beginning', { time: [{ prefix: '2017-10-02' }] }, [ec2], [{ ...ec2, time: '2017-10-03T00:00:00Z' }]],
    ['anything but a text', { detail: { state: [{ 'anything-but': 'initializing' }] } }, [ec2], [detail({ state: 'initializing' })]],
    ['anything but a number', { detail: { 'x-limit': [{ 'anything-but': 123 }] } }, [ec2], [detail({ 'x-limit': 123 })]],
    ['anything but texts', { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } }, [ec2], [detail({ state: 'stopped' }), detail({ state: 'overloaded' })]],
    ['anything but numbers', { detail: { 'x-limit': [{ 'anything-but': [100, 200, 300] }] } }, [ec2], [detail({ 'x-limit': 200 })]],
    ['anything but texts in any case', { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['initializing', 'stopped'] } }] } }, [ec2],
      [detail({ state: 'STOPPED' }), detail({ state: 'Initializing' })]],
    ['anything but a beginning', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }, [ec2], [detail({ state: 'initializing' })]],
    ['anything but beginnings', { detail: { state: [{ 'anything-but': { prefix: ['init', 'error'] } }] } }, [ec2], [detail({ state: 'errors' }), detail({ state: 'init' })]],
    ['anything but an end', { detail: { FileName: [{ 'anything-but': { suffix: '.txt' } }] } }, [ec2], [detail({ FileName: 'a.txt' })]],
    ['anything but ends', { detail: { FileName: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] } }, [ec2], [detail({ FileName: 'a.rtf' }), detail({ FileName: 'a.txt' })]],
    ['anything but a folder', { detail: { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] } }, [detail({ FilePath: 'a/b' })], [detail({ FilePath: 'a/lib/b' })]],
    ['anything but folders', { detail: { FilePath: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }] } }, [detail({ FilePath: 'a/b' })],
      [detail({ FilePath: 'a/bin/b' }), detail({ FilePath: 'a/lib/b' })]],
    ['numbers in three fields', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }], 'd-count': [{ numeric: ['<', 10] }], 'x-limit': [{ numeric: ['=', 3.018e2] }] } },
      [ec2], [detail({ 'c-count': 0 }), detail({ 'd-count': 10 }), detail({ 'x-limit': 301.9 })]],
    ['an address in a block', { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/24' }] } }, [ec2, detail({ sourceIPAddress: '10.0.0.255' })],
      [detail({ sourceIPAddress: '10.0.1.0' }), detail({ sourceIPAddress: 'there' }), detail({ sourceIPAddress: '::1' })]],
    ['an address in a block of version 6', { a: [{ cidr: '2001:db8::/32' }] }, [{ a: '2001:db8::1' }], [{ a: '2001:db9::1' }, { a: '10.0.0.1' }]],
    ['a field that is there', { detail: { state: [{ exists: true }] } }, [ec2], [{ ...ec2, detail: { 'c-count': { c1: 100 } } }]],
    ['a field that is not there', { detail: { 'c-count': [{ exists: false }] } }, [{ ...ec2, detail: { 'c-count': { c1: 100 } } }, { ...ec2, detail: {} }], [ec2]],
    ['a type of event in any case', { 'detail-type': [{ 'equals-ignore-case': 'ec2 instance state-change notification' }] }, [ec2], [{ ...ec2, 'detail-type': 'EC2' }]],
    ['an ARN with a wildcard in the middle', { EventBusArn: [{ wildcard: 'arn:aws:events:us-east-1:*:event-bus/*' }] },
      [{ EventBusArn: 'arn:aws:events:us-east-1:123456789012:event-bus/orders' }], [{ EventBusArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/orders' }]],
    ['several matches at once', {
      time: [{ prefix: '2017-10-02' }],
      detail: { state: [{ 'anything-but': 'initializing' }], 'c-count': [{ numeric: ['>', 0, '<=', 5] }], 'd-count': [{ numeric: ['<', 10] }], 'x-limit': [{ 'anything-but': [100, 200, 300] }] },
    }, [ec2], [detail({ state: 'initializing' }), detail({ 'x-limit': 100 })]],
    ['one of three numbers', { detail: { $or: [{ 'c-count': [{ numeric: ['>', 5] }] }, { 'd-count': [{ numeric: ['<', 10] }] }, { 'x-limit': [{ numeric: ['=', 3.018e2] }] }] } },
      [ec2, detail({ 'd-count': 11 })], [detail({ 'd-count': 11, 'x-limit': 1 })]],
    ['alternatives in alternatives', { source: ['aws.cloudwatch'], $or: [{ metricName: ['Errors'] }, { metricType: ['a'], $or: [{ metricId: [1234] }, { spaceId: [1000] }] }] },
      [{ source: 'aws.cloudwatch', metricName: 'Errors' }, { source: 'aws.cloudwatch', metricType: 'a', spaceId: 1000 }],
      [{ source: 'aws.cloudwatch', metricType: 'a' }, { source: 'aws.cloudwatch', metricType: 'a', spaceId: 1 }, { metricName: 'Errors' }]],
    ['a field that is called $or where it holds no list', { $or: { metricType: ['a'] } }, [{ $or: { metricType: 'a' } }], [{ metricType: 'a' }]],
    ['an asterisk and a backslash that stand for themselves', { a: [{ wildcard: 'x\\*y\\\\z*' }] }, [{ a: 'x*y\\z' }, { a: 'x*y\\z.' }], [{ a: 'xay\\z' }, { a: 'x*yz' }]],
    ['a wildcard around what means something to a regular expression', { a: [{ wildcard: 'a.b(*)[c]' }] }, [{ a: 'a.b(1)[c]' }, { a: 'a.b(\n)[c]' }], [{ a: 'axb(1)[c]' }]],
  ]);
});

documented('lists in events', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html', () => {
  rows([
    ['one of the pattern\'s values is one of the event\'s', {
      resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f', 'arn:aws:ec2:us-east-1:111122223333:instance/i-b188560f'],
    }, [{ resources: ['arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:ASGTerminate', 'arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f'] }],
    [{ resources: ['arn:aws:ec2:us-east-1:444455556666:instance/i-b188560f'] }, { resources: [] }]],
    ['one object of a list satisfies the whole', { items: { sku: ['a'], count: [{ numeric: ['>', 1] }] } }, [{ items: [{ sku: 'b', count: 1 }, { sku: 'a', count: 2 }] }],
      [{ items: [{ sku: 'a', count: 1 }, { sku: 'b', count: 2 }] }]],
  ]);
});

documented('a pattern that is not valid', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ a: [index] }));
  test.each<[unknown, string]>([
    [{ a: 'x' }, "'pattern.a' must be an object or a list of rules"],
    [{ a: [] }, "'pattern.a' must have at least one rule"],
    [{ a: [{ regex: 'x' }] }, "'pattern.a' uses the operator 'regex'"],
    [{ a: [{ wildcard: 'a**b' }] }, "'pattern.a wildcard' must not have two wildcards in a row"],
    [{ a: [{ wildcard: 'a\\b' }] }, "'pattern.a wildcard' must have a backslash only before * or another backslash"],
    [{ a: [{ wildcard: 1 }] }, "'pattern.a wildcard' must be a text, got 1"],
    [{ a: [{ cidr: '10.0.0.0' }] }, "'pattern.a cidr' must be a block of IP addresses"],
    [{ a: [{ cidr: '10.0.0.0/33' }] }, "'pattern.a cidr' must be a block of IP addresses"],
    [{ a: [{ cidr: '10.0.0/24' }] }, "'pattern.a cidr' must be a block of IP addresses"],
    [{ a: [{ cidr: '10.0.0.0/24/1' }] }, "'pattern.a cidr' must be a block of IP addresses"],
    [{ a: [{ prefix: { suffix: 'x' } }] }, `'pattern.a prefix' must be a text or {"equals-ignore-case": text}`],
    [{ a: [{ prefix: { 'equals-ignore-case': 'x', suffix: 'x' } }] }, `'pattern.a prefix' must be a text or {"equals-ignore-case": text}`],
    [{ a: [{ suffix: { 'equals-ignore-case': 1 } }] }, "'pattern.a suffix' must be a text, got 1"],
    [{ a: [{ numeric: ['>', 5_000_000_001] }] }, "'pattern.a numeric' must be from -5000000000 to 5000000000, got 5000000001"],
    [{ a: [{ numeric: ['<', -5_000_000_001] }] }, 'got -5000000001'],
    [{ a: [{ 'anything-but': ['x', 1] }] }, "'pattern.a anything-but' must be texts or numbers, a prefix, a suffix, equals-ignore-case or a wildcard"],
    [{ a: [{ 'anything-but': true }] }, "'pattern.a anything-but' must be texts or numbers"],
    [{ a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }, "'pattern.a anything-but' must be texts or numbers"],
    [{ a: [{ 'anything-but': { prefix: 'a', suffix: 'b' } }] }, "'pattern.a anything-but' must be texts or numbers"],
    [{ a: [{ 'anything-but': { prefix: '' } }] }, "'pattern.a anything-but prefix' must be a text that is not empty"],
    [{ a: [{ 'anything-but': { suffix: [] } }] }, "'pattern.a anything-but suffix' must be a text that is not empty"],
    [{ a: [{ 'anything-but': { wildcard: ['a', 1] } }] }, "'pattern.a anything-but wildcard' must be a text, got 1"],
    [{ $or: [{ a: [1] }] }, "'pattern.$or' must be a list of at least two objects"],
    [{ $or: [{ prefix: ['a'] }, { b: [1] }] }, "'pattern.$or' must not have a field that is called 'prefix' inside of $or"],
    [{ $or: [{ a: { cidr: ['a'] } }, { b: [1] }] }, "'pattern.$or.a' must not have a field that is called 'cidr' inside of $or"],
    [{ $or: many(1001) }, "'pattern' must have at most 1000 combinations of $or, got 1001"],
    [{ a: { $or: many(40) }, b: { $or: many(26) } }, 'got 1040'],
  ])('is refused: %#', (pattern, message) => {
    expect(() => compilePattern(pattern, 'pattern', eventBridgeRules)).toThrow(message);
  });

  test.each([
    ['the greatest numbers', { a: [{ numeric: ['>', -5e9, '<', 5e9] }] }],
    ['a thousand combinations', { a: { $or: many(40) }, b: { $or: many(25) } }],
    ['a field with the name of an operator outside of $or', { prefix: ['a'] }],
  ])('is not one with %s', (_what, pattern) => {
    expect(() => compilePattern(pattern, 'pattern', eventBridgeRules)).not.toThrow();
  });
});
