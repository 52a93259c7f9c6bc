import { ServiceError } from '../contracts';
import type { ModelledError } from './shapes';

/** The error as an API can report it: what is not a `ServiceError` is a fault of the simulator. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('InternalFailure', 'The simulator failed to answer this request: see what it reported.', 500);
}

/** The request's body cannot be read as the shape that the operation has. */
export function serializationError(message: string): ServiceError {
  return new ServiceError('SerializationException', message);
}

/** A parameter of the query protocol cannot be read as the type that it has. */
export function malformedInput(message: string): ServiceError {
  return new ServiceError('MalformedInput', message);
}

export function bodyTooLarge(limit: number): ServiceError {
  return new ServiceError('RequestEntityTooLarge', `The request body must be at most ${limit} bytes`, 413);
}

/** An error's names and status in one service: services may give either the name of the shape or the query protocol's code. */
export function modelled(error: ServiceError, model: readonly ModelledError[]): ModelledError {
  const found = model.find(({ shape }) => shape === error.code) ?? model.find(({ code }) => code === error.code);
  return found ?? { shape: error.code, code: error.code, status: error.status };
}
