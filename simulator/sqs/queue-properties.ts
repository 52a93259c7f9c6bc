/** What a queue is created with; AWS's attributes in camelCase. */
export interface QueueProperties {
  /** 1 to 80 letters, digits, `-` and `_`; a FIFO queue's name ends with `.fifo`, which counts. */
  readonly name: string;
  /** @default false */
  readonly fifo?: boolean;
  /** Seconds, 0 to 43200. @default 30 */
  readonly visibilityTimeout?: number;
  /** Seconds, 0 to 900. @default 0 */
  readonly delaySeconds?: number;
  /** Seconds, 60 to 1209600. @default 345600 */
  readonly messageRetentionPeriod?: number;
  /** Bytes, 1024 to 1048576. @default 1048576 */
  readonly maximumMessageSize?: number;
  /** Seconds, 0 to 20. @default 0 */
  readonly receiveMessageWaitTimeSeconds?: number;
  /** @default - messages stay until they are deleted or expire */
  readonly redrivePolicy?: RedrivePolicy;
  /** @default - every queue of the account and region may use this one as its dead-letter queue */
  readonly redriveAllowPolicy?: RedriveAllowPolicy;
  /** FIFO queues only. @default false */
  readonly contentBasedDeduplication?: boolean;
  /** FIFO queues only. @default 'queue' */
  readonly deduplicationScope?: 'queue' | 'messageGroup';
  /** FIFO queues only; `perMessageGroupId` needs the deduplication scope `messageGroup`. @default 'perQueue' */
  readonly fifoThroughputLimit?: 'perQueue' | 'perMessageGroupId';
  /** ID, ARN or alias of a KMS key. @default - no KMS key */
  readonly kmsMasterKeyId?: string;
  /** Seconds, 60 to 86400. @default 300 */
  readonly kmsDataKeyReusePeriodSeconds?: number;
  /** @default - true without a KMS key, false with one */
  readonly sqsManagedSseEnabled?: boolean;
  /** The queue's resource policy. @default - none */
  readonly policy?: object;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** 1 to 1000 */
  readonly maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  /** 1 to 10 ARNs, with `byQueue` only. */
  readonly sourceQueueArns?: readonly string[];
}

type Optional = 'redrivePolicy' | 'redriveAllowPolicy' | 'kmsMasterKeyId' | 'policy';

/** The properties with AWS's defaults filled in. */
export type QueueSettings = Required<Omit<QueueProperties, Optional>> & Pick<QueueProperties, Optional>;

const defaults = {
  fifo: false,
  visibilityTimeout: 30,
  delaySeconds: 0,
  messageRetentionPeriod: 345_600,
  maximumMessageSize: 1_048_576,
  receiveMessageWaitTimeSeconds: 0,
  contentBasedDeduplication: false,
  deduplicationScope: 'queue',
  fifoThroughputLimit: 'perQueue',
  kmsDataKeyReusePeriodSeconds: 300,
  tags: {},
} as const;

export function completeProperties(properties: QueueProperties): QueueSettings {
  const given = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as unknown as QueueProperties;
  return { ...defaults, sqsManagedSseEnabled: given.kmsMasterKeyId === undefined, ...given };
}
