import { createHash, hash } from 'node:crypto';
import type { MessageAttribute, ReceivedMessage } from '../contracts';

interface SqsRecordAttribute {
  readonly stringValue?: string;
  /** Base64. */
  readonly binaryValue?: string;
  readonly stringListValues: readonly string[];
  readonly binaryListValues: readonly string[];
  readonly dataType: string;
}

/** A message as Lambda gives it to a handler: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SqsRecordAttribute>>;
  readonly md5OfMessageAttributes?: string;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export function recordOf(message: ReceivedMessage, queueArn: string, region: string): SqsRecord {
  const attributes = Object.entries(message.attributes);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.systemAttributes,
    messageAttributes: Object.fromEntries(attributes.map(([name, attribute]) => [name, attributeOf(attribute)])),
    ...attributes.length > 0 ? { md5OfMessageAttributes: md5OfAttributes(message.attributes) } : {},
    md5OfBody: hash('md5', message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function attributeOf({ stringValue, binaryValue, dataType }: MessageAttribute): SqsRecordAttribute {
  return {
    ...stringValue === undefined ? {} : { stringValue },
    ...binaryValue === undefined ? {} : { binaryValue: binaryValue.toString('base64') },
    stringListValues: [],
    binaryListValues: [],
    dataType,
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation */
function md5OfAttributes(attributes: ReceivedMessage['attributes']): string {
  const digest = createHash('md5');
  const update = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { dataType, stringValue, binaryValue } = attributes[name];
    update(Buffer.from(name));
    update(Buffer.from(dataType));
    digest.update(Buffer.from([binaryValue === undefined ? 1 : 2]));
    update(binaryValue ?? Buffer.from(stringValue ?? ''));
  }
  return digest.digest('hex');
}
