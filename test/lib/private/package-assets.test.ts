import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetFolder } from '../../../lib/private/package-assets';

describe('assetFolder', () => {
  let root: string;
  const deep = (): string => join(root, 'build', 'lib', 'private');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'package-assets-'));
    mkdirSync(deep(), { recursive: true });
    mkdirSync(join(root, 'assets', 'archive'), { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'cdk-messaging' }));
    writeFileSync(join(root, 'assets', 'archive', 'index.js'), '');
  });

  afterEach(() => rmSync(root, { recursive: true }));

  test('finds a bundled handler from whatever depth the file lies at', () => {
    expect(assetFolder('archive', deep())).toBe(join(root, 'assets', 'archive'));
    expect(assetFolder('archive', root)).toBe(join(root, 'assets', 'archive'));
  });

  test('passes by the package.json of another package', () => {
    writeFileSync(join(root, 'build', 'package.json'), JSON.stringify({ type: 'commonjs' }));
    expect(assetFolder('archive', deep())).toBe(join(root, 'assets', 'archive'));
  });

  test('fails when the handlers were not bundled, and says what to run', () => {
    expect(() => assetFolder('other', deep())).toThrow(`The bundled handler 'other' is not in ${join(root, 'assets')}: run 'npm run build' first`);
  });

  test('fails when the folder is there without its file', () => {
    rmSync(join(root, 'assets', 'archive', 'index.js'));
    expect(() => assetFolder('archive', deep())).toThrow("The bundled handler 'archive' is not in");
  });

  test('fails when it is not in the package', () => {
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'other' }));
    expect(() => assetFolder('archive', deep())).toThrow(`No package.json of 'cdk-messaging' in ${deep()} or above`);
  });
});
