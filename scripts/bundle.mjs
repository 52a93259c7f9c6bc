// Bundles what runs: the handlers that are deployed, the typed handler helper, the simulator and its worker, and the entry points.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { root } from './set-up.mjs';

const entryPoints = (folder) => readdirSync(join(root, folder), { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => basename(entry.name, '.ts'));

const common = {
  absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'],
  legalComments: 'none', write: false, logLevel: 'warning',
};

const handlers = () => build({
  ...common,
  entryPoints: Object.fromEntries(entryPoints('lambda').map((name) => [`${name}/index`, `lambda/${name}.ts`])),
  outdir: 'assets', minify: true, target: 'node22',
});

const programs = () => build({
  ...common,
  entryPoints: {
    'simulator/index': 'simulator/index.ts',
    'handler/index': 'handler/index.ts',
    'simulator/matchers': 'simulator/matchers/register.ts',
    'simulator/worker': 'simulator/lambda/worker.ts',
    ...Object.fromEntries(entryPoints('bin').map((name) => [`bin/${name}`, `bin/${name}.ts`])),
  },
  outdir: 'build', target: 'node20', external: ['aws-cdk-lib', 'constructs', 'typescript'],
});

/** A file is replaced only when it changed, and then whole: CDK caches fingerprints by inode, and tests may be reading. */
function replace({ path, contents }) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

export async function bundle() {
  mkdirSync(join(root, 'assets'), { recursive: true });
  const [deployed, local] = await Promise.all([handlers(), programs()]);
  for (const file of [...deployed.outputFiles, ...local.outputFiles]) replace(file);

  const kept = new Set(deployed.outputFiles.map((file) => relative(join(root, 'assets'), file.path).split(/[\\/]/)[0]));
  for (const folder of readdirSync(join(root, 'assets'))) {
    if (!kept.has(folder)) rmSync(join(root, 'assets', folder), { recursive: true, force: true });
  }
}

if (import.meta.url === `file://${process.argv[1]}`) await bundle();
