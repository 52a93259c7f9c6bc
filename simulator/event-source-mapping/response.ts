import type { InvocationResult } from '../contracts';

export interface BatchOutcome {
  readonly failed: ReadonlySet<string>;
  /** Why the whole batch failed. */
  readonly error?: string;
}

/**
 * What an invocation says of its batch. Whole success: nothing, null, `{}`, or a list of failures that is empty or null.
 * Whole failure: the invocation failed, or the response cannot be understood.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function outcomeOf(result: InvocationResult, messageIds: readonly string[], reportsFailures: boolean): BatchOutcome {
  const wholeBatch = (error: string): BatchOutcome => ({ failed: new Set(messageIds), error });
  if (result.status !== 'succeeded') {
    return wholeBatch(result.error ? `${result.error.type}: ${result.error.message}` : result.status);
  }
  const response = result.payload;
  if (!reportsFailures || response === undefined || response === null) return { failed: new Set() };
  if (typeof response !== 'object' || Array.isArray(response)) {
    return wholeBatch(`the response must be an object with 'batchItemFailures', got ${JSON.stringify(response)}`);
  }
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return { failed: new Set() };
  if (!Array.isArray(failures)) return wholeBatch(`'batchItemFailures' must be a list, got ${JSON.stringify(failures)}`);

  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const identifier = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== 'string' || !messageIds.includes(identifier)) {
      return wholeBatch(`'itemIdentifier' must be the message ID of a record of the batch, got ${JSON.stringify(failure)}`);
    }
    failed.add(identifier);
  }
  return { failed };
}
