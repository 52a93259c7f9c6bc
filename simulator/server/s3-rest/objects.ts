import { ServiceError } from '../../contracts';
import type { Bucket, S3Service, StoredObject } from '../../s3';
import type { Reply } from '../protocol';
import { checkRead, rangeOf } from './conditions';
import { optionsOf, payloadOf } from './payload';
import { decode, header, invalidArgument, notImplemented, reply, type S3Request, xmlReply } from './request';
import { documentXml, elementsOf, malformedXml, parseXml, textOf, type XmlElements } from './xml';

/** Keys in one `DeleteObjects` request, https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MOST_DELETED = 1000;

export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
  /** Where the client names a version. */
  readonly versionId: string | undefined;
}

/** `PutObject`, `GetObject`, `HeadObject`, `DeleteObject`, `DeleteObjects` and `CopyObject`. */
export class ObjectOperations {
  constructor(private readonly storage: S3Service) {}

  put(request: S3Request): Reply {
    const bucket = this.storage.existingBucket(request.bucket);
    const options = optionsOf(request);
    const { body, checksums } = payloadOf(request);
    const stored = bucket.put(request.key, body, options);
    return reply(200, { ETag: `"${stored.eTag}"`, ...versionOf(stored), ...checksums });
  }

  get(request: S3Request): Reply {
    if (request.parameters.has('partNumber')) throw notImplemented('GetObject with partNumber');
    const bucket = this.storage.existingBucket(request.bucket);
    const versionId = versionIdOf(request);
    const found = bucket.readable(request.key, versionId);
    checkRead(request.head.headers, found);
    const size = found.body.length;
    const range = rangeOf(header(request, 'range'), size);
    const headers = { ...describe(found), ...overrides(request.parameters) };
    const { body } = bucket.getExisting(request.key, versionId);
    if (range === undefined) return reply(200, headers, body);
    const { start, end } = range;
    return reply(206, { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${size}` }, body.subarray(start, end));
  }

  head(request: S3Request): Reply {
    const found = this.storage.existingBucket(request.bucket).headExisting(request.key, versionIdOf(request));
    checkRead(request.head.headers, found);
    const size = found.body.length;
    const range = rangeOf(header(request, 'range'), size);
    if (range === undefined) return reply(200, { ...describe(found), 'Content-Length': String(size) });
    const { start, end } = range;
    const partial = { 'Content-Range': `bytes ${start}-${end - 1}/${size}`, 'Content-Length': String(end - start) };
    return reply(206, { ...describe(found), ...partial });
  }

  delete(request: S3Request): Reply {
    const deleted = this.storage.existingBucket(request.bucket).delete(request.key, versionIdOf(request));
    const headers: Record<string, string> = deleted.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {};
    return reply(204, { ...headers, ...versionOf(deleted) });
  }

  deleteMany(request: S3Request): Reply {
    const bucket = this.storage.existingBucket(request.bucket);
    const { body } = payloadOf(request);
    const document = parseXml(body, 'Delete');
    const listed = elementsOf(document, 'Object');
    if (listed.length === 0 || listed.length > MOST_DELETED) {
      throw malformedXml(`The element Delete must have from 1 to ${MOST_DELETED} elements Object, got ${listed.length}`);
    }
    const objects = listed.map((object) => {
      const key = textOf(object, 'Key');
      if (key === undefined || key === '') throw malformedXml('Every element Object must have an element Key');
      return { key, versionId: textOf(object, 'VersionId') };
    });
    const deleted: XmlElements[] = [];
    const errors: XmlElements[] = [];
    for (const { key, versionId } of objects) {
      try {
        const result = bucket.delete(key, versionId);
        deleted.push({
          Key: key,
          VersionId: versionId,
          DeleteMarker: result.deleteMarker ? true : undefined,
          DeleteMarkerVersionId: result.deleteMarker ? result.versionId : undefined,
        });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        errors.push({ Key: key, VersionId: versionId, Code: error.code, Message: error.message });
      }
    }
    return xmlReply(documentXml('DeleteResult', { ...textOf(document, 'Quiet') === 'true' ? {} : { Deleted: deleted }, Error: errors }));
  }

  copy(request: S3Request): Reply {
    const target = this.storage.existingBucket(request.bucket);
    const { bucket, object, versionId } = this.sourceOf(request);
    checkRead(request.head.headers, object, 'x-amz-copy-source-');
    const directive = header(request, 'x-amz-metadata-directive') ?? 'COPY';
    if (directive !== 'COPY' && directive !== 'REPLACE') {
      throw invalidArgument('x-amz-metadata-directive', 'must be COPY or REPLACE', directive);
    }
    const { contentType, contentEncoding, metadata, ifMatch, ifNoneMatch } = optionsOf(request);
    if (ifMatch !== undefined || ifNoneMatch !== undefined) throw notImplemented('CopyObject with If-Match or If-None-Match');
    const replace = directive === 'REPLACE' ? { contentType, contentEncoding, metadata } : undefined;
    if (replace === undefined && bucket === target && object.key === request.key && versionId === undefined) {
      throw new ServiceError('InvalidRequest',
        'An object can be copied to itself only with other metadata: set x-amz-metadata-directive to REPLACE');
    }
    const stored = target.copy(object.key, request.key, { from: bucket, versionId, replace });
    const { status, headers, body } = xmlReply(documentXml('CopyObjectResult', {
      LastModified: new Date(stored.lastModified), ETag: `"${stored.eTag}"`,
    }));
    return { status, headers: { ...headers, ...versionOf(stored) }, body };
  }

  /** The object that `x-amz-copy-source` names, as `bucket/key` or `bucket/key?versionId=version`, percent-encoded. */
  sourceOf(request: S3Request): CopySource {
    const given = header(request, 'x-amz-copy-source') ?? '';
    const [path, versionId] = given.split('?versionId=', 2);
    const match = /^\/?([^/]+)\/(.+)$/s.exec(decode(path));
    if (match === null) throw invalidArgument('x-amz-copy-source', 'must be a bucket and a key with a slash between', given);
    const bucket = this.storage.existingBucket(match[1]);
    return { bucket, object: bucket.readable(match[2], versionId), versionId };
  }
}

function versionIdOf({ parameters }: S3Request): string | undefined {
  return parameters.get('versionId') ?? undefined;
}

export function versionOf({ versionId }: { readonly versionId?: string }): Record<string, string> {
  return versionId === undefined ? {} : { 'x-amz-version-id': versionId };
}

function describe(object: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {
    'ETag': `"${object.eTag}"`,
    'Last-Modified': new Date(object.lastModified).toUTCString(),
    'Accept-Ranges': 'bytes',
    'Content-Type': object.contentType,
    ...versionOf(object),
  };
  if (object.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = object.storageClass;
  if (object.contentEncoding !== undefined) headers['Content-Encoding'] = object.contentEncoding;
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = inHeader(value);
  return headers;
}

/** What a header cannot carry goes as an encoded word of RFC 2047, as on S3. */
function inHeader(value: string): string {
  return /^[\t\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

/** `response-content-type` and its like: what a client wants to be told instead of what is stored. */
function overrides(parameters: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of ['Content-Type', 'Content-Encoding', 'Content-Language', 'Content-Disposition', 'Cache-Control', 'Expires']) {
    const parameter = `response-${name.toLowerCase()}`;
    const value = parameters.get(parameter);
    if (value === null) continue;
    if (!/^[\t\x20-\x7e]*$/.test(value)) throw invalidArgument(parameter, 'must be printable ASCII', JSON.stringify(value));
    headers[name] = value;
  }
  return headers;
}
