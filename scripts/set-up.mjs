// Installs the locked dependencies when they are missing or stale. Runs before anything is installed: Node.js only.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** Whether what npm last installed differs from the lock file; packages for other platforms are rightly absent. */
function isStale() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return true;
  const installed = read('node_modules/.package-lock.json');
  return Object.entries(read('package-lock.json'))
    .some(([path, locked]) => path !== '' && !locked.optional && !locked.devOptional
      && installed[path]?.integrity !== locked.integrity);
}

export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  return signal ? 128 : status;
}

export function setUp() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 16)) {
    console.error(`cdk-messaging needs Node.js 20.16 or newer, this is ${process.versions.node}`);
    process.exit(2);
  }
  if (!isStale()) return;
  console.error('Installing the locked dependencies (once, about half a minute) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stdout, stderr } = spawnSync(npm, ['ci', '--loglevel=error'], {
    cwd: root, encoding: 'utf8', shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
    console.error('npm ci failed: nothing was started');
    process.exit(1);
  }
}
