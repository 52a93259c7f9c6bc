import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { consumersOf, visibilityTimeoutFollowing } from './private/event-source-mappings';
import { QueueFacade } from './private/queue-facade';
import { queueSubscriptionRules } from './private/queue-subscription-rules';
import { allowServiceToUseKey, policyText } from './private/service-key-access';
import { deliveryPrincipal, endsDiffer, environmentRules, subscribeStatement, waitFor } from './private/subscription-environments';
import { isKnown, must, type Rule, validate } from './private/validation';

/**
 * Options of a queue's subscription.
 */
export interface QueueSubscriptionOptions {
  /**
   * The message attributes that a message must have, by name, at most 5. Attributes are joined by "and", the conditions of
   * one attribute by "or".
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
   * @default - every message is delivered
   */
  readonly filterPolicy?: { [attribute: string]: sns.SubscriptionFilter };

  /**
   * As `filterPolicy`, for properties of a JSON message body. Only one of the two can be given.
   *
   * @default - every message is delivered
   */
  readonly filterPolicyWithMessageBody?: { [property: string]: sns.FilterOrPolicy };

  /**
   * Whether the queue gets the message as it was published, with message attributes as attributes of the SQS message, at most
   * 10; otherwise it gets a JSON envelope.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
   * @default true
   */
  readonly rawMessageDelivery?: boolean;

  /**
   * Acknowledges that the policies of the queue, of its customer key, and of a topic in another account, are changed outside this app
   * and let SNS deliver and the queue's account subscribe. Needed for an imported queue, key or topic, where the statements cannot be
   * added; the error without it has them word for word.
   *
   * @default false
   */
  readonly policiesManagedElsewhere?: boolean;

  /**
   * How long a message that SNS could not deliver is kept, 60 seconds to 14 days.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetentionPeriod?: Duration;

  /**
   * What happens to the subscription's dead-letter queue when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly deadLetterRemovalPolicy?: RemovalPolicy;

  /**
   * The customer key that encrypts the subscription's dead-letter queue. That queue is in the topic's region: it must be given where
   * the subscribed queue has a customer key in another.
   *
   * @default - the customer key of the subscribed queue; without one, SSE-SQS
   */
  readonly deadLetterEncryptionKey?: kms.IKey;

  /**
   * Sends the queue again what was published to a FIFO topic since then and is still in the topic's archive.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
   * @default - only what is published from now on is sent
   */
  readonly replayFrom?: Date;

  /**
   * Where the replay ends; later than `replayFrom`.
   *
   * @default - the replay goes on until it has caught up with what is being published
   */
  readonly replayUntil?: Date;
}

/**
 * Properties of a QueueSubscription.
 */
export interface QueueSubscriptionProps extends QueueSubscriptionOptions {
  /**
   * The topic. In another account or region than the queue it needs a name, and so does the queue.
   */
  readonly topic: sns.ITopic;

  /**
   * The queue that the topic delivers to.
   */
  readonly queue: sqs.IQueue;
}

/**
 * The subscription of a queue to a topic, with a dead-letter queue of its own for messages that SNS cannot deliver, and with the
 * statements that SNS needs in the queues' and the key's policies. `FanOutTopic.addQueue` makes it, in the right stack: the queue's,
 * or where that is in another region, the topic's. Where both the account and the region differ, it has to be made in a stack of the
 * queue's account and the topic's region.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
 * @throws an error with every rule that the properties break
 */
export class QueueSubscription extends Construct {
  /**
   * The queue that the topic delivers to.
   */
  public readonly queue: sqs.IQueue;

  /**
   * The L2 subscription inside.
   */
  public readonly subscription: sns.Subscription;

