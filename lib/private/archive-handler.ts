import { Duration, Lazy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ConsumerFunction } from '../consumer-function';
import { warnOfForeignResource } from './foreign-resource';
import { allowObjects } from './object-access';
import { assetFolder } from './package-assets';

export interface ArchiverOptions {
  readonly bucket: s3.IBucket;
  readonly prefix: string;
  /** The queues that topics deliver to; more may be added until synthesis. */
  readonly topicQueues: readonly sqs.IQueue[];
  readonly code?: lambda.Code;
}

/** The function of a MessageArchive, which may write to the bucket and use its key. */
export function makeArchiver(scope: Construct, { bucket, prefix, topicQueues, code }: ArchiverOptions): lambda.Function {
  const archiver = new ConsumerFunction(scope, 'Archiver', {
    code: code ?? lambda.Code.fromAsset(assetFolder('archiver')),
    description: 'Writes messages to the archive',
    timeout: Duration.seconds(30),
    // a batch has up to 6 MB, and CPU for compression comes with memory
    memorySize: 512,
    environment: {
      ARCHIVE_BUCKET: bucket.bucketName,
      ARCHIVE_PREFIX: prefix,
      ARCHIVE_TOPIC_QUEUES: Lazy.uncachedString({ produce: () => topicQueues.map(({ queueArn }) => queueArn).join(',') }),
    },
  });
  allowObjects(archiver, ['s3:PutObject'], bucket, prefix);
  bucket.encryptionKey?.grant(archiver, 'kms:GenerateDataKey');
  warnOfForeignResource(scope, {
    what: 'bucket', resource: bucket, role: archiver.function.role!, actions: ['s3:PutObject'], arn: bucket.arnForObjects(`${prefix}/*`),
    key: bucket.encryptionKey, onKey: 'kms:GenerateDataKey',
  });
  return archiver.function;
}
