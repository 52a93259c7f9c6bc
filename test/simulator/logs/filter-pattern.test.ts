import { filterPattern } from '../../../simulator/logs/filter-pattern';
import { documented } from '../documented';

const PAGE = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html';
const REGEX = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html';
const matches = (pattern: string, message: unknown) => (
  filterPattern(pattern).match(typeof message === 'string' ? message : JSON.stringify(message)) !== undefined
);
const refused = (message: string) => expect.objectContaining({ code: 'InvalidParameterException', message: expect.stringContaining(message) as string }) as Error;

documented('filter patterns of terms', PAGE, () => {
  test.each([
    ['', 'anything', true], [' ', 'anything', true],
    ['ERROR', '[ERROR] A fatal exception has occurred', true], ['ERROR', 'Exiting with ERRORCODE: -1', true], ['ERROR', 'error', false],
    ['ERROR -Exiting', 'Exiting with ERRORCODE: -1', false], ['"ERROR" -"Exiting"', '[ERROR] A fatal exception', true],
    ['ERROR Exception', '[ERROR] Caught IllegalArgumentException', true], ['ERROR Exception', '[ERROR] Caught', false],
    ['"Failed to process the request"', '[WARN] Failed to process the request', true], ['"Failed to process the request"', 'Failed to process', false],
    ['?ERROR ?WARN', 'ERROR WARN message', true], ['?ERROR ?WARN', 'WARN message', true], ['?ERROR ?WARN', 'INFO message', false],
    ['ERROR WARN', 'ERROR WARN message', true], ['ERROR WARN', 'ERROR message', false], ['ERROR -WARN', 'ERROR message', true],
    ['ERROR -WARN', 'ERROR WARN message', false], ['-ERROR', 'WARN message', true], ['-ERROR', 'ERROR', false],
    ['?ERROR ?WARN REQUEST', 'INFO REQUEST', true], ['?ERROR ?WARN REQUEST', 'ERROR', false],
    ['?"time out" ?WARN', 'a time out', true],
  ])('%j on %j: %j', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });

  test.each([
    ['ERROR:', 'a term with characters other than letters, digits and _ must stand in quotation marks'], ['a-b', 'a term with characters'],
    ['"open', 'a term with characters'], ['"a"b', 'a term with characters'], ['x'.repeat(1025), 'it must have at most 1024 characters, got 1025'],
  ])('fail for %j', (pattern, message) => {
    expect(() => filterPattern(pattern)).toThrow(refused(message));
  });
});

documented('filter patterns with regular expressions', REGEX, () => {
  test.each([
    ['%AUTHORIZED%', '[ERROR 401] UNAUTHORIZED REQUEST', true], ['%^[hc]at%', 'the hat', false], ['%^[hc]at%', 'hats', true], ['-%\\d+%', 'no digits', true],
    ['{ $.eventType = %Trail$% }', '{"eventType":"UpdateTrail"}', true], ['{ $.eventType != %Trail$% }', '{"eventType":"UpdateTrail"}', false],
    ['[ip = %^10[.]%, ...]', '10.0.0.1 GET', true], ['[ip = %^10[.]%, ...]', '110.0.0.1 GET', false],
  ])('%j on %j: %j', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });

  test.each([
    ['%(a)%', 'has characters that are not supported'], ['%!a%', 'has characters that are not supported'], ['%[a%', 'cannot be read'],
    ['%a% %b% %c%', 'it must have at most 2 regular expressions, got 3'],
  ])('fail for %j', (pattern, message) => {
    expect(() => filterPattern(pattern)).toThrow(refused(message));
  });
});