  /**
   * The L2 queue with the messages that SNS could not deliver; FIFO and encrypted where the subscribed queue is. SNS asks for a
   * FIFO queue where it delivers to one.
   */
  public readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: QueueSubscriptionProps) {
    super(scope, id);
    const { topic, queue } = props;
    this.queue = queue;

    const principal = deliveryPrincipal(props);
    const delivery = deliveryStatement(principal, queue.queueArn, topic.topicArn);
    const policy = queue instanceof QueueFacade ? queue._addToQueuePolicy(delivery) : queue.addToResourcePolicy(delivery);
    const topicPolicy = endsDiffer(props, 'account')
      ? topic.addToResourcePolicy(subscribeStatement(queue.env.account, queue.queueArn, topic.topicArn))
      : undefined;
    const key = queue.encryptionMasterKey;
    const deadLetterKey = props.deadLetterEncryptionKey ?? key;
    const missingKeyStatement = this.letUse(key, principal, topic);
    const missingDeadLetterKeyStatement = deadLetterKey === key ? undefined : this.letUse(deadLetterKey, 'sns.amazonaws.com', topic);
    validate(this, [
      ...queueSubscriptionRules(props),
      ...environmentRules(this, props),
      ...(props.policiesManagedElsewhere ? [] : [
        this.mustBeAdded('queue', queue, policy.statementAdded
          ? undefined
          : deliveryStatement(principal, queue.queueArn, `<ARN of ${topic.node.path}>`)),
        this.mustBeAdded('encryption key', key, missingKeyStatement),
        this.mustBeAdded('encryption key', deadLetterKey, missingDeadLetterKeyStatement),
        this.mustBeAdded('topic', topic, topicPolicy === undefined || topicPolicy.statementAdded
          ? undefined
          : subscribeStatement(queue.env.account, `<ARN of ${queue.node.path}>`, topic.topicArn), "the queue's account subscribe"),
      ]),
    ]);

    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetterQueue', {
      ...(queue.fifo ? { fifo: true } : {}),
      ...(deadLetterKey
        ? { encryptionMasterKey: deadLetterKey, dataKeyReuse: Duration.minutes(5) }
        : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      maxMessageSizeBytes: 1024 * 1024,
      visibilityTimeout: visibilityTimeoutFollowing(() => consumersOf(this.deadLetterQueue)),
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
      retentionPeriod: props.deadLetterRetentionPeriod ?? Duration.days(14),
      removalPolicy: props.deadLetterRemovalPolicy ?? RemovalPolicy.RETAIN,
    });

    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3', reason: 'It is the dead-letter queue of an SNS subscription',
    });

    this.subscription = new sns.Subscription(this, 'Resource', {
      topic,
      protocol: sns.SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: props.rawMessageDelivery ?? true,
      filterPolicy: props.filterPolicy,
      filterPolicyWithMessageBody: props.filterPolicyWithMessageBody,
      deadLetterQueue: this.deadLetterQueue,
    });
    // The L2 subscription has no property for it.
    const resource = this.subscription.node.defaultChild as sns.CfnSubscription;
    if (props.replayFrom) resource.replayPolicy = replayPolicy(props.replayFrom, props.replayUntil);
    waitFor(this.subscription, policy.policyDependable);
    waitFor(this.subscription, topicPolicy?.policyDependable);
  }

  private letUse(key: kms.IKey | undefined, principal: string, { env }: sns.ITopic): iam.PolicyStatement | undefined {
    const account = isKnown(env.account) ? env.account : undefined;
    return key && allowServiceToUseKey(this, key, { principal, service: 'sns', account });
  }

  private mustBeAdded(what: string, to: IConstruct | undefined, missing: iam.PolicyStatement | undefined, purpose = 'SNS deliver'): Rule {
    return must(missing === undefined,
      `the policy of the ${what} '${to?.node.path}' must let ${purpose}, and cannot be changed from here. Add this statement to it and set `
      + `'policiesManagedElsewhere': ${missing && policyText(this, missing)}`);
  }
}

function deliveryStatement(principal: string, queueArn: string, topicArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [iam.ServicePrincipal.fromStaticServicePrincipleName(principal)],
    actions: ['sqs:SendMessage'],
    resources: [queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': topicArn } },
  });
}

function replayPolicy(from: Date, until: Date | undefined): Record<string, string> {
  return { PointType: 'Timestamp', StartingPoint: from.toISOString(), ...(until && { EndingPoint: until.toISOString() }) };
}
