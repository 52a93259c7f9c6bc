import { App, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import type { Construct } from 'constructs';
import {
  AlarmTopic, ConsumerAlarms, ConsumerFunction, DurableQueue, FanOutTopic, MessageArchive, QueueAlarms, QueueConsumer, TopicAlarms,
} from '../../lib';
import { limitTrustToAccount } from '../../lib/private/service-trust';
import { environment, newApp } from '../lib/set-up';

export const code = lambda.Code.fromInline('exports.handler = () => ({ batchItemFailures: [] });');

/**
 * One customer key for everything, and FIFO wherever AWS takes it: S3 notifies no FIFO queue, CloudWatch no FIFO topic, and the
 * archive's queue is a standard one.
 */
export class EncryptedFifoStack extends Stack {
  public readonly key: kms.Key;
  public readonly topic: FanOutTopic;
  public readonly queues: DurableQueue[];
  public readonly archive: MessageArchive;

  constructor(scope: Construct, id: string, props: StackProps = { env: environment }) {
    super(scope, id, props);
    this.key = new kms.Key(this, 'Key', { enableKeyRotation: true });
    const encryptionKey = this.key;
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', { encryptionKey });

    this.topic = new FanOutTopic(this, 'Orders', { fifo: true, contentBasedDeduplication: true, encryptionKey });
    new TopicAlarms(this, 'OrdersAlarms', { topic: this.topic, actions: [alarmTopic] });

    const accessLogsBucket = this.accessLogs();
    this.archive = new MessageArchive(this, 'Archive', { encryptionKey, accessLogsBucket });
    this.archive.addTopic('Archive', this.topic);
    new QueueAlarms(this, 'ArchiveAlarms', { queue: this.archive.queue, actions: [alarmTopic] });

    this.queues = ['Billing', 'Shipping'].map((name) => {
      const queue = new DurableQueue(this, name, { fifo: true, deadLettersBreakOrder: true, encryptionKey });
      this.topic.addQueue(name, queue);
      this.archive.addDeadLetters(name, queue);
      return queue;
    });

    const uploads = new DurableQueue(this, 'Uploads', { encryptionKey });
    const documents = this.documents(accessLogsBucket);
    documents.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(uploads));
    this.limitNotificationsHandler();

    for (const queue of [...this.queues, uploads]) {
      const consumer = consumerOf(this, queue);
      this.topic.grantPublish(consumer);
      new QueueAlarms(this, `${queue.node.id}Alarms`, { queue, actions: [alarmTopic], deadLettersConsumed: queue !== uploads });
      new ConsumerAlarms(this, `${queue.node.id}ConsumerAlarms`, { function: consumer.function, actions: [alarmTopic] });
    }
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

  private accessLogs(): s3.Bucket {
    return new s3.Bucket(this, 'AccessLogs', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, encryption: s3.BucketEncryption.S3_MANAGED, enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED, removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private documents(serverAccessLogsBucket: s3.IBucket): s3.Bucket {
    return new s3.Bucket(this, 'Documents', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, encryption: s3.BucketEncryption.KMS, encryptionKey: this.key,
      bucketKeyEnabled: true, enforceSSL: true, versioned: true, serverAccessLogsBucket, serverAccessLogsPrefix: 'documents/',
    });
  }
}

/** The key and the topic in one stack, the queues and their consumers in another. */
export function twoEncryptedStacks(props: StackProps = { env: environment }): { app: App; stacks: [Stack, Stack] } {
  const app = newApp();
  const [topics, queues] = [new Stack(app, 'Topics', props), new Stack(app, 'Queues', props)];
  const encryptionKey = new kms.Key(topics, 'Key', { enableKeyRotation: true });
  const topic = new FanOutTopic(topics, 'Orders', { fifo: true, contentBasedDeduplication: true, encryptionKey });
  const alarmTopic = new AlarmTopic(topics, 'AlarmTopic', { encryptionKey });
  for (const name of ['Billing', 'Shipping']) {
    const queue = new DurableQueue(queues, name, { fifo: true, deadLettersBreakOrder: true, encryptionKey });
    topic.addQueue(name, queue);
    topic.grantPublish(consumerOf(queues, queue));
    new QueueAlarms(queues, `${name}Alarms`, { queue, actions: [alarmTopic] });
  }
  return { app, stacks: [topics, queues] };
}

/** A standard topic with a customer key, archived by Firehose with the same key. */
export function firehoseStack(): Stack {
  const stack = new Stack(newApp(), 'Firehose', { env: environment });
  const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  new MessageArchive(stack, 'Archive', { encryptionKey }).addTopicWithFirehose('Orders', new FanOutTopic(stack, 'Orders', { encryptionKey }));
  return stack;
}

function consumerOf(scope: Construct, queue: DurableQueue): ConsumerFunction {
  const consumer = new ConsumerFunction(scope, `${queue.node.id}Function`, { code });
  new QueueConsumer(scope, `${queue.node.id}Consumer`, { queue, handler: consumer.function });
  return consumer;
}
