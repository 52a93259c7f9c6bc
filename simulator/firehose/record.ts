/** A record on its way through a stream. */
export interface StreamRecord {
  readonly id: string;
  readonly data: Buffer;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** Why a record could not be processed. */
export interface ProcessingError {
  /** The folder for such records in the bucket. */
  readonly type: 'processing-failed' | 'decompression-failed';
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  /** The ARN of the function that did not transform it. */
  readonly lambdaArn?: string;
}

/**
 * What the bucket gets of a record that could not be processed: a line of JSON.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 * @param at milliseconds since the epoch
 */
export function errorLine({ data, arrivedAt }: StreamRecord, { code, message, attempts, lambdaArn }: ProcessingError, at: number): Buffer {
  return Buffer.from(`${JSON.stringify({
    attemptsMade: attempts, arrivalTimestamp: arrivedAt, errorCode: code, errorMessage: message, attemptEndingTimestamp: at,
    rawData: data.toString('base64'), ...lambdaArn && { lambdaArn },
  })}\n`);
}
