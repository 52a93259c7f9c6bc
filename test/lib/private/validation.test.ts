import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import {
  durationWithin, failures, isKnown, must, numberWithin, type Rule, textLike, textWithin, validate, wording,
} from '../../../lib/private/validation';

const messagesOf = (rule: Rule): string[] => failures([rule]);
const token = { number: Lazy.number({ produce: () => -1 }), string: Lazy.string({ produce: () => '' }) };

describe('validate', () => {
  const scope = new Stack(undefined, 'Orders');

  test('passes when every rule holds', () => {
    expect(() => validate(scope, [must(true, 'one'), must(true, 'two')])).not.toThrow();
  });

  test('names the construct and the one rule that does not hold', () => {
    expect(() => validate(scope, [must(true, 'one'), must(false, 'two')])).toThrow(/^Orders: two$/);
  });

  test('names every rule that does not hold in one error', () => {
    expect(() => validate(scope, [must(false, 'one'), must(true, 'two'), must(false, 'three')]))
      .toThrow(/^Orders: 2 rules do not hold:\n {2}- one\n {2}- three$/);
  });
});

describe('numberWithin', () => {
  test.each([1, 500, 1000, undefined, token.number])('accepts %s', (value) => {
    expect(messagesOf(numberWithin('count', value, 1, 1000))).toEqual([]);
  });

  test.each([
    [0, "'count' must be from 1 to 1000, got 0"],
    [1001, "'count' must be from 1 to 1000, got 1001"],
    [2.5, "'count' must be a whole number from 1 to 1000, got 2.5"],
    [NaN, "'count' must be a whole number from 1 to 1000, got NaN"],
  ])('fails when the value is %s', (value, message) => {
    expect(messagesOf(numberWithin('count', value, 1, 1000))).toEqual([message]);
  });

  test('knows ranges without an end', () => {
    expect([5, -1, 0.5].flatMap((value) => messagesOf(numberWithin('count', value, 0))))
      .toEqual(["'count' must be 0 or more, got -1", "'count' must be a whole number of 0 or more, got 0.5"]);
  });
});

describe('durationWithin', () => {
  const rule = (value?: Duration): Rule => durationWithin('delay', value, Duration.seconds(0), Duration.minutes(15));

  test.each([Duration.seconds(0), Duration.minutes(15), Duration.millis(2000), undefined, Duration.seconds(token.number)])('accepts %s', (value) => {
    expect(messagesOf(rule(value))).toEqual([]);
  });

  test.each([
    [Duration.minutes(16), "'delay' must be from 0 seconds to 15 minutes, got 16 minutes"],
    [Duration.millis(1500), "'delay' must be whole seconds from 0 seconds to 15 minutes, got 1500 milliseconds"],
  ])('fails when the value is %s', (value, message) => {
    expect(messagesOf(rule(value))).toEqual([message]);
  });
});

describe('textWithin and textLike', () => {
  test('accept what fits, nothing at all, and tokens', () => {
    for (const value of ['a', 'abc', undefined, token.string]) {
      expect(failures([textWithin('name', value, 1, 3), textLike('name', value, /^[a-c]+$/, 'have only a, b and c')])).toEqual([]);
    }
  });

  test('fail with the length and with the text', () => {
    expect(failures([textWithin('name', 'abcd', 1, 3), textLike('name', 'abcd', /^[a-c]+$/, 'have only a, b and c')])).toEqual([
      "'name' must have from 1 to 3 characters, got 4",
      "'name' must have only a, b and c, got 'abcd'",
    ]);
  });
});

test('isKnown tells tokens and nothing from values', () => {
  expect([0, '', false, Duration.seconds(1), [], token.number, token.string, Duration.seconds(token.number), undefined].map(isKnown))
    .toEqual([true, true, true, true, true, false, false, false, false]);
});

test.each([
  [Duration.seconds(0), '0 seconds'], [Duration.millis(1), '1 milliseconds'], [Duration.hours(12), '12 hours'], [Duration.seconds(90), '1 minute 30 seconds'],
])('a duration is worded as people say it: %#', (duration, words) => {
  expect(wording(duration)).toBe(words);
});
