import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';
import { readAssembly, type AssembledStack } from './cloudformation/assembly';

/** A construct to simulate (a stack and what it depends on, a stage or a whole app), or the folder of a cloud assembly. */
export type SimulationSource = IConstruct | string;

/**
 * The stacks to create, dependencies first.
 *
 * @param names only these of them, and those that they depend on
 * @throws when there is no stack of such a name
 */
export function stacksOf(source: SimulationSource, names?: readonly string[]): AssembledStack[] {
  const stacks = typeof source === 'string' ? readAssembly(source) : synthesize(source);
  if (names === undefined) return stacks;
  const unknown = names.filter((name) => !stacks.some((stack) => stack.name === name));
  if (unknown.length > 0) {
    throw new Error(`no stack is called ${unknown.map((name) => `'${name}'`).join(' or ')}; there are: ${stacks.map(({ name }) => name).join(', ')}`);
  }
  return withDependencies(stacks, stacks.filter(({ name }) => names.includes(name)).map(({ id }) => id));
}

/** Where the stacks are that do not say where: in the account and the region of the first that does. */
export function environmentOf(stacks: readonly AssembledStack[]): { account: string; region: string } {
  const first = (values: readonly (string | undefined)[]): string | undefined => values.find((value) => value !== undefined);
  return { account: first(stacks.map(({ account }) => account)) ?? '000000000000', region: first(stacks.map(({ region }) => region)) ?? 'us-east-1' };
}

function synthesize(construct: IConstruct): AssembledStack[] {
  const root = construct.node.root as IConstruct & { synth?: () => CloudAssembly };
  if (typeof root.synth !== 'function') {
    throw new Error(`'${construct.node.path}' is not in an App: only what can be synthesized can be simulated`);
  }
  const stacks = readAssembly(root.synth().directory);
  const wanted = construct.node.findAll().flatMap((one) => {
    const { templateFile, artifactId } = one as { templateFile?: string; artifactId?: string };
    return templateFile === undefined || artifactId === undefined ? [] : [artifactId];
  });
  return withDependencies(stacks, wanted);
}

function withDependencies(stacks: readonly AssembledStack[], wanted: readonly string[]): AssembledStack[] {
  const needed = new Set<string>();
  const visit = (id: string): void => {
    if (needed.has(id)) return;
    needed.add(id);
    stacks.find((stack) => stack.id === id)?.dependencies.forEach(visit);
  };
  wanted.forEach(visit);
  return stacks.filter(({ id }) => needed.has(id));
}
