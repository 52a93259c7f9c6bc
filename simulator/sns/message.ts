import { createHash } from 'node:crypto';
import { ServiceError, type MessageAttribute } from '../contracts';
import type { MessageFields } from './filter-policy';

/** What is published. */
export interface MessageToPublish {
  /** UTF-8 text; with `messageStructure: 'json'` a JSON object with a text for each protocol and a `default`. */
  readonly message: string;
  /** 1 to 100 characters without line breaks: the subject line of mails. */
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** Required for FIFO topics; for standard topics it is passed on to standard queues. */
  readonly messageGroupId?: string;
  /** FIFO topics only. */
  readonly messageDeduplicationId?: string;
  readonly messageStructure?: string;
  /** The X-Ray trace header that is passed on to queues. */
  readonly traceHeader?: string;
}

/** A message that a topic accepted. */
export class PublishedMessage {
  readonly bytes: number;
  /** Whether it comes out of the topic's archive. */
  replayed = false;
  private readonly bodies: Readonly<Record<string, string>> | undefined;
  private readonly bodyFields = new Map<string, MessageFields | undefined>();
  private attributeFields: MessageFields | undefined;
  private attributesRead = false;

  constructor(
    readonly messageId: string,
    /** When it was published, in milliseconds since the epoch. */
    readonly at: number,
    private readonly published: MessageToPublish,
    readonly deduplicationId?: string,
    readonly sequenceNumber?: string,
  ) {
    this.bytes = messageBytes(published);
    this.bodies = published.messageStructure === 'json' ? protocolBodies(published.message) : undefined;
  }

  get subject(): string | undefined {
    return this.published.subject;
  }

  get groupId(): string | undefined {
    return this.published.messageGroupId;
  }

  get traceHeader(): string | undefined {
    return this.published.traceHeader;
  }

  /** The attributes that are delivered: none with a JSON message structure. */
  get attributes(): Readonly<Record<string, MessageAttribute>> {
    return this.bodies ? {} : this.published.attributes ?? {};
  }

  /** The same message, to be delivered once more. */
  replay(): PublishedMessage {
    const again = new PublishedMessage(this.messageId, this.at, this.published, this.deduplicationId, this.sequenceNumber);
    again.replayed = true;
    return again;
  }

  body(protocol: string): string {
    return this.bodies ? this.bodies[protocol] ?? this.bodies.default : this.published.message;
  }

  /** What a filter policy on attributes compares; undefined when an array attribute isn't JSON. */
  filterAttributes(): MessageFields | undefined {
    if (!this.attributesRead) {
      this.attributesRead = true;
      this.attributeFields = readAttributes(this.published.attributes ?? {});
    }
    return this.attributeFields;
  }

  /** What a filter policy on the body compares; undefined when the body isn't a JSON object. */
  filterBody(protocol: string): MessageFields | undefined {
    const variant = this.bodies && protocol in this.bodies ? protocol : 'default';
    if (!this.bodyFields.has(variant)) this.bodyFields.set(variant, jsonObject(this.body(protocol)));
    return this.bodyFields.get(variant);
  }
}

/** The size that counts against a topic's maximum: body and attributes with their names and types. */
export function messageBytes({ message, attributes = {} }: MessageToPublish): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { dataType, stringValue, binaryValue }]) => bytes + Buffer.byteLength(name) + Buffer.byteLength(dataType)
      + (stringValue === undefined ? 0 : Buffer.byteLength(stringValue)) + (binaryValue?.length ?? 0),
    Buffer.byteLength(message),
  );
}

export function contentBasedDeduplicationId(message: string): string {
  return createHash('sha256').update(message).digest('hex');
}

