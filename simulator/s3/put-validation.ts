import { createHash } from 'node:crypto';
import { ServiceError } from '../contracts';
import type { PutOptions } from './stored-object';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const limits = { keyBytes: 1_024, metadataBytes: 2 * 1024 };

/** @throws ServiceError `BadDigest`, `InvalidArgument`, `InvalidDigest`, `KeyTooLongError`, `MetadataTooLarge` */
export function validatePut(key: string, body: Buffer, { contentMd5, metadata = {} }: PutOptions): void {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes === 0) throw new ServiceError('InvalidArgument', `The key must be from 1 to ${limits.keyBytes} bytes, got 0`);
  if (keyBytes > limits.keyBytes) {
    throw new ServiceError('KeyTooLongError', `Your key is too long: it must be from 1 to ${limits.keyBytes} bytes, got ${keyBytes}`);
  }
  const metadataBytes = Object.entries(metadata).reduce((bytes, entry) => bytes + Buffer.byteLength(entry.join('')), 0);
  if (metadataBytes > limits.metadataBytes) {
    throw new ServiceError('MetadataTooLarge', `Metadata must be at most ${limits.metadataBytes} bytes, got ${metadataBytes}`);
  }
  if (contentMd5 === undefined) return;
  const expected = Buffer.from(contentMd5, 'base64');
  if (expected.length !== 16) throw new ServiceError('InvalidDigest', `The Content-MD5 you specified is not valid: ${contentMd5}`);
  if (!createHash('md5').update(body).digest().equals(expected)) {
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}
