/** The function was deployed without a variable that it needs. */
export class MissingEnvironmentVariableError extends Error {
  override readonly name = 'MissingEnvironmentVariableError';

  constructor(variable: string) {
    super(`The environment variable '${variable}' must be set`);
  }
}

/** @throws MissingEnvironmentVariableError when the variable is not set, or empty */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingEnvironmentVariableError(name);
  return value;
}
