import { Command, CommanderError } from 'commander';
import { simulateCommand } from './simulate';
import type { Output } from './report/page';
import { UsageError } from './usage-error';

export interface MainSurroundings {
  readonly output: Output;
  readonly errors: Output;
  /** Resolves when the user wants to stop. */
  untilStopped(): Promise<void>;
}

/** `cdk-messaging`: returns the exit status, 2 for what was asked wrongly. */
export async function main(args: readonly string[], surroundings: MainSurroundings): Promise<number> {
  const { output, errors } = surroundings;
  let status = 0;
  const program = new Command('cdk-messaging')
    .description('Simulates messaging stacks of the AWS CDK on this machine.')
    .addCommand(simulateCommand(surroundings, (value) => { status = value; }));
  for (const command of [program, ...program.commands]) {
    command
      .allowExcessArguments(false)
      .configureOutput({ writeOut: (text) => output.write(text), writeErr: (text) => errors.write(text) })
      .exitOverride();
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UsageError)) throw error;
    errors.write(`error: ${error.message}\n`);
    return 2;
  }
}
