import type { IncomingMessage } from 'node:http';
import { bodyTooLarge } from './errors';

/** The client went away before its request was complete: nobody is there to be answered. */
export class ClientGone extends Error {}

const empty = Buffer.alloc(0);

/**
 * The whole body of a request. Rejects with `RequestEntityTooLarge` as soon as more than `limit` bytes are announced or
 * have come, and keeps nothing of what follows; with `ClientGone` when the connection ends first.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const announced = request.headers['content-length'];
    if (announced !== undefined && Number(announced) > limit) {
      reject(bodyTooLarge(limit));
      return;
    }
    let first: Buffer = empty;
    let more: Buffer[] | undefined;
    let size = 0;
    const collect = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        request.off('data', collect);
        first = empty;
        more = undefined;
        reject(bodyTooLarge(limit));
      } else if (first.length === 0) {
        first = chunk;
      } else {
        (more ??= [first]).push(chunk);
      }
    };
    request.on('data', collect);
    request.on('end', () => resolve(more === undefined ? first : Buffer.concat(more, size)));
    request.on('error', () => reject(new ClientGone()));
    request.on('close', () => { if (!request.complete) reject(new ClientGone()); });
  });
}
