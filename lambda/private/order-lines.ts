import { MAXIMUM_BATCH_BYTES, publicationBytes, type Publication } from './batch-publisher';

/** An object that cannot be published whole. Nothing of it was published, so that it can be mended and uploaded again. */
export class BrokenUploadError extends Error {
  override readonly name = 'BrokenUploadError';
}

/** What SNS and SQS refuse in a message: control characters that XML 1.0 has no place for, and two noncharacters. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** What SNS allows as the value of the attribute by which subscriptions filter: short enough to be one of the event types. */
const EVENT_TYPE = /^[\x21-\x7e]{1,256}$/;

/**
 * One message a line, in the order of the lines, exactly as it is written; blank lines are left out. Among orders, a line that is none
 * is published as well, without an event type: billing rejects it, into its dead-letter queue, where someone will see it.
 * @throws BrokenUploadError when the object is not UTF-8, holds no JSON object at all, or has a line that SNS would refuse
 */
export function orderLines(object: Uint8Array): Publication[] {
  const lines = decoded(object).split('\n').map((line) => line.replace(/\r$/, ''));
  const publications: Publication[] = [];
  let orders = 0;
  lines.forEach((body, index) => {
    if (body.trim() === '') return;
    const order = jsonObject(body);
    if (order) orders++;
    const publication: Publication = { body, attributes: attributesOf(order) };
    const bytes = publicationBytes(publication);
    if (bytes > MAXIMUM_BATCH_BYTES) {
      throw new BrokenUploadError(`Line ${index + 1} must be at most ${MAXIMUM_BATCH_BYTES} bytes with its attributes, got ${bytes}`);
    }
    if (FORBIDDEN.test(body)) throw new BrokenUploadError(`Line ${index + 1} must not have control characters`);
    publications.push(publication);
  });
  if (orders === 0) throw new BrokenUploadError(`At least one line must be a JSON object, got none in ${publications.length} lines`);
  return publications;
}

/** The decoder drops a byte order mark. */
function decoded(object: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(object);
  } catch (error) {
    throw new BrokenUploadError('The object must be text in UTF-8', { cause: error });
  }
}

function jsonObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // what is no JSON is billing's to judge: see orderLines
  }
}

/**
 * SNS filters out a message without any attribute, even where the policy asks for an attribute's absence: `channel` is always there.
 * @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
 */
function attributesOf(order: { eventType?: unknown } = {}): Record<string, string> {
  const channel = 'upload';
  const { eventType } = order;
  return typeof eventType === 'string' && EVENT_TYPE.test(eventType) ? { channel, eventType } : { channel };
}
