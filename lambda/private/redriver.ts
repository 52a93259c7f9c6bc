import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda';
import type { RecordHandler } from './consume';

/** SQS keeps no count of redrives, and a redriven message is a new one: only the message itself can carry it. */
export const REDRIVE_COUNT = 'RedriveCount';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_ATTRIBUTES = 10;

export interface RedriverSettings {
  readonly client: Pick<SQSClient, 'send'>;
  readonly logger: Logger;
  readonly queueUrl: string;
  readonly quarantineUrl: string;
  readonly maxRedrives: number;
  /** Standard queues only. */
  readonly delaySeconds: number;
}

/** Sends a dead letter back to its queue, and to the quarantine where that was done often enough or cannot be counted. */
export function createRedriver({ client, logger, queueUrl, quarantineUrl, maxRedrives, delaySeconds }: RedriverSettings): RecordHandler {
  return async (record) => {
    const redrives = redrivesOf(record);
    const countable = REDRIVE_COUNT in record.messageAttributes || Object.keys(record.messageAttributes).length < MOST_ATTRIBUTES;
    const again = countable && redrives < maxRedrives;
    await client.send(new SendMessageCommand({
      QueueUrl: again ? queueUrl : quarantineUrl,
      MessageBody: record.body,
      MessageAttributes: {
        ...sendable(record.messageAttributes),
        ...(again ? { [REDRIVE_COUNT]: { DataType: 'Number', StringValue: String(redrives + 1) } } : {}),
      },
      MessageGroupId: record.attributes.MessageGroupId,
      ...(queueUrl.endsWith('.fifo')
        // not the deduplication ID it had: a FIFO queue would take the message for one that it already has
        ? { MessageDeduplicationId: `${record.messageId}-${redrives + 1}` }
        : { DelaySeconds: again ? delaySeconds : 0 }),
    }));
    logger.info(again ? 'Dead letter redriven' : 'Dead letter quarantined', { messageId: record.messageId, redrives });
  };
}

/** A count that is not one was not written here; taking it for 0 would let a message loop. */
function redrivesOf({ messageAttributes }: SQSRecord): number {
  const attribute = messageAttributes[REDRIVE_COUNT];
  if (!attribute) return 0;
  const count = Number(attribute.stringValue);
  return Number.isInteger(count) && count >= 0 ? count : Infinity;
}

function sendable(attributes: Readonly<Record<string, SQSMessageAttribute>>): Record<string, MessageAttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [name, {
    DataType: dataType,
    StringValue: stringValue,
    BinaryValue: binaryValue === undefined ? undefined : Buffer.from(binaryValue, 'base64'),
  }]));
}
