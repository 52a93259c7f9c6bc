import { ServiceError } from '../contracts';

export interface DecodedChunks {
  readonly body: Buffer;
  /** Trailing headers, by lower-case name. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** Longer lines than a chunk's size with its signature, or a trailing checksum, ever are. */
const LONGEST_LINE = 4096;

/**
 * Decodes AWS's chunked encoding (`aws-chunked`), in which S3 clients send bodies whose checksum follows them:
 * `SIZE[;chunk-signature=…]`, the bytes, and at the end a chunk of size 0 and the trailing headers. Signatures are not verified.
 *
 * @param decodedLength what `x-amz-decoded-content-length` announced, in bytes
 * @throws ServiceError `IncompleteBody`, `InvalidRequest` or `MalformedTrailerError`
 */
export function decodeChunks(encoded: Buffer, decodedLength: number | undefined): DecodedChunks {
  const pieces: Buffer[] = [];
  let length = 0;
  let position = 0;
  for (;;) {
    const header = lineAt(encoded, position);
    position = header.next;
    const size = chunkSize(header.text);
    if (size === 0) break;
    const end = position + size;
    if (encoded[end] !== 0x0d || encoded[end + 1] !== 0x0a) {
      throw incomplete(`The chunk at byte ${position} must be followed by a line end after ${size} bytes`);
    }
    pieces.push(encoded.subarray(position, end));
    length += size;
    position = end + 2;
  }
  if (decodedLength !== undefined && decodedLength !== length) {
    throw incomplete(`'x-amz-decoded-content-length' must be the length of the chunks, ${length}, got ${decodedLength}`);
  }
  return { body: pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length), trailers: trailersAt(encoded, position) };
}

function chunkSize(line: string): number {
  const digits = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line);
  if (digits === null) {
    throw new ServiceError('InvalidRequest', `A chunk must begin with its size in hexadecimal digits, got '${line.slice(0, 100)}'`);
  }
  return Number.parseInt(digits[1], 16);
}

function trailersAt(encoded: Buffer, start: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  let position = start;
  while (position < encoded.length) {
    const { text, next } = lineAt(encoded, position);
    position = next;
    if (text === '') break;
    const colon = text.indexOf(':');
    if (colon < 1) {
      throw new ServiceError('MalformedTrailerError', `A trailing header must have a name and a value, got '${text.slice(0, 100)}'`);
    }
    trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  return trailers;
}

function lineAt(encoded: Buffer, start: number): { text: string; next: number } {
  const end = encoded.indexOf('\r\n', start, 'latin1');
  if (end < 0 || end - start > LONGEST_LINE) throw incomplete(`A line of at most ${LONGEST_LINE} bytes must begin at byte ${start}`);
  return { text: encoded.toString('latin1', start, end), next: end + 2 };
}

function incomplete(message: string): ServiceError {
  return new ServiceError('IncompleteBody', message);
}
