import { ServiceError } from '../contracts';
import { constructPaths, stackPath } from './construct-paths';
import { Exports } from './exports';
import { holds } from './intrinsics';
import { Lifecycle, ResourceFailure, type StackHost } from './lifecycle';
import { type LeftOut, ProvidersOfAnyType, StandIns, type UnmodelledPolicy } from './left-out';
import { modelledPart, refuseOtherTypes, refuseUnknown, unmodelledIn } from './modelled';
import { nestedStackProvider } from './nested-stack';
import type { ResourceProvider } from './provider';
import { bootstrappedStore, parameterValues, type ParameterStore } from './parameters';
import { creation, Preview } from './preview';
import { checkRules } from './rules';
import { scopeOf } from './scope';
import { StackDeletion } from './stack-deletion';
import type { LiveStack, ResourceChange, StackEngine, StackRequest } from './stack-engine';
import { StackRecord, type Blueprint } from './stack-record';
import { creationOrder } from './template';
import { Transition } from './transition';

const noUpdates = 'No updates are to be performed.';

/** The stacks of a simulation. */
export class Stacks implements StackEngine {
  /** What parameters of the type `AWS::SSM::Parameter::Value` name. @default - what `cdk bootstrap` leaves behind */
  parameterStore: ParameterStore = bootstrappedStore;
  private readonly records: StackRecord[] = [];
  private readonly exports = new Exports(() => this.records.filter(({ status }) => status !== 'DELETE_COMPLETE'));
  private readonly host: StackHost;
  private readonly lifecycle: Lifecycle;
  private readonly modelled: ReadonlyMap<string, ResourceProvider>;

  /** @param now milliseconds since the epoch, on the simulation's clock */
  constructor(host: StackHost, private readonly now: () => number, unmodelled: UnmodelledPolicy = 'refuse') {
    const nested = nestedStackProvider(
      (nameOrId) => this.record(nameOrId), (request, outer) => this.deployWithin(request, outer), (id) => this.delete(id),
    );
    this.modelled = new Map([...host.providers, [nested.type, nested]]);
    const standIns = unmodelled === 'leaveOut' ? new StandIns(host.place) : undefined;
    this.host = { ...host, standIns, providers: standIns ? new ProvidersOfAnyType(this.modelled, standIns) : this.modelled };
    this.lifecycle = new Lifecycle(this.host);
  }

  find(nameOrId: string): LiveStack | undefined {
    return this.record(nameOrId);
  }

  all(): LiveStack[] {
    return [...this.records];
  }

  /** What the stacks that there are have, and the simulation goes without. */
  leftOut(): LeftOut[] {
    return this.records.filter(({ status }) => status !== 'DELETE_COMPLETE').flatMap(({ blueprint, rootName, resources }) => [
      ...unmodelledIn(blueprint, this.modelled).map((one) => ({ ...one, stackName: rootName })),
      ...resources.flatMap(({ path, type, leftOut: reason }) => (
        reason === undefined || !this.modelled.has(type) ? [] : [{ stackName: rootName, path, type, reason }]
      )),
    ]);
  }

  changes(request: StackRequest): ResourceChange[] {
    const present = this.updatable(request.name);
    const target = this.prepare(request, present);
    if (!present) return creation(target);
    const preview = this.preview(present, target);
    if (preview.isEmpty) throw refusal(noUpdates);
    return preview.changes;
  }

  deploy(request: StackRequest): LiveStack {
    return this.deployWithin(request);
  }

  delete(nameOrId: string, { retain = [] }: { readonly retain?: readonly string[] } = {}): LiveStack {
    const stack = this.record(nameOrId);
    if (!stack) throw refusal(`Stack with id ${nameOrId} does not exist`);
    if (stack.status === 'DELETE_COMPLETE') return stack;
    for (const name of Object.keys(stack.exports)) {
      const [importer] = this.exports.importers(name, stack);
      if (importer !== undefined) throw refusal(`Delete canceled. Cannot delete export ${name} as it is in use by ${importer}.`);
    }
    new StackDeletion(stack, this.lifecycle).run(retain);
    return stack;
  }

  private deployWithin(request: StackRequest, outer?: StackRecord): StackRecord {
    const present = this.updatable(request.name);
    const target = this.prepare(request, present, outer);
    if (!present) return this.create(target, outer);
    if (this.preview(present, target).isEmpty) throw refusal(noUpdates);
    return this.update(present, target);
  }

  private create(target: Blueprint, outer: StackRecord | undefined): StackRecord {
    const stack = new StackRecord(() => this.newId(target.request.name), this.now, target, outer, this.standInAttribute);
    this.records.push(stack);
    stack.sayOfStack('CREATE_IN_PROGRESS', 'User Initiated');
    const transition = this.transition(stack, target);
    try {
      transition.run();
      stack.end('CREATE_COMPLETE');
    } catch (error) {
      const reason = fail(stack, error as Error);
      if (target.request.disableRollback) stack.end('CREATE_FAILED', reason);
      else takeBack(stack, transition, 'ROLLBACK', `${reason} Rollback requested by user.`);
    }
    return stack;
  }

