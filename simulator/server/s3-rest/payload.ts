import type { PutOptions } from '../../s3';
import { decodeChunks } from '../chunked';
import { verifyChecksums } from './checksums';
import { invalidArgument, notImplemented, header, type S3Request } from './request';

/** What a client may say about an object that S3 keeps and the simulator does not. */
const unmodelledHeaders = [
  'x-amz-tagging', 'x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date', 'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-algorithm', 'x-amz-website-redirect-location', 'x-amz-write-offset-bytes',
  'cache-control', 'content-disposition', 'content-language', 'expires',
  'x-amz-grant-read', 'x-amz-grant-read-acp', 'x-amz-grant-write-acp', 'x-amz-grant-full-control',
];

/** The body of an upload, out of its chunks and with its checksums verified, which the answer repeats. */
export function payloadOf(request: S3Request): { body: Buffer; checksums: Record<string, string> } {
  const { headers } = request.head;
  const streamed = header(request, 'x-amz-content-sha256')?.startsWith('STREAMING-')
    || /(?:^|,)\s*aws-chunked\s*(?:,|$)/i.test(headers['content-encoding'] ?? '');
  if (!streamed) return { body: request.body, checksums: verifyChecksums(request.body, headers) };

  const announced = header(request, 'x-amz-decoded-content-length');
  if (announced !== undefined && !/^\d{1,15}$/.test(announced)) {
    throw invalidArgument('x-amz-decoded-content-length', 'must be a number of bytes', announced);
  }
  const { body, trailers } = decodeChunks(request.body, announced === undefined ? undefined : Number(announced));
  return { body, checksums: verifyChecksums(body, { ...headers, ...trailers }) };
}

/** What is kept beside an object's body: the headers that are returned with it, and its user metadata. */
export function optionsOf(request: S3Request): PutOptions {
  refuseUnmodelled(request);
  const encodings = header(request, 'content-encoding')?.split(',').map((each) => each.trim())
    .filter((each) => each !== '' && each.toLowerCase() !== 'aws-chunked');
  return {
    contentType: header(request, 'content-type'),
    contentEncoding: encodings === undefined || encodings.length === 0 ? undefined : encodings.join(','),
    metadata: metadataOf(request),
    ifMatch: header(request, 'if-match'),
    ifNoneMatch: header(request, 'if-none-match'),
  };
}

function refuseUnmodelled(request: S3Request): void {
  const unmodelled = unmodelledHeaders.find((name) => request.head.headers[name] !== undefined);
  if (unmodelled !== undefined) throw notImplemented(`The header ${unmodelled}`);
  const storageClass = header(request, 'x-amz-storage-class') ?? 'STANDARD';
  if (storageClass !== 'STANDARD') throw notImplemented(`The storage class ${storageClass}`);
  // What S3 does to every object by itself.
  const encryption = header(request, 'x-amz-server-side-encryption') ?? 'AES256';
  if (encryption !== 'AES256') throw notImplemented(`The server-side encryption ${encryption} of a single object`);
  const acl = header(request, 'x-amz-acl') ?? 'private';
  if (acl !== 'private' && acl !== 'bucket-owner-full-control') throw notImplemented(`The access control list ${acl}`);
}

function metadataOf(request: S3Request): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.head.headers)) {
    if (name.startsWith('x-amz-meta-') && typeof value === 'string') metadata[name.slice('x-amz-meta-'.length)] = value;
  }
  return metadata;
}
