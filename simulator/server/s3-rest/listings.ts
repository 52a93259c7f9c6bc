import type { Listing, S3Service, StoredObject } from '../../s3';
import type { Reply } from '../protocol';
import { invalidArgument, notImplemented, type S3Request, xmlReply } from './request';
import { documentXml, type XmlElements } from './xml';

/** Keys in one answer, https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const MOST_KEYS = 1000;

/** What the three operations have in common. */
interface Common {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly maxKeys: number;
  /** A key as the answer carries it: percent-encoded where the client asks for that, since XML cannot carry every character. */
  readonly encode: (key: string) => string;
  readonly elements: XmlElements;
}

/** Lists of the objects in a bucket. */
export class ListOperations {
  constructor(private readonly storage: S3Service) {}

  /** `ListObjectsV2`. */
  list(request: S3Request): Reply {
    const { parameters } = request;
    const bucket = this.storage.existingBucket(request.bucket);
    const { prefix, delimiter, maxKeys, encode, elements } = common(request);
    const startAfter = parameters.get('start-after') ?? undefined;
    const continuationToken = parameters.get('continuation-token') ?? undefined;
    const listing = bucket.list({ prefix, delimiter, startAfter, continuationToken, maxKeys });
    return xmlReply(documentXml('ListBucketResult', {
      ...elements,
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ContinuationToken: continuationToken,
      NextContinuationToken: listing.nextContinuationToken,
      KeyCount: listing.keyCount,
      ...page(listing, encode, parameters.get('fetch-owner') === 'true' ? request : undefined),
    }));
  }

  /** `ListObjects`, which goes on after a key or a common prefix instead of with a token. */
  listVersionOne(request: S3Request): Reply {
    const bucket = this.storage.existingBucket(request.bucket);
    const { prefix, delimiter, maxKeys, encode, elements } = common(request);
    const marker = request.parameters.get('marker') ?? '';
    // A common prefix stands for all its keys, so that the next page begins after the last that could be among them.
    const startAfter = delimiter !== undefined && marker.endsWith(delimiter) ? `${marker}\u{10ffff}` : marker;
    const listing = bucket.list({ prefix, delimiter, startAfter, maxKeys });
    const last = [listing.objects.at(-1)?.key ?? '', listing.commonPrefixes.at(-1) ?? '']
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))[1];
    return xmlReply(documentXml('ListBucketResult', {
      ...elements,
      Marker: encode(marker),
      NextMarker: listing.isTruncated && delimiter !== undefined ? encode(last) : undefined,
      ...page(listing, encode, request),
    }));
  }

  /** `ListObjectVersions`, all on one page. */
  listVersions(request: S3Request): Reply {
    const bucket = this.storage.existingBucket(request.bucket);
    const { prefix, delimiter, maxKeys, encode, elements } = common(request);
    const versions = bucket.versions(prefix);
    if (delimiter !== undefined) throw notImplemented('ListObjectVersions with delimiter');
    if (request.parameters.has('key-marker') || versions.length > maxKeys) {
      throw notImplemented('ListObjectVersions in more than one page');
    }
    const latest = new Set<string>();
    const described = versions.map((version) => {
      const { key, versionId, lastModified } = version;
      const isLatest = !latest.has(key);
      latest.add(key);
      const entry = {
        Key: encode(key),
        VersionId: versionId ?? 'null',
        IsLatest: isLatest,
        LastModified: new Date(lastModified),
        Owner: owner(request),
      };
      return { version, entry };
    });
    return xmlReply(documentXml('ListVersionsResult', {
      ...elements,
      IsTruncated: false,
      Version: described.filter(({ version }) => !version.deleteMarker)
        .map(({ version, entry }) => ({ ...entry, ETag: `"${version.eTag}"`, Size: version.body.length, StorageClass: version.storageClass })),
      DeleteMarker: described.filter(({ version }) => version.deleteMarker).map(({ entry }) => entry),
    }));
  }
}

function common({ parameters, bucket }: S3Request): Common {
  const encodingType = parameters.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') throw invalidArgument('encoding-type', 'must be url', encodingType);
  const given = parameters.get('max-keys') ?? String(MOST_KEYS);
  if (!/^\d{1,10}$/.test(given) || Number(given) > 2 ** 31 - 1) {
    throw invalidArgument('max-keys', `must be from 0 to ${2 ** 31 - 1}`, given);
  }
  const maxKeys = Math.min(MOST_KEYS, Number(given));
  const prefix = parameters.get('prefix') ?? '';
  const delimiter = parameters.get('delimiter') || undefined;
  const encode = encodingType === 'url' ? (key: string) => encodeURIComponent(key).replaceAll('%2F', '/') : (key: string) => key;
  return {
    prefix, delimiter, maxKeys, encode,
    elements: {
      Name: bucket, Prefix: encode(prefix), Delimiter: delimiter && encode(delimiter), MaxKeys: maxKeys, EncodingType: encodingType,
    },
  };
}

function page(listing: Listing, encode: Common['encode'], ownedBy: S3Request | undefined): XmlElements {
  const { isTruncated, objects, commonPrefixes } = listing;
  return {
    IsTruncated: isTruncated,
    Contents: objects.map((object: StoredObject) => ({
      Key: encode(object.key),
      LastModified: new Date(object.lastModified),
      ETag: `"${object.eTag}"`,
      Size: object.body.length,
      Owner: ownedBy && owner(ownedBy),
      StorageClass: object.storageClass,
    })),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function owner({ place }: S3Request): XmlElements {
  return { ID: place.account, DisplayName: place.account };
}
