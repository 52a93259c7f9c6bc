/** Amazon Data Firehose, version 2015-08-04. */
import { blob, flag, integer, list, operation, operations, structure, text, timestamp } from './shapes';

const record = structure({ Data: blob });
const s3Description = {
  RoleARN: text, BucketARN: text, Prefix: text, ErrorOutputPrefix: text, CompressionFormat: text,
  BufferingHints: structure({ SizeInMBs: integer, IntervalInSeconds: integer }),
  EncryptionConfiguration: structure({ NoEncryptionConfig: text, KMSEncryptionConfig: structure({ AWSKMSKeyARN: text }) }),
};
const description = structure({
  DeliveryStreamName: text, DeliveryStreamARN: text, DeliveryStreamStatus: text, DeliveryStreamType: text, VersionId: text,
  DeliveryStreamEncryptionConfiguration: structure({ Status: text }),
  CreateTimestamp: timestamp, HasMoreDestinations: flag,
  Destinations: list(structure({
    DestinationId: text, S3DestinationDescription: structure(s3Description),
    ExtendedS3DestinationDescription: structure({ ...s3Description, FileExtension: text }),
  })),
});

const update = structure({
  ...s3Description, FileExtension: text, S3BackupMode: text,
  CloudWatchLoggingOptions: structure({ Enabled: flag, LogGroupName: text, LogStreamName: text }),
  ProcessingConfiguration: structure({
    Enabled: flag,
    Processors: list(structure({ Type: text, Parameters: list(structure({ ParameterName: text, ParameterValue: text })) })),
  }),
});

export const firehoseOperations = operations({
  PutRecord: operation({ DeliveryStreamName: text, Record: record }, { RecordId: text, Encrypted: flag }),
  PutRecordBatch: operation(
    { DeliveryStreamName: text, Records: list(record) },
    { FailedPutCount: integer, Encrypted: flag, RequestResponses: list(structure({ RecordId: text, ErrorCode: text, ErrorMessage: text })) },
  ),
  DescribeDeliveryStream: operation({ DeliveryStreamName: text }, { DeliveryStreamDescription: description }),
  UpdateDestination: operation({
    DeliveryStreamName: text, CurrentDeliveryStreamVersionId: text, DestinationId: text,
    ExtendedS3DestinationUpdate: update, S3DestinationUpdate: update,
  }, {}),
  ListDeliveryStreams: operation(
    { Limit: integer, DeliveryStreamType: text, ExclusiveStartDeliveryStreamName: text },
    { DeliveryStreamNames: list(text), HasMoreDeliveryStreams: flag },
  ),
});
