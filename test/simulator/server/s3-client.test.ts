import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateBucketCommand, CreateMultipartUploadCommand,
  DeleteBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, GetBucketLocationCommand, GetBucketVersioningCommand, GetObjectCommand,
  HeadBucketCommand, HeadObjectCommand, ListBucketsCommand, ListObjectsCommand, ListObjectsV2Command, ListObjectVersionsCommand,
  ListPartsCommand, NoSuchKey, PutBucketPolicyCommand, PutObjectCommand, S3Client, S3ServiceException, UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { serve, type Served } from './fixture';

let served: Served;
let client: S3Client;
const Bucket = 'archive';

beforeEach(async () => {
  served = await serve();
  client = new S3Client({ ...served.client, forcePathStyle: true });
  served.s3.createBucket({ name: Bucket });
});

afterEach(async () => {
  client.destroy();
  await served.server.close();
});

const md5 = (body: string | Buffer) => `"${createHash('md5').update(body).digest('hex')}"`;
const failure = async (sent: Promise<unknown>): Promise<[string, number | undefined]> => {
  const error = await sent.then(() => { throw new Error('nothing was refused'); }, (caught: unknown) => caught);
  if (!(error instanceof S3ServiceException)) throw error;
  return [error.name, error.$metadata.httpStatusCode];
};
const put = (Key: string, Body: string | Buffer = 'body') => client.send(new PutObjectCommand({ Bucket, Key, Body }));

