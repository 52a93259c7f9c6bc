import type { S3Destination } from './destination';
import { invalid } from './prefix';
import { processorsOf, type ProcessingConfiguration } from './processors';

/** As templates and the API have it: `ExtendedS3DestinationConfiguration`, or the older `S3DestinationConfiguration`, and their updates. */
export interface DestinationConfiguration {
  readonly RoleARN: string;
  readonly BucketARN: string;
  readonly Prefix?: string;
  readonly ErrorOutputPrefix?: string;
  readonly CompressionFormat?: string;
  readonly FileExtension?: string;
  readonly BufferingHints?: { readonly SizeInMBs?: number | string; readonly IntervalInSeconds?: number | string };
  readonly EncryptionConfiguration?: { readonly KMSEncryptionConfig?: { readonly AWSKMSKeyARN: string } };
  readonly CloudWatchLoggingOptions?: object;
  readonly ProcessingConfiguration?: ProcessingConfiguration;
  readonly S3BackupMode?: string;
}

const known = new Set([
  'RoleARN', 'BucketARN', 'Prefix', 'ErrorOutputPrefix', 'CompressionFormat', 'FileExtension', 'BufferingHints', 'EncryptionConfiguration',
  'CloudWatchLoggingOptions', 'ProcessingConfiguration', 'S3BackupMode',
]);

/** @throws ServiceError `InvalidArgumentException` for what the simulator does not model */
export function destinationOf(given: DestinationConfiguration): S3Destination {
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0) throw invalid(`the simulator does not model ${unknown.map((name) => `'${name}'`).join(', ')} of a delivery stream's destination`);
  const { S3BackupMode: backup = 'Disabled', BufferingHints: { SizeInMBs, IntervalInSeconds } = {} } = given;
  if (backup !== 'Disabled') throw invalid(`'S3BackupMode' must be Disabled, the one that is modelled, got '${backup}'`);
  return {
    roleArn: given.RoleARN,
    bucketArn: given.BucketARN,
    prefix: given.Prefix,
    errorOutputPrefix: given.ErrorOutputPrefix,
    compressionFormat: given.CompressionFormat,
    fileExtension: given.FileExtension,
    bufferingSize: SizeInMBs === undefined ? undefined : Number(SizeInMBs),
    bufferingInterval: IntervalInSeconds === undefined ? undefined : Number(IntervalInSeconds),
    kmsKeyArn: given.EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN,
    processors: given.ProcessingConfiguration && processorsOf(given.ProcessingConfiguration),
  };
}

/**
 * A destination with what an update gives; what it leaves out stays.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html
 */
export function mergedDestination(current: S3Destination, update: Partial<DestinationConfiguration>): S3Destination {
  const changes = Object.entries(destinationOf(update as DestinationConfiguration)).filter(([, value]) => value !== undefined);
  const { kmsKeyArn, ...merged } = { ...current, ...Object.fromEntries(changes) };
  const withoutKey = update.EncryptionConfiguration !== undefined && update.EncryptionConfiguration.KMSEncryptionConfig === undefined;
  return withoutKey ? merged : { ...merged, kmsKeyArn };
}
