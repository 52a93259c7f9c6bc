import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { ConsumerAlarms } from './consumer-alarms';
import { ConsumerFunction } from './consumer-function';
import { CostTags, type CostTagsProps } from './cost-tags';
import { DurableQueue } from './durable-queue';
import { FanOutTopic } from './fan-out-topic';
import { MessageArchive } from './message-archive';
import { MessagingDashboard } from './messaging-dashboard';
import { allowObjects } from './private/object-access';
import { assetFolder } from './private/package-assets';
import { limitTrustToAccount } from './private/service-trust';
import { QueueAlarms } from './queue-alarms';
import { QueueConsumer } from './queue-consumer';
import { RulePackDecisions } from './rule-pack-decisions';
import { TopicAlarms } from './topic-alarms';

/** Properties of an OrderMessagingStack. */
export interface OrderMessagingStackProps extends StackProps {
  /**
   * The cost-allocation tags that every taggable resource of the stack bears.
   */
  readonly costTags: CostTagsProps;

  /**
   * Who is notified of alarms by e-mail. SNS asks each address for a confirmation first.
   *
   * @default - nobody; subscribe to the topic of the output `AlarmTopicArn`
   */
  readonly alarmEmailAddresses?: string[];
}

/** The event types that no consumer works on: the archive alone takes them. */
const informational = ['OrderViewed', 'OrderTracked'];

/** What the payments consumer publishes: billing must not hear it, or a payment would ask for the next one. */
const paymentOutcomes = ['OrderPaid', 'OrderRefunded'];

/**
 * The reference stack: an order domain that shows the four uses of queues, wired together.
 *
 * - Microservice integration: the topic `Orders` fans out to `Billing` and `Shipping` by filter policy.
 * - Asynchronous workflow: billing requests payments through a FIFO topic; `Payments` takes them in order for each
 *   customer and publishes the next step to `Orders`.
 * - Work queue: report jobs are sent straight to `Reports`.
 * - Event-driven processing: an upload to `Documents` notifies `Uploads`.
 *
 * Everything that is published is archived, everything that fails raises an alarm, one dashboard shows all of it, and every
 * resource bears its cost tags.
 */
export class OrderMessagingStack extends Stack {
  /** The topic to which orders are published. */
  public readonly orders: FanOutTopic;

  /** The FIFO topic of payment requests. */
  public readonly paymentRequests: FanOutTopic;

  /** Every message of both topics, and the dead letters of `Reports` and `Uploads`. */
  public readonly archive: MessageArchive;

  /** Where every alarm goes. */
  public readonly alarmTopic: AlarmTopic;

  private readonly accessLogs: s3.IBucket;
  private readonly queues: DurableQueue[] = [];
  private readonly consumers: QueueConsumer[] = [];
  private readonly alarms: { readonly alarms: cloudwatch.IAlarm[] }[] = [];

  constructor(scope: Construct, id: string, props: OrderMessagingStackProps) {
    super(scope, id, props);
    new CostTags(this, 'CostTags', props.costTags);
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', { emailAddresses: props.alarmEmailAddresses });
    this.accessLogs = this.addAccessLogs();

    this.orders = this.addTopic('Orders', new FanOutTopic(this, 'Orders'));
    this.paymentRequests = this.addTopic('PaymentRequests', new FanOutTopic(this, 'PaymentRequests', { fifo: true }));
    this.archive = this.addArchive();

    this.addBilling();
    this.addShipping();
    this.addPayments();
    const documents = this.addDocuments();
    this.addReports(documents);
    this.addUploads(documents);

    this.addDashboard();
    this.decideOnRulePacks();

    new CfnOutput(this, 'OrdersTopicArn', { value: this.orders.topic.topicArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarmTopic.topic.topicArn });
    new CfnOutput(this, 'ArchiveBucketName', { value: this.archive.bucket.bucketName });
    new CfnOutput(this, 'DocumentsBucketName', { value: documents.bucketName });
  }

  private addDashboard(): void {
    const { queues, consumers, archive } = this;
    new MessagingDashboard(this, 'Dashboard', {
      topics: [this.orders, this.paymentRequests], queues, consumers, archive, alarms: this.alarms.flatMap(({ alarms }) => alarms),
    });
  }

  /** What NIST 800-53 R5 and PCI DSS leave to whoever deploys, each with its reason. */
  private decideOnRulePacks(): void {
    new RulePackDecisions(this, 'RulePackDecisions', {
      functionsOutsideVpc: 'The functions call AWS services only, over TLS and with roles of their own',
      logGroupsWithoutCustomerKey: 'CloudWatch Logs encrypts the logs with a key of its own',
      topicsWithoutCustomerKey: 'SNS encrypts what it stores with keys of its own',
      bucketsWithoutCustomerKey: 'S3 encrypts what it stores; a bucket for access logs can have no customer key',
      bucketsWithoutReplication: 'The topics and queues are of one region, too',
      bucketsWithoutVersions: 'Only the bucket of the access logs has none, in which nothing is overwritten',
      inlinePolicies: 'The grants of aws-cdk-lib name the resources of one role, and go with it',
    });
  }

