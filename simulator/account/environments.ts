import { parseArn } from '../arn';
import type { AssembledStack } from '../cloudformation/assembly';
import { refuseUnknownParameters, type StackParameters } from '../cloudformation/deployment';
import type { LeftOut } from '../cloudformation/left-out';
import type { LiveStack, ResourceChange } from '../cloudformation/stack-engine';
import { Identities } from '../iam';
import { Turns } from '../lambda';
import type { SimulationOptions } from '../simulation-options';
import { Account, type AccountSurroundings, type Neighbours } from '.';

/** An account and a region. */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

type Shared = Omit<AccountSurroundings, 'identities' | 'turns' | 'neighbours' | 'account' | 'region'>;

/** Every account and region of a simulation. The first is where the stacks are that name none. */
export class Environments implements Neighbours {
  readonly identities = new Identities();
  readonly turns = new Turns();
  private readonly accounts = new Map<string, Account>();

  /** @param created told about every environment but the first, before anything is in it */
  constructor(
    private readonly shared: Shared, private readonly options: SimulationOptions,
    first: Environment, private readonly created: (account: Account) => void,
  ) {
    this.create(first, shared.seed);
  }

  get first(): Account {
    return this.accounts.values().next().value!;
  }

  all(): Account[] {
    return [...this.accounts.values()];
  }

  at(arn: string): Account | undefined {
    const { region, account } = parseArn(arn);
    return this.accounts.get(`${account}/${region}`);
  }

  withBucket(name: string): Account | undefined {
    return this.all().find(({ s3 }) => s3.bucket(name) !== undefined);
  }

  withSigner(accessKeyId: string): Account | undefined {
    return this.all().find(({ lambda }) => lambda.signer(accessKeyId) !== undefined);
  }

  accountOf(accessKeyId: string): string | undefined {
    return this.withSigner(accessKeyId)?.place.account ?? this.siblingOf(accessKeyId)?.place.account;
  }

  siblingOf(account: string): Account | undefined {
    return this.all().find(({ place }) => place.account === account);
  }

  /** All stacks, deleted and nested ones included. */
  stacks(): LiveStack[] {
    return this.all().flatMap(({ cloudFormation }) => cloudFormation.stacks.all());
  }

  leftOut(): LeftOut[] {
    return this.all().flatMap(({ cloudFormation }) => cloudFormation.stacks.leftOut());
  }

  /** Creates every stack where it belongs. @throws as `CloudFormation.deployAll` */
  deploy(stacks: readonly AssembledStack[], parameters: StackParameters = {}): void {
    refuseUnknownParameters(stacks, parameters);
    stacks.forEach((stack) => this.of(stack));
    for (const stack of stacks) this.of(stack).cloudFormation.deployAll([stack], parametersOf(stack, parameters));
  }

  /** @returns the changes by the name of the stack, which stands behind account and region where another has it, too */
  update(stacks: readonly AssembledStack[], parameters: StackParameters = {}): Record<string, readonly ResourceChange[]> {
    refuseUnknownParameters(stacks, parameters);
    stacks.forEach((stack) => this.of(stack));
    return Object.fromEntries(stacks.map((stack) => {
      const { cloudFormation, place } = this.of(stack);
      const changes = cloudFormation.updateAll([stack], parametersOf(stack, parameters))[stack.name];
      const unique = stacks.filter(({ name }) => name === stack.name).length === 1;
      return [unique ? stack.name : `${place.account}/${place.region}/${stack.name}`, changes];
    }));
  }

  /** @param name of one stack. @default - all are deleted, the last environment's first */
  destroy(name?: string): void {
    if (name === undefined) {
      for (const { cloudFormation } of this.all().reverse()) cloudFormation.destroy();
      return;
    }
    const found = this.all().filter(({ cloudFormation }) => cloudFormation.stacks.find(name) !== undefined);
    if (found.length > 1) {
      throw new Error(`'${name}' names ${found.length} stacks, in ${found.map(({ place }) => `${place.account}/${place.region}`).join(' and ')}: give the ARN of one`);
    }
    (found[0] ?? this.first).cloudFormation.destroy(name);
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((account) => account.close()));
  }

  private of({ account, region }: AssembledStack): Account {
    const { place } = this.first;
    const environment = { account: account ?? place.account, region: region ?? place.region };
    const present = this.accounts.get(keyOf(environment));
    if (present) return present;
    // identifiers of its own sequences, that no two environments make the same
    const created = this.create(environment, this.shared.random.integer(2 ** 32));
    this.created(created);
    return created;
  }

  private create(environment: Environment, seed: number): Account {
    const account = new Account(
      { ...this.shared, ...environment, seed, identities: this.identities, turns: this.turns, neighbours: this }, this.options,
    );
    this.accounts.set(keyOf(environment), account);
    return account;
  }
}

function keyOf({ account, region }: Environment): string {
  return `${account}/${region}`;
}

/** Those that the stack has. */
function parametersOf({ name, template }: AssembledStack, parameters: StackParameters): StackParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([key, value]) => (
    typeof value === 'string' ? key in (template.Parameters ?? {}) : key === name
  )));
}
