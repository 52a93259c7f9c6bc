// Measures the simulator, beside its peer where there is one; prints the figures and writes them to benchmark/RESULTS.md.
// node benchmark/run.mjs [section ...]
import { build } from 'esbuild';
import { fork, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../scripts/bundle.mjs';
import { root } from '../scripts/set-up.mjs';

/** In the order of the report, with the arguments of each run: a process of its own, that sees no other's memory or compiled code. */
const SECTIONS = {
  'sqs-over-http': [[]], 'sqs-in-process': [['standard'], ['fifo']], 'poison-message': [[]], 'day-of-orders': [[]], 'first-steps': [[]],
};

function installPeer() {
  if (existsSync(join(root, 'benchmark/node_modules/fauxqs'))) return;
  console.log('Installing the peer');
  const { status } = spawnSync('npm', ['ci', '--prefix', join(root, 'benchmark')], { cwd: join(root, 'benchmark'), stdio: 'inherit' });
  if (status !== 0) throw new Error('the peer cannot be installed');
}

async function bundleBenchmarks() {
  await bundle();
  await build({
    absWorkingDir: root, entryPoints: [...Object.keys(SECTIONS).map((name) => `benchmark/${name}.ts`), 'benchmark/servers/simulator.ts',
      'benchmark/servers/fixed-answers.ts'],
    outbase: 'benchmark', outdir: 'build/benchmark', bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'constructs', 'typescript'], legalComments: 'none', logLevel: 'warning',
  });
}

function measure(section, args) {
  return new Promise((resolve, reject) => {
    const child = fork(join(root, `build/benchmark/${section}.js`), args, {
      cwd: root, execArgv: ['--expose-gc'],
      env: { ...process.env, CDK_VALIDATION: 'false', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    const figures = [];
    child.on('message', (message) => figures.push(...message));
    child.on('exit', (status) => (status === 0 ? resolve(figures) : reject(new Error(`'${section}' ended with status ${status}`))));
  });
}

function table(figures) {
  const rows = figures.map(({ group, name, result, goal = '', met }) => [group, name, result, goal, met === undefined ? '' : met ? 'met' : 'missed']);
  const all = [['', 'measured', 'result', 'goal', ''], ...rows];
  const widths = all[0].map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(all[0]), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...all.slice(1).map(line)].join('\n');
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined) {
  console.error(`There is no section '${unknown}', only ${Object.keys(SECTIONS).join(', ')}`);
  process.exit(2);
}
installPeer();
await bundleBenchmarks();
const figures = [];
for (const section of asked.length > 0 ? asked : Object.keys(SECTIONS)) {
  console.log(`Measuring ${section}`);
  for (const args of SECTIONS[section]) figures.push(...await measure(section, args));
}
console.log(`\n${table(figures)}`);
if (asked.length === 0) {
  const machine = `${availableParallelism()} cores, Node.js ${process.versions.node}`;
  writeFileSync(join(root, 'benchmark/RESULTS.md'), `# Results

Measured on ${new Date().toISOString().slice(0, 10)} with ${machine}, by \`npm run benchmark\`. What each section measures
stands in its file in this folder.

${table(figures)}
`);
}
