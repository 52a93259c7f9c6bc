import { ServiceError } from '../contracts';
import type { Item } from './attribute-value';

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

export function invalidParameters(message: string): ServiceError {
  return validationError(`One or more parameter values were invalid: ${message}`);
}

/** A condition did not hold; `members` has the item, where the request asked for it. */
export class ConditionalCheckFailed extends ServiceError {
  readonly members: Readonly<Record<string, unknown>>;

  constructor(item?: Item) {
    super('ConditionalCheckFailedException', 'The conditional request failed');
    this.members = item === undefined ? {} : { Item: item };
  }
}

/** Why one action of a transaction stood in its way; `None` for one that did not. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

/** Nothing of a transaction was done; `members` has a reason for each of its actions, in their order. */
export class TransactionCanceled extends ServiceError {
  readonly members: { readonly CancellationReasons: readonly CancellationReason[] };

  constructor(reasons: readonly CancellationReason[]) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    super('TransactionCanceledException', `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`);
    this.members = { CancellationReasons: reasons };
  }
}
