import type { RequestKind, S3Service } from '../../s3';
import { asServiceError } from '../errors';
import type { Reply } from '../protocol';
import { header, type S3Request } from './request';

/** What is asked of a bucket itself, by the parameter that asks for it; without one it is a list of what is in it. */
const ofBucket = ['location', 'versioning', 'encryption'];

/** How request metrics count a request; undefined for what they leave out: operations on a bucket other than lists. */
function kindOf({ key, head: { method }, parameters }: S3Request): RequestKind | undefined {
  if (key === '') {
    if (method === 'POST' && parameters.has('delete')) return 'delete';
    return method === 'GET' && !ofBucket.some((name) => parameters.has(name)) ? 'list' : undefined;
  }
  switch (method) {
    case 'GET': return parameters.has('uploadId') ? 'other' : 'get';
    case 'PUT': return 'put';
    case 'DELETE': return 'delete';
    case 'HEAD': return 'head';
    case 'POST': return 'post';
    default: return 'other';
  }
}

/** Answers a request, and tells the bucket how it was answered. `refuse` makes the response to an error. */
export async function metered(
  request: S3Request, storage: S3Service, answer: () => Promise<Reply>, refuse: (error: unknown) => Reply,
): Promise<Reply> {
  const kind = kindOf(request);
  const bucket = storage.bucket(request.bucket);
  if (kind === undefined || bucket === undefined) return answer();
  const answered = bucket.requests.begin(kind, request.key === '' ? undefined : request.key);
  const tell = ({ status, body }: Reply): void => {
    answered({ status, received: bytesOf(request), sent: Buffer.byteLength(body) });
  };
  try {
    const reply = await answer();
    tell(reply);
    return reply;
  } catch (error) {
    // What only the simulator refuses is no answer of S3.
    if (asServiceError(error).code !== 'NotImplemented') tell(refuse(error));
    throw error;
  }
}

/** Of the body as it is stored, without the signatures between its chunks. */
function bytesOf(request: S3Request): number {
  const announced = header(request, 'x-amz-decoded-content-length') ?? '';
  return /^\d{1,15}$/.test(announced) ? Number(announced) : request.body.length;
}
