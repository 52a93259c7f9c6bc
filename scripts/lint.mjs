// npm run lint
import { run, setUp } from './set-up.mjs';

setUp();
process.exit(run(process.execPath, ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.', ...process.argv.slice(2)]));
