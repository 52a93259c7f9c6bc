import { ServiceError, type InvocationResult } from '../contracts';
import type { Outcome } from './environment';

/** What a synchronous invocation and its response can carry, in bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES = 6_291_556;

/** @throws ServiceError `RequestTooLargeException` for an event of more than 6 MB */
export function refuseLargeEvent(text: string): void {
  if (Buffer.byteLength(text) <= PAYLOAD_BYTES) return;
  throw new ServiceError('RequestTooLargeException', `Request must be smaller than ${PAYLOAD_BYTES} bytes for the InvokeFunction operation`, 413);
}

export function hasAnswered(outcome: Outcome): outcome is Extract<Outcome, { type: 'returned' }> {
  return outcome.type === 'returned' && Buffer.byteLength(outcome.payload) <= PAYLOAD_BYTES;
}

/**
 * What Lambda says of an invocation that came to nothing.
 *
 * @param timeout of the function, in seconds
 */
export function errorOf(outcome: Outcome, requestId: string, timeout: number): NonNullable<InvocationResult['error']> {
  switch (outcome.type) {
    case 'failed':
      return { type: outcome.error.errorType, message: outcome.error.errorMessage, stack: outcome.error.trace };
    case 'timedOut':
      return { type: 'Sandbox.Timedout', message: `RequestId: ${requestId} Error: Task timed out after ${timeout.toFixed(2)} seconds` };
    case 'returned':
      return {
        type: 'Function.ResponseSizeTooLarge',
        message: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES} bytes).`,
      };
  }
}
