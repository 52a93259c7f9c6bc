import type { Lifecycle } from './lifecycle';
import type { StackRecord, StackResource } from './stack-record';
import { creationOrder, dependenciesOf } from './template';

/** Deletes what a stack has, in the reverse order of creation. */
export class StackDeletion {
  private readonly failed = new Set<string>();

  constructor(private readonly stack: StackRecord, private readonly lifecycle: Lifecycle) {}

  /** @param retain the logical IDs of resources to leave in place, beside those whose policy says so */
  run(retain: readonly string[]): void {
    const { stack } = this;
    stack.sayOfStack('DELETE_IN_PROGRESS', 'User Initiated');
    const order = creationOrder(stack.template).reverse().map((logicalId) => stack.present.get(logicalId)).filter((one) => one !== undefined);
    for (const resource of order) {
      const policy = resource.definition.DeletionPolicy;
      if (retain.includes(resource.logicalId) || policy === 'Retain' || policy === 'RetainExceptOnCreate') this.skip(resource);
      else if (!this.isNeeded(resource)) this.delete(resource);
    }
    if (this.failed.size > 0) {
      stack.end('DELETE_FAILED', `The following resource(s) failed to delete: [${[...this.failed].join(', ')}].`);
      return;
    }
    Object.assign(stack, { exports: {}, imports: new Set() });
    stack.end('DELETE_COMPLETE');
  }

  /** Whether something that could not be deleted depends on it. */
  private isNeeded({ logicalId }: StackResource): boolean {
    return [...this.failed].some((one) => dependenciesOf(this.stack.present.get(one)!.definition).has(logicalId));
  }

  private skip(resource: StackResource): void {
    this.stack.say('DELETE_SKIPPED', resource);
    this.stack.present.delete(resource.logicalId);
  }

  private delete(resource: StackResource): void {
    try {
      this.lifecycle.delete(this.stack, resource);
      this.stack.present.delete(resource.logicalId);
    } catch (error) {
      this.failed.add(resource.logicalId);
      this.stack.failure = error as Error;
    }
  }
}
