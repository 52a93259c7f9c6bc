import { invalidParameter } from './errors';
import type { QueueContext } from './queue-context';
import { completeProperties, type QueueProperties, type QueueSettings } from './queue-properties';
import { checkProperties } from './queue-validation';
import { checkRedrive } from './redrive';

/** A queue's properties, as they are now. */
export class QueueConfiguration {
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  protected settings: QueueSettings;
  private modifiedAt: number;

  constructor(protected readonly context: QueueContext, properties: QueueProperties) {
    const { partition, region, account } = context.place;
    this.arn = `arn:${partition}:sqs:${region}:${account}:${properties.name}`;
    this.createdAt = this.modifiedAt = context.clock.now();
    this.settings = completeProperties(properties);
    checkProperties(this.settings, properties);
    this.checkRedrive(this.settings);
  }

  get url(): string {
    const { endpoint, account } = this.context.place;
    return `${endpoint}/${account}/${this.name}`;
  }

  get name(): string { return this.settings.name; }
  get fifo(): boolean { return this.settings.fifo; }
  get visibilityTimeout(): number { return this.settings.visibilityTimeout; }
  get delaySeconds(): number { return this.settings.delaySeconds; }
  get messageRetentionPeriod(): number { return this.settings.messageRetentionPeriod; }
  get maximumMessageSize(): number { return this.settings.maximumMessageSize; }
  get receiveMessageWaitTimeSeconds(): number { return this.settings.receiveMessageWaitTimeSeconds; }
  get redrivePolicy(): QueueSettings['redrivePolicy'] { return this.settings.redrivePolicy; }
  get redriveAllowPolicy(): QueueSettings['redriveAllowPolicy'] { return this.settings.redriveAllowPolicy; }
  get contentBasedDeduplication(): boolean { return this.settings.contentBasedDeduplication; }
  get deduplicationScope(): QueueSettings['deduplicationScope'] { return this.settings.deduplicationScope; }
  get fifoThroughputLimit(): QueueSettings['fifoThroughputLimit'] { return this.settings.fifoThroughputLimit; }
  get kmsMasterKeyId(): string | undefined { return this.settings.kmsMasterKeyId; }
  get kmsDataKeyReusePeriodSeconds(): number { return this.settings.kmsDataKeyReusePeriodSeconds; }
  get sqsManagedSseEnabled(): boolean { return this.settings.sqsManagedSseEnabled; }
  get policy(): object | undefined { return this.settings.policy; }
  get tags(): Readonly<Record<string, string>> { return this.settings.tags; }
  /** Milliseconds since the epoch. */
  get lastModifiedAt(): number { return this.modifiedAt; }

  /**
   * Sets what is given and leaves the rest; a property that is present and undefined goes back to its default. What is set
   * holds at once, for messages in the queue as well where AWS has it so (retention, a FIFO queue's delay).
   * @throws ServiceError as `SetQueueAttributes` would; nothing has changed then
   */
  update(properties: Partial<QueueProperties>): void {
    for (const fixed of ['name', 'fifo'] as const) {
      if (fixed in properties && properties[fixed] !== this.settings[fixed]) {
        throw invalidParameter(`'${fixed}' of a queue cannot change, got ${String(properties[fixed])} for ${this.arn}`);
      }
    }
    const settings = completeProperties({ ...this.settings, ...this.oneEncryption(properties), ...properties });
    checkProperties(settings, properties);
    if (properties.redrivePolicy !== undefined) this.checkRedrive(settings);
    this.settings = settings;
    this.modifiedAt = this.context.clock.now();
  }

  /** Whether the queue has every one of these properties: `CreateQueue` again with the same ones is no error. */
  matches(properties: QueueProperties): boolean {
    const canonical = (value: unknown): string => JSON.stringify(value, (_, member: unknown) => (isRecord(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member));
    return Object.entries(properties).every(([property, value]) => value === undefined || property === 'tags'
      || canonical(value) === canonical(this.settings[property as keyof QueueSettings]));
  }

  /** Choosing one kind of encryption ends the other. */
  private oneEncryption(properties: Partial<QueueProperties>): Partial<QueueProperties> {
    if (properties.kmsMasterKeyId !== undefined) return { sqsManagedSseEnabled: undefined };
    if (properties.sqsManagedSseEnabled === true) return { kmsMasterKeyId: undefined };
    if ('kmsMasterKeyId' in properties) return { sqsManagedSseEnabled: undefined };
    return {};
  }

  private checkRedrive({ fifo, redrivePolicy }: QueueSettings): void {
    if (redrivePolicy === undefined) return;
    const targetArn = redrivePolicy.deadLetterTargetArn;
    checkRedrive({ arn: this.arn, fifo }, this.context.queue(targetArn), targetArn);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
