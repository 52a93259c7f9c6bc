import type { Members } from '../members';
import { TimeZone } from './time-zone';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LONGEST = 15 * DAY;

/** How far back a start is looked for: the 29 February that comes every four years, or eight around 2100. */
const DAYS_BACK = 8 * 366;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** When a mute rule mutes. All moments are in milliseconds since the epoch. */
export interface Schedule {
  readonly type: 'ONE_TIME' | 'RECURRING';
  readonly duration: number;
  readonly zone: TimeZone;
  /** The newest start at or before a moment. */
  startBefore(moment: number): number | undefined;
}

/**
 * Reads `Expression`, `Duration` and `Timezone`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
 */
export function readSchedule(members: Members): Schedule {
  const expression = members.required(members.text('Expression', { atMost: 256 }), 'Expression') ?? '';
  const duration = members.required(members.text('Duration', { atMost: 50 }), 'Duration') ?? '';
  const zone = readZone(members);
  members.nothingElse();

  const length = durationOf(duration);
  if (length === undefined || length < MINUTE || length > LONGEST) {
    members.problem(`'Duration' must be an ISO 8601 duration from PT1M to P15D, got '${duration}'`);
  }
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)$/.exec(expression);
  if (at) {
    const local = Date.parse(`${at[1]}Z`);
    if (Number.isNaN(local)) members.problem(`'Expression' must name a date, got '${expression}'`);
    const start = Number.isNaN(local) ? Infinity : zone.moment(local);
    return { type: 'ONE_TIME', duration: length ?? 0, zone, startBefore: (moment) => (start <= moment ? start : undefined) };
  }
  const startBefore = readCron(expression, zone);
  if (!startBefore) {
    members.problem(`'Expression' must be cron(minutes hours day-of-month month day-of-week) or at(yyyy-MM-ddThh:mm), got '${expression}'`);
  }
  return { type: 'RECURRING', duration: length ?? 0, zone, startBefore: startBefore ?? (() => undefined) };
}

function readZone(members: Members): TimeZone {
  const name = members.text('Timezone', { atMost: 50 }) ?? 'UTC';
  try {
    return new TimeZone(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    members.problem(`'Timezone' must be the name of a time zone such as Europe/London, got '${name}'`);
    return new TimeZone('UTC');
  }
}

function durationOf(text: string): number | undefined {
  const match = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/** Looks from day to day backwards for the newest time that fits all fields. */
function readCron(expression: string, zone: TimeZone): Schedule['startBefore'] | undefined {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1].trim().split(/\s+/);
  if (fields?.length !== 5) return undefined;
  const [minutes, hours, dates, months, weekdays] = [
    field(fields[0], 0, 59), field(fields[1], 0, 23), field(fields[2], 1, 31), field(fields[3], 1, 12, MONTHS), field(fields[4], 0, 6, WEEKDAYS),
  ];
  if (!minutes || !hours || !dates || !months || !weekdays) return undefined;
  // As in every cron: where both days are restricted, either will do.
  const either = fields[2] !== '*' && fields[4] !== '*';
  const fits = (day: Date): boolean => {
    const [date, weekday] = [dates.includes(day.getUTCDate()), weekdays.includes(day.getUTCDay())];
    return months.includes(day.getUTCMonth() + 1) && (either ? date || weekday : date && weekday);
  };
  return (moment) => {
    const now = zone.local(moment);
    const today = now - (now % DAY);
    for (let back = 0; back < DAYS_BACK; back++) {
      const day = today - back * DAY;
      if (!fits(new Date(day))) continue;
      for (const hour of hours) {
        for (const minute of minutes) {
          const local = day + (hour * 60 + minute) * MINUTE;
          if (local <= now && zone.moment(local) <= moment) return zone.moment(local);
        }
      }
    }
    return undefined;
  };
}

/** The values of a field, largest first: `*`, `5`, `1-5`, `MON-FRI`, `0,30`. */
function field(text: string, least: number, most: number, names: readonly string[] = []): number[] | undefined {
  const number = (part: string): number => {
    const named = names.indexOf(part.toUpperCase());
    return named >= 0 ? named + least : /^\d+$/.test(part) ? Number(part) : NaN;
  };
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [from, to = from] = part === '*' ? [String(least), String(most)] : part.split('-');
    const [first, last] = [number(from), number(to)];
    if (!(first >= least && last <= most && first <= last) || part.split('-').length > 2) return undefined;
    for (let value = first; value <= last; value++) values.add(value);
  }
  return [...values].sort((one, other) => other - one);
}
