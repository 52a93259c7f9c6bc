/** A message that `parse` refused, on each delivery until it is in the dead-letter queue. `cause` is what `parse` threw. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';

  constructor(cause: unknown) {
    super(`The message is malformed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
