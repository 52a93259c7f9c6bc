/** From the one that an object is put into to the coldest. */
export const STORAGE_CLASSES = ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE'] as const;
export type StorageClass = typeof STORAGE_CLASSES[number];

/** A version of an object, or the delete marker that hides it. */
export interface StoredObject {
  readonly key: string;
  /** Undefined in a bucket that is not versioned. */
  readonly versionId?: string;
  readonly body: Buffer;
  /** The MD5 of the body as hexadecimal digits, without the quotation marks of the HTTP header. */
  readonly eTag: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly contentType: string;
  readonly contentEncoding?: string;
  /** User metadata by lower-case name, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly deleteMarker: boolean;
  readonly storageClass: StorageClass;
  /** Until when Object Lock keeps the version, in milliseconds since the epoch. */
  readonly retainUntil?: number;
  /** Hexadecimal digits that grow from each change of a key to the next. */
  readonly sequencer: string;
}

export interface PutOptions {
  /** @default 'binary/octet-stream' */
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** At most 2 KB of names and values. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** `*` refuses to replace an object: the header If-None-Match. */
  readonly ifNoneMatch?: string;
  /** The ETag that the present object must have: the header If-Match. */
  readonly ifMatch?: string;
  /** Base64, the header Content-MD5. */
  readonly contentMd5?: string;
}

export interface CopyOptions {
  /** @default - this bucket */
  readonly from?: { get(key: string, versionId?: string): StoredObject | undefined };
  readonly versionId?: string;
  /** Replaces the metadata, content type and encoding of the source: the metadata directive `REPLACE`. @default - they are copied */
  readonly replace?: Pick<PutOptions, 'contentType' | 'contentEncoding' | 'metadata'>;
}

export interface DeleteResult {
  /** The version that was deleted, or the delete marker that was made. */
  readonly versionId?: string;
  /** Whether a delete marker was made or deleted. */
  readonly deleteMarker: boolean;
}
