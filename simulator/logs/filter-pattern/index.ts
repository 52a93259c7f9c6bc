import { jsonCondition, select, selectorOf } from './json';
import { spaceDelimited } from './space-delimited';
import { terms } from './terms';
import { invalidPattern } from './tokens';

/** What is known of a log event that matched. */
export interface Match {
  /** The value of `$.field` or `$field`; undefined where the event has none. */
  field(selector: string): unknown;
}

export interface FilterPattern {
  /** Whether `field` finds anything, and by what selector. */
  readonly type: 'json' | 'spaceDelimited' | 'terms';
  match(message: string): Match | undefined;
}

const LONGEST = 1_024;
const MOST_EXPRESSIONS = 2;

/**
 * Reads a filter pattern; an empty one matches every event.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws ServiceError `InvalidParameterException` for what CloudWatch Logs would refuse
 */
export function filterPattern(pattern: string): FilterPattern {
  if (pattern.length > LONGEST) return invalidPattern(`it must have at most ${LONGEST} characters, got ${pattern.length}`, `${pattern.slice(0, 40)}...`);
  const text = pattern.trim();
  const expressions = text.match(/%[^%]+%/g)?.length ?? 0;
  if (expressions > MOST_EXPRESSIONS) return invalidPattern(`it must have at most ${MOST_EXPRESSIONS} regular expressions, got ${expressions}`, pattern);
  if (text.startsWith('{')) {
    if (!text.endsWith('}')) return invalidPattern('the closing brace is missing', pattern);
    return json(text.slice(1, -1), pattern);
  }
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) return invalidPattern('the closing bracket is missing', pattern);
    const find = spaceDelimited(text.slice(1, -1), pattern);
    return {
      type: 'spaceDelimited',
      match: (message) => {
        const fields = find(message);
        return fields && { field: (selector) => fields.get(selector) };
      },
    };
  }
  const holds = terms(pattern);
  return { type: 'terms', match: (message) => (holds(message) ? { field: () => undefined } : undefined) };
}

function json(inside: string, pattern: string): FilterPattern {
  const holds = jsonCondition(inside, pattern);
  return {
    type: 'json',
    match: (message) => {
      const document = documentOf(message);
      if (document === undefined || !holds(document)) return undefined;
      return {
        field: (selector) => {
          const path = selectorOf(selector);
          return path && select(document, path);
        },
      };
    },
  };
}

/** Undefined for an event that is no JSON, which no JSON pattern matches. */
function documentOf(message: string): unknown {
  if (!/^\s*[[{]/.test(message)) return undefined;
  try {
    return JSON.parse(message);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