  private update(stack: StackRecord, target: Blueprint): StackRecord {
    stack.updatedAt = this.now();
    stack.sayOfStack('UPDATE_IN_PROGRESS', 'User Initiated');
    const transition = this.transition(stack, target);
    try {
      transition.run();
    } catch (error) {
      const reason = fail(stack, error as Error);
      if (target.request.disableRollback) stack.end('UPDATE_FAILED', reason);
      else takeBack(stack, transition, 'UPDATE_ROLLBACK', reason);
      return stack;
    }
    stack.sayOfStack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    transition.cleanUp();
    stack.end('UPDATE_COMPLETE');
    return stack;
  }

  /** @throws ServiceError `ValidationError` for what CloudFormation refuses before it begins */
  private prepare(request: StackRequest, present: StackRecord | undefined, outer?: StackRecord): Blueprint {
    const { name } = request;
    const template = this.host.standIns ? modelledPart(request.template, this.modelled) : request.template;
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
      throw refusal(`The name of a stack must be 1 to 128 letters, digits and hyphens and begin with a letter, got '${name}'`);
    }
    if (template.Transform !== undefined) throw refusal(`'Transform' ${JSON.stringify(template.Transform)} calls a macro, and the simulator has none`);
    const values = parameterValues(template, parametersOf(request, present), this.parameterStore);
    const scope = scopeOf({
      template, parameters: values.resolved, stack: present ?? { name, id: '' }, place: this.host.place,
      resource: () => undefined, importValue: (exported) => this.exports.value(exported),
    });
    checkRules(scope);
    const order = inWords(() => creationOrder(request.template)).filter((logicalId) => {
      const { Condition } = template.Resources![logicalId];
      return Condition === undefined || holds(Condition, scope);
    });
    const prefix = outer && stackPath(outermost(outer).template);
    const target = { request, template, values, order, pathOf: constructPaths(template, request.paths, prefix) };
    if (!this.host.standIns) refuseUnknown(target, this.modelled);
    refuseOtherTypes(present, target);
    return target;
  }

  /** @throws ServiceError `ValidationError` for a stack that is in no state for it */
  private updatable(name: string): StackRecord | undefined {
    const stack = this.record(name);
    if (stack && ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED'].includes(stack.status)) {
      throw refusal(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    return stack;
  }

  private record(nameOrId: string): StackRecord | undefined {
    return this.records.find((stack) => stack.id === nameOrId || (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE'));
  }

  private get standInAttribute(): StackRecord['standInAttribute'] {
    const { standIns } = this.host;
    return standIns && ((resource, name) => standIns.attribute(resource, name));
  }

  private newId(name: string): string {
    const { random, place: { partition, region, account } } = this.host;
    return `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/${random.uuid()}`;
  }

  private preview(stack: StackRecord, target: Blueprint): Preview {
    return new Preview(stack, target, this.host.providers, this.exports, this.host.place);
  }

  private transition(stack: StackRecord, target: Blueprint): Transition {
    return new Transition(stack, target, this.lifecycle, this.exports, this.host.place);
  }
}

const refusal = (message: string): ServiceError => new ServiceError('ValidationError', message);

const outermost = (stack: StackRecord): StackRecord => (stack.outer ? outermost(stack.outer) : stack);

function inWords<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new ServiceError('ValidationError', (error as Error).message);
  }
}

function parametersOf({ parameters = {}, previousParameters = [] }: StackRequest, present: StackRecord | undefined): Record<string, string> {
  const previous = previousParameters.map((name) => {
    const value = present?.blueprint.values.given[name];
    if (value === undefined) throw refusal(`Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`);
    return [name, value];
  });
  return { ...Object.fromEntries(previous) as Record<string, string>, ...parameters };
}

/** Keeps the failure and says it in CloudFormation's words. */
function fail(stack: StackRecord, error: Error): string {
  stack.failure = error;
  if (!(error instanceof ResourceFailure)) return error.message;
  return `The following resource(s) failed to ${error.action.toLowerCase()}: [${error.logicalId}].`;
}

function takeBack(stack: StackRecord, transition: Transition, operation: 'ROLLBACK' | 'UPDATE_ROLLBACK', reason: string): void {
  stack.sayOfStack(`${operation}_IN_PROGRESS`, reason);
  try {
    transition.rollBack();
    stack.end(`${operation}_COMPLETE`, reason);
  } catch (error) {
    stack.end(`${operation}_FAILED`, `${reason} ${(error as Error).message}`);
  }
}
