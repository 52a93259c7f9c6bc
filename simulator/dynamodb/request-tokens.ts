import type { Clock } from '../clock';
import { ServiceError } from '../contracts';

/** Milliseconds. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const validity = 10 * 60_000;

/** By their tokens, the transactions that were done: the same one again does nothing. */
export class RequestTokens {
  private readonly done = new Map<string, { readonly request: string; readonly at: number }>();

  constructor(private readonly clock: Clock) {}

  /** How many are remembered. */
  get size(): number {
    return this.done.size;
  }

  /**
   * Whether a transaction has not been done in the last ten minutes.
   *
   * @throws ServiceError `IdempotentParameterMismatchException` when the token was that of another one
   */
  isNew(token: string, request: string): boolean {
    const known = this.done.get(token);
    if (known === undefined || this.clock.now() - known.at >= validity) return true;
    if (known.request !== request) {
      throw new ServiceError('IdempotentParameterMismatchException', 'The request uses the same client token as a previous, but non-identical request.');
    }
    return false;
  }

  completed(token: string, request: string): void {
    const now = this.clock.now();
    for (const [other, { at }] of this.done) {
      if (now - at < validity) break;
      this.done.delete(other);
    }
    // a token that was used before comes last again
    this.done.delete(token);
    this.done.set(token, { request, at: now });
  }
}
