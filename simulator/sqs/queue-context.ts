import type { Clock } from '../clock';
import type { Caller, Place } from '../contracts';
import type { Events } from '../events';
import type { Identifiers } from './identifiers';
import type { Queue } from './queue';
import type { StandardQueues } from './standard-queues';

/**
 * Throws a `ServiceError` (`AccessDenied`, `KmsAccessDenied`) for what the caller may not do.
 * @param action IAM's name, such as `sqs:SendMessage`: batches have the name of the single action
 * @param resource the queue's ARN; for a listing, that of all queues of the place
 */
export type Authorize = (action: string, resource: string, caller: Caller) => void;

/** What a queue needs from around it. */
export interface QueueContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly place: Place;
  readonly identifiers: Identifiers;
  readonly standardQueues: StandardQueues;
  queue(arn: string): Queue | undefined;
  authorize: Authorize | undefined;
}
