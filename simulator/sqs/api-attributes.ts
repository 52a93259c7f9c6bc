import { ServiceError } from '../contracts';
import { invalidAttributeValue, invalidParameter } from './errors';
import type { Queue } from './queue';
import type { QueueProperties, RedriveAllowPolicy } from './queue-properties';

type Writable = { -readonly [Property in keyof QueueProperties]: QueueProperties[Property] };
type Parse = (properties: Partial<Writable>, value: string, name: string) => void;

function invalid(name: string, value: string): ServiceError {
  return invalidAttributeValue(`Invalid value for the parameter ${name}: ${value}`);
}

function number(property: 'visibilityTimeout' | 'delaySeconds' | 'messageRetentionPeriod' | 'maximumMessageSize'
| 'receiveMessageWaitTimeSeconds' | 'kmsDataKeyReusePeriodSeconds'): Parse {
  return (properties, value, name) => {
    if (!/^-?\d+$/.test(value)) throw invalid(name, value);
    properties[property] = Number(value);
  };
}

function flag(property: 'fifo' | 'contentBasedDeduplication' | 'sqsManagedSseEnabled'): Parse {
  return (properties, value, name) => {
    if (!/^(true|false)$/i.test(value)) throw invalid(name, value);
    properties[property] = value.toLowerCase() === 'true';
  };
}

function json(name: string, value: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid(name, value);
}

/** Empty text takes a policy or a key away. */
const parsers: Readonly<Record<string, Parse>> = {
  VisibilityTimeout: number('visibilityTimeout'),
  DelaySeconds: number('delaySeconds'),
  MessageRetentionPeriod: number('messageRetentionPeriod'),
  MaximumMessageSize: number('maximumMessageSize'),
  ReceiveMessageWaitTimeSeconds: number('receiveMessageWaitTimeSeconds'),
  KmsDataKeyReusePeriodSeconds: number('kmsDataKeyReusePeriodSeconds'),
  FifoQueue: flag('fifo'),
  ContentBasedDeduplication: flag('contentBasedDeduplication'),
  SqsManagedSseEnabled: flag('sqsManagedSseEnabled'),
  // The properties' own check refuses what is not one of the choices.
  DeduplicationScope: (properties, value) => { properties.deduplicationScope = value as QueueProperties['deduplicationScope']; },
  FifoThroughputLimit: (properties, value) => { properties.fifoThroughputLimit = value as QueueProperties['fifoThroughputLimit']; },
  KmsMasterKeyId: (properties, value) => { properties.kmsMasterKeyId = value === '' ? undefined : value; },
  Policy: (properties, value, name) => { properties.policy = value === '' ? undefined : json(name, value); },
  RedrivePolicy: (properties, value, name) => {
    properties.redrivePolicy = undefined;
    if (value === '') return;
    const { deadLetterTargetArn, maxReceiveCount, ...others } = json(name, value);
    if (Object.keys(others).length > 0) throw invalidParameter(`'${name}' has unknown members: ${Object.keys(others).join(', ')}`);
    properties.redrivePolicy = {
      deadLetterTargetArn: deadLetterTargetArn as string,
      maxReceiveCount: typeof maxReceiveCount === 'string' && maxReceiveCount !== '' ? Number(maxReceiveCount) : maxReceiveCount as number,
    };
  },
  RedriveAllowPolicy: (properties, value, name) => {
    properties.redriveAllowPolicy = value === '' ? undefined : json(name, value) as unknown as RedriveAllowPolicy;
  },
};

/** The properties that attributes in AWS's text form say. A property that is present and undefined was taken away. */
export function parseAttributes(attributes: Readonly<Record<string, string>>): Partial<QueueProperties> {
  const properties: Partial<Writable> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const parse = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
    if (parse === undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    parse(properties, value, name);
  }
  return properties;
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000));
const whenSet = (value: object | undefined): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
const ofFifo = (queue: Queue, value: unknown): string | undefined => (queue.fifo ? String(value) : undefined);

const formatters: Readonly<Record<string, (queue: Queue) => string | undefined>> = {
  QueueArn: (queue) => queue.arn,
  ApproximateNumberOfMessages: (queue) => String(queue.depth().visible),
  ApproximateNumberOfMessagesNotVisible: (queue) => String(queue.depth().inFlight),
  ApproximateNumberOfMessagesDelayed: (queue) => String(queue.depth().delayed),
  CreatedTimestamp: (queue) => seconds(queue.createdAt),
  LastModifiedTimestamp: (queue) => seconds(queue.lastModifiedAt),
  VisibilityTimeout: (queue) => String(queue.visibilityTimeout),
  DelaySeconds: (queue) => String(queue.delaySeconds),
  MessageRetentionPeriod: (queue) => String(queue.messageRetentionPeriod),
  MaximumMessageSize: (queue) => String(queue.maximumMessageSize),
  ReceiveMessageWaitTimeSeconds: (queue) => String(queue.receiveMessageWaitTimeSeconds),
  SqsManagedSseEnabled: (queue) => String(queue.sqsManagedSseEnabled),
  KmsMasterKeyId: (queue) => queue.kmsMasterKeyId,
  KmsDataKeyReusePeriodSeconds: (queue) => (queue.kmsMasterKeyId === undefined ? undefined : String(queue.kmsDataKeyReusePeriodSeconds)),
  Policy: (queue) => whenSet(queue.policy),
  RedrivePolicy: (queue) => whenSet(queue.redrivePolicy),
  RedriveAllowPolicy: (queue) => whenSet(queue.redriveAllowPolicy),
  FifoQueue: (queue) => ofFifo(queue, true),
  ContentBasedDeduplication: (queue) => ofFifo(queue, queue.contentBasedDeduplication),
  DeduplicationScope: (queue) => ofFifo(queue, queue.deduplicationScope),
  FifoThroughputLimit: (queue) => ofFifo(queue, queue.fifoThroughputLimit),
};

/** The attributes in AWS's text form; what the queue does not have is left out. */
export function formatAttributes(queue: Queue, names: readonly string[]): Record<string, string> {
  const unknown = names.find((name) => name !== 'All' && !Object.hasOwn(formatters, name));
  if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const wanted = names.includes('All') ? Object.keys(formatters) : names;
  const attributes: Record<string, string> = {};
  for (const name of wanted) {
    const value = formatters[name](queue);
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
