import { ServiceError } from '../contracts';

/** What the query protocol calls an error, where it differs from the JSON protocol's name: the `awsQueryError` traits of AWS's service model. */
const queryCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

/** The query protocol's code for an error of the JSON protocol: what `x-amzn-query-error` carries. */
export function queryErrorCode(code: string): string {
  return queryCodes[code] ?? code;
}

export function queueDoesNotExist(): ServiceError {
  return new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}

export function missingParameter(name: string): ServiceError {
  return new ServiceError('MissingParameter', `The request must contain the parameter ${name}.`);
}

export function invalidAttributeValue(message: string): ServiceError {
  return new ServiceError('InvalidAttributeValue', message);
}

/** A property that must lie in a range. */
export function outOfRange(name: string, [least, most]: readonly [number, number], unit: string, value: unknown): string {
  return `'${name}' must be from ${least} to ${most}${unit === '' ? '' : ` ${unit}`}, got ${String(value)}`;
}
