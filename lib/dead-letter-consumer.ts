import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterConsumerRules, MOST_RECEIVES } from './private/dead-letter-consumer-rules';
import { deadLetteringOf } from './private/dead-letter-queues';
import { consumersOf, visibilityTimeoutFollowing } from './private/event-source-mappings';
import { timeoutOf } from './private/function-timeout';
import { cfnQueueOf } from './private/queue-resource';
import { validate } from './private/validation';
import { visibilityTimeoutFor } from './private/visibility-timeout';
import { QueueConsumer } from './queue-consumer';

/**
 * Properties of a DeadLetterConsumer.
 */
export interface DeadLetterConsumerProps {
  /**
   * The queue whose dead letters are consumed: a `DurableQueue`, or a queue of aws-cdk-lib with a dead-letter queue. Both queues must
   * be in the stack of this construct, which changes the redrive policy of the dead-letter queue.
   */
  readonly queue: sqs.IQueue;

  /**
   * The function that consumes them. It must have a role that this app can add to.
   */
  readonly handler: lambda.IFunction;

  /**
   * The function's timeout, 1 second to 15 minutes, where it cannot be read from the handler: an imported function.
   *
   * @default - read from the handler
   */
  readonly handlerTimeout?: Duration;

  /**
   * The most dead letters in one batch: 1 to 10,000 on a standard queue, where more than 10 need a batching window of at least 1
   * second; 1 to 10 on a FIFO queue.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How long Lambda gathers dead letters before it calls the function, 0 to 300 seconds. Standard queues only.
   *
   * @default Duration.seconds(0)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * How often the function may fail on a dead letter, at least, before that moves to the quarantine queue. From 1; together with
   * the `maxReceiveCount` of the queue at most 1,000: SQS carries the receive count of a message along, so that the dead-letter
   * queue must allow the receives of both.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * How long a message is kept in the quarantine queue, 60 seconds to 14 days. On a standard queue the time since the message was
   * first sent counts.
   *
   * @default Duration.days(14)
   */
  readonly quarantineRetentionPeriod?: Duration;

  /**
   * What happens to the quarantine queue when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly quarantineRemovalPolicy?: RemovalPolicy;
}

/**
 * A Lambda function on the dead-letter queue of a queue, and a second dead-letter queue behind that: the quarantine queue. Without
 * it, a dead letter on which the function fails would be received again and again until its retention ends and it is lost.
 *
 * The quarantine queue has the queue's type and encryption and no consumer: watch it with a `QuarantineAlarm`. Give the `QueueAlarms` of
 * the queue `deadLettersConsumed: true`, since its dead-letter queue is empty most of the time.
 *
 * @throws an error with every rule that the properties break
 */
export class DeadLetterConsumer extends Construct {
  /**
   * The L2 queue with the dead letters on which the function failed.
   */
  public readonly quarantineQueue: sqs.Queue;

  /**
   * The consumer of the dead-letter queue, whose visibility timeout follows it.
   */
  public readonly consumer: QueueConsumer;

  constructor(scope: Construct, id: string, props: DeadLetterConsumerProps) {
    super(scope, id);
    validate(this, deadLetterConsumerRules(this, props));
    const { fifo, encryptionMasterKey } = props.queue;
    const { queue: deadLetterQueue, maxReceiveCount } = deadLetteringOf(props.queue)!;

    this.quarantineQueue = new sqs.Queue(this, 'QuarantineQueue', {
      ...(fifo ? { fifo: true } : {}),
      ...(encryptionMasterKey
        ? { encryptionMasterKey, dataKeyReuse: Duration.minutes(5) }
        : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      maxMessageSizeBytes: 1024 * 1024,
      visibilityTimeout: visibilityTimeoutFollowing(() => consumersOf(this.quarantineQueue)),
      // naming the dead-letter queue would be a dependency cycle
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.ALLOW_ALL },
      retentionPeriod: props.quarantineRetentionPeriod ?? Duration.days(14),
      removalPolicy: props.quarantineRemovalPolicy ?? RemovalPolicy.RETAIN,
    });

    const attempts = props.maxReceiveCount ?? 5;
    const resource = cfnQueueOf(deadLetterQueue)!;
    resource.redrivePolicy = {
      deadLetterTargetArn: this.quarantineQueue.queueArn,
      maxReceiveCount: Token.isUnresolved(maxReceiveCount) ? MOST_RECEIVES : maxReceiveCount + attempts,
    };
    // the queue would find a function of the app, but not the timeout of an imported one
    const timeout = (props.handlerTimeout ?? timeoutOf(props.handler))!;
    resource.visibilityTimeout = visibilityTimeoutFor([{ timeout, batchingWindow: props.maxBatchingWindow }]).toSeconds();
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queue: deadLetterQueue,
      handler: props.handler,
      handlerTimeout: props.handlerTimeout,
      batchSize: props.batchSize,
      maxBatchingWindow: props.maxBatchingWindow,
    });
  }

  /**
   * The number of messages in quarantine that can be received. Maximum over 5 minutes.
   */
  public metricQuarantined(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.quarantineQueue.metricApproximateNumberOfMessagesVisible(props);
  }
}