/** Throws what SNS answers to a message that no topic of this kind would accept. */
export function validateMessage(
  message: MessageToPublish,
  topic: { readonly fifo: boolean; readonly contentBasedDeduplication: boolean; readonly maximumMessageSize: number },
): void {
  if (message.message === '') throw invalidParameter('Empty message');
  const { subject, messageStructure, messageGroupId, messageDeduplicationId } = message;
  // No line breaks and no control characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  if (subject !== undefined && !/^[^\p{Cc}\u2028\u2029]{1,100}$/u.test(subject)) throw invalidParameter('Subject');
  if (messageStructure !== undefined && messageStructure !== 'json') throw invalidParameter('MessageStructure');
  if (messageStructure === 'json') protocolBodies(message.message);
  validateAttributes(message.attributes ?? {});
  if (messageBytes(message) > topic.maximumMessageSize) throw invalidParameter('Message too long');
  if (topic.fifo && messageGroupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (topic.fifo && messageDeduplicationId === undefined && !topic.contentBasedDeduplication) {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (!topic.fifo && messageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  validateToken('MessageGroupId', messageGroupId);
  validateToken('MessageDeduplicationId', messageDeduplicationId);
}

export function invalidParameter(reason: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${reason}`);
}

function validateToken(name: string, value: string | undefined): void {
  if (value !== undefined && !/^[\x21-\x7e]{1,128}$/.test(value)) {
    throw invalidParameter(`${name} Reason: must be 1 to 128 letters, digits and punctuation marks`);
  }
}

function validateAttributes(attributes: Readonly<Record<string, MessageAttribute>>): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    validateAttributeName(name);
    validateAttributeValue(name, attribute);
  }
}

function validateAttributeName(name: string): void {
  const invalid = (message: string): ServiceError => new ServiceError('ParameterValueInvalid', message);
  if (name === '' || Buffer.byteLength(name) > 256) throw invalid('Length of message attribute name must be from 1 to 256 bytes.');
  const strange = /[^A-Za-z0-9_.-]/.exec(name);
  if (strange) {
    const code = strange[0].codePointAt(0)!.toString(16).toUpperCase();
    throw invalid(`Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. `
      + 'Can only include alphanumeric characters, hyphens, underscores, or dots.');
  }
  if (name.startsWith('.')) throw invalid('Invalid message attribute name starting with character \'.\' was found.');
  if (name.endsWith('.')) throw invalid('Invalid message attribute name ending with character \'.\' was found.');
  if (name.includes('..')) throw invalid('Message attribute name can not have successive \'.\' character.');
}

function validateAttributeValue(name: string, { dataType, stringValue, binaryValue }: MessageAttribute): void {
  const invalid = (message: string): ServiceError => new ServiceError('ParameterValueInvalid', `The message attribute '${name}' ${message}`);
  const [base] = dataType.split('.');
  if (!['String', 'Number', 'Binary'].includes(base)) {
    throw invalid('has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.');
  }
  const field = base === 'Binary' ? 'Binary' : 'String';
  const [value, other] = field === 'Binary' ? [binaryValue, stringValue] : [stringValue, binaryValue];
  if (other?.length) throw invalid(`with type '${dataType}' must use field '${field}'.`);
  if (!value?.length) throw invalid(`must contain non-empty message attribute value for message attribute type '${dataType}'.`);
  if (dataType === 'Number' && !Number.isFinite(Number(stringValue))) throw invalid(`must be a number, got '${stringValue}'.`);
}

function protocolBodies(message: string): Readonly<Record<string, string>> {
  let bodies: unknown;
  try {
    bodies = JSON.parse(message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (typeof bodies !== 'object' || bodies === null || typeof (bodies as { default?: unknown }).default !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return Object.fromEntries(Object.entries(bodies).filter(([, body]) => typeof body === 'string'));
}

/** Binary attributes are left out: filter policies ignore them. */
function readAttributes(attributes: Readonly<Record<string, MessageAttribute>>): MessageFields | undefined {
  const fields: Record<string, unknown> = {};
  for (const [name, { dataType, stringValue = '' }] of Object.entries(attributes)) {
    if (dataType.endsWith('.Array')) {
      const values = json(stringValue);
      if (!Array.isArray(values)) return undefined;
      fields[name] = values;
    } else if (dataType.startsWith('Number')) {
      fields[name] = Number(stringValue);
    } else if (dataType.startsWith('String')) {
      fields[name] = stringValue;
    }
  }
  return fields;
}

function jsonObject(text: string): MessageFields | undefined {
  const value = json(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as MessageFields : undefined;
}

/** Undefined for what isn't JSON: such a message passes no filter. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
