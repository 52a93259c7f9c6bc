import type { Clock } from '../clock';
import { ServiceError, type Directory, type Place } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { Bucket } from './bucket';
import type { S3Context } from './notifications';

export { Bucket } from './bucket';
export type { LifecycleConfiguration, LifecycleRule, When } from './lifecycle-rules';
export type { Listing, ListOptions } from './listing';
export type { NotificationConfiguration, ObjectEventName } from './notifications';
export type { MultipartUpload, UploadedPart } from './multipart-uploads';
export type { MetricsConfiguration, RequestKind } from './requests';
export type { CopyOptions, DeleteResult, PutOptions, StorageClass, StoredObject } from './stored-object';

export interface BucketProperties {
  /** 3 to 63 lower-case letters, digits, hyphens and dots. */
  readonly name: string;
  /** @default false */
  readonly versioned?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Amazon S3: buckets, their objects, and the notifications about them. */
export class S3Service {
  private readonly bucketsByName = new Map<string, Bucket>();
  private readonly context: S3Context;
  /** Whether another account or region has a bucket of that name: all share one space of names. @default - none has */
  isTaken: (name: string) => boolean = () => false;

  constructor(clock: Clock, events: Events, random: Random, place: Place, directory: Directory) {
    this.context = { clock, events, random, place, directory };
  }

  /** @throws ServiceError `InvalidBucketName`, `BucketAlreadyOwnedByYou` and `BucketAlreadyExists` (409) */
  createBucket({ name, versioned = false, tags = {} }: BucketProperties): Bucket {
    if (!isBucketName(name)) {
      throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid: the name must be 3 to 63 lower-case letters, '
        + `digits, hyphens and dots, begin and end with a letter or digit, and be no IP address, got '${name}'`);
    }
    if (this.bucketsByName.has(name)) {
      throw new ServiceError('BucketAlreadyOwnedByYou', `The bucket '${name}' exists, and you own it`, 409);
    }
    if (this.isTaken(name)) throw new ServiceError('BucketAlreadyExists', `The requested bucket name is not available: ${name}`, 409);
    const bucket = new Bucket(name, versioned, tags, this.context);
    this.bucketsByName.set(name, bucket);
    return bucket;
  }

  bucket(name: string): Bucket | undefined {
    return this.bucketsByName.get(name);
  }

  /** @throws ServiceError `NoSuchBucket` (404) */
  existingBucket(name: string): Bucket {
    const bucket = this.bucketsByName.get(name);
    if (!bucket) throw new ServiceError('NoSuchBucket', `The specified bucket does not exist: ${name}`, 404);
    return bucket;
  }

  buckets(): Bucket[] {
    return [...this.bucketsByName.values()];
  }

  /** @throws ServiceError `NoSuchBucket` (404), `BucketNotEmpty` (409) while there are objects, versions or delete markers */
  deleteBucket(name: string): void {
    const bucket = this.existingBucket(name);
    if (!bucket.empty) throw new ServiceError('BucketNotEmpty', `The bucket you tried to delete is not empty: ${name}`, 409);
    bucket.lifecycle.configure(undefined);
    this.bucketsByName.delete(name);
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}