describe('an object', () => {
  test('comes back as it was put, with its metadata', async () => {
    const Key = 'year=2026/ü ☃ +&?#%.gz';
    const body = Buffer.from([0, 1, 2, 255, 13, 10]);
    const stored = await client.send(new PutObjectCommand({
      Bucket, Key, Body: body, ContentType: 'application/x-ndjson', ContentEncoding: 'gzip', Metadata: { Team: 'billing', empty: '' },
    }));
    expect(stored).toMatchObject({ ETag: md5(body), ChecksumCRC32: expect.any(String) as unknown });

    const object = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from(await object.Body!.transformToByteArray())).toEqual(body);
    const described = { ContentType: 'application/x-ndjson', ContentEncoding: 'gzip', ContentLength: 6, ETag: md5(body), Metadata: { team: 'billing', empty: '' } };
    expect(object).toMatchObject(described);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ...described, LastModified: new Date(Date.UTC(2026, 0, 5, 9)) });
  });

  test('comes back whole when the SDK streams it in chunks with a trailing checksum', async () => {
    const body = Buffer.alloc(300_000, 'streamed ');
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]), ContentLength: body.length }));
    expect(served.s3.bucket(Bucket)!.get('k')!.body.equals(body)).toBe(true);
    expect(served.s3.bucket(Bucket)!.get('k')!.contentEncoding).toBeUndefined();
  });

  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('is verified by the checksum %s', async (ChecksumAlgorithm) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '123456789', ChecksumAlgorithm }));
    expect(served.s3.bucket(Bucket)!.get('k')!.body.toString()).toBe('123456789');
    const zeros = (length: number) => Buffer.alloc(length).toString('base64');
    const wrong = {
      CRC32: { ChecksumCRC32: zeros(4) }, CRC32C: { ChecksumCRC32C: zeros(4) }, SHA1: { ChecksumSHA1: zeros(20) }, SHA256: { ChecksumSHA256: zeros(32) },
    };
    expect(await failure(client.send(new PutObjectCommand({ Bucket, Key: 'wrong', Body: 'x', ...wrong[ChecksumAlgorithm] })))).toEqual(['BadDigest', 400]);
    expect(served.s3.bucket(Bucket)!.head('wrong')).toBeUndefined();
  });

  test('is not there: NoSuchKey, NotFound where only the head is asked for, NoSuchBucket', async () => {
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toBeInstanceOf(NoSuchKey);
    expect(await failure(client.send(new HeadObjectCommand({ Bucket, Key: 'none' })))).toEqual(['NotFound', 404]);
    expect(await failure(client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' })))).toEqual(['NoSuchBucket', 404]);
  });

  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'], ['bytes=3-5', '345', 'bytes 3-5/10'], ['bytes=8-', '89', 'bytes 8-9/10'], ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'], ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('comes in part for the range %s', async (Range, expected, ContentRange) => {
    await put('k', '0123456789');
    const object = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
    expect(await object.Body!.transformToString()).toBe(expected);
    expect(object).toMatchObject({ ContentRange, ContentLength: expected.length, $metadata: { httpStatusCode: 206 } });
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'k', Range }))).toMatchObject({ ContentRange, ContentLength: expected.length });
  });

  test.each(['bytes=5-3', 'bytes=a-b', 'bytes=-', 'lines=1-2', 'bytes=0-1,3-4'])('comes whole for the range %s, which says nothing', async (Range) => {
    await put('k', '0123456789');
    expect((await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range }))).ContentLength).toBe(10);
  });

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('has no byte in the range %s', async (Range) => {
    await put('k', '0123456789');
    expect(await failure(client.send(new GetObjectCommand({ Bucket, Key: 'k', Range })))).toEqual(['InvalidRange', 416]);
  });

  test('is read only where the conditions hold', async () => {
    await put('k');
    const get = (conditions: object) => client.send(new GetObjectCommand({ Bucket, Key: 'k', ...conditions }));
    const before = new Date(Date.UTC(2026, 0, 5, 8));
    const after = new Date(Date.UTC(2026, 0, 5, 10));
    const holding = [
      { IfMatch: md5('body') }, { IfMatch: '*' }, { IfNoneMatch: '"other"' }, { IfModifiedSince: before }, { IfUnmodifiedSince: after },
      { IfMatch: md5('body'), IfUnmodifiedSince: before },
    ];
    for (const holds of holding) {
      expect((await get(holds)).ContentLength).toBe(4);
    }
    expect(await failure(get({ IfMatch: '"other"' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(get({ IfUnmodifiedSince: before }))).toEqual(['PreconditionFailed', 412]);
    expect((await failure(get({ IfNoneMatch: md5('body') })))[1]).toBe(304);
    expect((await failure(get({ IfModifiedSince: after })))[1]).toBe(304);
  });

  test('is written only where the conditions hold', async () => {
    const write = (conditions: object) => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'new', ...conditions }));
    await write({ IfNoneMatch: '*' });
    expect(await failure(write({ IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(write({ IfMatch: '"other"' }))).toEqual(['PreconditionFailed', 412]);
    await write({ IfMatch: md5('new') });
  });

  test('is copied with its metadata, or with other metadata', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'a b/ü', Body: 'body', Metadata: { team: 'x' }, ContentType: 'text/plain' }));
    const CopySource = `${Bucket}/${encodeURIComponent('a b/ü')}`;
    expect((await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))).CopyObjectResult).toMatchObject({ ETag: md5('body') });
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({ Metadata: { team: 'x' }, ContentType: 'text/plain' });
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, MetadataDirective: 'REPLACE', Metadata: { team: 'y' }, ContentType: 'text/html' }));
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({ Metadata: { team: 'y' }, ContentType: 'text/html' });
    expect(await failure(client.send(new CopyObjectCommand({ Bucket, Key: 'a b/ü', CopySource })))).toEqual(['InvalidRequest', 400]);
    expect(await failure(client.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/none` })))).toEqual(['NoSuchKey', 404]);
    expect(await failure(client.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource, CopySourceIfMatch: '"other"' })))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(client.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource, CopySourceIfNoneMatch: md5('body') })))).toEqual(['PreconditionFailed', 412]);
  });

  test('is deleted, alone and with others', async () => {
    for (const key of ['a', 'b\r\n<&>', 'c']) await put(key);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b\r\n<&>' }, { Key: 'none' }] } }));
    expect(Deleted).toEqual([{ Key: 'b\r\n<&>' }, { Key: 'none' }]);
    expect(served.s3.bucket(Bucket)!.objects().map(({ key }) => key)).toEqual(['c']);
    expect((await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'c' }], Quiet: true } }))).Deleted).toBeUndefined();
  });

  test('has versions in a versioned bucket', async () => {
    served.s3.createBucket({ name: 'versioned', versioned: true });
    const at = { Bucket: 'versioned', Key: 'k' };
    const first = await client.send(new PutObjectCommand({ ...at, Body: '1' }));
    const second = await client.send(new PutObjectCommand({ ...at, Body: '2' }));
    const marker = await client.send(new DeleteObjectCommand(at));
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) as unknown });
    await expect(client.send(new GetObjectCommand(at))).rejects.toBeInstanceOf(NoSuchKey);
    expect(await (await client.send(new GetObjectCommand({ ...at, VersionId: first.VersionId }))).Body!.transformToString()).toBe('1');
    const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket: 'versioned' }));
    expect(Versions!.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([[second.VersionId, false], [first.VersionId, false]]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'k', VersionId: marker.VersionId, IsLatest: true }]);
    await client.send(new DeleteObjectCommand({ ...at, VersionId: marker.VersionId }));
    expect((await client.send(new GetObjectCommand(at))).VersionId).toBe(second.VersionId);
    const copy = await client.send(new CopyObjectCommand({ Bucket, Key: 'old', CopySource: `versioned/k?versionId=${first.VersionId}` }));
    expect(copy.CopyObjectResult!.ETag).toBe(md5('1'));
    expect((await client.send(new GetBucketVersioningCommand({ Bucket: 'versioned' }))).Status).toBe('Enabled');
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  });
});

describe('a list of objects', () => {
  const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/1', 'f g+h&ü'];

  beforeEach(() => { for (const key of keys) served.s3.bucket(Bucket)!.put(key, Buffer.from(key)); });

  test.each(['url', undefined] as const)('is complete over its pages, with the encoding %s', async (EncodingType) => {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken, EncodingType }));
      seen.push(...page.Contents!.map(({ Key }) => (EncodingType === undefined ? Key! : decodeURIComponent(Key!))));
      expect(page.KeyCount).toBe(page.Contents!.length);
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(keys);
  });

  test('has prefixes in common', async () => {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', StartAfter: 'a' }));
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'b/' }, { Prefix: 'e/' }]);
    const LastModified = new Date(Date.UTC(2026, 0, 5, 9));
    expect(page.Contents).toMatchObject([{ Key: 'd', Size: 1, ETag: md5('d'), StorageClass: 'STANDARD', LastModified }, { Key: 'f g+h&ü' }]);
    expect((await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', Prefix: 'b/' }))).CommonPrefixes).toEqual([{ Prefix: 'b/c/' }]);
  });

  test('is complete over the pages of version 1, common prefixes among them', async () => {
    const seen: string[] = [];
    let Marker: string | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: '/', Marker }));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key!), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
      if (!page.IsTruncated) break;
      Marker = page.NextMarker;
    }
    expect(seen).toEqual(['a', 'b/', 'd', 'e/', 'f g+h&ü']);
  });

  test('is refused with limits that are none', async () => {
    expect(await failure(client.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 })))).toEqual(['InvalidArgument', 400]);
    expect(await failure(client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '?' })))).toEqual(['InvalidArgument', 400]);
    expect((await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).KeyCount).toBe(0);
  });
});

describe('a bucket', () => {
  test('is created, found, located and deleted', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'new-bucket' }));
    expect((await client.send(new ListBucketsCommand())).Buckets!.map(({ Name }) => Name)).toEqual([Bucket, 'new-bucket']);
    expect((await client.send(new HeadBucketCommand({ Bucket: 'new-bucket' }))).BucketRegion).toBe('us-east-1');
    expect((await client.send(new GetBucketLocationCommand({ Bucket: 'new-bucket' }))).LocationConstraint).toBeFalsy();
    expect(await failure(client.send(new CreateBucketCommand({ Bucket: 'new-bucket' })))).toEqual(['BucketAlreadyOwnedByYou', 409]);
    await client.send(new DeleteBucketCommand({ Bucket: 'new-bucket' }));
    expect(await failure(client.send(new HeadBucketCommand({ Bucket: 'new-bucket' })))).toEqual(['NotFound', 404]);
    await put('k');
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket })))).toEqual(['BucketNotEmpty', 409]);
  });

  test('is in the simulation\'s region', async () => {
    const european = await serve({}, { ...served.place, region: 'eu-west-1' });
    const other = new S3Client({ ...european.client, forcePathStyle: true });
    await other.send(new CreateBucketCommand({ Bucket: 'b-eu', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    expect((await other.send(new GetBucketLocationCommand({ Bucket: 'b-eu' }))).LocationConstraint).toBe('eu-west-1');
    const elsewhere = new CreateBucketCommand({ Bucket: 'b-us', CreateBucketConfiguration: { LocationConstraint: 'us-west-2' } });
    expect(await failure(other.send(elsewhere))).toEqual(['InvalidArgument', 400]);
    other.destroy();
    await european.server.close();
  });

  test('is refused where another account is expected to own it', async () => {
    expect(await failure(client.send(new GetBucketLocationCommand({ Bucket, ExpectedBucketOwner: '111122223333' })))).toEqual(['AccessDenied', 403]);
    await client.send(new GetBucketLocationCommand({ Bucket, ExpectedBucketOwner: '000000000000' }));
  });

  test('does not take what is not modelled', async () => {
    expect(await failure(client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })))).toEqual(['NotImplemented', 501]);
    for (const option of [{ Tagging: 'a=b' }, { StorageClass: 'GLACIER' as const }, { ACL: 'public-read' as const }, { CacheControl: 'no-store' }, { ServerSideEncryption: 'aws:kms' as const }]) {
      expect(await failure(client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...option })))).toEqual(['NotImplemented', 501]);
    }
    expect(served.s3.bucket(Bucket)!.objects()).toEqual([]);
  });
});

describe('an upload in parts', () => {
  const large = Buffer.alloc(5 * 1024 * 1024, 'part');
  const at = { Bucket, Key: 'large' };
  const begin = async () => (await client.send(new CreateMultipartUploadCommand({ ...at, Metadata: { team: 'x' }, ContentType: 'text/plain' }))).UploadId!;
  const upload = (UploadId: string, PartNumber: number, Body: Buffer) => client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
  const complete = (UploadId: string, Parts: { PartNumber: number; ETag?: string }[]) =>
    client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));

  test('becomes one object, with the parts that are listed', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const UploadId = await begin();
    const two = await upload(UploadId, 2, Buffer.from('replaced'));
    const one = await upload(UploadId, 1, large);
    const three = await client.send(new UploadPartCopyCommand({ ...at, UploadId, PartNumber: 3, CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' }));
    const { Parts } = await client.send(new ListPartsCommand({ ...at, UploadId }));
    expect(Parts!.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[1, large.length], [2, 8], [3, 3]]);
    expect(served.s3.bucket(Bucket)!.head('large')).toBeUndefined();
    const [first, small, last] = [one.ETag, two.ETag, three.CopyPartResult!.ETag].map((ETag, index) => ({ PartNumber: index + 1, ETag }));
    expect(await failure(complete(UploadId, [first, small, last]))).toEqual(['EntityTooSmall', 400]);
    await complete(UploadId, [first, last]);
    const stored = served.s3.bucket(Bucket)!.get('large')!;
    expect(stored.body.equals(Buffer.concat([large, Buffer.from('234')]))).toBe(true);
    expect(stored).toMatchObject({ metadata: { team: 'x' }, contentType: 'text/plain' });
    expect(await failure(complete(UploadId, [{ PartNumber: 1, ETag: one.ETag }]))).toEqual(['NoSuchUpload', 404]);
  });

  test('is at most 1 GiB, which is held in memory', async () => {
    served.s3.bucket(Bucket)!.put('source', Buffer.alloc(256 * 1024 * 1024));
    const UploadId = await begin();
    const copy = (PartNumber: number) => client.send(new UploadPartCopyCommand({ ...at, UploadId, PartNumber, CopySource: `${Bucket}/source` }));
    for (const part of [1, 2, 3, 4, 4]) await copy(part);
    expect(await failure(copy(5))).toEqual(['EntityTooLarge', 400]);
  });

  test('is refused where parts are missing, changed or out of order, and can be aborted', async () => {
    const UploadId = await begin();
    const { ETag } = await upload(UploadId, 1, Buffer.from('a'));
    const last = await upload(UploadId, 2, Buffer.from('b'));
    expect(await failure(complete(UploadId, [{ PartNumber: 3, ETag }]))).toEqual(['InvalidPart', 400]);
    expect(await failure(complete(UploadId, [{ PartNumber: 1, ETag: '"other"' }]))).toEqual(['InvalidPart', 400]);
    expect(await failure(complete(UploadId, [{ PartNumber: 2, ETag: last.ETag }, { PartNumber: 1, ETag }]))).toEqual(['InvalidPartOrder', 400]);
    expect(await failure(upload(UploadId, 10_001, Buffer.from('a')))).toEqual(['InvalidArgument', 400]);
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    expect(await failure(upload(UploadId, 1, Buffer.from('a')))).toEqual(['NoSuchUpload', 404]);
  });
});
