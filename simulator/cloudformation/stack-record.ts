import type { DeployedResource } from './deployed';
import type { ParameterValues } from './parameters';
import type { LiveStack, StackEvent, StackRequest, StackStatus } from './stack-engine';
import type { Template, TemplateResource } from './template';

/** A resource with what an update compares: how the template defines it, and the values it was made of. */
export interface StackResource extends DeployedResource {
  readonly definition: TemplateResource;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A request that was found valid: what the stack shall become. */
export interface Blueprint {
  readonly request: StackRequest;
  /** As far as it is modelled. */
  readonly template: Template;
  readonly values: ParameterValues;
  /** The logical IDs whose condition holds, in the order of their creation. */
  readonly order: readonly string[];
  /** Of a nested stack the path of what is in it is relative to the outermost stack, too. */
  readonly pathOf: (logicalId: string) => string;
}

/** A stack, while operations change it. */
export class StackRecord implements LiveStack {
  readonly name: string;
  readonly id: string;
  readonly events: StackEvent[] = [];
  readonly parent: string | undefined;
  readonly root: string | undefined;
  status: StackStatus = 'CREATE_FAILED';
  statusReason: string | undefined;
  failure: Error | undefined;
  updatedAt: number | undefined;
  outputs: Readonly<Record<string, unknown>> = {};
  exports: Readonly<Record<string, unknown>> = {};
  /** The names of the exports of other stacks that this one uses. */
  imports: ReadonlySet<string> = new Set();
  /** By logical ID, in the order of creation. */
  readonly present = new Map<string, StackResource>();
  readonly createdAt: number;

  constructor(
    newId: () => string, private readonly now: () => number, public blueprint: Blueprint, readonly outer?: StackRecord,
    readonly standInAttribute?: (resource: DeployedResource, name: string) => string,
  ) {
    this.name = blueprint.request.name;
    this.id = blueprint.request.id ?? newId();
    this.parent = outer?.id;
    this.root = outer && (outer.root ?? outer.id);
    this.createdAt = now();
  }

  get template(): Template {
    return this.blueprint.request.template;
  }

  get parameters(): Readonly<Record<string, string>> {
    return this.blueprint.values.shown;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.blueprint.request.tags ?? {};
  }

  get resources(): readonly StackResource[] {
    return [...this.present.values()];
  }

  /** The name by which the stack's user knows it: that of the outermost stack. */
  get rootName(): string {
    return this.outer ? this.outer.rootName : this.name;
  }

  /** Adds an event about a resource. */
  say(status: string, { logicalId, type, ref }: Pick<DeployedResource, 'logicalId' | 'type'> & { ref?: string }, reason?: string): void {
    const at = this.now();
    this.events.push({
      eventId: `${logicalId}-${status}-${new Date(at).toISOString()}-${this.events.length}`,
      at, stackName: this.name, stackId: this.id, logicalId, physicalId: ref, type, status, reason,
    });
  }

  /** Adds an event about the stack itself. */
  sayOfStack(status: string, reason?: string): void {
    this.say(status, { logicalId: this.name, type: 'AWS::CloudFormation::Stack', ref: this.id }, reason);
  }

  /** Ends an operation. */
  end(status: StackStatus, reason?: string): void {
    this.status = status;
    this.statusReason = reason;
    this.sayOfStack(status, reason);
  }
}
