import type { Clock } from '../clock';
import type { Caller, InvokableFunction } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import type { CompleteDestination } from './destination';

/** Writes an object for a role, and throws a `ServiceError` where the role may not, or there is no such bucket. */
export type WriteObject = (bucketArn: string, key: string, body: Buffer, destination: CompleteDestination) => void;

/** What a stream has around it. */
export interface StreamContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly write: WriteObject;
  /** Throws a `ServiceError` where the caller may not. */
  readonly authorize: (action: string, resource: string, caller: Caller) => void;
  /** Undefined where there is no such function. */
  readonly function: (arn: string) => InvokableFunction | undefined;
}
