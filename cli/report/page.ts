import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Observation } from './observe';

/** Colours are for terminals only. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Tables without borders: a report that can be read, copied and searched. */
const plain = Object.fromEntries([
  'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid',
  'mid-mid', 'right', 'right-mid', 'middle',
].map((edge) => [edge, ''])) as Record<string, string>;

/** A text with colours, headings and tables. */
export interface Page {
  readonly paint: (style: Style, text: string) => string;
  readonly line: (text?: string) => void;
  /** Prints nothing where there are no rows. */
  readonly table: (title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]) => void;
}

export function pageOn(output: Output): Page {
  const useColour = output.isTTY === true && process.env.NO_COLOR === undefined;
  const paint = (style: Style, text: string): string => (
    useColour ? styleText(style, text, { validateStream: false }) : text
  );
  const line = (text = ''): void => { output.write(`${text}\n`); };

  const table = (title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void => {
    if (rows.length === 0) return;
    const grid = new Table({
      head: columns.map((column) => paint('dim', column)), chars: { ...plain, middle: '  ' },
      style: { 'head': [], 'border': [], 'padding-left': 0, 'padding-right': 0, 'compact': true },
      colAligns: columns.map((_column, index) => (index === 0 || typeof rows[0]?.[index] === 'string' ? 'left' : 'right')),
    });
    for (const row of rows) grid.push(row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)));
    line(paint('bold', title));
    for (const row of grid.toString().split('\n')) line(`  ${row.trimEnd()}`);
    line();
  };

  return { paint, line, table };
}

/** What became of topics, queues and functions. */
export function printActivityOf({ topics, queues, functions }: Observation, { line, paint, table }: Page): void {
  line();
  table('Topics', ['', 'published', 'delivered', 'filtered out', 'failed'],
    topics.map(({ name, published, delivered, filteredOut, failed }) => [name, published, delivered, filteredOut, failed]));
  table('Queues', ['', 'sent', 'received', 'deleted', 'waiting', 'in flight', 'dead letters'],
    queues.filter(({ sent, received, waiting }) => sent + received + waiting > 0).map(
      ({ name, sent, received, deleted, waiting, inFlight, deadLetters }) => [name, sent, received, deleted, waiting, inFlight, deadLetters]));
  const idle = queues.filter(({ sent, received, waiting }) => sent + received + waiting === 0).length;
  if (idle > 0) line(`  ${paint('dim', `${idle} more queues saw no message.`)}\n`);
  table('Functions', ['', 'invocations', 'failures', 'records', 'failed', 'cold starts', 'average ms', 'longest ms'],
    functions.map(({ name, invocations, failures, records, failedRecords, coldStarts, averageDuration, longestDuration }) => (
      [name, invocations, failures, records, failedRecords, coldStarts, averageDuration, longestDuration])));
}

/** Alarms that went off, and what was denied. */
export function printAlarms({ alarms, denials }: Observation, { line, paint }: Page): void {
  if (alarms.length > 0) line(paint('bold', 'Alarms'));
  const quiet = alarms.filter(({ changes }) => !changes.some(({ to }) => to === 'ALARM'));
  for (const { name, state, changes } of alarms.filter((alarm) => !quiet.includes(alarm))) {
    line(`  ${paint(state === 'ALARM' ? 'red' : 'green', state.padEnd(6))} ${name}`);
    for (const { at, from, to } of changes) line(paint('dim', `         ${at.replace('T', ' ').replace('.000Z', '')}  ${from} → ${to}`));
  }
  if (quiet.length > 0) line(`  ${paint('dim', `${quiet.length} more never went into ALARM.`)}`);
  if (alarms.length > 0) line();

  if (denials.length > 0) {
    line(paint('bold', 'Denied'));
    some(denials, ({ principal, action, resource, reason }) => line(`  ${principal}: ${action} on ${resource}, ${reason}`), line);
    line();
  }
}

/** A screen can hold so many lines of a kind. */
const mostLines = 20;

export function some<T>(items: readonly T[], show: (item: T) => void, line: (text?: string) => void): void {
  items.slice(0, mostLines).forEach(show);
  if (items.length > mostLines) line(`  … and ${(items.length - mostLines).toLocaleString('en')} more; --json FILE writes all of them`);
}
