import { ServiceError, type Place } from '../../contracts';
import type { Random } from '../../random';
import type { LiveStack, StackEngine } from '../stack-engine';
import { bootstrapStack } from './bootstrap';

/** What CloudFormation keeps of a stack beyond what the engine needs. */
export interface StackDetails {
  /** As it was given, for `GetTemplate`. */
  readonly templateText: string;
  readonly capabilities: readonly string[];
  readonly roleArn?: string;
  readonly disableRollback: boolean;
  /** Of the last change set that was executed. */
  readonly changeSetId?: string;
}

const namePattern = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/** The stacks that there are: those of the engine, those that only a change set announces, and the bootstrap stack. */
export class StackBook {
  private readonly announced = new Map<string, LiveStack>();
  private readonly details = new Map<string, StackDetails>();
  private readonly protectedIds = new Set<string>();
  private readonly bootstrap: LiveStack;

  constructor(
    readonly engine: StackEngine, readonly place: Place, private readonly random: Random, private readonly now: () => number,
  ) {
    this.bootstrap = bootstrapStack(place, now());
  }

  /** By name a stack that is not deleted, by ID any. */
  find(nameOrId: string): LiveStack | undefined {
    return this.engine.find(nameOrId)
      ?? [...this.announced.values(), this.bootstrap].find(({ name, id }) => name === nameOrId || id === nameOrId);
  }

  /** @throws ServiceError `ValidationError`, in the words by which the CDK command line knows that there is no such stack */
  existing(nameOrId: string | undefined, explain = (given: string): string => `Stack with id ${given} does not exist`): LiveStack {
    if (nameOrId === undefined || nameOrId === '') throw new ServiceError('ValidationError', '\'stackName\' must be given');
    const stack = this.find(nameOrId);
    if (stack === undefined) throw new ServiceError('ValidationError', explain(nameOrId));
    return stack;
  }

  /** The newest last; deleted stacks included. */
  all(): LiveStack[] {
    return [this.bootstrap, ...this.engine.all(), ...this.announced.values()];
  }

  /** A stack that a change set will create: in review, with the ID that it will have. */
  announce(name: string): LiveStack {
    const { partition, region, account } = this.place;
    const at = this.now();
    const id = `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/${this.random.uuid()}`;
    const stack: LiveStack = {
      name, id, status: 'REVIEW_IN_PROGRESS', statusReason: 'User Initiated', template: {}, parameters: {}, tags: {}, resources: [],
      outputs: {}, exports: {}, createdAt: at,
      events: [{
        eventId: this.random.uuid(), at, stackName: name, stackId: id, logicalId: name, physicalId: id,
        type: 'AWS::CloudFormation::Stack', status: 'REVIEW_IN_PROGRESS', reason: 'User Initiated',
      }],
    };
    this.announced.set(name, stack);
    return stack;
  }

  /** The stack is no longer only announced: it was created, or given up. */
  forget(name: string): void {
    this.announced.delete(name);
  }

  detailsOf({ id }: LiveStack): StackDetails | undefined {
    return this.details.get(id);
  }

  keep({ id }: LiveStack, details: StackDetails): void {
    this.details.set(id, details);
  }

  protects({ id }: LiveStack): boolean {
    return this.protectedIds.has(id);
  }

  protect({ id }: LiveStack, enabled: boolean): void {
    if (enabled) this.protectedIds.add(id);
    else this.protectedIds.delete(id);
  }

  isBootstrap({ id }: { readonly id: string }): boolean {
    return id === this.bootstrap.id;
  }
}

/** @throws ServiceError `ValidationError`. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export function newStackName(name: unknown): string {
  if (typeof name === 'string' && namePattern.test(name)) return name;
  throw new ServiceError('ValidationError', '1 validation error detected: \'stackName\' must begin with a letter, hold letters, digits '
    + `and hyphens, and be from 1 to 128 long, got ${name === undefined ? 'none' : `'${name as string}'`}`);
}
