import { ServiceError } from '../contracts';
import { invalidParameter, outOfRange } from './errors';
import type { Found } from './receipt-handles';

/** Messages, for standard and FIFO queues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const inFlightLimit = 120_000;
/** Seconds: 12 hours. */
export const visibilityTimeoutRange = [0, 43_200] as const;
/** Messages a receive. */
export const receiveRange = [1, 10] as const;

export function checkRange(name: string, range: readonly [number, number], unit: string, value: number): void {
  if (!Number.isInteger(value) || value < range[0] || value > range[1]) throw invalidParameter(outOfRange(name, range, unit, value));
}

/** Throws what AWS answers where a receipt handle cannot give its message another visibility timeout. */
export function checkVisibilityChange(found: Found | undefined, handle: string, now: number, timeout: number): asserts found is Found {
  checkRange('VisibilityTimeout', visibilityTimeoutRange, 'seconds', timeout);
  if (found === undefined) {
    throw invalidParameter(`Value ${handle} for parameter ReceiptHandle is invalid. `
      + 'Reason: Message does not exist or is not available for visibility timeout change.');
  }
  const { message, isLatest } = found;
  if (!isLatest || message.state !== 'inFlight') throw new ServiceError('MessageNotInflight', 'The specified message is not in flight.');
  const total = (now - message.receivedAt!) / 1000 + timeout;
  const most = visibilityTimeoutRange[1];
  if (total > most) throw invalidParameter(`Total VisibilityTimeout for the message is beyond the limit [${most} seconds], got ${total}`);
}
