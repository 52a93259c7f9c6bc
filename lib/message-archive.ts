import { Duration, type Size } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { DurableQueue } from './durable-queue';
import type { FanOutTopic } from './fan-out-topic';
import { makeArchiveBucket } from './private/archive-bucket';
import { ArchiveConsumers } from './private/archive-consumers';
import { ArchiveDeliveryStream } from './private/archive-delivery-stream';
import { subscribeToFirehose } from './private/archive-firehose-subscription';
import { fifoArchiveQueue } from './private/archive-fifo-queue';
import { makeArchiver } from './private/archive-handler';
import { grantReplayOfArchive } from './private/archive-read-access';
import { expectEnvelopesThatFit, fifoTopicRules } from './private/archive-topic-rules';
import { deadLetteringOf } from './private/dead-letter-queues';
import { archivedDeadLetterRules, firehoseTopicRules, messageArchiveRules } from './private/message-archive-rules';
import { validate } from './private/validation';
import type { QueueConsumer } from './queue-consumer';
import type { QueueSubscription } from './queue-subscription';
import type { ReplayTargets } from './replay-targets';

/**
 * Properties of a MessageArchive.
 */
export interface MessageArchiveProps {
  /**
   * The bucket to archive to. It should block public access, allow TLS only and be versioned.
   *
   * @default - a bucket is made: public access blocked, TLS only, versioned, encrypted, with server access logs, colder storage
   * classes after 30 and 90 days, and retained when the stack is deleted
   */
  readonly bucket?: s3.IBucket;

  /**
   * What the keys of all objects begin with: up to 256 letters, digits and `!_.*'()-`, parts separated by `/`, no `/` at either end.
   *
   * @default 'messages'
   */
  readonly prefix?: string;

  /**
   * How long messages are kept, in whole days. Only for a bucket that is made here.
   *
   * @default - without end
   */
  readonly retention?: Duration;

  /**
   * For how long nobody can delete or change what was archived, in whole days, at most `retention`: in governance mode, where a
   * permission lifts the lock, or in compliance mode, where nothing does, not even the root user. Only for a bucket that is made
   * here, and decide before it is made: S3 keeps object lock on for the life of a bucket. Not together with Firehose.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   * @default - no object lock; versions that were overwritten or deleted can be taken back for 30 days
   */
  readonly objectLockRetention?: s3.ObjectLockRetention;

  /**
   * A customer key that encrypts the archive's queue, and the bucket that is made here. A given `bucket` keeps its own
   * encryption; where that is a customer key, the archiver is let use it.
   *
   * @default - keys that S3 and SQS manage, which cost nothing (SSE-S3 and SSE-SQS)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Acknowledges that the policy of an imported `encryptionKey`, and of a topic in another account, is changed outside this app and lets
   * SNS deliver to the archive. The error without it has the statements word for word.
   *
   * @default false
   */
  readonly policiesManagedElsewhere?: boolean;

  /**
   * Where the server access logs of the bucket that is made here go. S3 can't write them into a bucket that is encrypted with a
   * customer key.
   *
   * @default - a bucket is made for them, which keeps each for 90 days
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * The code of the archiver: `index.handler` gets SQS events, writes the messages to the bucket `ARCHIVE_BUCKET` under the
   * prefix `ARCHIVE_PREFIX` and answers with partial batch responses. It must write before it returns: what it reports as done
   * is deleted. The bodies of messages from the queues in `ARCHIVE_TOPIC_QUEUES`, ARNs with commas in between, are SNS notifications.
   *
   * @default - the handler that comes with this package; it writes gzip NDJSON to
   * `<prefix>/year=YYYY/month=MM/day=DD/hour=HH/<hash>.ndjson.gz`
   */
  readonly handlerCode?: lambda.Code;

  /**
   * The most messages in one object, 1 to 10,000. Lambda ends a batch earlier when it would grow over 6 MB. Batches of a FIFO
   * dead-letter queue have at most 10.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
   * @default 1000
   */
  readonly batchSize?: number;

