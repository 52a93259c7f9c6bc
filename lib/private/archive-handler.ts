import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ConsumerFunction } from '../consumer-function';
import { allowObjects } from './object-access';
import { assetFolder } from './package-assets';

export interface ArchiverOptions {
  readonly bucket: s3.IBucket;
  readonly prefix: string;
  readonly code?: lambda.Code;
}

/** The function of a MessageArchive, which may write to the bucket and use its key. */
export function makeArchiver(scope: Construct, { bucket, prefix, code }: ArchiverOptions): lambda.Function {
  const archiver = new ConsumerFunction(scope, 'Archiver', {
    code: code ?? lambda.Code.fromAsset(assetFolder('archiver')),
    description: 'Writes messages to the archive',
    timeout: Duration.seconds(30),
    // a batch has up to 6 MB, and CPU for compression comes with memory
    memorySize: 512,
    environment: { ARCHIVE_BUCKET: bucket.bucketName, ARCHIVE_PREFIX: prefix },
  });
  allowObjects(archiver, ['s3:PutObject'], bucket, prefix);
  bucket.encryptionKey?.grant(archiver, 'kms:GenerateDataKey');
  return archiver.function;
}
