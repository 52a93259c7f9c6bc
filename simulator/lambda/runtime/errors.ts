import { types } from 'node:util';
import type { ErrorResponse } from '../protocol';

/** What went wrong before the handler or beside it, by the names that AWS's Node.js runtime uses. */
export class RuntimeError extends Error {
  constructor(
    name: 'ImportModuleError' | 'HandlerNotFound' | 'MalformedHandlerName' | 'UserCodeSyntaxError' | 'NodeJsExit' | 'UnhandledPromiseRejection'
      | 'CallbackHandlerDeprecated',
    message: string,
  ) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

function isErrorLike(value: unknown): value is ErrorLike {
  if (types.isNativeError(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { name, message, stack } = value as Partial<ErrorLike>;
  return [name, message, stack].every((text) => typeof text === 'string' && text !== '');
}

/** Anything that was thrown, rejected or passed to the callback, as AWS reports it. */
export function errorResponse(thrown: unknown): ErrorResponse {
  try {
    if (isErrorLike(thrown)) {
      return { errorType: String(thrown.name), errorMessage: String(thrown.message), trace: String(thrown.stack).split('\n') };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch (problem) {
    return { errorType: 'handled', errorMessage: `the error that the handler gave cannot be read: ${String(problem)}` };
  }
}

/** As JSON carries it; nothing becomes null. Throws as AWS's runtime does for what JSON cannot carry. */
export function serialize(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}
