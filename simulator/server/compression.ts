import { gunzipSync } from 'node:zlib';
import { ServiceError } from '../contracts';
import { bodyTooLarge } from './errors';

/** The body of a request whose client may have compressed it, as those of CloudWatch do: at most `limit` bytes, also unpacked. */
export function decompressed(body: Buffer, encoding: string | undefined, limit: number): Buffer {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') {
    throw new ServiceError('UnsupportedMediaTypeException', `'Content-Encoding' must be gzip or absent, got '${encoding}'`, 415);
  }
  try {
    return gunzipSync(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge(limit);
    throw new ServiceError('SerializationException', 'The request body must be compressed with gzip, as its Content-Encoding says');
  }
}
