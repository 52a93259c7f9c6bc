import { writeFileSync } from 'node:fs';
import type { Simulation } from '../../simulator';
import { type Observation, observe } from '../report/observe';
import { type Output, type Page, pageOn, printActivityOf, printAlarms, some } from '../report/page';
import { UsageError } from '../usage-error';
import { type Account, accountOf } from './account';
import { checkPaths, type InputMessage, type RefusedMessage, send } from './messages';

/** What `simulate --advance` shows. Times are ISO 8601 on the simulation's clock, durations milliseconds. */
export interface RunReport extends Observation {
  readonly simulatedFrom: string;
  readonly simulatedTo: string;
  /** Messages of the input that a queue or a topic did not take. */
  readonly refused: readonly RefusedMessage[];
  readonly account: Account;
}

/** Lets time pass as fast as it goes, and sends each message at its moment. */
export async function run(simulation: Simulation, advance: number, messages: readonly InputMessage[]): Promise<RunReport> {
  checkPaths(simulation, messages);
  const began = simulation.now.getTime();
  const refused: RefusedMessage[] = [];
  const until = (moment: number): Promise<void> => simulation.advance(Math.max(0, began + moment - simulation.now.getTime()));
  for (const message of messages) {
    await until(Math.round(message.at * 1000));
    const refusal = await send(simulation, message);
    if (refusal) refused.push(refusal);
  }
  await until(advance);
  return {
    simulatedFrom: new Date(began).toISOString(), simulatedTo: simulation.now.toISOString(),
    refused, ...observe(simulation), account: accountOf(simulation),
  };
}

export function printRun(report: RunReport, output: Output): void {
  const page = pageOn(output);
  const { line, paint } = page;
  printActivityOf(report, page);
  printAlarms(report, page);
  if (report.refused.length > 0) {
    line(paint('bold', 'Input'));
    some(report.refused, ({ line: number, reason }) => line(paint('yellow', `  line ${number} was refused: ${reason}`)), line);
    line();
  }
  printAccount(report, page);
}

function printAccount({ account, simulatedFrom, simulatedTo }: RunReport, { line, paint }: Page): void {
  const { published, sent, processed, filteredOut, deadLetters, waiting, missing } = account;
  const number = (value: number): string => value.toLocaleString('en');
  line(paint('bold', 'Account'));
  line(`  ${simulatedFrom.slice(0, 19).replace('T', ' ')} to ${simulatedTo.slice(0, 19).replace('T', ' ')}`);
  line(`  ${number(published)} messages published and ${number(sent)} sent straight to queues:`);
  line(`  ${number(processed)} deliveries processed, ${number(filteredOut)} filtered out by policy, ${number(deadLetters)} dead letters, `
    + `${number(waiting)} waiting where nobody receives.`);
  if (missing.length === 0) {
    line(paint('green', '  Every message is accounted for.'));
    return;
  }
  line(paint('red', `  ${number(missing.length)} messages are unaccounted for:`));
  some(missing, ({ messageId, reason }) => line(`  ${messageId}  ${reason}`), line);
}

/** @throws UsageError when the file cannot be written */
export function writeReport(file: string, report: RunReport | undefined): void {
  try {
    writeFileSync(file, report ? `${JSON.stringify(report, undefined, 2)}\n` : '');
  } catch (error) {
    throw new UsageError(`'--json' must be a file that can be written, got '${file}' (${(error as { code?: string }).code})`);
  }
}
