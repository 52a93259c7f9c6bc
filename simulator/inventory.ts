import { parseArn } from './arn';
import type { DeployedResource } from './cloudformation/deployed';
import type { LiveStack } from './cloudformation/stack-engine';

/** What there is, found as its user names it: by construct path. */
export class Inventory {
  /** @param allStacks every stack, deleted and nested ones included */
  constructor(private readonly allStacks: () => readonly LiveStack[]) {}

  /**
   * @param name the name of the stack, with account and region before it where several have one of that name
   * @throws when there is no such stack, or more than one
   */
  stack(name: string): LiveStack {
    const found = this.stacks.filter((one) => one.name === name || placed(one, one.name) === name);
    if (found.length > 1) throw new Error(`'${name}' names ${found.length} stacks: begin with account and region, as in '${placed(found[0], name)}'`);
    if (found.length === 0) throw new Error(`no stack '${name}' in this simulation, only ${this.stacks.map((one) => `'${one.name}'`).join(', ')}`);
    return found[0];
  }

  stackOf(resource: DeployedResource): LiveStack {
    return this.stacks.find(({ resources }) => resources.includes(resource))!;
  }

  /** Another number after every operation of a stack. */
  get version(): number {
    return this.allStacks().reduce((sum, { events }) => sum + events.length, 0);
  }

  all(...types: string[]): DeployedResource[] {
    return this.stacks.flatMap(({ resources }) => resources).filter(({ type }) => types.includes(type));
  }

  /**
   * @param path the construct path in the stack, with or without the stack's name before it, and account and region before that, or
   * the logical ID
   * @throws when no resource of these types is there, or more than one
   */
  find(path: string, ...types: string[]): DeployedResource {
    const candidates = this.stacks.flatMap((stack) => (
      stack.resources.filter(({ type }) => types.includes(type)).map((resource) => ({ stack, resource }))
    ));
    const found = candidates.filter(({ stack, resource }) => {
      const inStack = `${resource.stackName}/${nameOf(resource)}`;
      return [nameOf(resource), inStack, placed(stack, inStack), resource.logicalId].includes(path);
    });
    if (found.length === 1) return found[0].resource;
    if (found.length > 1) {
      const [{ stack, resource: { stackName } }] = found;
      const inStack = path.startsWith(`${stackName}/`) ? path : `${stackName}/${path}`;
      const apart = found.every(({ resource }, index) => index === 0 || resource.stackName !== stackName);
      throw new Error(`'${path}' names ${found.length} resources: begin with ${apart
        ? `the stack, as in '${inStack}'` : `account, region and stack, as in '${placed(stack, inStack)}'`}`);
    }
    throw new Error(`no ${types.join(' or ')} at '${path}'; there are: ${candidates.map(({ resource }) => nameOf(resource)).join(', ') || 'none'}`);
  }

  private get stacks(): LiveStack[] {
    return this.allStacks().filter(({ status }) => status !== 'DELETE_COMPLETE');
  }
}

/** With the account and the region of a stack before it. */
function placed({ id }: LiveStack, path: string): string {
  const { account, region } = parseArn(id);
  return `${account}/${region}/${path}`;
}

/** A construct is called `Resource` where its parent is the thing that its user knows. */
export function nameOf({ path }: DeployedResource): string {
  return path.replace(/(\/Resource)+$/, '');
}
