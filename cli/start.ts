import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { Simulation } from '../simulator';
import { DeploymentError } from './start/deploy';
import { readOrders } from './start/orders';
import { printReport, type Output } from './start/print-report';
import { printConnection } from './start/print-connection';
import { progressOn } from './start/progress';
import { reportOn } from './start/report';
import { type Progress, runScenario } from './start/scenario';
import { UsageError } from './usage-error';

const DEFAULT_PORT = 4566;

interface Options {
  readonly once: boolean;
  readonly json?: string;
  readonly input: string;
  readonly port?: number;
}

export interface Surroundings {
  /** Deploys the reference stack to a simulation that is empty until then. */
  deploy(simulation: Simulation, progress: Progress): Promise<unknown>;
  /** The file of orders that is published when no other is named. */
  readonly sample: string;
  readonly output: Output;
  readonly errors: Output;
  /** Resolves when the user wants to stop. */
  untilStopped(): Promise<void>;
}

/** `npm start`: returns the exit status. */
export async function start(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, errors } = surroundings;
  const command = new Command('npm start --')
    .description('Deploys the reference stack to the simulator: publishes orders, reports what became of every message, then serves.')
    .option('--once', 'end after the report; exit status 1 when a message is missing', false)
    .option('--json <file>', 'write the report as JSON')
    .option('--input <file>', 'publish this NDJSON file, one order a line', surroundings.sample)
    .option('--port <number>', `serve at this port of 127.0.0.1 (default: ${DEFAULT_PORT}; any free port with --once)`, portNumber)
    .configureOutput({ writeOut: (text) => output.write(text), writeErr: (text) => errors.write(text) })
    .allowExcessArguments(false)
    .exitOverride();
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  try {
    return await run(command.opts<Options>(), surroundings);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DeploymentError)) throw error;
    errors.write(`error: ${error.message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run({ once, json, input, port }: Options, surroundings: Surroundings): Promise<number> {
  const { output } = surroundings;
  const progress = progressOn(output);
  const orders = readOrders(input);
  if (json !== undefined) write(json, '');

  const simulation = await startSimulation(port ?? (once ? 0 : DEFAULT_PORT));
  try {
    await surroundings.deploy(simulation, progress.show);
    const began = simulation.now;
    const result = await runScenario(simulation, orders, progress.show);
    const report = reportOn(simulation, began, orders, result);
    progress.done(`Published ${result.published.toLocaleString('en')} orders; ${hoursBetween(began, simulation.now)} simulated hours went by.`);
    printReport(report, output);
    if (json !== undefined) write(json, `${JSON.stringify(report, undefined, 2)}\n`);
    if (once) return report.account.missing.length === 0 ? 0 : 1;

    simulation.followRealTime();
    printConnection(simulation, output);
    await surroundings.untilStopped();
    output.write('\nStopped.\n');
    return 0;
  } finally {
    await simulation.stop();
  }
}

async function startSimulation(port: number): Promise<Simulation> {
  try {
    return await Simulation.start(undefined, { port });
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken; choose another with --port`);
    if (code === 'EACCES') throw new UsageError(`port ${port} may not be used; choose another with --port`);
    throw error;
  }
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UsageError(`'--json' must be a file that can be written, got '${file}' (${(error as { code?: string }).code})`);
  }
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function hoursBetween(from: Date, to: Date): string {
  return ((to.getTime() - from.getTime()) / 3_600_000).toFixed(1);
}
