import { Command, InvalidArgumentError } from 'commander';
import { Simulation, type SimulationOptions, type StackParameters } from '../simulator';
import type { Output } from './report/page';
import { printActivity } from './simulate/activity';
import { duration } from './simulate/duration';
import { readHandlers } from './simulate/handlers';
import { readMessages } from './simulate/messages';
import { addParameter } from './simulate/parameters';
import { printLeftOut } from './simulate/print-left-out';
import { printResources } from './simulate/print-resources';
import { printRun, run, writeReport } from './simulate/run';
import { UsageError } from './usage-error';

const DEFAULT_PORT = 4566;

interface Options {
  readonly port?: number;
  readonly seed: number;
  readonly handlers?: string;
  readonly parameters?: StackParameters;
  readonly stack?: readonly string[];
  readonly faults?: string;
  readonly leaveOutUnmodelled?: true;
  readonly advance?: number;
  readonly input?: string;
  readonly json?: string;
}

export interface SimulateSurroundings {
  readonly output: Output;
  /** Resolves when the user wants to stop. */
  readonly untilStopped: () => Promise<void>;
}

/**
 * `cdk-messaging simulate`: runs the stacks of a cloud assembly and serves them until the user stops it, or lets time pass and
 * reports.
 *
 * @param setStatus is told the exit status, where it is not 0
 */
export function simulateCommand({ output, untilStopped }: Readonly<SimulateSurroundings>, setStatus: (status: number) => void): Command {
  return new Command('simulate')
    .description('Runs the stacks of a cloud assembly (the folder that cdk synth writes) and serves them to SDK clients on this machine.')
    .argument('[assembly]', 'the folder of the cloud assembly', 'cdk.out')
    .option('--stack <name>', 'only this stack and those that it depends on (repeatable)', (name, before?: string[]) => [...before ?? [], name])
    .option('--parameters <[Stack:]Name=Value>', 'the value of a template parameter (repeatable)', addParameter)
    .option('--leave-out-unmodelled', 'go without the resources and properties that the simulator does not model')
    .option('--handlers <file>', 'a JavaScript module whose exports are handlers by construct path, for runtimes other than Node.js')
    .option('--faults <file>', 'let go wrong what this JSON file lists')
    .option('--advance <duration>', 'let so much time pass as fast as it goes (90s, 15m, 2h, 1d), report and end; '
      + 'exit status 1 when a message was refused or is unaccounted for', duration)
    .option('--input <file>', 'with --advance: send the messages of this NDJSON file, lines such as {"queue": path, "body": any, "at": seconds}')
    .option('--json <file>', 'with --advance: write the report as JSON')
    .option('--port <number>', `serve at this port of 127.0.0.1, 0 for any that is free (default: ${DEFAULT_PORT}; 0 with --advance)`,
      wholeNumberUpTo(65_535))
    .option('--seed <number>', 'every identifier and every choice of the simulation follows from it', wholeNumberUpTo(2 ** 31 - 1), 1)
    .action(async (assembly: string, options: Options) => {
      const { advance, input, json } = options;
      if (advance === undefined && (input ?? json) !== undefined) throw new UsageError(`'--${input === undefined ? 'json' : 'input'}' needs '--advance'`);
      const messages = input === undefined ? [] : readMessages(input, advance! / 1000);
      if (json !== undefined) writeReport(json, undefined);
      const simulation = await startSimulation(assembly, options);
      try {
        if (advance === undefined) {
          await serve(simulation, output, untilStopped);
          return;
        }
        printLeftOut(simulation, output);
        const report = await run(simulation, advance, messages);
        printRun(report, output);
        if (json !== undefined) writeReport(json, report);
        if (report.refused.length + report.account.missing.length > 0) setStatus(1);
      } finally {
        await simulation.stop();
      }
    });
}

async function serve(simulation: Simulation, output: Output, untilStopped: () => Promise<void>): Promise<void> {
  simulation.followRealTime();
  printActivity(simulation, output);
  printResources(simulation, output);
  printLeftOut(simulation, output);
  printConnection(simulation, output);
  await untilStopped();
  output.write('\nStopped.\n');
}

/** What the assembly has that cannot be simulated is the user's to correct, and said without a stack trace. */
async function startSimulation(assembly: string, options: Options): Promise<Simulation> {
  const { advance, handlers, leaveOutUnmodelled, stack: stacks, faults, parameters, seed, port = advance === undefined ? DEFAULT_PORT : 0 } = options;
  const simulationOptions: SimulationOptions = {
    port, seed, stacks, parameters, handlers: readHandlers(handlers), unmodelled: leaveOutUnmodelled ? 'leaveOut' : 'refuse',
    startTime: advance === undefined ? new Date() : undefined,
  };
  let simulation: Simulation;
  try {
    simulation = await Simulation.start(assembly, simulationOptions);
  } catch (error) {
    const { message } = error as Error;
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken; choose another with --port`, { cause: error });
    const hint = message.includes('has what the simulator does not model') ? '\n--leave-out-unmodelled goes without them.' : '';
    throw new UsageError(`${message}${hint}`, { cause: error });
  }
  try {
    if (faults !== undefined) simulation.faults.load(faults);
  } catch (error) {
    await simulation.stop();
    throw new UsageError(`'--faults': ${(error as Error).message.replace(/:\n- /, ': ').replaceAll('\n- ', '; ')}`, { cause: error });
  }
  return simulation;
}

function printConnection({ endpoint }: Simulation, output: Output): void {
  output.write(`
Serving at ${endpoint}: account 000000000000, region us-east-1, any credentials.
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
Alarms, dead letters and failures are printed below. Ctrl-C stops it.

`);
}

function wholeNumberUpTo(maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number > maximum) throw new InvalidArgumentError(`It must be a whole number from 0 to ${maximum}.`);
    return number;
  };
}
