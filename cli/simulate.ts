import { Command, InvalidArgumentError } from 'commander';
import { Simulation, type SimulationOptions } from '../simulator';
import { printActivity } from './simulate/activity';
import { readHandlers } from './simulate/handlers';
import { printResources } from './simulate/print-resources';
import type { Output } from './start/print-report';
import { UsageError } from './usage-error';

const DEFAULT_PORT = 4566;

interface Options {
  readonly port: number;
  readonly seed: number;
  readonly handlers?: string;
}

export interface SimulateSurroundings {
  readonly output: Output;
  /** Resolves when the user wants to stop. */
  readonly untilStopped: () => Promise<void>;
}

/** `cdk-messaging simulate`: runs the stacks of a cloud assembly and serves them until the user stops it. */
export function simulateCommand({ output, untilStopped }: Readonly<SimulateSurroundings>): Command {
  return new Command('simulate')
    .description('Runs the stacks of a cloud assembly (the folder that cdk synth writes) and serves them to SDK clients on this machine.')
    .argument('[assembly]', 'the folder of the cloud assembly', 'cdk.out')
    .option('--port <number>', 'serve at this port of 127.0.0.1, 0 for any that is free', wholeNumberUpTo(65_535), DEFAULT_PORT)
    .option('--seed <number>', 'every identifier and every choice of the simulation follows from it', wholeNumberUpTo(2 ** 31 - 1), 1)
    .option('--handlers <file>', 'a JavaScript module whose exports are handlers by construct path, for runtimes other than Node.js')
    .action(async (assembly: string, { port, seed, handlers }: Options) => {
      const simulation = await startSimulation(assembly, { port, seed, handlers: readHandlers(handlers), startTime: new Date() });
      try {
        simulation.followRealTime();
        printActivity(simulation, output);
        printResources(simulation, output);
        printConnection(simulation, output);
        await untilStopped();
        output.write('\nStopped.\n');
      } finally {
        await simulation.stop();
      }
    });
}

/** What the assembly has that cannot be simulated is the user's to correct, and said without a stack trace. */
async function startSimulation(assembly: string, options: SimulationOptions): Promise<Simulation> {
  try {
    return await Simulation.start(assembly, options);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
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
