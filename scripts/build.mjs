// The whole build: bundles, the jsii library, and the type declarations of the bundles.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, setUp } from './set-up.mjs';

setUp();
// Declarations of files that are gone would be published, and stand before a folder of the same name.
for (const folder of ['simulator', 'handler']) rmSync(join(root, 'build', folder), { recursive: true, force: true });
const { bundle } = await import('./bundle.mjs');
await bundle();
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0] };
const steps = [
  ['node_modules/jsii/bin/jsii', '--silence-warnings=reserved-word'],
  ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.types.json'],
];
for (const [script, ...args] of steps) {
  const status = run(process.execPath, [script, ...args], { env });
  if (status !== 0) process.exit(status);
}
