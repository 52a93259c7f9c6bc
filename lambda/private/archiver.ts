import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '@aws-lambda-powertools/logger';
import { gzipped, partition, type Partition } from './archive';
import type { SqsHandler } from './consume';

export interface ArchiverProps {
  readonly client: Pick<S3Client, 'send'>;
  readonly logger: Logger;
  readonly bucket: string;
  /** What object keys begin with, without a slash at the end; empty for none. */
  readonly prefix: string;
  /** ARNs of the queues whose messages SNS wraps; none by default. */
  readonly topicQueues?: readonly string[];
}

/**
 * Writes each batch to S3 before it is acknowledged, one object an hour of sending. Where a write fails, that hour's messages are
 * reported; a redelivery of the same messages overwrites the same object.
 */
export function createArchiver({ client, logger, bucket, prefix, topicQueues }: ArchiverProps): SqsHandler {
  const put = async ({ key, ndjson }: Partition): Promise<void> => {
    await client.send(new PutObjectCommand({
      Bucket: bucket, Key: key, Body: await gzipped(ndjson), ContentType: 'application/gzip',
    }));
  };

  return async (event, context) => {
    logger.addContext(context);
    const failed = await Promise.all(partition(event.Records, prefix, topicQueues).map(async (part) => {
      try {
        await put(part);
        return [];
      } catch (error) {
        logger.error('Messages not archived', { key: part.key, messages: part.messageIds.length, error: error as Error });
        return part.messageIds;
      }
    }));
    return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
