import { Duration, RemovalPolicy, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ConsumerFunction } from './consumer-function';
import { DeadLetterConsumer } from './dead-letter-consumer';
import { assetFolder } from './private/package-assets';
import { durationWithin, isKnown, must, numberWithin, validate } from './private/validation';

/**
 * Properties of a Quarantine.
 */
export interface QuarantineProps {
  /**
   * The queue whose dead letters are redriven, and then put into quarantine: a `DurableQueue`, or a queue of aws-cdk-lib with a
   * dead-letter queue; in the stack of this construct.
   */
  readonly queue: sqs.IQueue;

  /**
   * How often a dead letter is sent back to the queue before it is put into quarantine, 1 to 100.
   *
   * @default 3
   */
  readonly maxRedrives?: number;

  /**
   * How long a dead letter that is sent back stays invisible, whole seconds from 0 to 900. Standard queues only: SQS cannot delay
   * single messages of a FIFO queue.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html
   * @default Duration.minutes(5), on a FIFO queue none
   */
  readonly redriveDelay?: Duration;

  /**
   * How long a message is kept in quarantine, 60 seconds to 14 days.
   *
   * @default Duration.days(14)
   */
  readonly retentionPeriod?: Duration;

  /**
   * What happens to the quarantine queue when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Redrives dead letters by itself, which mends what only time had to mend, and ends what would loop: a dead letter that was sent
 * back `maxRedrives` times is put into a quarantine queue that nothing consumes.
 *
 * SQS keeps no count of redrives, and a message that `StartMessageMoveTask` moves back is a new one that starts at receive count 0.
 * So the count travels in the message, as the message attribute `RedriveCount`; a redrive by hand keeps it, and a message
 * that comes out of quarantine goes straight back there when it fails again. Consumers see the attribute. A message with 10
 * attributes, the most that SQS allows, has no room for it and is put into quarantine at once; so is, after 5 failed tries, what
 * cannot be sent back.
 *
 * A message may be sent back twice when the function ends between sending and deleting it: consumers must be idempotent, as with
 * every SQS queue. On a FIFO queue, a message that is sent back comes after the later ones of its message group.
 *
 * Watch it with a `QuarantineAlarm`, and give the `QueueAlarms` of the queue `deadLettersConsumed: true`.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 * @throws an error with every rule that the properties break
 */
export class Quarantine extends Construct {
  /**
   * The L2 queue with the messages in quarantine.
   */
  public readonly queue: sqs.Queue;

  /**
   * The function that sends dead letters back or puts them into quarantine.
   */
  public readonly handler: lambda.Function;

  /**
   * The consumer of the dead-letter queue.
   */
  public readonly consumer: DeadLetterConsumer;

  constructor(scope: Construct, id: string, props: QuarantineProps) {
    super(scope, id);
    const { queue } = props;
    const delay = props.redriveDelay ?? Duration.minutes(queue.fifo ? 0 : 5);
    validate(this, [
      numberWithin('maxRedrives', props.maxRedrives, 1, 100),
      must(!queue.fifo || props.redriveDelay === undefined, "'redriveDelay' must be left out on a FIFO queue: SQS delays none of its messages alone"),
      must(isKnown(delay), "'redriveDelay' must be known when the app is synthesized"),
      durationWithin('redriveDelay', delay, Duration.seconds(0), Duration.seconds(900)),
    ]);

    const redriver = new ConsumerFunction(this, 'Redriver', {
      code: lambda.Code.fromAsset(assetFolder('redriver')),
      description: 'Sends dead letters back to their queue, or into quarantine',
      environment: {
        QUEUE_URL: queue.queueUrl, MAX_REDRIVES: Tokenization.stringifyNumber(props.maxRedrives ?? 3), DELAY_SECONDS: String(delay.toSeconds()),
      },
    });
    this.handler = redriver.function;
    this.consumer = new DeadLetterConsumer(this, 'DeadLetters', {
      queue,
      handler: this.handler,
      quarantineRetentionPeriod: props.retentionPeriod,
      quarantineRemovalPolicy: props.removalPolicy,
    });
    this.queue = this.consumer.quarantineQueue;
    this.handler.addEnvironment('QUARANTINE_URL', this.queue.queueUrl);
    queue.grantSendMessages(this.handler);
    // the queue's grant covers the key, which both queues share
    this.queue.grant(this.handler, 'sqs:SendMessage');
  }

  /**
   * The number of messages in quarantine that can be received. Maximum over 5 minutes.
   */
  public metricQuarantined(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.consumer.metricQuarantined(props);
  }
}
