import type { Place } from '../../contracts';
import { ServiceError } from '../../contracts';
import type { Head, Reply } from '../protocol';

/** A request to S3 with its address taken apart. */
export interface S3Request {
  readonly head: Head;
  readonly body: Buffer;
  readonly place: Place;
  /** Empty for a request to the service itself. */
  readonly bucket: string;
  /** Empty for a request to the bucket itself. */
  readonly key: string;
  readonly parameters: URLSearchParams;
}

export type S3Operation = (request: S3Request) => Reply | Promise<Reply>;

/** The bucket and key of a path (`/bucket/key`), or of a Host header under `.localhost` (`bucket.localhost`). */
export function addressOf(head: Head): { bucket: string; key: string } {
  const hosted = /^(.+?)(?:\.s3)?\.localhost(?::\d+)?$/i.exec(head.headers.host ?? '');
  if (hosted !== null && hosted[1] !== 's3') return { bucket: hosted[1], key: decode(head.path.slice(1)) };
  const slash = head.path.indexOf('/', 1);
  if (slash < 0) return { bucket: decode(head.path.slice(1)), key: '' };
  return { bucket: decode(head.path.slice(1, slash)), key: decode(head.path.slice(slash + 1)) };
}

export function decode(encoded: string): string {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new ServiceError('InvalidURI', `The address must be percent-encoded UTF-8, got ${encoded.slice(0, 200)}`);
  }
}

/** A single header, where the request has it. */
export function header({ head }: S3Request, name: string): string | undefined {
  const value = head.headers[name];
  return typeof value === 'string' ? value : undefined;
}

export function reply(status: number, headers: Readonly<Record<string, string>> = {}, body: string | Buffer = ''): Reply {
  return { status, headers, body };
}

export function xmlReply(xml: string, status = 200): Reply {
  return { status, headers: { 'Content-Type': 'application/xml' }, body: xml };
}

export function invalidArgument(name: string, rule: string, value: unknown): ServiceError {
  return new ServiceError('InvalidArgument', `'${name}' ${rule}, got ${String(value)}`);
}

export function notImplemented(what: string): ServiceError {
  return new ServiceError('NotImplemented', `${what} is not modelled by the simulator`, 501);
}
