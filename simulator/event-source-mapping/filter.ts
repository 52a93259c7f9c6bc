import { compilePattern, lambdaFilters, type Predicate } from '../event-pattern';
import type { SqsRecord } from './record';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PATTERN_LENGTH = 4096;
const FILTERS = 5;

export interface FilterCriteria {
  readonly Filters: readonly { readonly Pattern: string }[];
}

/** Finds what AWS would refuse in filter criteria. */
export function filterProblems(criteria: FilterCriteria): string[] {
  const problems: string[] = [];
  if (criteria.Filters.length > FILTERS) problems.push(`'filterCriteria' must have at most ${FILTERS} filters, got ${criteria.Filters.length}`);
  for (const { Pattern: pattern } of criteria.Filters) {
    try {
      if (pattern.length > PATTERN_LENGTH) throw new Error(`must be at most ${PATTERN_LENGTH} characters, got ${pattern.length}`);
      compile(pattern);
    } catch (error) {
      problems.push(`'filterCriteria' has the pattern ${pattern.slice(0, 100)}: ${(error as Error).message}`);
    }
  }
  return problems;
}

/**
 * Whether a record satisfies one of the filters. AWS's guide promises filtering by `body` only; the other fields of the
 * record are compared as they stand in it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export function compileFilter(criteria: FilterCriteria | undefined): (record: SqsRecord) => boolean {
  const filters = (criteria?.Filters ?? []).map(({ Pattern: pattern }) => compile(pattern));
  if (filters.length === 0) return () => true;
  return (record) => {
    const comparable = { ...record, body: contentOf(record.body) };
    return filters.some((matches) => matches(comparable));
  };
}

function compile(pattern: string): Predicate {
  const parsed: unknown = JSON.parse(pattern);
  if (Array.isArray(parsed)) throw new Error('must be an object, got a list');
  return compilePattern(parsed, 'pattern', lambdaFilters);
}

/** A body that is a JSON object or list matches only patterns of fields, and any other body only patterns of text. */
function contentOf(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    if (Array.isArray(parsed)) return parsed.filter((each) => typeof each === 'object');
    return typeof parsed === 'object' && parsed !== null ? parsed : body;
  } catch {
    return body;
  }
}
