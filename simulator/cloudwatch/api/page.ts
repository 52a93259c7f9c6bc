import { ServiceError } from '../../contracts';

/** One page of a list, and the token for the next one: the place where it begins. */
export function page<Item>(items: readonly Item[], size: number, token: string | undefined): { page: Item[]; NextToken?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0 || start > items.length) {
    throw new ServiceError('InvalidNextToken', `'NextToken' must be one that a call returned, got '${token}'`);
  }
  const end = start + size;
  return { page: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
