import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ReplayTargets } from '../replay-targets';

interface Archive {
  readonly bucket: s3.IBucket;
  readonly prefix: string;
}

/** Lets a grantee read an archive, only that, and send what it has to the targets. */
export function grantReplayOfArchive(grantee: iam.IGrantable, archive: Archive, { queue, topic }: ReplayTargets): iam.Grant {
  return [queue?.grantSendMessages(grantee), topic?.grantPublish(grantee)]
    .reduce<iam.Grant>((all, grant) => (grant ? all.combine(grant) : all), grantReadOfArchive(grantee, archive));
}

/**
 * Lets a grantee list and read the objects under a prefix, and decrypt them. The bucket's `grantRead` lets it list everything in
 * the bucket and read its settings as well.
 */
function grantReadOfArchive(grantee: iam.IGrantable, { bucket, prefix }: Archive): iam.Grant {
  const objects = iam.Grant.addToPrincipalOrResource({
    grantee, actions: ['s3:GetObject'], resourceArns: [bucket.arnForObjects(`${prefix}/*`)], resource: bucket,
  });
  const list = iam.Grant.addToPrincipalOrResource({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': [`${prefix}/*`] } },
    resource: bucket,
  });
  const granted = objects.combine(list);
  const decrypt = bucket.encryptionKey?.grantDecrypt(grantee);
  return decrypt ? granted.combine(decrypt) : granted;
}
