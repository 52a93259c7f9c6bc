import { ServiceError } from '../contracts';
import { Archive } from './archive';
import { type DeliveryStatusLogging, validateLogging } from './delivery-status';
import type { PublishedMessage } from './message';
import { invalidParameter } from './message';
import type { Subscription } from './subscription';

export interface TopicProperties {
  /** 1 to 256 letters, digits, hyphens and underscores; `.fifo` at the end of a FIFO topic's. */
  readonly name: string;
  readonly displayName?: string;
  /** @default false */
  readonly fifo?: boolean;
  /** @default false */
  readonly contentBasedDeduplication?: boolean;
  /** Where a deduplication ID must be unique. @default 'Topic' */
  readonly fifoThroughputScope?: 'Topic' | 'MessageGroup';
  readonly kmsMasterKeyId?: string;
  readonly policy?: object;
  /** '1' or '2'. @default '1' */
  readonly signatureVersion?: string;
  /** 'PassThrough' or 'Active'. @default 'PassThrough' */
  readonly tracingConfig?: string;
  /** Bytes, 1,024 to 1,048,576. @default 262144 */
  readonly maximumMessageSize?: number;
  /** FIFO topics only: `MessageRetentionPeriod` in days, 1 to 365. @default - nothing is archived */
  readonly archivePolicy?: object;
  /** By protocol, at most one each. @default - no deliveries are logged */
  readonly deliveryStatusLogging?: readonly DeliveryStatusLogging[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** What was answered to a publish, and is answered again to a duplicate of it. */
export interface PublishResult {
  readonly messageId: string;
  /** Of FIFO topics: 20 digits that only grow. */
  readonly sequenceNumber?: string;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html */
const deduplicationInterval = 5 * 60_000;

/** Of a FIFO topic. @see https://docs.aws.amazon.com/general/latest/gr/sns.html */
const mostFifoSubscriptions = 100;

/** Beyond this size a topic can only have few subscriptions, and of some kinds: CreateTopic in the API reference. */
const ordinaryMessageSize = 256 * 1024;

export class Topic {
  readonly name: string;
  readonly fifo: boolean;
  /** In the order of subscribing; another array after every change. */
  subscriptions: readonly Subscription[] = [];
  readonly tags: Map<string, string>;
  /** How many messages were accepted, duplicates left out. */
  publishedCount = 0;
  subscriptionsDeleted = 0;
  displayName: string;
  contentBasedDeduplication: boolean;
  fifoThroughputScope: 'Topic' | 'MessageGroup';
  kmsMasterKeyId: string | undefined;
  policy: object | undefined;
  signatureVersion: string;
  tracingConfig: string;
  archive: Archive | undefined;
  private statusLogging: readonly DeliveryStatusLogging[] = [];
  private size = ordinaryMessageSize;
  private sequence = 0;
  private readonly recent = new Map<string, { readonly at: number; readonly result: PublishResult }>();

  /** @throws ServiceError `InvalidParameter` for what SNS would refuse */
  constructor(readonly arn: string, properties: TopicProperties) {
    this.name = properties.name;
    this.fifo = properties.fifo ?? false;
    if (!/^[A-Za-z0-9_-]+(\.fifo)?$/.test(this.name) || this.name.length > 256 || this.name.endsWith('.fifo') !== this.fifo) {
      throw invalidParameter('Topic Name');
    }
    this.displayName = properties.displayName ?? '';
    this.contentBasedDeduplication = properties.contentBasedDeduplication ?? false;
    this.fifoThroughputScope = properties.fifoThroughputScope ?? 'Topic';
    if (!this.fifo && (properties.contentBasedDeduplication || properties.fifoThroughputScope)) {
      throw invalidParameter('Attributes Reason: ContentBasedDeduplication and FifoThroughputScope are for FIFO topics only');
    }
    this.kmsMasterKeyId = properties.kmsMasterKeyId;
    this.policy = properties.policy;
    this.signatureVersion = oneOf('SignatureVersion', properties.signatureVersion ?? '1', ['1', '2']);
    this.tracingConfig = oneOf('TracingConfig', properties.tracingConfig ?? 'PassThrough', ['PassThrough', 'Active']);
    this.maximumMessageSize = properties.maximumMessageSize ?? ordinaryMessageSize;
    this.deliveryStatusLogging = properties.deliveryStatusLogging ?? [];
    this.tags = new Map(Object.entries(properties.tags ?? {}));
  }

  /** Bytes. */
  get maximumMessageSize(): number {
    return this.size;
  }

  set maximumMessageSize(bytes: number) {
    if (!Number.isInteger(bytes) || bytes < 1_024 || bytes > 1_048_576) {
      throw invalidParameter(`MaximumMessageSize Reason: must be from 1024 to 1048576, got ${bytes}`);
    }
    if (bytes > ordinaryMessageSize) this.subscriptions.forEach(refuseForLargeMessages);
    this.size = bytes;
  }

  /** By protocol, at most one each. */
  get deliveryStatusLogging(): readonly DeliveryStatusLogging[] {
    return this.statusLogging;
  }

  set deliveryStatusLogging(logging: readonly DeliveryStatusLogging[]) {
    logging.forEach(validateLogging);
    this.statusLogging = logging;
  }

  /**
   * Begins to archive, changes how long messages are kept, or, with an empty policy, deletes the archive.
   * @param now milliseconds since the epoch
   */
  archiveBy(policy: object, now: number): void {
    if (Object.keys(policy).length === 0) this.archive = undefined;
    else if (!this.fifo) throw invalidParameter('ArchivePolicy: only FIFO topics have an archive');
    else if (this.archive) this.archive.policy = policy;
    else this.archive = new Archive(policy, now);
  }

  add(subscription: Subscription): void {
    if (this.fifo && this.subscriptions.length >= mostFifoSubscriptions) {
      throw new ServiceError('SubscriptionLimitExceeded', `A FIFO topic has at most ${mostFifoSubscriptions} subscriptions: ${this.arn}`, 403);
    }
    if (this.size > ordinaryMessageSize) {
      refuseForLargeMessages(subscription);
      if (this.subscriptions.length >= 100) {
        throw invalidParameter('Endpoint Reason: a topic for messages above 256 KiB has at most 100 subscriptions');
      }
    }
    this.subscriptions = [...this.subscriptions, subscription];
  }

  remove(subscription: Subscription): void {
    this.subscriptions = this.subscriptions.filter((other) => other !== subscription);
    this.subscriptionsDeleted++;
  }

  nextSequenceNumber(): string {
    return `1${String(++this.sequence).padStart(19, '0')}`;
  }

  /** What was answered in the last five minutes to the message that this one repeats. */
  duplicateOf(deduplicationId: string, groupId: string | undefined, now: number): PublishResult | undefined {
    // The map is in the order of time: what is too old stands first.
    for (const [key, { at }] of this.recent) {
      if (now - at < deduplicationInterval) break;
      this.recent.delete(key);
    }
    return this.recent.get(this.deduplicationKey(deduplicationId, groupId))?.result;
  }

  remember(message: PublishedMessage, result: PublishResult): void {
    this.recent.set(this.deduplicationKey(message.deduplicationId!, message.groupId), { at: message.at, result });
  }

  private deduplicationKey(deduplicationId: string, groupId: string | undefined): string {
    return this.fifoThroughputScope === 'MessageGroup' ? `${groupId} ${deduplicationId}` : deduplicationId;
  }
}

function refuseForLargeMessages({ protocol }: Subscription): void {
  if (protocol !== 'sqs' && protocol !== 'lambda') {
    throw invalidParameter(`Protocol Reason: a topic for messages above 256 KiB can't deliver to '${protocol}'`);
  }
}

function oneOf(name: string, value: string, values: readonly string[]): string {
  if (!values.includes(value)) throw invalidParameter(`${name}: Invalid value [${value}]. Must be ${values.join(' or ')}`);
  return value;
}
