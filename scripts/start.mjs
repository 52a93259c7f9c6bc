// npm start: set up, bundle, then run the reference stack in the simulator.
import { join } from 'node:path';
import { root, run, setUp } from './set-up.mjs';

setUp();
const { bundle } = await import('./bundle.mjs');
await bundle();
process.on('SIGINT', () => {}); // Ctrl-C reaches the child as well, which ends in order and decides the exit status
process.exit(run(process.execPath, [join(root, 'build/bin/start.js'), ...process.argv.slice(2)], { cwd: process.cwd() }));
