import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { durableQueueRules } from './private/durable-queue-rules';
import { redriveAllowPolicyFor, settingsOfBothQueues } from './private/durable-queue-settings';
import { consumersOf, visibilityTimeoutFollowing } from './private/event-source-mappings';
import { existingDeadLetterQueueRules, warnOfImportedDeadLetterQueue } from './private/existing-dead-letter-queue';
import { QueueFacade } from './private/queue-facade';
import { withSendersOnKey } from './private/sender-key-access';
import { allowAccount, allowOrganization, queueDestination } from './private/senders';
import { failures, validate } from './private/validation';
import { visibilityTimeoutRules } from './private/visibility-timeout';
import type { SenderOptions } from './sender-options';

/**
 * Properties of a DurableQueue.
 */
export interface DurableQueueProps {
  /**
   * Whether the queue is a FIFO queue; its dead-letter queue is then one too.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * Required to be true on a FIFO queue, as a decision: when a message moves to the dead-letter queue, the later messages of
   * its message group are processed without it. Where order must never break, use a plain `sqs.Queue` without a dead-letter
   * queue; a message that keeps failing then blocks its message group until its retention ends.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   * @default - false, which a FIFO queue refuses
   */
  readonly deadLettersBreakOrder?: boolean;

  /**
   * Whether a FIFO queue takes the SHA-256 of the body as the deduplication ID of a message that has none.
   *
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * Whether a FIFO queue counts throughput and deduplicates for each message group instead of the whole queue.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   * @default false
   */
  readonly highThroughput?: boolean;

  /**
   * The physical name, up to 80 characters: letters, digits, hyphens and underscores; on a FIFO queue it ends in `.fifo`.
   * A queue with a name cannot be replaced by an update. In exchange, the dead-letter queue can allow exactly this queue.
   *
   * @default - CloudFormation makes the name
   */
  readonly queueName?: string;

  /**
   * How long a received message stays invisible, 0 seconds to 12 hours. It must be at least six times the timeout of each
   * consumer plus its batching window.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   * @default - six times the longest consumer timeout plus its batching window; 30 seconds without consumers
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How long a message is invisible after it was sent, 0 to 900 seconds.
   *
   * @default Duration.seconds(0)
   */
  readonly deliveryDelay?: Duration;

  /**
   * How long a message is kept, 60 seconds to 14 days.
   *
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;

  /**
   * How long a receive waits for a message, 0 to 20 seconds.
   *
   * @default Duration.seconds(20)
   */
  readonly receiveMessageWaitTime?: Duration;

  /**
   * The largest message with its attributes, 1,024 bytes to 1,048,576 bytes (1 MiB).
   *
   * @default 1048576
   */
  readonly maxMessageSizeBytes?: number;

  /**
   * How often a message is received before it moves to the dead-letter queue, 1 to 1,000. Below 5, a few throttled receives
   * of a Lambda consumer are enough to make a dead letter of a good message.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * An existing dead-letter queue, of this queue's type, account and region. Retention and redrive allow policy of an imported one
   * cannot be checked: a warning names what they must be.
   *
   * @default - one is made
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * How long a dead letter is kept, 60 seconds to 14 days. On a standard queue the time since the message was first sent
   * counts, so this must be longer than the queue's retention period, unless both are 14 days.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetentionPeriod?: Duration;

  /**
   * A customer key that encrypts both queues, with a data key that is reused for 5 minutes. A key that AWS manages is
   * refused, because SNS, S3 and EventBridge cannot use it.
   *
   * @default - encryption with SSE-SQS, which costs nothing
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the queue when it leaves the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What happens to the dead-letter queue when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly deadLetterRemovalPolicy?: RemovalPolicy;
}

/**
 * What a queue must know of a consumer.
 */
export interface QueueConsumerTiming {
  /**
   * The longest time that the consumer works on one batch: a function's timeout.
   */
  readonly timeout: Duration;

  /**
   * How long the consumer gathers messages before it starts, 0 to 300 seconds.
   *
   * @default Duration.seconds(0)
   */
  readonly batchingWindow?: Duration;
}

/**
 * An SQS queue with its dead-letter queue, standard or FIFO: encrypted, reachable over TLS only, with a visibility timeout
 * that follows its consumers. Usable wherever an `IQueue` is.
 *
 * The queue itself may be nobody's dead-letter queue. The dead-letter queue allows exactly its queue where that has a
 * `queueName`; otherwise every queue of the account and region, because naming a queue whose name CloudFormation makes
 * would be a dependency cycle.
 *
 * A standard queue is a fair queue for senders that give each message a message group ID: one group with many messages then
 * doesn't keep the others waiting. Nothing has to be set; the metrics with `NoisyGroups` and `QuietGroups` show the effect.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 * @throws an error with every rule that the properties break
 */
export class DurableQueue extends QueueFacade {
  /**
   * The L2 queue inside.
   */
  public readonly queue: sqs.Queue;

