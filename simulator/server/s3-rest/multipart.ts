import { ServiceError } from '../../contracts';
import type { MultipartUpload, S3Service, UploadedPart } from '../../s3';
import type { Reply } from '../protocol';
import { checkRead, rangeOf } from './conditions';
import { type ObjectOperations, versionOf } from './objects';
import { optionsOf, payloadOf } from './payload';
import { header, invalidArgument, reply, type S3Request, xmlReply } from './request';
import { documentXml, elementsOf, malformedXml, parseXml, textOf } from './xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const SMALLEST_PART = 5 * 1024 * 1024;

/** Uploads of objects in parts, which are no objects until they are completed. */
export class MultipartOperations {
  constructor(private readonly storage: S3Service, private readonly objects: ObjectOperations) {}

  create(request: S3Request): Reply {
    const { bucket, key } = request;
    const upload = this.storage.existingBucket(bucket).uploads.initiate(key, optionsOf(request));
    return xmlReply(documentXml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.id }));
  }

  uploadPart(request: S3Request): Reply {
    this.uploadOf(request);
    const { body, checksums } = payloadOf(request);
    const part = this.add(request, body);
    return reply(200, { ETag: `"${part.md5.toString('hex')}"`, ...checksums });
  }

  copyPart(request: S3Request): Reply {
    this.uploadOf(request);
    const { object } = this.objects.sourceOf(request);
    checkRead(request.head.headers, object, 'x-amz-copy-source-');
    const given = header(request, 'x-amz-copy-source-range');
    const range = rangeOf(given, object.body.length);
    if (given !== undefined && range === undefined) {
      throw invalidArgument('x-amz-copy-source-range', 'must be bytes=FIRST-LAST', given);
    }
    const body = range === undefined ? object.body : object.body.subarray(range.start, range.end);
    const part = this.add(request, body);
    return xmlReply(documentXml('CopyPartResult', { LastModified: new Date(part.lastModified), ETag: `"${part.md5.toString('hex')}"` }));
  }

  complete(request: S3Request): Reply {
    const upload = this.uploadOf(request);
    const parts = this.chosenParts(upload, request.body);
    const { ifMatch, ifNoneMatch } = optionsOf(request);
    const options = { ...upload.options, ifMatch, ifNoneMatch };
    const bucket = this.storage.existingBucket(request.bucket);
    const stored = bucket.put(upload.key, Buffer.concat(parts.map(({ body }) => body)), options, 'ObjectCreated:CompleteMultipartUpload');
    bucket.uploads.end(upload);
    const { status, headers, body } = xmlReply(documentXml('CompleteMultipartUploadResult', {
      Location: `${request.place.endpoint}/${request.bucket}/${encodeURI(upload.key)}`,
      Bucket: request.bucket,
      Key: upload.key,
      ETag: `"${stored.eTag}"`,
    }));
    return { status, headers: { ...headers, ...versionOf(stored) }, body };
  }

  abort(request: S3Request): Reply {
    this.storage.existingBucket(request.bucket).uploads.end(this.uploadOf(request));
    return reply(204);
  }

  listParts(request: S3Request): Reply {
    const upload = this.uploadOf(request);
    const parts = [...upload.parts].sort(([one], [other]) => one - other);
    return xmlReply(documentXml('ListPartsResult', {
      Bucket: request.bucket,
      Key: upload.key,
      UploadId: upload.id,
      StorageClass: 'STANDARD',
      MaxParts: MOST_PARTS,
      IsTruncated: false,
      Part: parts.map(([PartNumber, { md5, body, lastModified }]) =>
        ({ PartNumber, LastModified: new Date(lastModified), ETag: `"${md5.toString('hex')}"`, Size: body.length })),
    }));
  }

  private uploadOf(request: S3Request): MultipartUpload {
    return this.storage.existingBucket(request.bucket).uploads.existing(uploadId(request), request.key);
  }

  private partNumber(request: S3Request): number {
    const given = request.parameters.get('partNumber') ?? '';
    const number = Number(given);
    if (!/^\d{1,5}$/.test(given) || number < 1 || number > MOST_PARTS) {
      throw invalidArgument('partNumber', `must be from 1 to ${MOST_PARTS}`, given);
    }
    return number;
  }

  private add(request: S3Request, body: Buffer): UploadedPart {
    return this.storage.existingBucket(request.bucket).uploads.addPart(uploadId(request), request.key, this.partNumber(request), body);
  }

  private chosenParts(upload: MultipartUpload, body: Buffer): UploadedPart[] {
    const listed = elementsOf(parseXml(body, 'CompleteMultipartUpload'), 'Part');
    if (listed.length === 0 || listed.length > MOST_PARTS) {
      throw malformedXml(`The element CompleteMultipartUpload must have from 1 to ${MOST_PARTS} elements Part, got ${listed.length}`);
    }
    const numbers = listed.map((each) => Number(textOf(each, 'PartNumber')));
    const disordered = numbers.findIndex((number, index) => !(number > (index === 0 ? 0 : numbers[index - 1])));
    if (disordered >= 0) {
      const got = numbers.slice(Math.max(0, disordered - 1), disordered + 1).join(', ');
      throw new ServiceError('InvalidPartOrder', `Parts must be listed by growing number, got ${got}`);
    }
    return listed.map((each, index) => {
      const number = numbers[index];
      const part = upload.parts.get(number);
      const etag = textOf(each, 'ETag')?.replaceAll('"', '');
      if (part === undefined || part.md5.toString('hex') !== etag) {
        throw new ServiceError('InvalidPart', `Part ${number} must have been uploaded, with the ETag that is given, got ${etag}`);
      }
      if (index < listed.length - 1 && part.body.length < SMALLEST_PART) {
        throw new ServiceError('EntityTooSmall',
          `Every part but the last must be at least ${SMALLEST_PART} bytes, got ${part.body.length} in part ${number}`);
      }
      return part;
    });
  }
}

function uploadId({ parameters }: S3Request): string {
  return parameters.get('uploadId') ?? '';
}
