import type { DeployedResource } from './cloudformation/deployed';
import type { LiveStack } from './cloudformation/stack-engine';

/** What there is, found as its user names it: by construct path. */
export class Inventory {
  /** @param allStacks every stack, deleted and nested ones included */
  constructor(private readonly allStacks: () => readonly LiveStack[]) {}

  /** @throws when there is no such stack */
  stack(name: string): LiveStack {
    const stack = this.stacks.find((one) => one.name === name);
    if (!stack) throw new Error(`no stack '${name}' in this simulation, only ${this.stacks.map((one) => `'${one.name}'`).join(', ')}`);
    return stack;
  }

  /** Another number after every operation of a stack. */
  get version(): number {
    return this.allStacks().reduce((sum, { events }) => sum + events.length, 0);
  }

  all(...types: string[]): DeployedResource[] {
    return this.stacks.flatMap(({ resources }) => resources).filter(({ type }) => types.includes(type));
  }

  /**
   * @param path the construct path in the stack, with or without the stack's name before it, or the logical ID
   * @throws when no resource of these types is there, or more than one
   */
  find(path: string, ...types: string[]): DeployedResource {
    const candidates = this.all(...types);
    const found = candidates.filter((resource) => (
      [nameOf(resource), `${resource.stackName}/${nameOf(resource)}`, resource.logicalId].includes(path)
    ));
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      throw new Error(`'${path}' names ${found.length} resources: begin with the stack, as in '${found[0].stackName}/${path}'`);
    }
    throw new Error(`no ${types.join(' or ')} at '${path}'; there are: ${candidates.map(nameOf).join(', ') || 'none'}`);
  }

  private get stacks(): LiveStack[] {
    return this.allStacks().filter(({ status }) => status !== 'DELETE_COMPLETE');
  }
}

/** A construct is called `Resource` where its parent is the thing that its user knows. */
export function nameOf({ path }: DeployedResource): string {
  return path.replace(/(\/Resource)+$/, '');
}
