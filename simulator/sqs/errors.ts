import { ServiceError } from '../contracts';

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
