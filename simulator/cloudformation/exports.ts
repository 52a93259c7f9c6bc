import { isDeepStrictEqual } from 'node:util';
import type { StackRecord } from './stack-record';

/** The exports of all stacks. A name is exported once, and what another stack imports neither changes nor goes. */
export class Exports {
  constructor(private readonly stacks: () => Iterable<StackRecord>) {}

  /** @throws an error when no stack exports the name */
  value(name: string): unknown {
    for (const stack of this.stacks()) if (name in stack.exports) return stack.exports[name];
    throw new Error(`no stack exports '${name}'`);
  }

  /** The names of the stacks that import it. */
  importers(name: string, except?: StackRecord): string[] {
    return [...this.stacks()].filter((stack) => stack !== except && stack.imports.has(name)).map((stack) => stack.name);
  }

  /** @throws an error, in CloudFormation's words, when the stack cannot export these values in place of its former ones */
  check(stack: StackRecord, next: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(next)) {
      for (const other of this.stacks()) {
        if (other !== stack && name in other.exports) throw new Error(`Export with name ${name} is already exported by stack ${other.name}. Rule: Exports must be unique`);
      }
    }
    for (const [name, value] of Object.entries(stack.exports)) {
      const [importer] = this.importers(name, stack);
      if (importer === undefined) continue;
      if (!(name in next)) throw new Error(`Cannot delete export ${name} as it is in use by ${importer}`);
      if (!isDeepStrictEqual(next[name], value)) throw new Error(`Cannot update export ${name} as it is in use by ${importer}`);
    }
  }
}
