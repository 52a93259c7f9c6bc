import type { Place } from '../contracts';
import type { Random } from '../random';
import type { AssembledStack } from './assembly';
import type { UnmodelledPolicy } from './left-out';
import type { ResourceProvider } from './provider';
import type { LiveStack, ResourceChange, StackRequest } from './stack-engine';
import { Stacks } from './stacks';

export type { DeployedResource } from './deployed';

/** The values of parameters: of all stacks that have them, or by the name of a stack. */
export type StackParameters = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** Creates, updates and deletes the stacks of a cloud assembly; what fails is thrown. */
export class CloudFormation {
  readonly stacks: Stacks;
  private parameters: StackParameters = {};

  constructor(
    place: Place, random: Random, providers: ReadonlyMap<string, ResourceProvider>, now: () => number, unmodelled?: UnmodelledPolicy,
  ) {
    this.stacks = new Stacks({ place, random, providers }, now, unmodelled);
  }

  /**
   * Creates every resource of the stack in the order of their dependencies.
   *
   * @throws an error that lists every resource type and property that the simulator does not model, or that names the
   * resource that could not be created
   */
  deploy(stack: AssembledStack): LiveStack {
    return completed(this.stacks.deploy(this.requestOf(stack)));
  }

  /** @throws as `deploy`, and for parameters that no stack has */
  deployAll(stacks: readonly AssembledStack[], parameters: StackParameters = {}): void {
    this.parameters = { ...this.parameters, ...parameters };
    refuseUnknownParameters(stacks, parameters);
    for (const stack of stacks) this.deploy(stack);
  }

  /**
   * Brings the running stacks to what the assembled ones are, and creates those that are new. A stack without a change stays as
   * it is.
   *
   * @returns the changes by the name of the stack, empty where there were none
   * @throws the error of the first stack that could not be updated; it is as it was before then
   */
  updateAll(stacks: readonly AssembledStack[], parameters: StackParameters = {}): Record<string, readonly ResourceChange[]> {
    refuseUnknownParameters(stacks, parameters);
    this.parameters = { ...this.parameters, ...parameters };
    return Object.fromEntries(stacks.map((stack) => {
      const request = this.requestOf(stack);
      const changes = this.changes(request);
      if (changes) completed(this.stacks.deploy(request));
      return [stack.name, changes ?? []];
    }));
  }

  /**
   * Deletes a stack, or all of them, the last one first.
   *
   * @throws an error that names what could not be deleted
   */
  destroy(name?: string): void {
    const outermost = this.stacks.all().filter(({ parent, status }) => parent === undefined && status !== 'DELETE_COMPLETE');
    for (const stack of name === undefined ? outermost.reverse() : [name]) {
      completed(this.stacks.delete(typeof stack === 'string' ? stack : stack.id));
    }
  }

  /** Undefined where there is nothing to do. */
  private changes(request: StackRequest): ResourceChange[] | undefined {
    try {
      return this.stacks.changes(request);
    } catch (error) {
      if ((error as Error).message === 'No updates are to be performed.') return undefined;
      throw error;
    }
  }

  private requestOf({ name, template, paths, assets, tags }: AssembledStack): StackRequest {
    const declared = Object.keys(template.Parameters ?? {});
    const shared = Object.entries(this.parameters).filter(([parameter, value]) => typeof value === 'string' && declared.includes(parameter));
    const own = this.parameters[name];
    return {
      name, template, paths, tags, assets: (objectKey) => assets.get(objectKey),
      parameters: { ...Object.fromEntries(shared) as Record<string, string>, ...typeof own === 'object' ? own : {} },
    };
  }
}

/** @throws an error that lists what names neither a stack nor a parameter */
export function refuseUnknownParameters(stacks: readonly AssembledStack[], parameters: StackParameters): void {
  const problems = Object.entries(parameters).flatMap(([name, value]) => {
    if (typeof value === 'object') return stacks.some((stack) => stack.name === name) ? [] : [`no stack is called '${name}'`];
    return stacks.some(({ template }) => name in (template.Parameters ?? {})) ? [] : [`no stack has a parameter '${name}'`];
  });
  if (problems.length > 0) throw new Error(`'parameters' must name stacks or parameters: ${problems.join('; ')}`);
}

function completed(stack: LiveStack): LiveStack {
  if (['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE'].includes(stack.status)) return stack;
  throw stack.failure!;
}
