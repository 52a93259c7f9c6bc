import { readCron, type Next } from './cron';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(...)`, which counts from `since`, or `cron(...)`. Undefined for what EventBridge would refuse.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readSchedule(expression: string, since: number): Next | undefined {
  const cron = /^cron\((.*)\)$/.exec(expression);
  if (cron) return readCron(cron[1]);
  const [, digits, unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // one minute, but five minutes
  if (digits === undefined || (digits === '1') !== (plural === '')) return undefined;
  const interval = Number(digits) * UNITS[unit];
  return (after) => since + (Math.floor((after - since) / interval) + 1) * interval;
}
