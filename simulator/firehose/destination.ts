import { invalid, validatePrefixes } from './prefix';
import type { Processors } from './processors';

/** An S3 destination, as of `ExtendedS3DestinationConfiguration`. */
export interface S3Destination {
  readonly roleArn: string;
  readonly bucketArn: string;
  /** @default - the hour, `YYYY/MM/DD/HH/` */
  readonly prefix?: string;
  /** For what a processor could not take. @default - a folder of the type of the error, and the hour */
  readonly errorOutputPrefix?: string;
  /** `UNCOMPRESSED` or `GZIP`. @default 'UNCOMPRESSED' */
  readonly compressionFormat?: string;
  /** With its period; takes the place of `.gz`. */
  readonly fileExtension?: string;
  /** MiB, 1 to 128. @default 5 */
  readonly bufferingSize?: number;
  /** Seconds, 0 to 900. @default 300 */
  readonly bufferingInterval?: number;
  /** A customer key for the objects. @default - the bucket's own encryption */
  readonly kmsKeyArn?: string;
  /** @default - records are delivered as they come */
  readonly processors?: Processors;
}

/** A destination with its defaults. */
export type CompleteDestination = S3Destination & Required<Pick<S3Destination,
  'prefix' | 'compressionFormat' | 'bufferingSize' | 'bufferingInterval' | 'processors'>>;

/**
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
 * @throws ServiceError `InvalidArgumentException` for what Firehose would refuse, or the simulator does not model
 */
export function completeDestination(given: S3Destination): CompleteDestination {
  const destination = {
    prefix: '', compressionFormat: 'UNCOMPRESSED', bufferingSize: 5, bufferingInterval: 300, processors: {},
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  } as CompleteDestination;
  const { bufferingSize, bufferingInterval, compressionFormat, fileExtension } = destination;
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+/.test(destination.roleArn)) {
    throw invalid(`'RoleARN' must be the ARN of a role, got '${destination.roleArn}'`);
  }
  if (!/^arn:[^:]+:s3:::[\w.-]{1,255}$/.test(destination.bucketArn)) {
    throw invalid(`'BucketARN' must be the ARN of a bucket, got '${destination.bucketArn}'`);
  }
  wholeNumber('BufferingHints.SizeInMBs', bufferingSize, 1, 128);
  wholeNumber('BufferingHints.IntervalInSeconds', bufferingInterval, 0, 900);
  if (!['UNCOMPRESSED', 'GZIP'].includes(compressionFormat)) {
    throw invalid(`'CompressionFormat' must be UNCOMPRESSED or GZIP, the ones that are modelled, got '${compressionFormat}'`);
  }
  if (fileExtension !== undefined && !/^(\.[0-9a-z!\-_.*'()]{1,127})?$/.test(fileExtension)) {
    throw invalid(`'FileExtension' must be empty, or a period and up to 127 of 0-9a-z!-_.*'(), got '${fileExtension}'`);
  }
  validatePrefixes(destination.prefix, destination.errorOutputPrefix);
  return destination;
}

/** What the keys of a destination's objects end with. */
export function extensionOf({ fileExtension, compressionFormat }: CompleteDestination): string {
  return fileExtension ?? (compressionFormat === 'GZIP' ? '.gz' : '');
}

function wholeNumber(property: string, value: number, from: number, to: number): void {
  if (!Number.isInteger(value) || value < from || value > to) {
    throw invalid(`'${property}' must be a whole number from ${from} to ${to}, got ${value}`);
  }
}
