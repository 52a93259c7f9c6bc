import { isDeepStrictEqual } from 'node:util';
import type { Place } from '../contracts';
import type { Exports } from './exports';
import { evaluate, holds, isKnownAfterApply, knownAfterApply, type Scope } from './intrinsics';
import type { ResourceProvider } from './provider';
import { scopeOf } from './scope';
import type { ResourceChange } from './stack-engine';
import type { Blueprint, StackRecord, StackResource } from './stack-record';
import type { TemplateResource } from './template';
import { changedProperties } from './transition';

/** Everything that creating a stack does. */
export function creation({ template, order }: Blueprint): ResourceChange[] {
  return order.map((logicalId) => ({ action: 'Add', logicalId, type: template.Resources![logicalId].Type, properties: [] }));
}

/** Foresees an update, as a change set does: what refers to a resource that is not there yet has no known value. */
export class Preview {
  readonly changes: ResourceChange[] = [];
  private readonly scope: Scope;
  private readonly unknown = new Set<string>();

  constructor(
    private readonly stack: StackRecord, private readonly target: Blueprint,
    private readonly providers: ReadonlyMap<string, ResourceProvider>, exports: Exports, place: Place,
  ) {
    const scope = scopeOf({
      template: target.template, parameters: target.values.resolved, stack, place,
      resource: (logicalId) => stack.present.get(logicalId), importValue: (name) => exports.value(name),
    });
    this.scope = {
      ...scope,
      reference: (logicalId) => (this.unknown.has(logicalId) ? knownAfterApply : scope.reference(logicalId)),
      attribute: (logicalId, name) => (this.unknown.has(logicalId) ? knownAfterApply : scope.attribute(logicalId, name)),
    };
    for (const logicalId of target.order) this.compare(logicalId);
    for (const { logicalId, ref, type } of stack.resources) {
      if (!target.order.includes(logicalId)) this.changes.push({ action: 'Remove', logicalId, physicalId: ref, type, properties: [] });
    }
  }

  /** Whether there is nothing to do at all. */
  get isEmpty(): boolean {
    const { stack, target } = this;
    return this.changes.length === 0 && isDeepStrictEqual(stack.blueprint.values.given, target.values.given)
      && isDeepStrictEqual(stack.tags, target.request.tags ?? {}) && isDeepStrictEqual(stack.outputs, this.outputs())
      && isDeepStrictEqual(exportNames(stack.blueprint), exportNames(target));
  }

  private compare(logicalId: string): void {
    const definition = this.target.template.Resources![logicalId];
    const current = this.stack.present.get(logicalId);
    const properties = evaluate(definition.Properties ?? {}, this.scope) as Record<string, unknown>;
    if (!current) {
      this.unknown.add(logicalId);
      this.changes.push({ action: 'Add', logicalId, type: definition.Type, properties: [] });
      return;
    }
    const changed = changedProperties(current.properties, properties);
    if (changed.length === 0 && isDeepStrictEqual(aside(current.definition), aside(definition))) return;
    const replacement = this.replacementOf(current, properties, changed);
    if (replacement === 'True') this.unknown.add(logicalId);
    this.changes.push({ action: 'Modify', logicalId, physicalId: current.ref, type: current.type, replacement, properties: changed });
  }

  private replacementOf({ type }: StackResource, properties: Record<string, unknown>, changed: readonly string[]): ResourceChange['replacement'] {
    const replacing = changed.filter((name) => this.providers.get(type)!.replaces?.includes(name));
    if (replacing.length === 0) return 'False';
    return replacing.every((name) => isKnownAfterApply(properties[name])) ? 'Conditional' : 'True';
  }

  private outputs(): Record<string, unknown> {
    const { Outputs = {} } = this.target.template;
    return Object.fromEntries(Object.entries(Outputs)
      .filter(([, { Condition }]) => Condition === undefined || holds(Condition, this.scope))
      .map(([name, { Value }]) => [name, evaluate(Value, this.scope)]));
  }
}

/** What a definition says beside the properties, as far as a change of it alone is an update. */
function aside({ DeletionPolicy, UpdateReplacePolicy, Metadata }: TemplateResource): unknown {
  return { DeletionPolicy, UpdateReplacePolicy, Metadata };
}

function exportNames({ template }: Blueprint): unknown {
  return Object.entries(template.Outputs ?? {}).map(([name, { Export }]) => [name, Export?.Name]).sort();
}
