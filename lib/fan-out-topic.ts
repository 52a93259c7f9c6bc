import { Stack, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { fanOutTopicRules } from './private/fan-out-topic-rules';
import { validate } from './private/validation';
import { QueueSubscription, type QueueSubscriptionOptions } from './queue-subscription';

/**
 * Properties of a FanOutTopic.
 */
export interface FanOutTopicProps {
  /**
   * Whether the topic is a FIFO topic.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * Whether a FIFO topic takes the SHA-256 of the body as the deduplication ID of a message that has none.
   *
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * Whether a FIFO topic counts throughput and deduplicates for each message group instead of the whole topic.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html
   * @default false
   */
  readonly highThroughput?: boolean;

  /**
   * The physical name, up to 256 characters: letters, digits, hyphens and underscores; on a FIFO topic it ends in `.fifo`.
   * A topic with a name cannot be replaced by an update.
   *
   * @default - CloudFormation makes the name
   */
  readonly topicName?: string;

  /**
   * The name that people see, up to 100 characters.
   *
   * @default - no display name
   */
  readonly displayName?: string;

  /**
   * A customer key that encrypts the messages while SNS holds them. A key that AWS manages is refused: CloudWatch, S3 and
   * EventBridge cannot use it.
   *
   * @default - no key: SNS encrypts what it stores with keys of its own
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * An SNS topic that queues subscribe to, standard or FIFO, reachable over TLS only. Each subscription has a dead-letter queue
 * of its own, and every policy that a delivery needs.
 *
 * @throws an error with every rule that the properties break
 */
export class FanOutTopic extends Construct {
  /**
   * The L2 topic inside.
   */
  public readonly topic: sns.Topic;

  private readonly subscribed: QueueSubscription[] = [];

  constructor(scope: Construct, id: string, props: FanOutTopicProps = {}) {
    super(scope, id);
    validate(this, fanOutTopicRules(props));
    this.topic = new sns.Topic(this, 'Resource', {
      fifo: props.fifo,
      contentBasedDeduplication: props.contentBasedDeduplication,
      fifoThroughputScope: props.highThroughput ? sns.FifoThroughputScope.MESSAGE_GROUP : undefined,
      topicName: props.topicName,
      displayName: props.displayName,
      masterKey: props.encryptionKey,
      enforceSSL: true,
    });
  }

  /**
   * The ARN of the topic.
   */
  public get topicArn(): string {
    return this.topic.topicArn;
  }

  /**
   * The name of the topic.
   */
  public get topicName(): string {
    return this.topic.topicName;
  }

  /**
   * The subscriptions that `addQueue` made, in their order.
   */
  public get subscriptions(): QueueSubscription[] {
    return [...this.subscribed];
  }

  /**
   * Subscribes a queue. The subscription is a child of the topic; of the queue where that is in another stack, because a
   * subscription in the topic's stack and a queue policy in the queue's would make the stacks depend on each other.
   *
   * @param id names the subscription among those of this topic
   * @throws an error with every rule that the subscription breaks, such as a standard topic with a FIFO queue
   */
  public addQueue(id: string, queue: sqs.IQueue, options: QueueSubscriptionOptions = {}): QueueSubscription {
    const subscription = queue.stack === Stack.of(this)
      ? new QueueSubscription(this, id, { ...options, topic: this.topic, queue })
      : new QueueSubscription(queueScope(queue), `${Names.nodeUniqueId(this.node)}${id}`, { ...options, topic: this.topic, queue });
    this.subscribed.push(subscription);
    return subscription;
  }

  /**
   * Lets the grantee publish, and encrypt: with the two actions on the key that SNS asks of a publisher.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public grantPublish(grantee: iam.IGrantable): iam.Grant {
    const { topic } = this;
    const grant = iam.Grant.addToPrincipalOrResource({ grantee, actions: ['sns:Publish'], resourceArns: [topic.topicArn], resource: topic });
    const onKey = topic.grantOnKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey').grant;
    return onKey ? grant.combine(onKey) : grant;
  }

  /**
   * A metric of the topic by its name in the namespace AWS/SNS.
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.topic.metric(metricName, props);
  }

  /**
   * The number of messages published. Sum over 5 minutes.
   */
  public metricNumberOfMessagesPublished(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.topic.metricNumberOfMessagesPublished(props);
  }

  /**
   * The number of deliveries that succeeded. Sum over 5 minutes.
   */
  public metricNumberOfNotificationsDelivered(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.topic.metricNumberOfNotificationsDelivered(props);
  }

  /**
   * The number of deliveries that failed for good. Sum over 5 minutes.
   */
  public metricNumberOfNotificationsFailed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.topic.metricNumberOfNotificationsFailed(props);
  }

  /**
   * The number of deliveries that filter policies left out. Sum over 5 minutes.
   */
  public metricNumberOfNotificationsFilteredOut(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.topic.metricNumberOfNotificationsFilteredOut(props);
  }

  /**
   * The size of the messages published, in bytes. Average over 5 minutes.
   */
  public metricPublishSize(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.topic.metricPublishSize(props);
  }
}

function queueScope(queue: sqs.IQueue): Construct {
  if (queue instanceof Construct) return queue;
  throw new Error(`The queue '${queue.node.path}' must be a construct, because its subscription becomes its child`);
}
