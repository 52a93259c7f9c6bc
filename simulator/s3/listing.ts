import { ServiceError } from '../contracts';
import type { StoredObject } from './stored-object';

/** As of ListObjectsV2. */
export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Only keys after this one. */
  readonly startAfter?: string;
  readonly continuationToken?: string;
  /** 0 to 1,000; more is 1,000. @default 1000 */
  readonly maxKeys?: number;
}

export interface Listing {
  readonly objects: readonly StoredObject[];
  /** Each ends with the delimiter. */
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  readonly nextContinuationToken?: string;
  /** Objects and common prefixes together. */
  readonly keyCount: number;
}

const largestPage = 1_000;

/** S3 orders keys by the bytes of their UTF-8 form. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** A page of the keys, which are in order; `current` gives the object of a key, undefined where a delete marker hides it. */
export function listKeys(
  keys: readonly string[], current: (key: string) => StoredObject | undefined, options: ListOptions,
): Listing {
  const { prefix = '', delimiter = '', startAfter = '', continuationToken, maxKeys = largestPage } = options;
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new ServiceError('InvalidArgument', `'max-keys' must be from 0 to ${largestPage}, got ${maxKeys}`);
  }
  const pageSize = Math.min(maxKeys, largestPage);
  const resumed = continuationToken === undefined ? undefined : decodeToken(continuationToken);
  const after = resumed ?? startAfter;
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  // An empty page says that it is not truncated, or nobody would get to the end.
  if (pageSize === 0) return { objects, commonPrefixes, isTruncated: false, keyCount: 0 };

  let last = '';
  for (let index = firstAfter(keys, after); index < keys.length; index++) {
    const key = keys[index];
    if (!key.startsWith(prefix)) {
      if (compareKeys(key, prefix) > 0) break;
      continue;
    }
    const object = current(key);
    if (!object) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    // After a page that ended with a common prefix, the other keys of that prefix are done too.
    if (common !== undefined && (common === commonPrefixes.at(-1) || common === resumed)) continue;
    if (objects.length + commonPrefixes.length === pageSize) {
      return {
        objects, commonPrefixes, isTruncated: true, nextContinuationToken: encodeToken(last), keyCount: pageSize,
      };
    }
    if (common === undefined) objects.push(object);
    else commonPrefixes.push(common);
    last = common ?? key;
  }
  return { objects, commonPrefixes, isTruncated: false, keyCount: objects.length + commonPrefixes.length };
}

function firstAfter(keys: readonly string[], after: string): number {
  if (after === '') return 0;
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(keys[middle], after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Opaque to callers, as AWS's tokens are. */
function encodeToken(key: string): string {
  return Buffer.from(`1${key}`).toString('base64url');
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('1')) throw new ServiceError('InvalidArgument', 'The continuation token provided is incorrect');
  return text.slice(1);
}
