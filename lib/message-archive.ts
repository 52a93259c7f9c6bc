import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ConsumerFunction } from './consumer-function';
import { DurableQueue } from './durable-queue';
import type { FanOutTopic } from './fan-out-topic';
import { makeArchiveBucket } from './private/archive-bucket';
import { messageArchiveRules } from './private/message-archive-rules';
import { allowObjects } from './private/object-access';
import { assetFolder } from './private/package-assets';
import { must, validate } from './private/validation';
import { visibilityTimeoutFor } from './private/visibility-timeout';
import { QueueConsumer } from './queue-consumer';
import type { QueueSubscription } from './queue-subscription';

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
   * What the keys of all objects begin with: letters, digits and `!_.*'()-`, parts separated by `/`, no `/` at the beginning or
   * end.
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
   * A customer key that encrypts the archive's queue, and the bucket that is made here. A given `bucket` keeps its own
   * encryption; where that is a customer key, the archiver is let use it.
   *
   * @default - keys that S3 and SQS manage, which cost nothing (SSE-S3 and SSE-SQS)
   */
  readonly encryptionKey?: kms.IKey;

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
   * is deleted.
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
   * How long messages are gathered into one object, 1 to 300 seconds: fewer and larger objects cost less to write and to query.
   * Lambda has no such window for a FIFO dead-letter queue.
   *
   * @default Duration.seconds(60)
   */
  readonly maxBatchingWindow?: Duration;
}

/**
 * Every message of topics, and every dead letter of queues, in S3: partitioned by time, to be queried with Athena and replayed.
 *
 * The archive is a subscriber of its own: it has a queue, a function and a dead-letter queue, and never takes messages from a
 * working queue. A message is deleted from the archive's queue only after it was written.
 *
 * It has no alarms: watch `queue` with `QueueAlarms` and `handler` with `ConsumerAlarms`.
 *
 * Errors: a property outside its range; `retention` or `accessLogsBucket` beside `bucket`; a key that AWS manages; a key on the
 * bucket of the access logs. All of them at once.
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

  private readonly batchSize: number;
  private readonly maxBatchingWindow: Duration;
  private readonly deadLetterConsumers: Construct;

  constructor(scope: Construct, id: string, props: MessageArchiveProps = {}) {
    super(scope, id);
    // without this flag CDK asks for an access control list on the bucket of the access logs, and S3 refuses it there
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);

    this.prefix = props.prefix ?? 'messages';
    this.batchSize = props.batchSize ?? 1000;
    this.maxBatchingWindow = props.maxBatchingWindow ?? Duration.seconds(60);
    validate(this, messageArchiveRules(props));

    this.bucket = props.bucket ?? makeArchiveBucket(this, props);
    this.queue = new DurableQueue(this, 'Queue', {
      encryptionKey: props.encryptionKey,
      // an archiver that stands still must be noticed before anything is lost
      retentionPeriod: Duration.days(14),
    });
    const archiver = new ConsumerFunction(this, 'Archiver', {
      code: props.handlerCode ?? lambda.Code.fromAsset(assetFolder('archiver')),
      description: 'Writes messages to the archive',
      timeout: Duration.seconds(30),
      // a batch has up to 6 MB, and CPU for compression comes with memory
      memorySize: 512,
      environment: { ARCHIVE_BUCKET: this.bucket.bucketName, ARCHIVE_PREFIX: this.prefix },
    });
    this.handler = archiver.function;
    allowObjects(archiver, ['s3:PutObject'], this.bucket, this.prefix);
    this.bucket.encryptionKey?.grant(archiver, 'kms:GenerateDataKey');

    new QueueConsumer(this, 'Consumer', {
      queue: this.queue, handler: this.handler, batchSize: this.batchSize, maxBatchingWindow: this.maxBatchingWindow,
    });
    this.deadLetterConsumers = new Construct(this, 'DeadLetters');
  }

  /**
   * Archives every message of a topic, standard or FIFO, from now on.
   *
   * @param id names the subscription among those of the topic
   */
  public addTopic(id: string, topic: FanOutTopic): QueueSubscription {
    return topic.addQueue(id, this.queue, { rawMessageDelivery: true });
  }

  /**
   * Archives every dead letter of a queue **and removes it from the dead-letter queue**.
   *
   * That suits dead letters that nobody will redrive: they are out of the way, never expire and can be queried. What is removed
   * can't be moved back with a redrive any more, only replayed from the archive. Leave out queues whose dead letters should
   * wait for a redrive: where the queue subscribes to an archived topic, the archive has the message already. Give
   * `QueueAlarms` of the queue `deadLettersConsumed: true`, since its dead-letter queue is empty most of the time.
   *
   * A dead letter that can't be written stays in the dead-letter queue and is tried again until its retention ends.
   *
   * @param id names the consumer among those of this archive
   */
  public addDeadLetters(id: string, queue: DurableQueue): QueueConsumer {
    validate(this, [
      must(
        queue !== this.queue,
        `'queue' must not be the archive's own, ${queue.node.path}: its dead letters are what could not be archived`,
      ),
    ]);
    const batch = queue.fifo
      ? { batchSize: Math.min(this.batchSize, 10) }
      : { batchSize: this.batchSize, maxBatchingWindow: this.maxBatchingWindow };
    this.followArchiver(queue);
    return new QueueConsumer(this.deadLetterConsumers, id, { queue: queue.deadLetterQueue, handler: this.handler, ...batch });
  }

  /**
   * Lets the grantee list and read what is archived, and decrypt it.
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.bucket.grantRead(grantee, `${this.prefix}/*`);
  }

  /** A dead-letter queue has no consumer by design, so that it has no visibility timeout for one. */
  private followArchiver(queue: DurableQueue): void {
    const resource = queue.deadLetterQueue.node.defaultChild as CfnQueue;
    const needed = visibilityTimeoutFor([{
      timeout: this.handler.timeout ?? Duration.seconds(3),
      batchingWindow: queue.fifo ? undefined : this.maxBatchingWindow,
    }]);
    resource.visibilityTimeout = Math.max(resource.visibilityTimeout ?? 30, needed.toSeconds());
  }
}
