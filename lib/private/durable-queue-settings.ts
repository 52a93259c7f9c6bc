import { Duration, PhysicalName, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DurableQueueProps } from '../durable-queue';
import { limitedToAccount } from './service-key-access';

/** What a DurableQueue and its dead-letter queue have in common. */
export function settingsOfBothQueues(scope: Construct, props: DurableQueueProps): sqs.QueueProps {
  return {
    ...(props.fifo ? { fifo: true } : {}),
    ...(props.highThroughput ? {
      deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    } : {}),
    ...(props.encryptionKey
      ? { encryptionMasterKey: limitedToAccount(scope, props.encryptionKey), dataKeyReuse: Duration.minutes(5) }
      : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    maxMessageSizeBytes: props.maxMessageSizeBytes ?? 1024 * 1024,
    receiveMessageWaitTime: props.receiveMessageWaitTime ?? Duration.seconds(20),
  };
}

/** Who may use the dead-letter queue of a DurableQueue: that queue alone, where its name is known before CloudFormation makes it. */
export function redriveAllowPolicyFor(scope: Construct, queueName: string | undefined): sqs.RedriveAllowPolicy {
  if (queueName === undefined || queueName === PhysicalName.GENERATE_IF_NEEDED) return { redrivePermission: sqs.RedrivePermission.ALLOW_ALL };
  const queueArn = Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
  return { sourceQueues: [sqs.Queue.fromQueueArn(scope, 'Named', queueArn)] };
}
