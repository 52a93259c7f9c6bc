import { Duration, Token } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueSubscriptionProps } from '../queue-subscription';
import { isManagedByAws } from './service-key-access';
import { durationWithin, must, type Rule } from './validation';

/** What must hold for a subscription, besides the policies. */
export function queueSubscriptionRules(props: QueueSubscriptionProps): Rule[] {
  const { topic, queue } = props;
  return [
    must(topic.fifo || !queue.fifo,
      `the queue '${queue.node.path}' must be a standard queue: SNS refuses to deliver from a standard topic to a FIFO queue`),
    must(queue.encryptionType !== sqs.QueueEncryption.KMS_MANAGED && !isManagedByAws(queue.encryptionMasterKey),
      `the queue '${queue.node.path}' must not be encrypted with a key that AWS manages: SNS cannot use it. Use SSE-SQS or a customer key`),
    ...(['account', 'region'] as const).map((part) => must(
      Token.isUnresolved(topic.env[part]) || Token.isUnresolved(queue.env[part]) || topic.env[part] === queue.env[part],
      `the queue '${queue.node.path}' must be in the ${part} of its topic, ${topic.env[part]}, got ${queue.env[part]}. `
      + `For a delivery between two, use the topic's own 'addSubscription'`)),
    must(!props.filterPolicy || !props.filterPolicyWithMessageBody,
      "only one of 'filterPolicy' and 'filterPolicyWithMessageBody' must be given"),
    must(Object.keys(props.filterPolicy ?? {}).length <= 5,
      `'filterPolicy' must have at most 5 attributes, got ${Object.keys(props.filterPolicy ?? {}).length}`),
    durationWithin('deadLetterRetentionPeriod', props.deadLetterRetentionPeriod, Duration.seconds(60), Duration.days(14)),
  ];
}