  private addAccessLogs(): s3.Bucket {
    return new s3.Bucket(this, 'AccessLogs', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private addTopic(id: string, topic: FanOutTopic): FanOutTopic {
    this.alarms.push(new TopicAlarms(this, `${id}Alarms`, { topic, actions: [this.alarmTopic] }));
    return topic;
  }

  private addArchive(): MessageArchive {
    const archive = new MessageArchive(this, 'Archive', { accessLogsBucket: this.accessLogs });
    archive.addTopic('Archive', this.orders);
    // 'addFifoTopic' would keep the message group, too: it is the customer's ID, which is in the body as well, and one queue less is
    // one less to watch. To change it would replace the topic's subscription of a deployed stack, and leave a dead-letter queue behind.
    archive.addTopic('Archive', this.paymentRequests);
    this.alarms.push(
      new QueueAlarms(this, 'ArchiveAlarms', { queue: archive.queue, actions: [this.alarmTopic] }),
      new ConsumerAlarms(this, 'ArchiverAlarms', { function: archive.handler, actions: [this.alarmTopic] }),
    );
    return archive;
  }

  /**
   * Billing takes everything that is nobody else's: an event that no one knows must end in a dead-letter queue. Publishers set at least
   * one message attribute: SNS filters out a message without any, even where the policy asks for an attribute's absence.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
   */
  private addBilling(): void {
    const billing = new DurableQueue(this, 'Billing');
    this.orders.addQueue('Billing', billing, {
      filterPolicy: {
        eventType: new sns.SubscriptionFilter([{ 'anything-but': [...informational, ...paymentOutcomes] }, { exists: false }]),
      },
    });
    const consumer = this.addConsumer('Billing', billing, { PAYMENTS_TOPIC_ARN: this.paymentRequests.topic.topicArn });
    this.paymentRequests.grantPublish(consumer);
  }

  private addShipping(): void {
    const shipping = new DurableQueue(this, 'Shipping');
    this.orders.addQueue('Shipping', shipping, {
      filterPolicy: { eventType: sns.SubscriptionFilter.stringFilter({ allowlist: ['OrderPaid', 'OrderCancelled'] }) },
    });
    this.addConsumer('Shipping', shipping);
  }

  private addPayments(): void {
    const payments = new DurableQueue(this, 'Payments', { fifo: true, deadLettersBreakOrder: true });
    this.paymentRequests.addQueue('Payments', payments);
    const consumer = this.addConsumer('Payments', payments, { ORDERS_TOPIC_ARN: this.orders.topic.topicArn });
    this.orders.grantPublish(consumer);
  }

  private addDocuments(): s3.Bucket {
    return new s3.Bucket(this, 'Documents', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 'documents/',
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private addReports(documents: s3.Bucket): void {
    const reports = new DurableQueue(this, 'Reports');
    const consumer = this.addConsumer('Reports', reports, { DOCUMENTS_BUCKET: documents.bucketName }, true);
    allowObjects(consumer, ['s3:PutObject'], documents, 'reports');
    new CfnOutput(this, 'ReportsQueueUrl', { value: reports.queueUrl });
  }

  private addUploads(documents: s3.Bucket): void {
    const uploads = new DurableQueue(this, 'Uploads');
    documents.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(uploads), { prefix: 'incoming/' });
    this.limitNotificationsHandler();
    const consumer = this.addConsumer('Uploads', uploads, { ORDERS_TOPIC_ARN: this.orders.topic.topicArn }, true);
    // the uploaded version is read, whatever was uploaded over it in the meantime
    allowObjects(consumer, ['s3:GetObject', 's3:GetObjectVersion'], documents, 'incoming');
    this.orders.grantPublish(consumer);
  }

  /** The function that configures the bucket's notifications is CDK's own. */
  private limitNotificationsHandler(): void {
    const handler = this.node.children.find(({ node }) => node.id.startsWith('BucketNotificationsHandler'))!;
    Validations.of(handler).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: 'CDK makes this function with the managed policy that lets it write logs; it runs at deployments only',
    });
    limitTrustToAccount(handler.node.findChild('Role') as iam.Role);
  }

  /** The function in front of a queue, and the alarms of both. */
  private addConsumer(
    id: string, queue: DurableQueue, environment: { [name: string]: string } = {}, archiveDeadLetters = false,
  ): ConsumerFunction {
    const consumer = new ConsumerFunction(this, `${id}Function`, {
      code: lambda.Code.fromAsset(assetFolder(id.toLowerCase())),
      environment: { POWERTOOLS_SERVICE_NAME: id.toLowerCase(), ...environment },
    });
    this.queues.push(queue);
    this.consumers.push(new QueueConsumer(this, `${id}Consumer`, { queue, handler: consumer.function }));
    // messages that came through no topic are nowhere else archived
    if (archiveDeadLetters) this.archive.addDeadLetters(id, queue);
    this.alarms.push(
      new QueueAlarms(this, `${id}Alarms`, { queue, actions: [this.alarmTopic], deadLettersConsumed: archiveDeadLetters }),
      new ConsumerAlarms(this, `${id}ConsumerAlarms`, { function: consumer.function, actions: [this.alarmTopic] }),
    );
    return consumer;
  }
}
