const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LAST_YEAR = 2199;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Finds the first moment after another, in milliseconds since the epoch; undefined where there is none. */
export type Next = (after: number) => number | undefined;

type DayTest = (day: Date) => boolean;

/**
 * Reads the six fields of a cron expression; all times are UTC. Undefined for what EventBridge would refuse.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readCron(fields: string): Next | undefined {
  const parts = fields.trim().split(/\s+/);
  if (parts.length !== 6) return undefined;
  const [minutes, hours, months, years] = [
    values(parts[0], 0, 59), values(parts[1], 0, 23), values(parts[3], 1, 12, MONTHS), values(parts[5], 1970, LAST_YEAR),
  ];
  const dayFits = readDay(parts[2], parts[4]);
  if (!minutes || !hours || !months || !years || !dayFits) return undefined;

  return (after) => {
    const first = after - (after % DAY);
    for (let day = first; ; day += DAY) {
      const date = new Date(day);
      if (date.getUTCFullYear() > LAST_YEAR) return undefined;
      if (!years.has(date.getUTCFullYear()) || !months.has(date.getUTCMonth() + 1) || !dayFits(date)) continue;
      for (const hour of hours) {
        for (const minute of minutes) {
          const moment = day + (hour * 60 + minute) * MINUTE;
          if (moment > after) return moment;
        }
      }
    }
  };
}

/** One of the two fields must be a question mark. */
function readDay(ofMonth: string, ofWeek: string): DayTest | undefined {
  if (ofWeek === '?') return readDayOfMonth(ofMonth);
  if (ofMonth === '?') return readDayOfWeek(ofWeek);
  return undefined;
}

function readDayOfMonth(field: string): DayTest | undefined {
  if (field === 'L') return (day) => day.getUTCDate() === lastDate(day);
  const weekday = /^(\d{1,2}|L)W$/.exec(field)?.[1];
  if (weekday !== undefined) {
    if (weekday !== 'L' && !inRange(Number(weekday), 1, 31)) return undefined;
    return (day) => day.getUTCDate() === nearestWeekday(day, weekday === 'L' ? lastDate(day) : Number(weekday));
  }
  const dates = values(field, 1, 31);
  return dates && ((day) => dates.has(day.getUTCDate()));
}

function readDayOfWeek(field: string): DayTest | undefined {
  const weekdayOf = (day: Date): number => day.getUTCDay() + 1;
  if (field === 'L') return (day) => weekdayOf(day) === 7;
  const [, name, last, instance] = /^([0-9A-Z]+?)(?:(L)|#(\d))$/i.exec(field) ?? [];
  if (name !== undefined) {
    const weekday = number(name, 1, WEEKDAYS);
    if (!inRange(weekday, 1, 7) || (instance !== undefined && !inRange(Number(instance), 1, 5))) return undefined;
    return (day) => weekdayOf(day) === weekday && (last
      ? day.getUTCDate() + 7 > lastDate(day)
      : Math.ceil(day.getUTCDate() / 7) === Number(instance));
  }
  const weekdays = values(field, 1, 7, WEEKDAYS);
  return weekdays && ((day) => weekdays.has(weekdayOf(day)));
}

const lastDate = (day: Date): number => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** The date of the weekday that is closest, in the same month; undefined where the month has no such date. */
function nearestWeekday(day: Date, date: number): number | undefined {
  const last = lastDate(day);
  if (date > last) return undefined;
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === last ? date - 2 : date + 1;
  return date;
}

/** The values of a field in order: `*`, `5`, `1-5`, `20-2` around the end, `MON-FRI`, `0,30`, `0/15`. */
function values(field: string, least: number, most: number, names: readonly string[] = []): Set<number> | undefined {
  const found: number[] = [];
  for (const part of field.split(',')) {
    const [range, step, ...tooMany] = part.split('/');
    if (tooMany.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return undefined;
    const ends = range === '*' ? [least, most] : range.split('-').map((end) => number(end, least, names));
    if (ends.length > 2 || !ends.every((end) => inRange(end, least, most))) return undefined;
    const [from, to = step === undefined ? from : most] = ends;
    const length = (to - from + (to < from ? most - least + 1 : 0)) + 1;
    for (let offset = 0; offset < length; offset += Number(step ?? 1)) found.push((from - least + offset) % (most - least + 1) + least);
  }
  return new Set(found.sort((one, other) => one - other));
}

function number(text: string, least: number, names: readonly string[]): number {
  const named = names.indexOf(text.toUpperCase());
  return named >= 0 ? named + least : /^\d+$/.test(text) ? Number(text) : NaN;
}

const inRange = (value: number, least: number, most: number): boolean => value >= least && value <= most;
