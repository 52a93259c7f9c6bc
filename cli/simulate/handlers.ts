import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { SimulationOptions } from '../../simulator';
import { UsageError } from '../usage-error';

type Handlers = NonNullable<SimulationOptions['handlers']>;

/**
 * Loads the module that holds handlers by construct path.
 *
 * @throws a usage error when it cannot be loaded or exports something that is no function
 */
export function readHandlers(file: string | undefined): Handlers | undefined {
  if (file === undefined) return undefined;
  const path = resolve(file);
  let exported: Record<string, unknown>;
  try {
    exported = createRequire(path)(path) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`'--handlers' must be a module that can be loaded, got '${file}': ${(error as Error).message.split('\n')[0]}`);
  }
  const wrong = Object.entries(exported).filter(([, value]) => typeof value !== 'function');
  if (wrong.length > 0) {
    throw new UsageError(`'--handlers' must export functions by construct path, got ${wrong.map(([name, value]) => `'${name}': ${typeof value}`).join(', ')}`);
  }
  return exported as Handlers;
}
