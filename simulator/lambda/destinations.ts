import { type Caller, type Directory, type InvocationResult, ServiceError } from '../contracts';

/**
 * What becomes of asynchronous invocations of a function:
 * https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 */
export interface AsynchronousConfiguration {
  /** 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** Seconds, 60 to 21,600. @default 21600 */
  readonly maximumEventAge?: number;
  /** The ARN of a standard queue, a standard topic or a function. @default - nobody is told */
  readonly onSuccess?: string;
  /** The ARN of a standard queue, a standard topic or a function. @default - nobody is told */
  readonly onFailure?: string;
}

/** Throws one `InvalidParameterValueException` that names everything that Lambda would refuse, or that is not modelled. */
export function validateConfiguration(configuration: AsynchronousConfiguration): void {
  const problems: string[] = [];
  const within = (name: string, value: number | undefined, minimum: number, maximum: number): void => {
    if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) return;
    problems.push(`'${name}' must be a whole number from ${minimum} to ${maximum}, got ${value}`);
  };
  within('maximumRetryAttempts', configuration.maximumRetryAttempts, 0, 2);
  within('maximumEventAge', configuration.maximumEventAge, 60, 21_600);
  for (const name of ['onSuccess', 'onFailure'] as const) {
    const arn = configuration[name];
    if (arn === undefined) continue;
    if (!['sqs', 'sns', 'lambda'].includes(arn.split(':')[2])) {
      problems.push(`'${name}' must be a queue, a topic or a function in the simulator, got ${arn}`);
    }
    if (arn.endsWith('.fifo')) problems.push(`'${name}' must be a standard queue or topic, got ${arn}`);
  }
  if (problems.length > 0) throw new ServiceError('InvalidParameterValueException', problems.join('; '));
}

export interface FinishedEvent {
  readonly event: string;
  readonly requestId: string;
  readonly functionArn: string;
  /** Invocations; those that were throttled count too. */
  readonly attempts: number;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  readonly result: InvocationResult;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export function invocationRecord({ event, requestId, functionArn, attempts, condition, result }: FinishedEvent, now: number): object {
  const { status, payload, error } = result;
  const response = error ? { errorType: error.type, errorMessage: error.message, trace: error.stack } : payload;
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: { requestId, functionArn: `${functionArn}:$LATEST`, condition, approximateInvokeCount: attempts },
    requestPayload: JSON.parse(event) as unknown,
    ...status !== 'throttled' && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...status !== 'succeeded' && { functionError: 'Unhandled' } },
      responsePayload: response ?? null,
    },
  };
}

/** Throws a `ServiceError` where the destination does not take it. */
export function sendRecord(directory: Directory | undefined, destination: string, record: object, caller: Caller): void {
  const queue = directory?.queue(destination);
  const target = directory?.function(destination);
  if (queue) queue.send({ body: JSON.stringify(record) }, caller);
  else if (directory?.hasTopic(destination)) directory.publish(destination, JSON.stringify(record), undefined, caller);
  else if (target?.invokeAsync) target.invokeAsync(record, caller);
  else throw new ServiceError('ResourceNotFoundException', `${destination} does not exist`, 404);
}
