import type { CloudWatchService } from '..';

/** A bucket, as its daily storage metrics see it. */
export interface BucketGauge {
  readonly name: string;
  /** What is kept, noncurrent versions and the parts of unfinished uploads included. */
  storage(): {
    /** By storage class. */
    readonly bytes: ReadonlyMap<string, number>;
    readonly objects: number;
  };
}

const DAY = 86_400_000;

/** `StorageType` by storage class; what S3 adds to small and to archived objects is left out. */
const STORAGE_TYPES: Readonly<Record<string, string>> = {
  STANDARD: 'StandardStorage',
  STANDARD_IA: 'StandardIAStorage',
  ONEZONE_IA: 'OneZoneIAStorage',
  INTELLIGENT_TIERING: 'IntelligentTieringFAStorage',
  GLACIER_IR: 'GlacierInstantRetrievalStorage',
  GLACIER: 'GlacierStorage',
  DEEP_ARCHIVE: 'DeepArchiveStorage',
};

/**
 * AWS/S3: the storage metrics of each bucket that has objects, once a day at midnight UTC, without any configuration.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export function publishS3Storage(buckets: () => Iterable<BucketGauge>, cloudWatch: CloudWatchService): void {
  cloudWatch.everyMinute((at) => {
    if (at % DAY !== 0) return;
    for (const bucket of buckets()) {
      const { bytes, objects } = bucket.storage();
      if (objects === 0) continue;
      const put = (name: string, StorageType: string, value: number, unit: string): void => (
        cloudWatch.putMetric('AWS/S3', name, { BucketName: bucket.name, StorageType }, value, { at, unit })
      );
      put('NumberOfObjects', 'AllStorageTypes', objects, 'Count');
      for (const [storageClass, size] of bytes) put('BucketSizeBytes', STORAGE_TYPES[storageClass], size, 'Bytes');
    }
  });
}
