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

export const firehoseOperations = operations({
  PutRecord: operation({ DeliveryStreamName: text, Record: record }, { RecordId: text, Encrypted: flag }),
  PutRecordBatch: operation(
    { DeliveryStreamName: text, Records: list(record) },
    { FailedPutCount: integer, Encrypted: flag, RequestResponses: list(structure({ RecordId: text, ErrorCode: text, ErrorMessage: text })) },
  ),
  DescribeDeliveryStream: operation({ DeliveryStreamName: text }, { DeliveryStreamDescription: description }),
  ListDeliveryStreams: operation(
    { Limit: integer, DeliveryStreamType: text, ExclusiveStartDeliveryStreamName: text },
    { DeliveryStreamNames: list(text), HasMoreDeliveryStreams: flag },
  ),
});
