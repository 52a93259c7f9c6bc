import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { start } from '../cli/start';

const root = dirname(dirname(__dirname)); // this file runs as build/bin/start.js

/** In a process of its own, as the CDK command line runs it: the same template, and none of its memory here. */
function synthesize(): Promise<string> {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: object };
  const outputFolder = join(root, 'cdk.out');
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'build/bin/app.js')], {
    cwd: root, encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outputFolder, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' },
  });
  if (status !== 0) throw new Error(`the reference stack cannot be synthesized:\n${stderr}`);
  return Promise.resolve(outputFolder);
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 2 ** 30);
    process.once('SIGINT', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

void start(process.argv.slice(2), {
  synthesize, untilStopped, sample: join(root, 'examples/orders.ndjson'), output: process.stdout, errors: process.stderr,
}).then((status) => { process.exitCode = status; });
