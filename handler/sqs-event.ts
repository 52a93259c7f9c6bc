/**
 * What Lambda gives to a consumer, so that users of this helper need no package of types. The types of
 * `@types/aws-lambda` fit wherever these stand.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export interface SqsEvent {
  readonly Records: SqsRecord[];
}

/** One message of a batch. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: SqsRecordAttributes;
  readonly messageAttributes: Readonly<Record<string, SqsMessageAttribute>>;
  readonly md5OfBody: string;
  readonly eventSource: string;
  /** The queue. */
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** What SQS says of a message. Numbers are texts; times are milliseconds since the epoch. */
export interface SqsRecordAttributes {
  readonly ApproximateReceiveCount: string;
  readonly SentTimestamp: string;
  readonly SenderId: string;
  readonly ApproximateFirstReceiveTimestamp: string;
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
  readonly SequenceNumber?: string | undefined;
  readonly AWSTraceHeader?: string | undefined;
  readonly DeadLetterQueueSourceArn?: string | undefined;
}

/** An attribute that the sender gave the message. */
export interface SqsMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  /** Base64. */
  readonly binaryValue?: string | undefined;
}

/** Which messages Lambda must not delete. */
export interface SqsBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** The parts of Lambda's context that belong into every line of a log. */
export interface LoggedContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
}

/** The parts of Lambda's context that Powertools reads. */
export interface LambdaContext extends LoggedContext {
  getRemainingTimeInMillis(): number;
}
