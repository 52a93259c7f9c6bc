import { Duration } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueSubscriptionProps } from '../queue-subscription';
import { attributesPolicy, bodyPolicy, filterPolicyRules } from './filter-policy-rules';
import { isManagedByAws } from './service-key-access';
import { endsDiffer } from './subscription-environments';
import { durationWithin, must, type Rule } from './validation';

/** What must hold for a subscription, besides the policies. */
export function queueSubscriptionRules(props: QueueSubscriptionProps): Rule[] {
  const { topic, queue } = props;
  return [
    must(topic.fifo || !queue.fifo,
      `the queue '${queue.node.path}' must be a standard queue: SNS refuses to deliver from a standard topic to a FIFO queue`),
    must(queue.encryptionType !== sqs.QueueEncryption.KMS_MANAGED && !isManagedByAws(queue.encryptionMasterKey),
      `the queue '${queue.node.path}' must not be encrypted with a key that AWS manages: SNS cannot use it. Use SSE-SQS or a customer key`),
    must(!isManagedByAws(props.deadLetterEncryptionKey), "'deadLetterEncryptionKey' must be a customer key: SNS cannot use a key that AWS manages"),
    must(queue.encryptionMasterKey === undefined || props.deadLetterEncryptionKey !== undefined || !endsDiffer(props, 'region'),
      `'deadLetterEncryptionKey' must be given: the customer key of the queue is in ${queue.env.region}, and the dead-letter queue will be in ${topic.env.region}`),
    must(!props.filterPolicy || !props.filterPolicyWithMessageBody,
      "only one of 'filterPolicy' and 'filterPolicyWithMessageBody' must be given"),
    ...filterPolicyRules('filterPolicy', attributesPolicy(props.filterPolicy), 'MessageAttributes'),
    ...filterPolicyRules('filterPolicyWithMessageBody', bodyPolicy(props.filterPolicyWithMessageBody), 'MessageBody'),
    durationWithin('deadLetterRetentionPeriod', props.deadLetterRetentionPeriod, Duration.seconds(60), Duration.days(14)),
    ...replayRules(props),
  ];
}

function replayRules({ topic, replayFrom, replayUntil }: QueueSubscriptionProps): Rule[] {
  const resource = topic.node.defaultChild;
  return [
    must(replayFrom === undefined || topic.fifo, "'replayFrom' must be left out on a standard topic: only FIFO topics have an archive"),
    must(replayFrom === undefined || !topic.fifo || !(resource instanceof sns.CfnTopic) || resource.archivePolicy !== undefined,
      `'replayFrom' must be left out where the topic has no archive: set 'archiveRetentionPeriod' on '${topic.node.path}'`),
    dateGiven('replayFrom', replayFrom),
    dateGiven('replayUntil', replayUntil),
    must(replayUntil === undefined || (replayFrom !== undefined && !(replayUntil <= replayFrom)),
      `'replayUntil' must be later than 'replayFrom', ${dateText(replayFrom)}, got ${dateText(replayUntil)}`),
  ];
}

function dateGiven(name: string, date: Date | undefined): Rule {
  return must(date === undefined || !Number.isNaN(date.getTime()), `'${name}' must be a date, got ${dateText(date)}`);
}

function dateText(date: Date | undefined): string {
  if (date === undefined) return 'nothing';
  return Number.isNaN(date.getTime()) ? 'an invalid date' : date.toISOString();
}
