import { type Output, type Page, pageOn, printActivityOf, printAlarms, some } from '../report/page';
import type { Report } from './report';

export type { Output } from '../report/page';

export function printReport(report: Report, output: Output): void {
  const page = pageOn(output);
  printActivityOf(report, page);
  page.table('Archive', ['objects', 'messages', 'bytes'], [[report.archive.objects, report.archive.messages, report.archive.bytes]]);
  printAlarms(report, page);
  printInput(report, page);
  printAccount(report, page);
}

function printInput({ input }: Report, { line, paint }: Page): void {
  if (input.defects.length + input.refused.length === 0) return;
  line(paint('bold', 'Input'));
  some(input.defects, ({ line: number, defect }) => line(`  line ${number} ${defect}; published as it is`), line);
  some(input.refused, ({ number, reason }) => line(paint('yellow', `  line ${number} was refused by SNS: ${reason}`)), line);
  line();
}

function printAccount({ account }: Report, { line, paint }: Page): void {
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
