import type { Traces } from '../trace';

/**
 * A message, as a test names it: its ID, its exact body, a pattern for the body, or an object of which the body (JSON) has all
 * properties, asymmetric matchers such as `expect.any(Number)` included.
 */
export type MessageMatcher = string | RegExp | object;

type Equals = (one: unknown, other: unknown) => boolean;

/** The IDs of the accepted messages that are meant, oldest first. */
export function messagesLike(traces: Traces, wanted: MessageMatcher, equals: Equals): string[] {
  if (typeof wanted === 'string') return traces.has(wanted) ? [wanted] : traces.bodies.find((body) => body === wanted);
  if (wanted instanceof RegExp) return traces.bodies.find((body) => wanted.test(body));
  return traces.bodies.find((body) => contentsOf(body).some((content) => hasAll(content, wanted, equals)));
}

/** The JSON of a body, and that of the message in it, where it is what SNS delivers without raw message delivery. */
function contentsOf(body: string): unknown[] {
  const content = parsed(body);
  const { Type: type, Message: message } = (content ?? {}) as { Type?: unknown; Message?: unknown };
  return type === 'Notification' && typeof message === 'string' ? [content, parsed(message)] : [content];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a body that is no JSON has no properties that could match
  }
}

function hasAll(content: unknown, wanted: unknown, equals: Equals): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted) || 'asymmetricMatch' in wanted) return equals(content, wanted);
  if (typeof content !== 'object' || content === null) return false;
  return Object.entries(wanted).every(([name, value]) => name in content && hasAll((content as Record<string, unknown>)[name], value, equals));
}
