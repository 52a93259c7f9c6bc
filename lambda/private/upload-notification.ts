import * as z from 'zod/mini';
import { parseJson } from './malformed-message';

const testEvent = z.object({ Service: z.literal('Amazon S3'), Event: z.literal('s3:TestEvent') });

const notification = z.object({
  Records: z.array(z.object({
    eventSource: z.literal('aws:s3'),
    eventName: z.string().check(z.startsWith('ObjectCreated:')),
    s3: z.object({
      bucket: z.object({ name: z.string().check(z.minLength(1)) }),
      object: z.object({
        key: z.string().check(z.minLength(1)),
        size: z.optional(z.number()),
        versionId: z.nullish(z.string()),
        sequencer: z.optional(z.string()),
      }),
    }),
  })).check(z.minLength(1)),
});

export interface UploadedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/**
 * The objects that a notification of S3 tells of, each once; none for the test event that S3 sends when notifications are set up.
 * @throws MalformedMessageError for anything else, removed objects included
 */
export function parseUploadNotification(body: string): UploadedObject[] {
  const event = parseJson(z.union([testEvent, notification]), 'The upload notification', body);
  if (!('Records' in event)) return [];
  const objects = new Map<string, UploadedObject>();
  for (const { s3: { bucket, object } } of event.Records) {
    // Keys are encoded as in a form: a plus sign is a space.
    const key = decodeURIComponent(object.key.replaceAll('+', ' '));
    const versionId = object.versionId ?? undefined;
    objects.set(JSON.stringify([bucket.name, key, versionId]), { bucket: bucket.name, key, versionId });
  }
  return [...objects.values()];
}
