import { type MessageAttribute, ServiceError } from '../contracts';
import { invalidParameter, type MessageToPublish } from './message';

/** What a caller gives an operation, as the protocols read it. */
export type Input = Readonly<Record<string, unknown>>;

export function required(input: Input, ...names: string[]): string {
  for (const name of names) {
    const value = optional(input, name);
    if (value !== undefined) return value;
  }
  throw invalidParameter(`${names[0]} Reason: no value for required parameter`);
}

export function optional(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(`${name} Reason: must be text`);
  return value;
}

export function texts(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw invalidParameter(`${name} Reason: must be a list of texts`);
  return value;
}

export function tagsOf(input: Input): Record<string, string> {
  const tags = (input.Tags ?? []) as { Key: string; Value: string }[];
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw invalidParameter('Duplicated keys are not allowed.');
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** The message of a Publish, or of an entry of a PublishBatch. */
export function messageOf(input: Input): MessageToPublish {
  const attributes = input.MessageAttributes as Record<string, Input> | undefined;
  return {
    message: optional(input, 'Message') ?? '',
    subject: optional(input, 'Subject'),
    attributes: attributes && Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeOf(name, value)])),
    messageGroupId: optional(input, 'MessageGroupId'),
    messageDeduplicationId: optional(input, 'MessageDeduplicationId'),
    messageStructure: optional(input, 'MessageStructure'),
  };
}

function attributeOf(name: string, { DataType, StringValue, BinaryValue }: Input): MessageAttribute {
  if (typeof DataType !== 'string') {
    throw new ServiceError('ValidationError', `'messageAttributes.${name}.member.dataType' must not be null`);
  }
  return {
    dataType: DataType,
    stringValue: StringValue as string | undefined,
    // The query protocol carries base64 text, a caller within the process may give bytes.
    binaryValue: BinaryValue === undefined || BinaryValue === null ? undefined
      : typeof BinaryValue === 'string' ? Buffer.from(BinaryValue, 'base64') : Buffer.from(BinaryValue as Uint8Array),
  };
}