  /**
   * How long messages are gathered into one object, 1 to 300 seconds: fewer and larger objects cost less. Not for a FIFO queue.
   *
   * @default Duration.seconds(60)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * How long Firehose gathers messages into one object, 0 to 900 seconds. Only for `addTopicWithFirehose`.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
   * @default Duration.seconds(300)
   */
  readonly firehoseBufferingInterval?: Duration;

  /**
   * How much Firehose gathers into one object, before compression, 1 to 128 MiB. Only for `addTopicWithFirehose`.
   *
   * @default Size.mebibytes(64)
   */
  readonly firehoseBufferingSize?: Size;
}

/**
 * Every message of topics, and every dead letter of queues, in S3: partitioned by time, to be queried with Athena and replayed.
 * The archive is a subscriber of its own: it has a queue, a function and a dead-letter queue, and never takes messages from a
 * working queue. A message is deleted from the archive's queue only after it was written.
 *
 * It has no alarms: watch `queue` with `QueueAlarms` and `handler` with `ConsumerAlarms`.
 *
 * @throws an error with every rule that the properties break; at synthesis, where messages of a topic can be too large in their envelope
 */
export class MessageArchive extends Construct {
  /**
   * The bucket that has the messages.
   */
  public readonly bucket: s3.IBucket;

  /**
   * What the keys of all objects begin with, without a `/` at the end.
   */
  public readonly prefix: string;

  /**
   * The archive's own queue, which topics deliver to. Messages wait in it for up to 14 days.
   */
  public readonly queue: DurableQueue;

  /**
   * The function that writes to the bucket.
   */
  public readonly handler: lambda.Function;

  private readonly topicQueues: DurableQueue[] = [];
  private readonly consumers: ArchiveConsumers;
  private readonly deadLetterConsumers: Construct;
  private readonly fifoTopics: Construct;
  private readonly props: MessageArchiveProps;
  private firehose?: ArchiveDeliveryStream;

  constructor(scope: Construct, id: string, props: MessageArchiveProps = {}) {
    super(scope, id);
    // without this flag CDK asks for an access control list on the bucket of the access logs, and S3 refuses it there
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);

    this.props = props;
    this.prefix = props.prefix ?? 'messages';
    validate(this, messageArchiveRules(props));

