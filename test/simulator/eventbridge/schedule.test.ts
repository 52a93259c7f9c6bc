import { readSchedule } from '../../../simulator/eventbridge/schedule';
import { documented } from '../documented';

const start = Date.UTC(2026, 0, 5, 9); // a Monday

function times(expression: string, count = 3, after = start): string[] {
  const next = readSchedule(expression, start)!;
  const found: string[] = [];
  for (let moment: number | undefined = after; found.length < count;) {
    moment = next(moment);
    if (moment === undefined) break;
    found.push(new Date(moment).toISOString().slice(0, 16));
  }
  return found;
}

documented('the examples of cron expressions', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html', () => {
  test.each([
    ['0 10 * * ? *', 'every day at 10:00', ['2026-01-05T10:00', '2026-01-06T10:00', '2026-01-07T10:00']],
    ['15 12 * * ? *', 'every day at 12:15', ['2026-01-05T12:15', '2026-01-06T12:15', '2026-01-07T12:15']],
    ['0 18 ? * MON-FRI *', 'from Monday to Friday at 18:00', ['2026-01-05T18:00', '2026-01-06T18:00', '2026-01-07T18:00', '2026-01-08T18:00', '2026-01-09T18:00', '2026-01-12T18:00']],
    ['0 8 1 * ? *', 'on the first of each month at 8:00', ['2026-02-01T08:00', '2026-03-01T08:00']],
    ['0/15 * * * ? *', 'every 15 minutes', ['2026-01-05T09:15', '2026-01-05T09:30', '2026-01-05T09:45', '2026-01-05T10:00']],
    ['0/10 * ? * MON-FRI *', 'every 10 minutes from Monday to Friday', ['2026-01-05T09:10', '2026-01-05T09:20']],
    ['0/5 8-17 ? * MON-FRI *', 'every 5 minutes from 8:00 to 17:55', ['2026-01-05T09:05', '2026-01-05T09:10']],
    ['0 12 * * ? *', 'every day at noon', ['2026-01-05T12:00', '2026-01-06T12:00']],
    ['5,35 14 * * ? *', 'at 14:05 and 14:35', ['2026-01-05T14:05', '2026-01-05T14:35', '2026-01-06T14:05']],
    ['1/10 * * * ? *', 'every tenth minute from the first', ['2026-01-05T09:01', '2026-01-05T09:11']],
    ['0 0 L * ? *', 'on the last of each month', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
    ['0 0 3W * ? *', 'on the weekday closest to the third', ['2026-02-03T00:00', '2026-03-03T00:00', '2026-04-03T00:00', '2026-05-04T00:00']],
    ['0 0 1W * ? *', 'on the first weekday, not in the month before', ['2026-02-02T00:00', '2026-03-02T00:00', '2026-04-01T00:00', '2026-05-01T00:00', '2026-06-01T00:00', '2026-07-01T00:00', '2026-08-03T00:00']],
    ['0 0 31W * ? *', 'not in the month after', ['2026-01-30T00:00', '2026-03-31T00:00', '2026-05-29T00:00']],
    ['0 0 31W 4 ? 2027', 'not on the weekday before a date that the month lacks', []],
    ['0 0 ? * 3#2 *', 'on the second Tuesday', ['2026-01-13T00:00', '2026-02-10T00:00']],
    ['0 0 ? * TUE#5 *', 'on the fifth Tuesday of the months that have one', ['2026-03-31T00:00', '2026-06-30T00:00']],
    ['0 0 ? * L *', 'on the last day of the week, Saturday', ['2026-01-10T00:00', '2026-01-17T00:00']],
    ['0 0 ? JAN,MAR 1 *', 'on Sundays of two months', ['2026-01-11T00:00', '2026-01-18T00:00', '2026-01-25T00:00', '2026-03-01T00:00']],
    ['0 0 29 2 ? *', 'on the 29 February', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['0 0 1 1 ? 2030-2032/2', 'in every other year', ['2030-01-01T00:00', '2032-01-01T00:00']],
    ['0 9 5 1 ? 2026', 'at a moment that is now, and so no more', []],
    ['0 0 1 1 ? 1999', 'in the past, and so never', []],
  ])('cron(%s) runs %s', (fields, _meaning, expected) => {
    expect(times(`cron(${fields})`, Math.max(expected.length, 1))).toEqual(expected);
  });

  test('a range of hours may lead over midnight', () => {
    expect(times('cron(0/30 20-2 ? * MON-FRI *)', 6, Date.UTC(2026, 0, 4, 23))).toEqual([
      '2026-01-05T00:00', '2026-01-05T00:30', '2026-01-05T01:00', '2026-01-05T01:30', '2026-01-05T02:00', '2026-01-05T02:30',
    ]);
    expect(times('cron(0/30 20-2 ? * MON-FRI *)', 1, Date.UTC(2026, 0, 5, 3))).toEqual(['2026-01-05T20:00']);
  });

  test('the last Friday of each month of four years', () => {
    expect(times('cron(15 10 ? * 6L 2019-2022)', 1, Date.UTC(2019, 0, 1))).toEqual(['2019-01-25T10:15']);
    expect(times('cron(15 10 ? * 6L 2019-2022)', 2, Date.UTC(2022, 11, 1))).toEqual(['2022-12-30T10:15']);
  });
});

documented('the examples of rate expressions', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html', () => {
  test.each([
    ['rate(1 minute)', ['2026-01-05T09:01', '2026-01-05T09:02']],
    ['rate(5 minutes)', ['2026-01-05T09:05', '2026-01-05T09:10']],
    ['rate(1 hour)', ['2026-01-05T10:00', '2026-01-05T11:00']],
    ['rate(1 day)', ['2026-01-06T09:00', '2026-01-07T09:00']],
    ['rate(12 hours)', ['2026-01-05T21:00', '2026-01-06T09:00']],
  ])('%s counts from when the rule begins', (expression, expected) => {
    expect(times(expression, 2)).toEqual(expected);
  });

  test('a moment between two times leads to the next of them', () => {
    expect(times('rate(5 minutes)', 1, start + 7 * 60_000)).toEqual(['2026-01-05T09:10']);
  });
});

documented('an expression that is not valid', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html', () => {
  test.each([
    'rate(1 hours)', 'rate(5 hour)', 'rate(0 minutes)', 'rate(-1 minutes)', 'rate(1 second)', 'rate(1.5 hours)', 'rate(5  minutes)', '5 minutes', 'at(2026-01-01T00:00:00)',
    'cron(0 10 * * * *)', 'cron(0 10 ? * ? *)', 'cron(0 10 1 * MON *)', 'cron(0 10 * * ?)', 'cron(0 10 * * ? * *)', 'cron(60 10 * * ? *)', 'cron(0 24 * * ? *)',
    'cron(0 10 32 * ? *)', 'cron(0 10 0 * ? *)', 'cron(0 10 * 13 ? *)', 'cron(0 10 ? * 8 *)', 'cron(0 10 ? * 0 *)', 'cron(0 10 * * ? 2200)', 'cron(0 10 * * ? 1969)',
    'cron(0/0 10 * * ? *)', 'cron(0/5/5 10 * * ? *)', 'cron(1-2-3 10 * * ? *)', 'cron(a 10 * * ? *)', 'cron(0 10 ? * 3#1,6#3 *)', 'cron(0 10 ? * 3#6 *)', 'cron(0 10 ? * 9L *)',
    'cron(0 10 32W * ? *)', 'cron(0 10 0W * ? *)', 'cron(0 10 ? FOO MON *)',
  ])('%s', (expression) => {
    expect(readSchedule(expression, start)).toBeUndefined();
  });
});
