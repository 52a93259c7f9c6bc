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
