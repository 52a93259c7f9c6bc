import { Annotations, type Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeliveryStatusRole } from './private/delivery-status-role';
import { fanOutTopicRules } from './private/fan-out-topic-rules';
import { allowAccount, allowOrganization, topicDestination } from './private/senders';
import { endsDiffer } from './private/subscription-environments';
import { tracingPolicy } from './private/tracing-policy';
import { validate } from './private/validation';
import { QueueSubscription, type QueueSubscriptionOptions } from './queue-subscription';
import type { SenderOptions } from './sender-options';

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

  /**
   * Whether SNS writes each delivery to a queue that failed, and a share of those that succeeded, to CloudWatch Logs. The role for
   * it can write the log groups of this topic only. SNS makes them, under `sns/<region>/<account>/<topic name>` and the same with
   * `/Failure`, and they never expire unless that is set outside the stack.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
   * @default false
   */
  readonly deliveryStatusLogging?: boolean;

  /**
   * The share of the successful deliveries that are logged, 0 to 100 percent. Needs `deliveryStatusLogging`.
   *
   * @default 0
   */
  readonly successSampleRate?: number;

  /**
   * Whether SNS sends a segment to X-Ray for each message that is traced, and not only passes the trace on. Makes one X-Ray resource
   * policy in the stack, for all its topics; an account can have 5 in a region.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
   * @default false
   */
  readonly activeTracing?: boolean;

  /**
   * Acknowledges that an X-Ray resource policy from outside this stack lets SNS send segments, so that none is made here.
   *
   * @default false
   */
  readonly tracingPolicyManagedElsewhere?: boolean;

  /**
   * How long a FIFO topic keeps what was published, so that a subscription can ask for it again with `replayFrom`: 1 to 365 whole
   * days. SNS refuses to delete a topic with an archive: take this away in an update of its own before.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html
   * @default - nothing is kept
   */
  readonly archiveRetentionPeriod?: Duration;

  /**
   * The data protection policy of a standard topic, as JSON: which sensitive data SNS audits, masks or refuses. Since April 2026 SNS
   * has this only for accounts that used it before.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
   * @default - messages are not looked at
   */
  readonly dataProtectionPolicy?: { [key: string]: unknown };

  /**
   * How SNS signs the JSON envelope of deliveries that are not raw: '1' with SHA-1, '2' with SHA-256.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
   * @default - SNS's own default, '1'
   */
  readonly signatureVersion?: string;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const FILTER_POLICIES_OF_A_TOPIC = 200;

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
  private filterPolicies = 0;

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
      signatureVersion: props.signatureVersion,
      tracingConfig: props.activeTracing ? sns.TracingConfig.ACTIVE : undefined,
      messageRetentionPeriodInDays: props.archiveRetentionPeriod?.toDays(),
    });
    if (props.deliveryStatusLogging) this.logDeliveries(props.successSampleRate);
    if (props.activeTracing && !props.tracingPolicyManagedElsewhere) this.topic.node.addDependency(tracingPolicy(this));
    // The L2 topic has no property for it.
    (this.topic.node.defaultChild as sns.CfnTopic).dataProtectionPolicy = props.dataProtectionPolicy;
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
   * subscription in the topic's stack and a queue policy in the queue's would make the stacks depend on each other. A queue in
   * another region cannot have it there: its dead-letter queue has to be in the topic's.
   *
   * @param id names the subscription among those of this topic
   * @throws an error with every rule that the subscription breaks, such as a standard topic with a FIFO queue
   */
  public addQueue(id: string, queue: sqs.IQueue, options: QueueSubscriptionOptions = {}): QueueSubscription {
    const subscription = queue.stack === Stack.of(this) || endsDiffer({ topic: this.topic, queue }, 'region')
      ? new QueueSubscription(this, id, { ...options, topic: this.topic, queue })
      : new QueueSubscription(queueScope(queue), `${Names.nodeUniqueId(this.node)}${id}`, { ...options, topic: this.topic, queue });
    this.subscribed.push(subscription);
    if (options.filterPolicy ?? options.filterPolicyWithMessageBody) this.countFilterPolicy();
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
   * Lets the identities of another account publish, and encrypt with the customer key, where their own policies allow it too.
   *
   * @param accountId 12 digits
   * @throws an error where the key is imported, with the statement that its policy needs
   */
  public allowAccount(accountId: string, options: SenderOptions = {}): void {
    allowAccount(topicDestination(this, this.topic), accountId, options);
  }

  /**
   * As `allowAccount`, for every account of an organization.
   *
   * @param organizationId `o-` and 10 to 32 lower-case letters and digits
   * @throws an error where the key is imported, with the statement that its policy needs
   */
  public allowOrganization(organizationId: string, options: SenderOptions = {}): void {
    allowOrganization(topicDestination(this, this.topic), organizationId, options);
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

  private countFilterPolicy(): void {
    this.filterPolicies++;
    if (this.filterPolicies !== FILTER_POLICIES_OF_A_TOPIC + 1) return;
    Annotations.of(this).addWarningV2('cdk-messaging:moreFilterPoliciesThanDefaultQuota',
      `More than ${FILTER_POLICIES_OF_A_TOPIC} subscriptions have a filter policy: the deployment fails unless AWS has raised the account's quota of `
      + 'filter policies on a topic');
  }

  private logDeliveries(successFeedbackSampleRate = 0): void {
    const deliveryStatus = new DeliveryStatusRole(this, 'DeliveryStatus');
    const { role } = deliveryStatus;
    this.topic.addLoggingConfig({
      protocol: sns.LoggingProtocol.SQS, failureFeedbackRole: role, successFeedbackRole: role, successFeedbackSampleRate,
    });
    deliveryStatus.allow(this.topic);
  }
}

function queueScope(queue: sqs.IQueue): Construct {
  if (queue instanceof Construct) return queue;
  throw new Error(`The queue '${queue.node.path}' must be a construct, because its subscription becomes its child`);
}
