import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Report } from './report';

/** Colours are for terminals only. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Tables without borders: a report that can be read, copied and searched. */
const plain = Object.fromEntries([
  'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid',
  'mid-mid', 'right', 'right-mid', 'middle',
].map((edge) => [edge, ''])) as Record<string, string>;

export function printReport(report: Report, output: Output): void {
  const useColour = output.isTTY === true && process.env.NO_COLOR === undefined;
  const paint = (style: Style, text: string): string => (
    useColour ? styleText(style, text, { validateStream: false }) : text
  );
  const line = (text = ''): void => { output.write(`${text}\n`); };

  const table = (title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void => {
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

  line();
  table('Topics', ['', 'published', 'delivered', 'filtered out', 'failed'],
    report.topics.map(({ name, published, delivered, filteredOut, failed }) => [name, published, delivered, filteredOut, failed]));
  table('Queues', ['', 'sent', 'received', 'deleted', 'waiting', 'in flight', 'dead letters'],
    report.queues.filter(({ sent, received, waiting }) => sent + received + waiting > 0).map(
      ({ name, sent, received, deleted, waiting, inFlight, deadLetters }) => [name, sent, received, deleted, waiting, inFlight, deadLetters]));
  const idle = report.queues.filter(({ sent, received, waiting }) => sent + received + waiting === 0).length;
  if (idle > 0) line(`  ${paint('dim', `${idle} more queues saw no message.`)}\n`);
  table('Functions', ['', 'invocations', 'failures', 'records', 'failed', 'cold starts', 'average ms', 'longest ms'],
    report.functions.map(({ name, invocations, failures, records, failedRecords, coldStarts, averageDuration, longestDuration }) => (
      [name, invocations, failures, records, failedRecords, coldStarts, averageDuration, longestDuration])));
  table('Archive', ['objects', 'messages', 'bytes'], [[report.archive.objects, report.archive.messages, report.archive.bytes]]);

  line(paint('bold', 'Alarms'));
  const quiet = report.alarms.filter(({ changes }) => !changes.some(({ to }) => to === 'ALARM'));
  for (const { name, state, changes } of report.alarms.filter((alarm) => !quiet.includes(alarm))) {
    line(`  ${paint(state === 'ALARM' ? 'red' : 'green', state.padEnd(6))} ${name}`);
    for (const { at, from, to } of changes) line(paint('dim', `         ${at.replace('T', ' ').replace('.000Z', '')}  ${from} → ${to}`));
  }
  if (quiet.length > 0) line(`  ${paint('dim', `${quiet.length} more never went into ALARM.`)}`);
  line();

  if (report.denials.length > 0) {
    line(paint('bold', 'Denied'));
    some(report.denials, ({ principal, action, resource, reason }) => line(`  ${principal}: ${action} on ${resource}, ${reason}`), line);
    line();
  }
  printInput(report, line, paint);
  printAccount(report, line, paint);
}

function printInput({ input }: Report, line: (text?: string) => void, paint: (style: Style, text: string) => string): void {
  if (input.defects.length + input.refused.length === 0) return;
  line(paint('bold', 'Input'));
  some(input.defects, ({ line: number, defect }) => line(`  line ${number} ${defect}; published as it is`), line);
  some(input.refused, ({ number, reason }) => line(paint('yellow', `  line ${number} was refused by SNS: ${reason}`)), line);
  line();
}

/** A screen can hold so many lines of a kind. */
const mostLines = 20;

function some<T>(items: readonly T[], show: (item: T) => void, line: (text?: string) => void): void {
  items.slice(0, mostLines).forEach(show);
  if (items.length > mostLines) line(`  … and ${(items.length - mostLines).toLocaleString('en')} more; --json FILE writes all of them`);
}

function printAccount({ account }: Report, line: (text?: string) => void, paint: (style: Style, text: string) => string): void {
  const { published, sent, processed, deadLetters, filteredOut, archived, missing } = account;
  const number = (value: number): string => value.toLocaleString('en');
  line(paint('bold', 'Account'));
  line(`  ${number(published)} messages published and ${number(sent)} sent straight to queues:`);
  line(`  ${number(processed)} deliveries processed, ${number(filteredOut)} filtered out by policy, ${number(deadLetters)} dead letters; ${number(archived)} archived.`);
  if (missing.length === 0) {
    line(paint('green', '  Every message is accounted for.'));
    return;
  }
  line(paint('red', `  ${number(missing.length)} messages are missing:`));
  // every ID: this is what one has to look for
  for (const { messageId, reason } of missing) line(`  ${messageId}  ${reason}`);
}
