import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../../contracts';
import { crc32c, crc64nvme } from './cyclic-redundancy';

type Checksum = (body: Buffer) => Buffer;

const checksums: Readonly<Record<string, Checksum>> = {
  'x-amz-checksum-crc32': (body) => bytesOf(crc32(body)),
  'x-amz-checksum-crc32c': (body) => bytesOf(crc32c(body)),
  'x-amz-checksum-crc64nvme': crc64nvme,
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest(),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest(),
};

/**
 * Verifies the checksums that came with a body, in its headers or behind it, and gives them back as the answer's headers.
 *
 * @throws ServiceError `BadDigest` or `InvalidDigest`
 */
export function verifyChecksums(
  body: Buffer, given: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const verified: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') continue;
    if (name === 'content-md5') {
      verify(name, value, createHash('md5').update(body).digest());
    } else if (name.startsWith('x-amz-checksum-') && name !== 'x-amz-checksum-type' && name !== 'x-amz-checksum-algorithm'
      && name !== 'x-amz-checksum-mode') {
      const checksum = checksums[name];
      if (checksum === undefined) throw new ServiceError('NotImplemented', `The simulator does not model the checksum ${name}`, 501);
      verify(name, value, checksum(body));
      verified[name] = value;
    }
  }
  return verified;
}

function verify(name: string, given: string, expected: Buffer): void {
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length !== expected.length) {
    throw new ServiceError('InvalidDigest', `'${name}' must be ${expected.length} bytes in base64, got '${given.slice(0, 100)}'`);
  }
  if (!bytes.equals(expected)) {
    throw new ServiceError('BadDigest', `'${name}' must be the checksum of the body, ${expected.toString('base64')}, got ${given}`);
  }
}

function bytesOf(checksum: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum >>> 0);
  return bytes;
}
