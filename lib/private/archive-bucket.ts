import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeRules } from './rule-packs';

export interface ArchiveBucketOptions {
  readonly retention?: Duration;
  readonly encryptionKey?: kms.IKey;
  readonly accessLogsBucket?: s3.IBucket;
  readonly objectLockRetention?: s3.ObjectLockRetention;
}

/** Classes that Athena reads at once; colder ones would have to be restored first. */
const colderClasses = [
  { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
  { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
];

/** What was overwritten or deleted can be taken back for so long. */
const noncurrentVersions = Duration.days(30);

/** S3 refuses a transition that isn't earlier than the expiration. */
function lifecycleRules(retention: Duration | undefined): s3.LifecycleRule[] {
  return [
    {
      id: 'Messages',
      transitions: colderClasses.filter(({ transitionAfter }) => !retention || transitionAfter.toDays() < retention.toDays()),
      expiration: retention,
      noncurrentVersionExpiration: noncurrentVersions,
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    },
    // S3 doesn't take this together with an expiration
    ...(retention ? [{ id: 'DeleteMarkers', expiredObjectDeleteMarker: true }] : []),
  ];
}

const secured = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The bucket of a MessageArchive, as its main child. */
export function makeArchiveBucket(scope: Construct, options: ArchiveBucketOptions): s3.Bucket {
  return new s3.Bucket(scope, 'Resource', {
    ...secured,
    ...(options.encryptionKey
      ? { encryption: s3.BucketEncryption.KMS, encryptionKey: options.encryptionKey, bucketKeyEnabled: true }
      : { encryption: s3.BucketEncryption.S3_MANAGED }),
    versioned: true,
    objectLockDefaultRetention: options.objectLockRetention,
    lifecycleRules: lifecycleRules(options.retention),
    serverAccessLogsBucket: options.accessLogsBucket ?? accessLogs(scope),
    serverAccessLogsPrefix: `${scope.node.path}/`,
  });
}

/** Who read and deleted messages must be known, of a bucket that may hold personal data. */
function accessLogs(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'AccessLogs', {
    ...secured,
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ id: 'AccessLogs', expiration: Duration.days(90) }],
  });
  acknowledgeRules(bucket, {
    S3DefaultEncryptionKMS: 'S3 writes server access logs to buckets with SSE-S3 only',
    S3BucketVersioningEnabled: 'S3 writes each access log once, under a name of its own',
  });
  return bucket;
}