    this.bucket = props.bucket ?? makeArchiveBucket(this, props);
    this.queue = new DurableQueue(this, 'Queue', {
      encryptionKey: props.encryptionKey,
      // an archiver that stands still must be noticed before anything is lost
      retentionPeriod: Duration.days(14),
    });
    this.topicQueues.push(this.queue);
    const { bucket, prefix, topicQueues } = this;
    this.handler = makeArchiver(this, { bucket, prefix, topicQueues, code: props.handlerCode });
    this.consumers = new ArchiveConsumers(this.handler, props);
    this.consumers.add(this, 'Consumer', this.queue);
    this.deadLetterConsumers = new Construct(this, 'DeadLetters');
    this.fifoTopics = new Construct(this, 'FifoTopics');
  }

  /**
   * The delivery stream that `addTopicWithFirehose` made, one for the archive; undefined before. Watch its metrics
   * `DeliveryToS3.DataFreshness` and `DeliveryToS3.Success`.
   */
  public get deliveryStream(): firehose.IDeliveryStream | undefined {
    return this.firehose?.deliveryStream;
  }

  /**
   * Archives every message of a topic, standard or FIFO, from now on. SNS delivers it in its envelope, from which the archiver takes
   * body, attributes, the topic's ARN as `topic` and a FIFO topic's sequence number. The message group of a FIFO topic does not reach
   * the archive's standard queue: where it matters, use `addFifoTopic`.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
   *
   * @param id names the subscription among those of the topic
   */
  public addTopic(id: string, topic: FanOutTopic): QueueSubscription {
    expectEnvelopesThatFit(this, topic);
    return this.subscribe(id, topic, this.queue);
  }

  /**
   * Archives every message of a FIFO topic with message group, deduplication ID and sequence number, so that a replay can keep its
   * order. The topic gets a FIFO queue of its own in the archive: one for two topics would drop what has the same deduplication ID.
   * Lambda takes at most 10 messages at once from it: objects are smaller. An archive can have 25 such topics.
   *
   * @param id names the queue among those of this archive
   * @returns the queue: watch it with `QueueAlarms`
   * @throws an error when the topic is not FIFO, or the 26th
   */
  public addFifoTopic(id: string, topic: FanOutTopic): DurableQueue {
    validate(this, fifoTopicRules(topic, this.fifoTopics.node.children.length));
    expectEnvelopesThatFit(this, topic);
    const scope = new Construct(this.fifoTopics, id);
    const queue = fifoArchiveQueue(scope, this.props.encryptionKey);
    this.consumers.add(scope, 'Consumer', queue);
    this.topicQueues.push(queue);
    this.subscribe(`${this.node.id}${id}`, topic, queue);
    return queue;
  }

  /**
   * Archives every message of a standard topic with Amazon Data Firehose instead of the archiver: nothing to run, objects of up to
   * `firehoseBufferingSize`, and one price for each GB, with messages rounded up to 5 KB. What it gives up: dead letters, FIFO
   * topics, object lock, the archive's envelope and its partitions by sent time.
   *
   * Each line is the notification as SNS words it (`MessageId`, `TopicArn`, `Timestamp`, `MessageAttributes`, `Message`), in
   * `<prefix>/firehose/year=YYYY/month=MM/day=DD/hour=HH/`, by the hour in which Firehose got it. What Firehose could not write is
   * under `<prefix>/firehose-errors/`; what SNS could not hand to Firehose is in the subscription's dead-letter queue for 14 days.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/firehose-archived-message-format-S3.html
   * @param id names the subscription among those of this archive
   * @throws an error when the topic is FIFO or elsewhere, the bucket has object lock, or a key's policy must be changed by hand
   */
  public addTopicWithFirehose(id: string, topic: FanOutTopic): sns.Subscription {
    validate(this, firehoseTopicRules(this, topic, this.props));
    const { bucket, prefix } = this;
    this.firehose ??= new ArchiveDeliveryStream(this, 'Firehose', { ...this.props, bucket, prefix });
    return subscribeToFirehose(this.firehose, id, topic.topic, this.props);
  }

  /**
   * Archives every dead letter of a queue **and removes it from the dead-letter queue**.
   *
   * That suits dead letters that nobody will redrive: they are out of the way, never expire and can be queried. What is removed
   * can't be moved back with a redrive any more, only replayed from the archive. Leave out queues whose dead letters should
   * wait for a redrive: where the queue subscribes to an archived topic, the archive has the message already. Give
   * `QueueAlarms` of the queue `deadLettersConsumed: true`, since its dead-letter queue is empty most of the time.
   *
   * A dead letter that can't be written stays in the dead-letter queue and is tried again until its retention ends. The visibility
   * timeout of a dead-letter queue that no `DurableQueue` made must be long enough for the archiver.
   *
   * @param id names the consumer among those of this archive
   * @param deadLetterQueue the dead-letter queue of an imported queue; left out for others, from which it is read
   * @throws an error where the dead-letter queue is not known or the queue itself, or the queue is the archive's own
   */
  public addDeadLetters(id: string, queue: sqs.IQueue, deadLetterQueue?: sqs.IQueue): QueueConsumer {
    validate(this, archivedDeadLetterRules(this.topicQueues, queue, deadLetterQueue));
    return this.consumers.add(this.deadLetterConsumers, id, deadLetterQueue ?? deadLetteringOf(queue)!.queue);
  }

  /**
   * Lets the grantee list and read what is archived, and decrypt it.
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.bucket.grantRead(grantee, `${this.prefix}/*`);
  }

  /**
   * Lets the grantee do what a replay needs: list and read what is archived, only that, decrypt it, and send it to the targets.
   */
  public grantReplay(grantee: iam.IGrantable, targets: ReplayTargets = {}): iam.Grant {
    return grantReplayOfArchive(grantee, this, targets);
  }

  private subscribe(id: string, topic: FanOutTopic, queue: DurableQueue): QueueSubscription {
    const { policiesManagedElsewhere } = this.props;
    return topic.addQueue(id, queue, { rawMessageDelivery: false, policiesManagedElsewhere });
  }
}
