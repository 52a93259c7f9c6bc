import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Publisher } from './batch-publisher';
import type { RecordHandler } from './consume';
import { orderLines } from './order-lines';
import { parseUploadNotification, type UploadedObject } from './upload-notification';

/** Some lines of an object were not accepted. The message is retried, and then publishes the accepted lines again. */
export class UploadIncompleteError extends Error {
  override readonly name = 'UploadIncompleteError';

  constructor(key: string, refused: number, lines: number, cause: unknown) {
    super(`${refused} of ${lines} lines of ${key} were not published`, { cause });
  }
}

/**
 * Publishes each line of each uploaded object. SNS's standard topics don't deduplicate, so a line can be published twice when SNS fails
 * half-way: whatever can fail is checked first, what SNS refuses is tried again within the invocation, and a payment is requested
 * under the order's own deduplication ID.
 */
export function createUploads(client: Pick<S3Client, 'send'>, orders: Publisher, logger: Logger): RecordHandler {
  const read = async ({ bucket, key, versionId }: UploadedObject): Promise<Uint8Array> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return Body!.transformToByteArray();
  };

  return async ({ body, messageId }) => {
    const objects = parseUploadNotification(body);
    if (objects.length === 0) logger.info('Test event ignored', { messageId });
    const uploads = await Promise.all(objects.map(async (object) => ({ object, lines: orderLines(await read(object)) })));
    for (const { object: { bucket, key }, lines } of uploads) {
      const results = await Promise.allSettled(lines.map((line) => orders.publish(line)));
      const refused = results.filter((result) => result.status === 'rejected');
      if (refused.length > 0) throw new UploadIncompleteError(key, refused.length, lines.length, refused[0].reason);
      logger.info('Upload published', { messageId, bucket, key, lines: lines.length });
    }
  };
}
