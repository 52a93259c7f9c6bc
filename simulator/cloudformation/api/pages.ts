import { ServiceError } from '../../contracts';

/** As many as AWS gives at a time. */
const PAGE = 100;

/**
 * A page of a list that is given with the newest first. The token counts what is left, from the oldest, so that what
 * happens between two pages moves nothing from one to the other.
 */
export function page<T>(newestFirst: readonly T[], token: unknown): { items: T[]; NextToken: string | undefined } {
  const left = token === undefined ? newestFirst.length : Number(token);
  if (!Number.isInteger(left) || left < 0 || left > newestFirst.length) {
    throw new ServiceError('ValidationError', `'nextToken' must be one that an answer gave, got '${String(token)}'`);
  }
  const begin = newestFirst.length - left;
  const items = newestFirst.slice(begin, begin + PAGE);
  return { items, NextToken: left > PAGE ? String(left - PAGE) : undefined };
}
