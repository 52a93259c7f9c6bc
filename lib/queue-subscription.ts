import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { consumersOf, visibilityTimeoutFollowing } from './private/event-source-mappings';
import { queueSubscriptionRules } from './private/queue-subscription-rules';
import { allowServiceToUseKey, policyText } from './private/service-key-access';
import { must, type Rule, validate } from './private/validation';

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
   * Acknowledges that the queue's policy, and the policy of its customer key, are changed outside this app and let SNS deliver.
   * Needed for an imported queue or key, where the statements cannot be added; the error without it has them word for word.
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
}

/**
 * Properties of a QueueSubscription.
 */
export interface QueueSubscriptionProps extends QueueSubscriptionOptions {
  /**
   * The topic; in the account and region of the queue.
   */
  readonly topic: sns.ITopic;

  /**
   * The queue that the topic delivers to.
   */
  readonly queue: sqs.IQueue;
}

/**
 * The subscription of a queue to a topic, with a dead-letter queue of its own for messages that SNS cannot deliver, and with the
 * statements that SNS needs in the queues' and the key's policies. `FanOutTopic.addQueue` makes it, in the right stack: the queue's.
 *
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

    const policy = queue.addToResourcePolicy(deliveryStatement(queue.queueArn, topic.topicArn));
    const key = queue.encryptionMasterKey;
    const missingKeyStatement = key && allowServiceToUseKey(this, key, {
      principal: 'sns.amazonaws.com', service: 'sns', resource: '*',
    });
    validate(this, [
      ...queueSubscriptionRules(props),
      ...(props.policiesManagedElsewhere ? [] : [
        this.mustBeAdded('queue', queue.node.path, policy.statementAdded
          ? undefined
          : deliveryStatement(queue.queueArn, `<ARN of ${topic.node.path}>`)),
        this.mustBeAdded('encryption key', key?.node.path, missingKeyStatement),
      ]),
    ]);

    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetterQueue', {
      ...(queue.fifo ? { fifo: true } : {}),
      ...(key
        ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.minutes(5) }
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
    if (policy.policyDependable) this.subscription.node.addDependency(policy.policyDependable);
  }

  private mustBeAdded(what: string, path: string | undefined, missing: iam.PolicyStatement | undefined): Rule {
    return must(missing === undefined,
      `the policy of the ${what} '${path}' must let SNS deliver, and cannot be changed from here. Add this statement to it and set `
      + `'policiesManagedElsewhere': ${missing && policyText(this, missing)}`);
  }
}

function deliveryStatement(queueArn: string, topicArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('sns.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': topicArn } },
  });
}
