import { ServiceError, type Caller } from '../contracts';
import type { DeliveryStream } from './delivery-stream';
import { completeDestination } from './destination';
import { mergedDestination, type DestinationConfiguration } from './destination-configuration';
import type { FirehoseService } from './index';
import { invalid } from './prefix';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
const batchLimits = { records: 500, bytes: 4 * 1024 * 1024 };

/** Of the one destination that a stream has. */
const destinationId = 'destinationId-000000000001';

const operations: Readonly<Record<string, (firehose: FirehoseService, input: Input, caller: Caller) => Output>> = {
  PutRecord(firehose, input, caller) {
    const stream = firehose.existing(nameIn(input));
    return { RecordId: stream.putRecord(recordOf(input.Record, 'Record'), caller), Encrypted: stream.encrypted };
  },

  PutRecordBatch(firehose, input, caller) {
    const stream = firehose.existing(nameIn(input));
    const given = (input.Records ?? []) as unknown[];
    if (given.length < 1 || given.length > batchLimits.records) {
      throw invalid(`'Records' must have from 1 to ${batchLimits.records} records, got ${given.length}`);
    }
    const records = given.map((one, index) => recordOf(one, `Records[${index}]`));
    const bytes = records.reduce((sum, record) => sum + record.length, 0);
    if (bytes > batchLimits.bytes) throw invalid(`'Records' must have at most ${batchLimits.bytes} bytes together, got ${bytes}`);
    const responses = responsesOf(() => stream.putRecords(records, caller), records.length);
    const failed = responses.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    return { FailedPutCount: failed, Encrypted: stream.encrypted, RequestResponses: responses };
  },

  DescribeDeliveryStream(firehose, input, caller) {
    const stream = firehose.existing(nameIn(input));
    firehose.context.authorize('firehose:DescribeDeliveryStream', stream.arn, caller);
    stream.emit('described', { records: 0, bytes: 0 });
    return { DeliveryStreamDescription: description(stream) };
  },

  UpdateDestination(firehose, input, caller) {
    const stream = firehose.existing(nameIn(input));
    firehose.context.authorize('firehose:UpdateDestination', stream.arn, caller);
    const update = destinationUpdateIn(input);
    if (input.DestinationId !== destinationId) throw invalid(`'DestinationId' must be '${destinationId}', got '${String(input.DestinationId)}'`);
    if (input.CurrentDeliveryStreamVersionId !== String(stream.version)) {
      throw new ServiceError('ConcurrentModificationException',
        `'CurrentDeliveryStreamVersionId' must be '${stream.version}', the current version, got '${String(input.CurrentDeliveryStreamVersionId)}'`);
    }
    stream.configure(completeDestination(mergedDestination(stream.destination, update)), stream.encrypted);
    return {};
  },

  ListDeliveryStreams(firehose, input, caller) {
    firehose.context.authorize('firehose:ListDeliveryStreams', firehose.arnOf('*'), caller);
    const limit = (input.Limit ?? 10) as number;
    if (limit < 1 || limit > 10_000) throw invalid(`'Limit' must be from 1 to 10000, got ${limit}`);
    const type = (input.DeliveryStreamType ?? 'DirectPut') as string;
    const after = (input.ExclusiveStartDeliveryStreamName ?? '') as string;
    const names = firehose.deliveryStreams().map(({ name }) => name).filter((name) => type === 'DirectPut' && name > after);
    return { DeliveryStreamNames: names.slice(0, limit), HasMoreDeliveryStreams: names.length > limit };
  },
};

/** Answers an operation of Firehose's API. */
export function callFirehose(firehose: FirehoseService, operation: string, input: Input, caller: Caller): Output {
  if (!Object.hasOwn(operations, operation)) {
    throw new ServiceError('UnknownOperationException', `The simulator does not model the operation '${operation}' of Firehose`);
  }
  return operations[operation](firehose, input, caller);
}

function destinationUpdateIn(input: Input): Partial<DestinationConfiguration> {
  const given = Object.keys(input).filter((name) => name.endsWith('DestinationUpdate')).sort();
  const [name] = given;
  if (given.length !== 1 || (name !== 'ExtendedS3DestinationUpdate' && name !== 'S3DestinationUpdate')) {
    throw invalid(`exactly one of 'ExtendedS3DestinationUpdate' and 'S3DestinationUpdate', the ones that are modelled, is required, got ${given.join(', ') || 'none'}`);
  }
  return input[name] as Partial<DestinationConfiguration>;
}

/** A batch that is throttled is answered: each of its records says so. */
function responsesOf(put: () => readonly string[], count: number): Output[] {
  try {
    return put().map((RecordId) => ({ RecordId }));
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'ServiceUnavailableException')) throw error;
    return Array.from({ length: count }, () => ({ ErrorCode: error.code, ErrorMessage: error.message }));
  }
}

function nameIn({ DeliveryStreamName: name }: Input): string {
  if (typeof name !== 'string' || name === '') throw new ServiceError('ValidationException', '\'deliveryStreamName\' must not be null');
  return name;
}

function recordOf(value: unknown, path: string): Buffer {
  const { Data: bytes } = (value ?? {}) as { Data?: Uint8Array };
  if (bytes === undefined) throw new ServiceError('ValidationException', `'${path}.data' must not be null`);
  return Buffer.from(bytes);
}

function description({ name, arn, createdAt, encrypted, destination, version }: DeliveryStream): Output {
  const s3 = {
    RoleARN: destination.roleArn,
    BucketARN: destination.bucketArn,
    Prefix: destination.prefix,
    ErrorOutputPrefix: destination.errorOutputPrefix,
    BufferingHints: { SizeInMBs: destination.bufferingSize, IntervalInSeconds: destination.bufferingInterval },
    CompressionFormat: destination.compressionFormat,
    EncryptionConfiguration: destination.kmsKeyArn === undefined
      ? { NoEncryptionConfig: 'NoEncryption' } : { KMSEncryptionConfig: { AWSKMSKeyARN: destination.kmsKeyArn } },
  };
  return {
    DeliveryStreamName: name,
    DeliveryStreamARN: arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamEncryptionConfiguration: { Status: encrypted ? 'ENABLED' : 'DISABLED' },
    DeliveryStreamType: 'DirectPut',
    VersionId: String(version),
    CreateTimestamp: new Date(createdAt),
    Destinations: [{
      DestinationId: destinationId,
      S3DestinationDescription: s3,
      ExtendedS3DestinationDescription: { ...s3, FileExtension: destination.fileExtension },
    }],
    HasMoreDestinations: false,
  };
}
