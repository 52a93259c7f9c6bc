import * as z from 'zod/mini';
import { en } from 'zod/locales';

z.config(en());

/** A message that no retry will mend: it belongs in the dead-letter queue. The message never quotes values, which may be personal. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/**
 * The value that `text` holds as JSON, checked against `schema`.
 * @throws MalformedMessageError naming each member that is wrong
 */
export function parseJson<Schema extends z.ZodMiniType>(schema: Schema, what: string, text: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's error quotes the text.
    throw new MalformedMessageError(`${what} is not JSON (${Buffer.byteLength(text)} bytes)`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => (path.length > 0 ? `'${path.join('.')}': ${message}` : message));
  throw new MalformedMessageError(`${what} is malformed: ${problems.slice(0, 10).join('; ')}`
    + (problems.length > 10 ? `; and ${problems.length - 10} more` : ''));
}
