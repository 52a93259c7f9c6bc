import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ArchiveDeliveryStream } from './archive-delivery-stream';
import type { MessageArchiveProps } from '../message-archive';
import { allowServiceToUseKey, policyText } from './service-key-access';
import { must, validate } from './validation';

/** Subscribes the delivery stream to a topic, with a dead-letter queue for what SNS cannot hand over. */
export function subscribeToFirehose(
  stream: ArchiveDeliveryStream, id: string, topic: sns.ITopic,
  { encryptionKey, policiesManagedElsewhere }: Pick<MessageArchiveProps, 'encryptionKey' | 'policiesManagedElsewhere'>,
): sns.Subscription {
  const scope = new Construct(stream, `Topic${id}`);
  const missing = encryptionKey && allowServiceToUseKey(scope, encryptionKey, { principal: 'sns.amazonaws.com', service: 'sns' });
  validate(scope, [
    must(missing === undefined || policiesManagedElsewhere === true,
      `the policy of the encryption key '${encryptionKey?.node.path}' must let SNS write to the dead-letter queue, and cannot be changed `
      + `from here. Add this statement to it and set 'policiesManagedElsewhere' of the archive: ${missing && policyText(scope, missing)}`),
  ]);
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', {
    ...(encryptionKey
      ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: encryptionKey, dataKeyReuse: Duration.minutes(5) }
      : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    maxMessageSizeBytes: 1024 * 1024,
    redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(deadLetterQueue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3', reason: 'It is the dead-letter queue of an SNS subscription',
  });
  const subscription = new sns.Subscription(scope, 'Resource', {
    topic,
    protocol: sns.SubscriptionProtocol.FIREHOSE,
    endpoint: stream.deliveryStream.deliveryStreamArn,
    subscriptionRoleArn: stream.subscriptionRole.roleArn,
    // the raw body has neither the message's ID nor its topic, and a line break in it would end the line
    rawMessageDelivery: false,
    deadLetterQueue,
  });
  // SNS tries the role when the subscription is made
  subscription.node.addDependency(stream.subscriptionRole);
  return subscription;
}