  /**
   * The queue to which messages move that were received `maxReceiveCount` times. The visibility timeout of one made here follows its consumers, too.
   */
  public readonly deadLetterQueue: sqs.IQueue;

  /**
   * How often a message is received before it moves to the dead-letter queue.
   */
  public readonly maxReceiveCount: number;

  private readonly consumers: QueueConsumerTiming[] = [];

  constructor(scope: Construct, id: string, props: DurableQueueProps = {}) {
    super(scope, id);
    validate(this, [...durableQueueRules(props), ...existingDeadLetterQueueRules(this, props)]);
    this.maxReceiveCount = props.maxReceiveCount ?? 5;

    const shared = settingsOfBothQueues(this, props);
    this.deadLetterQueue = props.deadLetterQueue ?? withSendersOnKey(new sqs.Queue(this, 'DeadLetterQueue', {
      ...shared,
      visibilityTimeout: visibilityTimeoutFollowing(() => consumersOf(this.deadLetterQueue)),
      retentionPeriod: props.deadLetterRetentionPeriod ?? Duration.days(14),
      removalPolicy: props.deadLetterRemovalPolicy ?? RemovalPolicy.RETAIN,
      redriveAllowPolicy: redriveAllowPolicyFor(this, props.queueName),
    }), props.encryptionKey);

    this.queue = new sqs.Queue(this, 'Resource', {
      ...shared,
      queueName: props.queueName,
      contentBasedDeduplication: props.contentBasedDeduplication,
      visibilityTimeout: props.visibilityTimeout ?? visibilityTimeoutFollowing(() => this.allConsumers()),
      deliveryDelay: props.deliveryDelay ?? Duration.seconds(0),
      retentionPeriod: props.retentionPeriod ?? Duration.days(4),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: this.maxReceiveCount },
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    });

    warnOfImportedDeadLetterQueue(this, props);
    this.node.addValidation({ validate: () => failures(visibilityTimeoutRules(props.visibilityTimeout, this.allConsumers())) });
  }

  /**
   * Makes the visibility timeout follow a consumer that cannot be found in the app: one that is not a Lambda function, or
   * is imported. A `QueueConsumer` does this itself, and an `SqsEventSource` on a function of the app is found.
   */
  public registerConsumer(consumer: QueueConsumerTiming): void {
    this.consumers.push(consumer);
  }

  /**
   * Lets the identities of another account send messages, and encrypt them with the customer key, where their own policies allow
   * it too. Their topics, buckets and rules are not let in.
   *
   * @param accountId 12 digits
   * @throws an error where the key is imported, with the statement that its policy needs
   */
  public allowAccount(accountId: string, options: SenderOptions = {}): void {
    allowAccount(queueDestination(this, this.queue), accountId, options);
  }

  /**
   * As `allowAccount`, for every account of an organization.
   *
   * @param organizationId `o-` and 10 to 32 lower-case letters and digits
   * @throws an error where the key is imported, with the statement that its policy needs
   */
  public allowOrganization(organizationId: string, options: SenderOptions = {}): void {
    allowOrganization(queueDestination(this, this.queue), organizationId, options);
  }

  /**
   * Lets the grantee move dead letters back to the queue: start, cancel and list message move tasks, with what these need
   * on both queues and the customer key.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
   */
  public grantRedrive(grantee: iam.IGrantable): iam.Grant {
    return this.deadLetterQueue.grantConsumeMessages(grantee)
      .combine(this.deadLetterQueue.grant(grantee, 'sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks'))
      .combine(this.grantSendMessages(grantee));
  }

  /**
   * The number of dead letters that can be received. Maximum over 5 minutes. The one metric to alarm on: a message that
   * moves to a dead-letter queue does not count as sent.
   */
  public metricDeadLettersVisible(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(props);
  }

  private allConsumers(): QueueConsumerTiming[] {
    return [...this.consumers, ...consumersOf(this)];
  }
}
