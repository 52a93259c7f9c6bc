import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Template } from './template';

/** A stack of a cloud assembly: its template, and what the assembly knows about it beyond the template. */
export interface AssembledStack {
  /** The identifier of the artifact in the assembly. */
  readonly id: string;
  /** The name it is deployed under. */
  readonly name: string;
  readonly template: Template;
  /** Where it is deployed to, as far as the app says. */
  readonly account?: string;
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Logical ID to construct path, relative to the stack; what is in a nested stack under `NestedLogicalId/LogicalId`. */
  readonly paths: ReadonlyMap<string, string>;
  /** Object key of a file asset (as in `Code.S3Key`) to the folder or file that holds it. */
  readonly assets: ReadonlyMap<string, string>;
  readonly dependencies: readonly string[];
}

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  /** As in `aws://111122223333/eu-west-1`. */
  readonly environment?: string;
  readonly dependencies?: string[];
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
  readonly properties?: { templateFile?: string; stackName?: string; tags?: Record<string, string>; file?: string; directoryName?: string };
}

type Metadata = Record<string, { type: string; data?: unknown }[]>;

interface AssetManifest {
  readonly files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/** Reads every stack of a cloud assembly folder (`cdk.out`), stages included, dependencies first. */
export function readAssembly(folder: string): AssembledStack[] {
  const manifestFile = join(folder, 'manifest.json');
  if (!existsSync(manifestFile)) throw new Error(`'${folder}' is not a cloud assembly: it has no manifest.json (run cdk synth)`);
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(manifestFile);

  const stacks: AssembledStack[] = [];
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') stacks.push(readStack(folder, id, artifact, artifacts));
    if (artifact.type === 'cdk:cloud-assembly') stacks.push(...readAssembly(join(folder, artifact.properties!.directoryName!)));
  }
  return dependenciesFirst(stacks);
}

function readStack(folder: string, id: string, artifact: Artifact, artifacts: Record<string, Artifact>): AssembledStack {
  const dependencies = artifact.dependencies ?? [];
  const assets = new Map<string, string>();
  for (const dependency of dependencies) {
    const { type, properties } = artifacts[dependency] ?? {};
    if (type !== 'cdk:asset-manifest') continue;
    for (const file of Object.values(readJson<AssetManifest>(join(folder, properties!.file!)).files ?? {})) {
      for (const { objectKey } of Object.values(file.destinations)) {
        if (file.source.path !== undefined) assets.set(objectKey, resolve(folder, file.source.path));
      }
    }
  }
  const metadata = artifact.additionalMetadataFile
    ? readJson<Metadata>(join(folder, artifact.additionalMetadataFile))
    : artifact.metadata ?? {};
  const [account, region] = (artifact.environment ?? '').replace(/^aws:\/\//, '').split('/')
    .map((part) => (part === '' || part.startsWith('unknown-') ? undefined : part));
  return {
    id,
    name: artifact.properties?.stackName ?? id,
    account,
    region,
    tags: artifact.properties?.tags,
    template: readJson<Template>(join(folder, artifact.properties!.templateFile!)),
    paths: constructPaths(metadata, artifact.displayName ?? id),
    assets,
    dependencies: dependencies.filter((dependency) => artifacts[dependency]?.type === 'aws:cloudformation:stack'),
  };
}

function constructPaths(metadata: Metadata, stackPath: string): Map<string, string> {
  const prefix = `/${stackPath.replace(/ .*$/, '')}/`; // the display name is "path (name)" where the two differ
  const constructs = Object.entries(metadata).flatMap(([path, entries]) => entries
    .filter(({ type }) => type === 'aws:cdk:logicalId')
    .map(({ data }) => ({ logicalId: String(data), path: path.startsWith(prefix) ? path.slice(prefix.length) : path.slice(1) })));
  const nested = constructs.flatMap(({ logicalId, path }) => {
    const [, folder] = nestedStackResource.exec(path) ?? [];
    return folder === undefined ? [] : [{ logicalId, folder }];
  });
  const keyOf = (logicalId: string, path: string): string => {
    const around = nested.filter(({ folder }) => path.startsWith(`${folder}/`)).sort((one, other) => one.folder.length - other.folder.length);
    return [...around.map((one) => one.logicalId), logicalId].join('/');
  };
  return new Map(constructs.map(({ logicalId, path }) => [keyOf(logicalId, path), path]));
}

/** CDK puts the resource of a nested stack `Orders` beside it: `Orders.NestedStack/Orders.NestedStackResource`. */
const nestedStackResource = /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/;

function dependenciesFirst(stacks: AssembledStack[]): AssembledStack[] {
  const sorted = new Set<AssembledStack>();
  const visit = (stack: AssembledStack): void => {
    if (sorted.has(stack)) return;
    for (const dependency of stack.dependencies) {
      const needed = stacks.find(({ id }) => id === dependency);
      if (needed) visit(needed);
    }
    sorted.add(stack);
  };
  stacks.forEach(visit);
  return [...sorted];
}
