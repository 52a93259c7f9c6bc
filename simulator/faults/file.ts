import { readFileSync } from 'node:fs';

/**
 * Reads a list of faults from a JSON file.
 *
 * @throws when the file cannot be read, is no JSON, or holds no list
 */
export function readFaults(path: string): readonly unknown[] {
  const content = ((): unknown => {
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      throw new Error(`'faults' must name a JSON file with a list of faults: ${path}: ${(error as Error).message}`, { cause: error });
    }
  })();
  if (!Array.isArray(content)) throw new Error(`'faults' must name a JSON file with a list of faults: ${path} holds no list`);
  return content;
}