documented('filter patterns of JSON', PAGE, () => {
  const event = {
    eventType: 'UpdateTrail', sourceIPAddress: '111.111.111.111', arrayKey: ['value', 'another value'], star: 'Ev*ent', code: 404, text: '404', e: 1e3,
    objectList: [{ name: 'a', id: 1 }, { name: 'b', id: 2 }], SomeObject: null, ThisFlag: true, 'a.b': 'dotted', 'with-dash': 'x',
  };
  test.each([
    ['{ $.eventType = "UpdateTrail" }', true], ['{ $.eventType = UpdateTrail }', true], ['{$.eventType=UpdateTrail}', true], ['{ $.eventType = "Other" }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true], ['{ $.sourceIPAddress != 111.111.* }', false],
    ['{ $.arrayKey[0] = "value" }', true], ['{ $.arrayKey[1] = "value" }', false], ['{ $.eventType[0] = "U" }', false], ['{ $.objectList[1].id = 2 }', true],
    ['{ $.objectList[1].id = 1 }', false], ['{ $.arrayKey[1].id = 2 }', false],
    ['{ $.SomeObject IS NULL }', true], ['{ $.Missing IS NULL }', false], ['{ $.SomeOtherObject NOT EXISTS }', true], ['{ $.SomeObject NOT EXISTS }', false],
    ['{ $.ThisFlag IS TRUE }', true], ['{ $.ThisFlag IS FALSE }', false],
    ['{ $.eventType = *Trail }', true], ['{ $.eventType = "Update*" }', true], ['{ $.eventType = *dateT* }', true], ['{ $.eventType = Up*il }', false],
    ['{ $.star = Ev*ent }', true], ['{ $.eventType = "*" }', true], ['{ $.missing = * }', false], ['{ $.missing != x }', false],
    ['{ $.arrayKey = 1 }', false], ['{ $.arrayKey != 1 }', false], ['{ $.SomeObject != 1 }', false],
    ['{ $.code = 404 }', true], ['{ $.code = 404.0 }', true], ['{ $.code != 404 }', false], ['{ $.code >= 404 }', true], ['{ $.code > 404 }', false],
    ['{ $.code <= 404 }', true], ['{ $.code < 404 }', false], ['{ $.code < 10e3 }', true], ['{ $.code < 10e-3 }', false], ['{ $.code > +400 }', true],
    ['{ $.code > -.5 }', true], ['{ $.code = 4* }', true], ['{ $.code = "404.0" }', false],
    ['{ $.code = "404" }', true], ['{ $.ThisFlag = true }', false], ['{ $.ThisFlag = * }', false], ['{ $.text = 404 }', true], ['{ $.eventType > 1 }', false],
    ["{ $['a.b'] = dotted }", true], ['{ $.with-dash = x }', true],
    ['{ ($.code = 404) && ($.ThisFlag IS TRUE) }', true], ['{ ($.code = 1 && $.eventType = nonmatch) || $.arrayKey[0] = "value" }', true],
    ['{ $.code = 404 || $.code = nonmatch && $.eventType = nomatch }', true], ['{ ($.code = 404 || $.code = nonmatch) && $.eventType = nomatch }', false],
    ['{ $.eventType = "Update\\"Trail" }', false],
  ])('%s: %j', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  test('match nothing that is no JSON', () => {
    expect(matches('{ $.a = 1 }', 'INFO {"a":1}')).toBe(false);
    expect(matches('{ $.a = 1 }', '{"a":1')).toBe(false);
    expect(matches('{ $.toString NOT EXISTS }', {})).toBe(true);
  });

  test.each([
    ['{ $.a = 1', 'the closing brace is missing'], ['{ a = 1 }', "a selector such as $.name is missing before 'a'"], ['{ $.a }', "a comparison is missing before 'the end'"],
    ['{ $.a = }', "a value is missing before 'the end'"], ['{ $.a > x }', "'>' compares numbers, got 'x'"], ['{ $.a > "1" }', "'>' compares numbers, got '1'"],
    ['{ $.a IS 1 }', 'IS takes TRUE, FALSE or NULL'], ['{ $.a NOT NULL }', 'NOT takes EXISTS'], ['{ ($.a = 1 }', "'the end' was not expected"],
    ['{ $.a = 1 $.b = 2 }', "'$.b' was not expected"], ['{ $.a == 1 }', "a value is missing before '='"], ['{ $.a = "x }', 'has no meaning'], ['{ }', 'a selector such as'],
  ])('fail for %j', (pattern, message) => {
    expect(() => filterPattern(pattern)).toThrow(refused(message));
  });
});

documented('filter patterns of space-delimited events', PAGE, () => {
  const event = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  test.each([
    ['[ip, user, username, timestamp, request, status_code, bytes]', true], ['[ip, user, username, timestamp, request, status_code]', false],
    ['[..., status_code, bytes]', true], ['[ip, user, ..., status_code, bytes]', true], ['[ip, user, ...]', true], ['[a, b, c, d, e, f, g, ..., h]', false],
    ['[ip, user, username, timestamp, request, status_code, bytes > 1000]', true], ['[..., bytes > 2000]', false],
    ['[..., status_code = 404, bytes]', true], ['[..., status_code = 4*, bytes]', true], ['[..., status_code = 5*, bytes]', false],
    ['[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes]', true], ['[..., request = *xml*, status_code, bytes]', false],
    ['[..., status_code = 4* && bytes > 1000, bytes]', undefined], ['[..., status_code = 4* && status_code != 404, bytes]', false],
    ['[..., status_code = 404 || status_code = 500, bytes]', true], ['[ip, ..., request=*.html*, status_code=4*,]', true],
    ['[ip != 127.0.0.1, ...]', false], ['[timestamp = "10/Oct*", ...]', false], ['[a, b, c, timestamp = "10/Oct*", ...]', true],
  ])('%s: %j', (pattern, expected) => {
    if (expected === undefined) expect(() => filterPattern(pattern)).toThrow(refused("a field has one name, got 'status_code' and 'bytes'"));
    else expect(matches(pattern, event)).toBe(expected);
  });

  test('find their fields by name and by number', () => {
    const match = filterPattern('[..., request = *.html*, status_code = 4*,]').match(event)!;
    expect(['$status_code', '$request', '$7', '$4', '$1', '$none'].map((selector) => match.field(selector))).toEqual(
      ['404', 'GET /index.html HTTP/1.0', '1534', '10/Oct/2000:13:25:15 -0700', '127.0.0.1', undefined],
    );
  });

  test.each([
    ['[a, b', 'the closing bracket is missing'], ['[..., a, ...]', '... may stand once'], ['[= 4]', "the name of a field is missing before '='"],
    ['[a =]', "a value is missing before 'the end'"],
  ])('fail for %j', (pattern, message) => {
    expect(() => filterPattern(pattern)).toThrow(refused(message));
  });
});
