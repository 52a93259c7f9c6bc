import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Progress } from './scenario';

/** `cdk deploy` ended with an error; the message is all that it printed. */
export class DeploymentError extends Error {}

/** Variables by which the user's own account, proxy or settings of the CDK would have a say. */
const foreign = /^(AWS_|CDK_|(https?|all|no)_proxy$)/i;

export interface CommandLine {
  /** The file that is the CDK's command line, `aws-cdk/bin/cdk`. */
  readonly program: string;
  /** Where the simulator serves. */
  readonly endpoint: string;
}

/** The variables with which a process that speaks AWS talks to the simulator, and to nothing else. */
export function simulatorEnvironment(endpoint: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name))),
    AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulator', AWS_SECRET_ACCESS_KEY: 'simulator', AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true',
    JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: 'true', NODE_NO_WARNINGS: '1',
  };
}

/**
 * Deploys every stack of a cloud assembly to the simulator with the CDK's own command line.
 *
 * @throws DeploymentError with all that it printed, when it ends with an error
 */
export async function deployWithCommandLine(assembly: string, { program, endpoint }: CommandLine, progress: Progress): Promise<void> {
  const step = 'Deploying it with cdk deploy';
  progress(step);
  const { status, output } = await run(
    [program, 'deploy', '--all', '--app', assembly, '--require-approval', 'never', '--progress', 'events', '--ci', '--no-color', '--no-notices'],
    { ...simulatorEnvironment(endpoint, process.env), AWS_CONFIG_FILE: join(assembly, 'no-config'), AWS_SHARED_CREDENTIALS_FILE: join(assembly, 'no-credentials') },
    assembly,
    (line) => {
      const [, done, all] = /\| +(\d+)\/(\d+) \|/.exec(line) ?? [];
      if (done !== undefined) progress(step, Math.min(1, Number(done) / Number(all)));
    },
  );
  if (status !== 0) throw new DeploymentError(`cdk deploy ended with status ${status}:\n${output}`);
}

function run(
  args: readonly string[], env: NodeJS.ProcessEnv, cwd: string, onLine: (line: string) => void,
): Promise<{ status: number | string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        text.split('\n').forEach(onLine);
      });
    }
    child.once('error', reject);
    child.once('close', (status, signal) => { resolve({ status: status ?? signal!, output }); });
  });
}
