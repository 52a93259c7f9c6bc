import { ServiceError } from '../../contracts';
import type { Random } from '../../random';
import type { LiveStack, ResourceChange } from '../stack-engine';
import type { Deployments } from './deployments';
import { page } from './pages';
import { newStackName, type StackBook } from './stack-book';
import type { ReadRequest } from './stack-input';

interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly description?: string;
  readonly createdAt: number;
  readonly input: Record<string, unknown>;
  readonly read: ReadRequest;
  readonly changes: readonly ResourceChange[];
  /** Why it cannot be executed. */
  readonly failure?: string;
}

type Shown = Record<string, unknown>;

/** What the engine says of an update that changes nothing. */
const noUpdates = 'No updates are to be performed.';
const noChanges = 'The submitted information didn\'t contain changes. Submit different information to create a change set.';
const notFound = (name: string): ServiceError => new ServiceError('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`, 404);

/** Change sets: made at once, kept until they are executed or deleted. */
export class ChangeSets {
  private readonly sets = new Map<string, ChangeSet>();

  constructor(
    private readonly book: StackBook, private readonly deployments: Deployments, private readonly random: Random,
    private readonly now: () => number,
  ) {}

  create(input: Shown): Shown {
    const name = changeSetName(input.ChangeSetName);
    const { ChangeSetType: type = 'UPDATE' } = input as { ChangeSetType?: string };
    if (type === 'IMPORT') throw new ServiceError('ValidationError', 'The simulator does not import existing resources into stacks');
    if (type !== 'CREATE' && type !== 'UPDATE') {
      throw new ServiceError('ValidationError', `'changeSetType' must be CREATE, UPDATE or IMPORT, got '${type}'`);
    }
    const stack = type === 'CREATE' ? this.stackToCreate(input) : this.stackToUpdate(input);
    if (this.ofStack(stack.id).some((set) => set.name === name)) {
      throw new ServiceError('AlreadyExistsException', `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name`);
    }
    const read = this.readFor(input, stack);
    const { partition, region, account } = this.book.place;
    const set: ChangeSet = {
      id: `arn:${partition}:cloudformation:${region}:${account}:changeSet/${name}/${this.random.uuid()}`,
      name, stackId: stack.id, stackName: stack.name, description: input.Description as string | undefined, createdAt: this.now(),
      input, read,
      ...this.examine(stack, read),
    };
    this.sets.set(set.id, set);
    return { Id: set.id, StackId: set.stackId };
  }

  describe({ ChangeSetName, StackName, NextToken }: Shown): Shown {
    const set = this.existing(ChangeSetName, StackName);
    const { items, NextToken: next } = page(set.changes, NextToken);
    const { details, request } = set.read;
    return {
      ...shownSet(set),
      Parameters: Object.entries(request.parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      Tags: Object.entries(request.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: details.capabilities, NotificationARNs: [], RollbackConfiguration: {},
      Changes: items.map(shownChange), NextToken: next,
    };
  }

  execute({ ChangeSetName, StackName, DisableRollback }: Shown): Shown {
    const set = this.existing(ChangeSetName, StackName);
    if (set.failure !== undefined) {
      throw new ServiceError('InvalidChangeSetStatusException', `ChangeSet [${set.id}] cannot be executed in its current status of [FAILED]`);
    }
    for (const { id } of this.ofStack(set.stackId)) this.sets.delete(id);
    const { request, details } = set.read;
    const disableRollback = request.disableRollback === true || DisableRollback === true;
    this.deployments.deploy(
      { request: { ...request, id: set.stackId, disableRollback }, details: { ...details, disableRollback, changeSetId: set.id } },
      set.input.OnStackFailure,
    );
    return {};
  }

  /** A change set that does not exist is deleted already. */
  delete({ ChangeSetName, StackName }: Shown): Shown {
    const set = this.find(ChangeSetName, StackName);
    if (set !== undefined) this.sets.delete(set.id);
    return {};
  }

  list({ StackName, NextToken }: Shown): Shown {
    const stack = this.book.existing(StackName as string | undefined, (given) => `Stack [${given}] does not exist`);
    const { items, NextToken: next } = page(this.ofStack(stack.id).reverse(), NextToken);
    return { Summaries: items.map(shownSet), NextToken: next };
  }

  templateOf(changeSet: unknown, stack: unknown): string {
    return this.existing(changeSet, stack).read.details.templateText;
  }

  private stackToCreate(input: Shown): LiveStack {
    const name = newStackName(input.StackName);
    const present = this.book.find(name);
    if (present === undefined) {
      // what is wrong with the request must not leave a stack in review
      this.deployments.check(input, name);
      return this.book.announce(name);
    }
    if (present.status === 'REVIEW_IN_PROGRESS') return present;
    throw new ServiceError('ValidationError', `Stack [${name}] already exists and cannot be created again with the changeSet [${String(input.ChangeSetName)}].`);
  }

  private stackToUpdate(input: Shown): LiveStack {
    const stack = this.book.existing(input.StackName as string | undefined, (given) => `Stack [${given}] does not exist`);
    if (/^(CREATE_FAILED|ROLLBACK_COMPLETE|DELETE_.*)$/.test(stack.status)) {
      throw new ServiceError('ValidationError', `Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    return stack;
  }

  private readFor(input: Shown, stack: LiveStack): ReadRequest {
    // whatever the template is: the bootstrap stack stays as it is
    if (this.book.isBootstrap(stack)) return this.deployments.unchanged(stack);
    return this.deployments.read(input, stack.name, stack.status === 'REVIEW_IN_PROGRESS' ? undefined : stack);
  }

  private examine(stack: LiveStack, { request }: ReadRequest): Pick<ChangeSet, 'changes' | 'failure'> {
    if (this.book.isBootstrap(stack)) return { changes: [], failure: noChanges };
    try {
      return { changes: this.book.engine.changes(request) };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.message !== noUpdates) throw error;
      return { changes: [], failure: noChanges };
    }
  }

  private ofStack(stackId: string): ChangeSet[] {
    return [...this.sets.values()].filter((set) => set.stackId === stackId);
  }

  private find(nameOrId: unknown, stackNameOrId: unknown): ChangeSet | undefined {
    const byId = this.sets.get(String(nameOrId));
    if (byId !== undefined || String(nameOrId).startsWith('arn:')) return byId;
    if (stackNameOrId === undefined) throw new ServiceError('ValidationError', 'StackName must be specified if ChangeSetName is not specified as an ARN.');
    const stack = this.book.find(stackNameOrId as string);
    return stack && this.ofStack(stack.id).find(({ name }) => name === nameOrId);
  }

  private existing(nameOrId: unknown, stackNameOrId: unknown): ChangeSet {
    const set = this.find(nameOrId, stackNameOrId);
    if (set === undefined) throw notFound(String(nameOrId));
    return set;
  }
}

function changeSetName(name: unknown): string {
  if (typeof name === 'string' && /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return name;
  throw new ServiceError('ValidationError', '1 validation error detected: \'changeSetName\' must begin with a letter, hold letters, digits '
    + `and hyphens, and be from 1 to 128 long, got ${name === undefined ? 'none' : `'${name as string}'`}`);
}

function shownSet({ id, name, stackId, stackName, description, createdAt, failure }: ChangeSet): Shown {
  return {
    ChangeSetId: id, ChangeSetName: name, StackId: stackId, StackName: stackName, Description: description, CreationTime: new Date(createdAt),
    Status: failure === undefined ? 'CREATE_COMPLETE' : 'FAILED', StatusReason: failure,
    ExecutionStatus: failure === undefined ? 'AVAILABLE' : 'UNAVAILABLE', IncludeNestedStacks: false,
  };
}

function shownChange({ action, logicalId, physicalId, type, replacement, properties }: ResourceChange): Shown {
  const recreation = replacement === 'True' ? 'Always' : replacement === 'Conditional' ? 'Conditionally' : 'Never';
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action, LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceType: type, Replacement: replacement,
      PolicyAction: replacement === 'True' ? 'ReplaceAndDelete' : action === 'Remove' ? 'Delete' : undefined,
      Scope: action === 'Modify' ? ['Properties'] : [],
      Details: action !== 'Modify' ? [] : properties.map((Name) => ({
        Target: { Attribute: 'Properties', Name, RequiresRecreation: recreation }, Evaluation: 'Static', ChangeSource: 'DirectModification',
      })),
    },
  };
}
