import type { DeployedResource, DeployedStack } from './cloudformation/deployment';

/** What was created, found as its user names it: by construct path. */
export class Inventory {
  private readonly stacks: DeployedStack[] = [];

  add(stack: DeployedStack): void {
    this.stacks.push(stack);
  }

  /** @throws when there is no such stack */
  stack(name: string): DeployedStack {
    const stack = this.stacks.find((one) => one.name === name);
    if (!stack) throw new Error(`no stack '${name}' in this simulation, only ${this.stacks.map((one) => `'${one.name}'`).join(', ')}`);
    return stack;
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
}

/** A construct is called `Resource` where its parent is the thing that its user knows. */
export function nameOf({ path }: DeployedResource): string {
  return path.replace(/(\/Resource)+$/, '');
}
