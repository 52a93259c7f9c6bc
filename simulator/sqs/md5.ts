import { createHash, hash } from 'node:crypto';
import type { MessageAttribute } from '../contracts';

const stringValue = Buffer.of(1);
const binaryValue = Buffer.of(2);

export function md5(text: string): string {
  return hash('md5', text);
}

/**
 * The digest that SDKs compare with their own. Names in order; each name, type and value with its length before it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    add(Buffer.from(name));
    add(Buffer.from(attribute.dataType));
    if (attribute.binaryValue === undefined) {
      digest.update(stringValue);
      add(Buffer.from(attribute.stringValue ?? ''));
    } else {
      digest.update(binaryValue);
      add(attribute.binaryValue);
    }
  }
  return digest.digest('hex');
}
