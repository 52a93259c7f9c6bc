import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T;

interface LockedPackage {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

const { packages } = read<{ packages: Record<string, LockedPackage> }>('package-lock.json');

test('the published library has no runtime dependency but its peers', () => {
  const manifest = read<{ dependencies?: object; peerDependencies: object }>('package.json');
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
});

test('the lock file has the builds for every platform: npm ci refuses one that has not', () => {
  const folders = (path: string): string[] => path.split('/').map((_part, index, parts) => `${parts.slice(0, index).join('/')}/`.replace(/^\//, ''));
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => (
    Object.keys(optionalDependencies).filter((name) => ![...folders(path), `${path}/`].some((folder) => `${folder}node_modules/${name}` in packages))
  ));
  expect(missing).toEqual([]);
});

test('the lock file pins every package by its content, and names no download host', () => {
  for (const [path, { integrity, resolved }] of Object.entries(packages)) {
    expect(resolved).toBeUndefined();
    // a package that another one bundles is pinned with it
    if (path !== '' && !('inBundle' in packages[path])) expect(integrity).toMatch(/^sha512-/);
  }
});

test('every file that the manifest names is one that the build makes', () => {
  const manifest = read<{ main: string; types: string; exports: Record<string, string | Record<string, string>> }>('package.json');
  const { '.': library, './simulator': simulator, './handler': handler } = manifest.exports as Record<string, Record<string, string>>;
  expect([manifest.main, manifest.types]).toEqual([library.default, library.types].map((file) => file.replace('./', '')));
  for (const file of [library, simulator, handler].flatMap((one) => Object.values(one))) expect(existsSync(join(root, file))).toBe(true);
});
