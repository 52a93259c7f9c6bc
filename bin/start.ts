import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { start, type Surroundings } from '../cli/start';
import { deployWithCommandLine } from '../cli/start/deploy';
import { untilInterrupted } from '../cli/until-interrupted';

const root = dirname(dirname(__dirname)); // this file runs as build/bin/start.js

const deploy: Surroundings['deploy'] = async ({ endpoint }, progress) => {
  progress('Synthesizing the reference stack');
  const assembly = await synthesize();
  await deployWithCommandLine(assembly, { endpoint, program: join(root, 'node_modules/aws-cdk/bin/cdk') }, progress);
};

/** With the settings that `cdk synth` takes, but without its process around it. */
async function synthesize(): Promise<string> {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object };
  const outputFolder = join(root, 'cdk.out');
  try {
    await promisify(execFile)(process.execPath, [join(root, 'build/bin/app.js')], {
      cwd: root,
      env: {
        ...process.env, CDK_OUTDIR: outputFolder, CDK_VALIDATION: 'false',
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:enable-path-metadata': true }),
      },
    });
  } catch (error) {
    throw new Error(`the reference stack cannot be synthesized:\n${(error as { stderr: string }).stderr}`);
  }
  return outputFolder;
}

void start(process.argv.slice(2), {
  deploy, untilStopped: untilInterrupted, sample: join(root, 'examples/orders.ndjson'), output: process.stdout, errors: process.stderr,
}).then((status) => { process.exitCode = status; });
