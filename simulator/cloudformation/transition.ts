import { isDeepStrictEqual } from 'node:util';
import type { Exports } from './exports';
import { evaluate, holds, type Scope } from './intrinsics';
import type { Lifecycle } from './lifecycle';
import { scopeOf } from './scope';
import type { Blueprint, StackRecord, StackResource } from './stack-record';
import type { Place } from '../contracts';

/** The names of the properties that differ. */
export function changedProperties(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** Whether a policy keeps the resource; `RetainExceptOnCreate` does not when its creation is rolled back. */
const retains = (policy: string | undefined, rollsCreationBack = false): boolean => (
  policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !rollsCreationBack)
);

/**
 * Brings a stack from what it is to a blueprint: what is new is created and what changed is changed, in the order of
 * dependencies; what is no longer wanted goes last. Until then, everything can be taken back.
 */
export class Transition {
  private readonly undo: (() => void)[] = [];
  private readonly replaced: StackResource[] = [];
  private readonly imports = new Set<string>();
  private readonly former: Pick<StackRecord, 'blueprint' | 'outputs' | 'exports' | 'imports'>;
  private readonly scope: Scope;

  constructor(
    private readonly stack: StackRecord, private readonly target: Blueprint,
    private readonly lifecycle: Lifecycle, private readonly exports: Exports, place: Place,
  ) {
    const { blueprint, outputs, exports: exported, imports } = stack;
    this.former = { blueprint, outputs, exports: exported, imports };
    this.scope = scopeOf({
      template: target.template, parameters: target.values.resolved, stack, place,
      resource: (logicalId) => stack.present.get(logicalId),
      importValue: (name) => {
        this.imports.add(name);
        return exports.value(name);
      },
    });
  }

  /** @throws the error of the first resource that fails; what was done until then stays until `rollBack` */
  run(): void {
    this.stack.blueprint = this.target;
    this.stack.failure = undefined;
    for (const logicalId of this.target.order) this.settle(logicalId);
    const { outputs, exported } = this.evaluateOutputs();
    this.exports.check(this.stack, exported);
    Object.assign(this.stack, { outputs, exports: exported, imports: this.imports });
  }

  /** Deletes what the new template no longer has, and what was replaced. A resource that cannot be deleted is left behind. */
  cleanUp(): void {
    const { present } = this.stack;
    const removed = this.former.blueprint.order.filter((logicalId) => !this.target.order.includes(logicalId))
      .map((logicalId) => present.get(logicalId)).filter((resource) => resource !== undefined);
    for (const resource of removed.reverse()) {
      present.delete(resource.logicalId);
      this.discard(resource, resource.definition.DeletionPolicy);
    }
    for (const resource of this.replaced.reverse()) {
      this.discard(resource, this.target.template.Resources![resource.logicalId].UpdateReplacePolicy);
    }
  }

  /** Takes everything back, the last step first. @throws the error of a step that cannot be taken back */
  rollBack(): void {
    for (let step = this.undo.pop(); step; step = this.undo.pop()) step();
    Object.assign(this.stack, this.former);
  }

  private settle(logicalId: string): void {
    const { stack, target, lifecycle } = this;
    const definition = target.template.Resources![logicalId];
    const current = stack.present.get(logicalId);
    const properties = evaluate(definition.Properties ?? {}, this.scope) as Record<string, unknown>;
    if (!current) {
      this.add(logicalId, properties);
      return;
    }
    const changed = changedProperties(current.properties, properties);
    if (changed.length === 0) {
      stack.present.set(logicalId, { ...current, path: target.pathOf(logicalId), definition });
      this.undo.push(() => stack.present.set(logicalId, current));
      return;
    }
    const { replaces = [], namedBy } = lifecycle.provider(current.type);
    if (changed.some((name) => replaces.includes(name))) {
      this.replace(current, properties, namedBy !== undefined && properties[namedBy] !== undefined && !changed.includes(namedBy));
      return;
    }
    // First, because what fails may have changed half of it.
    this.undo.push(() => {
      const restored = lifecycle.canUpdate(current.type, changed)
        ? lifecycle.update(stack, this.former.blueprint, { ...current, properties }, current.properties, changed)
        : current;
      stack.present.set(logicalId, { ...restored, definition: current.definition });
    });
    stack.present.set(logicalId, lifecycle.update(stack, target, current, properties, changed));
  }

  private add(logicalId: string, properties: Readonly<Record<string, unknown>>): void {
    const { stack, lifecycle } = this;
    const created = lifecycle.create(stack, this.target, logicalId, properties);
    stack.present.set(logicalId, created);
    this.undo.push(() => {
      if (retains(created.definition.DeletionPolicy, true)) stack.say('DELETE_SKIPPED', created);
      else lifecycle.delete(stack, created);
      stack.present.delete(logicalId);
    });
  }

  private replace(current: StackResource, properties: Readonly<Record<string, unknown>>, keepsName: boolean): void {
    const { stack, lifecycle } = this;
    const { logicalId } = current;
    if (keepsName) {
      const reason = `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${current.ref} and update the stack again.`;
      stack.say('UPDATE_FAILED', current, reason);
      throw new Error(`${stack.rootName}/${current.path} (${current.type}) cannot be updated: ${reason}`);
    }
    stack.say('UPDATE_IN_PROGRESS', current, 'Requested update requires the creation of a new physical resource; hence creating one.');
    const replacement = lifecycle.create(stack, this.target, logicalId, properties);
    stack.present.set(logicalId, replacement);
    this.replaced.push(current);
    this.undo.push(() => {
      this.replaced.pop();
      stack.present.set(logicalId, current);
      lifecycle.delete(stack, replacement);
    });
  }

  private discard(resource: StackResource, policy: string | undefined): void {
    if (retains(policy)) {
      this.stack.say('DELETE_SKIPPED', resource);
      return;
    }
    try {
      this.lifecycle.delete(this.stack, resource);
    } catch (error) {
      // As on AWS the update stands all the same: the event DELETE_FAILED says why, and the failure is kept for who asks.
      this.stack.failure = error as Error;
    }
  }

  private evaluateOutputs(): { outputs: Record<string, unknown>; exported: Record<string, unknown> } {
    const outputs: Record<string, unknown> = {};
    const exported: Record<string, unknown> = {};
    for (const [name, { Value, Export, Condition }] of Object.entries(this.target.template.Outputs ?? {})) {
      if (Condition !== undefined && !holds(Condition, this.scope)) continue;
      outputs[name] = evaluate(Value, this.scope);
      if (Export) exported[String(evaluate(Export.Name, this.scope))] = outputs[name];
    }
    return { outputs, exported };
  }
}
