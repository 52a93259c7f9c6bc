import type { Place } from '../contracts';
import type { Random } from '../random';
import type { AssembledStack } from './assembly';
import { evaluate, holds, type Scope } from './intrinsics';
import { Properties, type CreatedResource, type ResourceProvider } from './provider';
import { creationOrder, type Template, type TemplateResource } from './template';

/** A resource that exists in the simulation. */
export interface DeployedResource extends CreatedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The construct path relative to the stack, or the logical ID where the assembly has none. */
  readonly path: string;
  readonly stackName: string;
}

export interface DeployedStack {
  readonly name: string;
  readonly resources: readonly DeployedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Creates stacks in the simulation from their templates. */
export class CloudFormation {
  private readonly exports = new Map<string, unknown>();

  constructor(
    private readonly place: Place,
    private readonly random: Random,
    private readonly providers: ReadonlyMap<string, ResourceProvider>,
  ) {}

  /**
   * Creates every resource of the stack in the order of their dependencies.
   *
   * @throws an error that lists every resource type and property that the simulator does not model, or that names the
   * resource that could not be created
   */
  deploy(stack: AssembledStack): DeployedStack {
    const { template } = stack;
    const created = new Map<string, DeployedResource>();
    const scope = this.scopeOf(stack, created);
    const exists = ({ Condition }: { Condition?: string }): boolean => Condition === undefined || holds(Condition, scope);
    const pathOf = (logicalId: string): string => stack.paths.get(logicalId) ?? logicalId;

    const wanted = creationOrder(template).filter((logicalId) => exists(template.Resources![logicalId]));
    this.refuseUnknown(stack.name, template, wanted, pathOf);

    for (const logicalId of wanted) {
      const resource = template.Resources![logicalId];
      try {
        created.set(logicalId, {
          logicalId, type: resource.Type, path: pathOf(logicalId), stackName: stack.name,
          ...this.create(stack, logicalId, resource, pathOf(logicalId), scope),
        });
      } catch (error) {
        throw new Error(`${stack.name}/${pathOf(logicalId)} (${resource.Type}) cannot be created: ${(error as Error).message}`, { cause: error });
      }
    }

    const outputs: Record<string, unknown> = {};
    for (const [name, output] of Object.entries(template.Outputs ?? {})) {
      if (!exists(output)) continue;
      outputs[name] = evaluate(output.Value, scope);
      if (output.Export) this.exports.set(String(evaluate(output.Export.Name, scope)), outputs[name]);
    }
    return { name: stack.name, resources: [...created.values()], outputs };
  }

  private create(stack: AssembledStack, logicalId: string, resource: TemplateResource, path: string, scope: Scope): CreatedResource {
    return this.providers.get(resource.Type)!.create({
      logicalId, type: resource.Type, path, stackName: stack.name,
      properties: new Properties(evaluate(resource.Properties ?? {}, scope) as Record<string, unknown>),
      physicalName: (maximumLength, suffix = '') => this.physicalName(stack.name, logicalId, maximumLength, suffix),
      asset: (objectKey) => stack.assets.get(objectKey),
    });
  }

  /** Stack name, logical ID and twelve characters, as CloudFormation makes names. */
  private physicalName(stackName: string, logicalId: string, maximumLength: number, suffix: string): string {
    const unique = this.random.hex(12).toUpperCase();
    const room = maximumLength - suffix.length - unique.length - 2;
    const stackPart = stackName.slice(0, Math.max(Math.floor(room / 2), room - logicalId.length));
    return `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${unique}${suffix}`;
  }

  private scopeOf(stack: AssembledStack, created: ReadonlyMap<string, DeployedResource>): Scope {
    const { account, region, partition } = this.place;
    const { Parameters = {} } = stack.template;
    return {
      template: stack.template,
      parameters: Object.fromEntries(Object.entries(Parameters).map(([name, { Default }]) => [name, Default])),
      pseudoParameters: {
        'AWS::AccountId': account,
        'AWS::Region': region,
        'AWS::Partition': partition,
        'AWS::StackName': stack.name,
        'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stack.name}/${this.random.uuid()}`,
        'AWS::URLSuffix': 'amazonaws.com',
      },
      reference: (logicalId) => created.get(logicalId)?.ref,
      attribute: (logicalId, name) => {
        const resource = created.get(logicalId);
        const value = resource?.attributes?.[name];
        if (value === undefined) throw new Error(`'${logicalId}' (${resource?.type ?? 'no resource'}) has no attribute '${name}' in the simulator`);
        return value;
      },
      importValue: (name) => {
        if (!this.exports.has(name)) throw new Error(`no stack exports '${name}'`);
        return this.exports.get(name);
      },
    };
  }

  private refuseUnknown(stackName: string, template: Template, wanted: readonly string[], pathOf: (logicalId: string) => string): void {
    const unknown: string[] = [];
    for (const logicalId of wanted) {
      const { Type, Properties: properties = {} } = template.Resources![logicalId];
      const provider = this.providers.get(Type);
      if (!provider) {
        unknown.push(`${pathOf(logicalId)}: resource type '${Type}'`);
        continue;
      }
      const known = new Set([...provider.modelled, ...provider.withoutEffect ?? []]);
      for (const name of Object.keys(properties)) {
        if (!known.has(name) && !known.has('*')) unknown.push(`${pathOf(logicalId)}: property '${name}' of '${Type}'`);
      }
    }
    if (unknown.length > 0) {
      throw new Error(`stack '${stackName}' has what the simulator does not model:\n${unknown.map((line) => `  - ${line}`).join('\n')}`);
    }
  }
}
