import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The name in this package's package.json: a project that uses the library may have an `assets` folder of its own. */
const PACKAGE = 'cdk-messaging';

/**
 * The folder of a bundled handler, `<package root>/assets/<name>`. The root is looked for upward because sources, compiled
 * files and bundles lie at different depths.
 *
 * @throws when the package was not built, or has no such handler
 */
export function assetFolder(name: string, from: string = __dirname): string {
  const root = packageRoot(from);
  const folder = join(root, 'assets', name);
  if (!existsSync(join(folder, 'index.js'))) {
    throw new Error(`The bundled handler '${name}' is not in ${join(root, 'assets')}: run 'npm run build' first`);
  }
  return folder;
}

function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === PACKAGE) return folder;
    if (dirname(folder) === folder) throw new Error(`No package.json of '${PACKAGE}' in ${from} or above`);
  }
}
