import type { DeployedResource } from './deployed';
import type { Template } from './template';

/** How a stack stands between two operations, in CloudFormation's words. */
export type StackStatus =
  | 'CREATE_COMPLETE' | 'CREATE_FAILED' | 'ROLLBACK_COMPLETE' | 'ROLLBACK_FAILED'
  | 'UPDATE_COMPLETE' | 'UPDATE_FAILED' | 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_COMPLETE' | 'DELETE_FAILED' | 'REVIEW_IN_PROGRESS';

/** One line of a stack's history. */
export interface StackEvent {
  readonly eventId: string;
  /** Milliseconds since the epoch, on the simulation's clock. */
  readonly at: number;
  readonly stackName: string;
  readonly stackId: string;
  /** The stack's own name where the event is about the stack. */
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** `CREATE_IN_PROGRESS`, `CREATE_COMPLETE`, `UPDATE_FAILED` and so on. */
  readonly status: string;
  readonly reason?: string;
}

/** What a stack shall become. */
export interface StackRequest {
  readonly name: string;
  /** The ARN that a change set announced for a new stack. @default - a new one */
  readonly id?: string;
  readonly template: Template;
  /** @default - the defaults of the template */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The names of parameters that keep the value which the stack has, as `UsePreviousValue`. @default - none */
  readonly previousParameters?: readonly string[];
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Logical ID to construct path, relative to the stack; what is in a nested stack under `NestedLogicalId/LogicalId`.
   * @default - from each resource's `aws:cdk:path`
   */
  readonly paths?: ReadonlyMap<string, string>;
  /** The folder or file that holds the asset of this object key. @default - there are no assets */
  readonly assets?: (objectKey: string, bucket?: string) => string | undefined;
  /** What was created stays where it failed. @default false */
  readonly disableRollback?: boolean;
}

/** A stack as it stands; after `DELETE_COMPLETE` it is found by its ID only. */
export interface LiveStack {
  readonly name: string;
  /** The ARN. */
  readonly id: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  /** Of a failed operation: the error of the resource that failed, with its construct path. */
  readonly failure?: Error;
  readonly template: Template;
  /** As they were given or defaulted; the values of `NoEcho` parameters are `****`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The name of each export and its value. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt?: number;
  /** Oldest first. */
  readonly events: readonly StackEvent[];
  /** Of a nested stack: the ID of the stack that holds it. */
  readonly parent?: string;
  /** Of a nested stack: the ID of the outermost stack. */
  readonly root?: string;
}

/** What an update would do to one resource. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** Of a `Modify`: whether the resource is replaced; `Conditional` where it depends on a value that is not known yet. */
  readonly replacement?: 'True' | 'False' | 'Conditional';
  /** The names of the properties that change. */
  readonly properties: readonly string[];
}

/** Creates, updates and deletes stacks. Everything happens at once, at the present moment of the clock. */
export interface StackEngine {
  /** By name a stack that is not deleted, by ID any. */
  find(nameOrId: string): LiveStack | undefined;
  /** In order of creation; deleted stacks included. */
  all(): LiveStack[];
  /**
   * What `deploy` would do, without doing it. Empty when only outputs, parameters or tags change.
   *
   * @throws ServiceError `ValidationError` for what CloudFormation refuses before it begins, an update that
   * changes nothing (`No updates are to be performed.`) included
   */
  changes(request: StackRequest): ResourceChange[];
  /**
   * Creates the stack, or updates it. A failure on the way is rolled back; the status and the events say so.
   *
   * @throws ServiceError `ValidationError` for what CloudFormation refuses before it begins (parameters, the template, an
   * update that changes nothing)
   */
  deploy(request: StackRequest): LiveStack;
  /**
   * Deletes the stack's resources in reverse order. A failure leaves it in `DELETE_FAILED`.
   *
   * @param options.retain logical IDs of resources to leave, as `RetainResources` of the API
   * @throws ServiceError `ValidationError` when there is no such stack or an export of it is in use
   */
  delete(nameOrId: string, options?: { readonly retain?: readonly string[] }): LiveStack;
}
