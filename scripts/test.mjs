// npm test: set up, build, check all types, run every test.
import { run, setUp } from './set-up.mjs';

setUp();
const steps = [
  ['scripts/build.mjs'],
  ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'],
  ['node_modules/jest/bin/jest.js', ...process.argv.slice(2)],
];
for (const [script, ...args] of steps) {
  const status = run(process.execPath, [script, ...args]);
  if (status !== 0) process.exit(status);
}
