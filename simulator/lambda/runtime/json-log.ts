import { format } from 'node:util';

const METHODS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' } as const;

/**
 * Makes the methods of `console` write JSON objects, as the log format JSON has it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function installJsonLog(requestId: () => string, log: (line: string, printed: string) => void): void {
  const methods = console as unknown as Record<string, (...values: unknown[]) => void>;
  for (const [method, level] of Object.entries(METHODS)) {
    methods[method] = (...values) => log(lineOf(level, requestId(), values), format(...values));
  }
}

function lineOf(level: string, requestId: string, values: readonly unknown[]): string {
  const start = { timestamp: new Date().toISOString(), level, requestId };
  if (values.length === 1) {
    const [message] = values;
    try {
      return JSON.stringify({ ...start, message }, (_key, value: unknown) => (value instanceof Error ? { ...errorOf(value), ...value } : value));
    } catch {
      return JSON.stringify({ ...start, message: format(message) }); // what JSON cannot carry, a circle for one
    }
  }
  const error = values.slice(1).find((value) => value instanceof Error);
  return JSON.stringify({ ...start, message: format(...values), ...error && errorOf(error) });
}

function errorOf(error: Error): object {
  return { errorType: error.constructor.name, errorMessage: error.message, stackTrace: error.stack?.split('\n') ?? [] };
}
