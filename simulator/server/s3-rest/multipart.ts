import { createHash, randomBytes } from 'node:crypto';
import { ServiceError } from '../../contracts';
import type { PutOptions, S3Service } from '../../s3';
import type { Reply } from '../protocol';
import { checkRead, rangeOf } from './conditions';
import { type ObjectOperations, versionOf } from './objects';
import { optionsOf, payloadOf } from './payload';
import { header, invalidArgument, reply, type S3Request, xmlReply } from './request';
import { documentXml, elementsOf, malformedXml, parseXml, textOf } from './xml';

interface Part {
  readonly body: Buffer;
  readonly md5: Buffer;
  readonly lastModified: Date;
}

interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly options: PutOptions;
  readonly parts: Map<number, Part>;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const SMALLEST_PART = 5 * 1024 * 1024;

/** Bytes of one object: objects are held in memory, where S3 takes up to 50 TB. */
const LARGEST_OBJECT = 1024 * 1024 * 1024;

/** Uploads of objects in parts. Unfinished uploads are no objects yet: they live here until they are completed or aborted. */
export class MultipartOperations {
  private readonly uploads = new Map<string, Upload>();

  constructor(private readonly storage: S3Service, private readonly objects: ObjectOperations, private readonly now: () => Date) {}

  create(request: S3Request): Reply {
    this.storage.existingBucket(request.bucket);
    const { bucket, key } = request;
    const upload: Upload = { id: randomBytes(24).toString('base64url'), bucket, key, options: optionsOf(request), parts: new Map() };
    this.uploads.set(upload.id, upload);
    return xmlReply(documentXml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.id }));
  }

  uploadPart(request: S3Request): Reply {
    const upload = this.uploadOf(request);
    const { body, checksums } = payloadOf(request);
    const part = this.add(upload, this.partNumber(request), body);
    return reply(200, { ETag: `"${part.md5.toString('hex')}"`, ...checksums });
  }

  copyPart(request: S3Request): Reply {
    const upload = this.uploadOf(request);
    const { object } = this.objects.sourceOf(request);
    checkRead(request.head.headers, object, 'x-amz-copy-source-');
    const given = header(request, 'x-amz-copy-source-range');
    const range = rangeOf(given, object.body.length);
    if (given !== undefined && range === undefined) {
      throw invalidArgument('x-amz-copy-source-range', 'must be bytes=FIRST-LAST', given);
    }
    const body = range === undefined ? object.body : object.body.subarray(range.start, range.end);
    const part = this.add(upload, this.partNumber(request), body);
    return xmlReply(documentXml('CopyPartResult', { LastModified: part.lastModified, ETag: `"${part.md5.toString('hex')}"` }));
  }

  complete(request: S3Request): Reply {
    const upload = this.uploadOf(request);
    const parts = this.chosenParts(upload, request.body);
    const { ifMatch, ifNoneMatch } = optionsOf(request);
    const options = { ...upload.options, ifMatch, ifNoneMatch };
    const stored = this.storage.existingBucket(upload.bucket)
      .put(upload.key, Buffer.concat(parts.map(({ body }) => body)), options, 'ObjectCreated:CompleteMultipartUpload');
    this.uploads.delete(upload.id);
    const { status, headers, body } = xmlReply(documentXml('CompleteMultipartUploadResult', {
      Location: `${request.place.endpoint}/${upload.bucket}/${encodeURI(upload.key)}`,
      Bucket: upload.bucket,
      Key: upload.key,
      ETag: `"${stored.eTag}"`,
    }));
    return { status, headers: { ...headers, ...versionOf(stored) }, body };
  }

  abort(request: S3Request): Reply {
    this.uploads.delete(this.uploadOf(request).id);
    return reply(204);
  }

  listParts(request: S3Request): Reply {
    const upload = this.uploadOf(request);
    const parts = [...upload.parts].sort(([one], [other]) => one - other);
    return xmlReply(documentXml('ListPartsResult', {
      Bucket: upload.bucket,
      Key: upload.key,
      UploadId: upload.id,
      StorageClass: 'STANDARD',
      MaxParts: MOST_PARTS,
      IsTruncated: false,
      Part: parts.map(([PartNumber, { md5, body, lastModified }]) =>
        ({ PartNumber, LastModified: lastModified, ETag: `"${md5.toString('hex')}"`, Size: body.length })),
    }));
  }

  private uploadOf(request: S3Request): Upload {
    const upload = this.uploads.get(request.parameters.get('uploadId') ?? '');
    if (upload === undefined || upload.bucket !== request.bucket || upload.key !== request.key) {
      throw new ServiceError('NoSuchUpload', 'The specified upload does not exist: it may have been aborted or completed', 404);
    }
    return upload;
  }

  private partNumber(request: S3Request): number {
    const given = request.parameters.get('partNumber') ?? '';
    const number = Number(given);
    if (!/^\d{1,5}$/.test(given) || number < 1 || number > MOST_PARTS) {
      throw invalidArgument('partNumber', `must be from 1 to ${MOST_PARTS}`, given);
    }
    return number;
  }

  private add(upload: Upload, number: number, body: Buffer): Part {
    let size = body.length;
    for (const [other, part] of upload.parts) if (other !== number) size += part.body.length;
    if (size > LARGEST_OBJECT) {
      throw new ServiceError('EntityTooLarge', `An object must be at most ${LARGEST_OBJECT} bytes in the simulator, got ${size}`);
    }
    const part = { body, md5: createHash('md5').update(body).digest(), lastModified: this.now() };
    upload.parts.set(number, part);
    return part;
  }

  private chosenParts(upload: Upload, body: Buffer): Part[] {
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
