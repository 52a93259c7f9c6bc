import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../../contracts';

/** Thrown where a reader has what it asks for already: status 304, which has no body. */
export const NOT_MODIFIED = 304;

interface Version {
  /** Without quotation marks. */
  readonly eTag: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/**
 * Holds the conditions of a read against what there is, in the order of RFC 9110, section 13.2.2. With `prefix`, those of a
 * copy's source, which never answers 304.
 *
 * @throws ServiceError `PreconditionFailed` (412) or `NotModified` (304)
 */
export function checkRead(
  headers: IncomingHttpHeaders, { eTag, lastModified }: Version, prefix: '' | 'x-amz-copy-source-' = '',
): void {
  const condition = (name: string): string | undefined => headers[`${prefix}${name}`] as string | undefined;
  const match = condition('if-match');
  const noneMatch = condition('if-none-match');
  const seconds = Math.floor(lastModified / 1000);
  const moment = (name: string): number => Math.floor(Date.parse(condition(name) ?? '') / 1000);

  if (match !== undefined) {
    if (!names(match, eTag)) throw failed('If-Match');
  } else if (seconds > moment('if-unmodified-since')) {
    throw failed('If-Unmodified-Since');
  }
  const unchanged = noneMatch !== undefined ? names(noneMatch, eTag) : seconds <= moment('if-modified-since');
  if (!unchanged) return;
  if (prefix !== '') throw failed(noneMatch !== undefined ? 'If-None-Match' : 'If-Modified-Since');
  throw new ServiceError('NotModified', 'Not Modified', NOT_MODIFIED);
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((each) => {
    const tag = each.trim();
    return tag === '*' || tag === etag || tag === `"${etag}"` || tag === `W/"${etag}"`;
  });
}

function failed(condition: string): ServiceError {
  return new ServiceError('PreconditionFailed', `At least one of the pre-conditions you specified did not hold: ${condition}`, 412);
}

export interface ByteRange {
  /** The first byte. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/**
 * The bytes that a `Range` header asks for, or undefined where it asks for all of them, or in a form that is ignored
 * (several ranges, another unit).
 *
 * @throws ServiceError `InvalidRange` (416) where no byte of the object is in it
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [, first, last] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || start >= end) {
    throw new ServiceError('InvalidRange', `'Range' must begin before the end of the object, ${size} bytes, got ${header}`, 416);
  }
  return { start, end };
}
