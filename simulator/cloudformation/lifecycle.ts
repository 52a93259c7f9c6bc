import type { Place } from '../contracts';
import type { Random } from '../random';
import type { StandIns } from './left-out';
import { physicalName } from './physical-name';
import { Properties, type CreatedResource, type ResourceProvider, type ResourceToCreate } from './provider';
import type { Blueprint, StackRecord, StackResource } from './stack-record';

/** What the stacks of a simulation have in common. */
export interface StackHost {
  readonly place: Place;
  readonly random: Random;
  readonly providers: ReadonlyMap<string, ResourceProvider>;
  /** Stand in for what is not modelled. @default - it is refused */
  readonly standIns?: StandIns;
}

type Values = Readonly<Record<string, unknown>>;

/** Creates, updates and deletes single resources by their providers, and tells the stack's history about it. */
export class Lifecycle {
  constructor(private readonly host: StackHost) {}

  provider(type: string): ResourceProvider {
    return this.host.providers.get(type)!;
  }

  create(stack: StackRecord, blueprint: Blueprint, logicalId: string, properties: Values): StackResource {
    const definition = blueprint.template.Resources![logicalId];
    const resource = { logicalId, type: definition.Type, path: blueprint.pathOf(logicalId), stackName: stack.rootName, definition, properties };
    stack.say('CREATE_IN_PROGRESS', resource);
    const created = this.attempt(stack, 'CREATE', resource, () => (
      { ...resource, ...this.createOrLeaveOut(resource.type, this.request(stack, blueprint, logicalId, properties)) }
    ));
    stack.say('CREATE_COMPLETE', created);
    return created;
  }

  /** Changes a resource in place. */
  update(stack: StackRecord, blueprint: Blueprint, current: StackResource, properties: Values, changed: readonly string[]): StackResource {
    const { logicalId, type, ref } = current;
    const provider = this.provider(type);
    const next = { ...current, path: blueprint.pathOf(logicalId), definition: blueprint.template.Resources![logicalId], properties };
    stack.say('UPDATE_IN_PROGRESS', next);
    const updated = this.attempt(stack, 'UPDATE', next, () => {
      if (!this.canUpdate(type, changed)) throw new Error(`the simulator cannot update resources of type '${type}' (changed: ${changed.join(', ')})`);
      if (this.hasNoEffect(type, changed) || current.leftOut !== undefined) return next;
      const result = provider.update!({
        ...this.request(stack, blueprint, logicalId, properties), ref, previous: new Properties(current.properties),
      });
      return { ...next, ...result };
    });
    stack.say('UPDATE_COMPLETE', updated);
    return updated;
  }

  /** Whether these properties can be changed in place. */
  canUpdate(type: string, changed: readonly string[]): boolean {
    return this.provider(type).update !== undefined || this.hasNoEffect(type, changed);
  }

  delete(stack: StackRecord, resource: StackResource): void {
    const { logicalId, type, ref, attributes = {}, properties } = resource;
    const provider = this.provider(type);
    stack.say('DELETE_IN_PROGRESS', resource);
    this.attempt(stack, 'DELETE', resource, () => {
      if (resource.leftOut !== undefined) return;
      if (!provider.delete) throw new Error(`the simulator cannot delete resources of type '${type}'`);
      provider.delete({ logicalId, type, ref, attributes, properties: new Properties(properties) });
    });
    stack.say('DELETE_COMPLETE', resource);
  }

  private createOrLeaveOut(type: string, request: ResourceToCreate): CreatedResource {
    try {
      return this.provider(type).create(request);
    } catch (error) {
      const { standIns } = this.host;
      if (!standIns?.explains(error, request.properties.all())) throw error;
      return standIns.create(request, (error as Error).message);
    }
  }

  private hasNoEffect(type: string, changed: readonly string[]): boolean {
    return changed.every((name) => this.provider(type).withoutEffect?.includes(name));
  }

  private request(stack: StackRecord, { request, pathOf, template }: Blueprint, logicalId: string, properties: Values): ResourceToCreate {
    return {
      logicalId, type: template.Resources![logicalId].Type, path: pathOf(logicalId), stackName: stack.rootName, stackId: stack.id,
      properties: new Properties(properties),
      physicalName: (maximumLength, suffix = '') => (
        physicalName(stack.name, logicalId, this.host.random.hex(12).toUpperCase(), maximumLength, suffix)
      ),
      asset: (objectKey, bucket) => request.assets?.(objectKey, bucket),
    };
  }

  private attempt<T>(stack: StackRecord, action: 'CREATE' | 'UPDATE' | 'DELETE', resource: Omit<StackResource, 'ref'>, act: () => T): T {
    try {
      return act();
    } catch (error) {
      const { message } = error as Error;
      stack.say(`${action}_FAILED`, resource, message);
      const participle = { CREATE: 'created', UPDATE: 'updated', DELETE: 'deleted' }[action];
      throw new ResourceFailure(action, resource.logicalId,
        `${stack.rootName}/${resource.path} (${resource.type}) cannot be ${participle}: ${message}`, { cause: error });
    }
  }
}

/** A resource could not be created, updated or deleted. */
export class ResourceFailure extends Error {
  constructor(readonly action: 'CREATE' | 'UPDATE' | 'DELETE', readonly logicalId: string, message: string, options: ErrorOptions) {
    super(message, options);
  }
}
