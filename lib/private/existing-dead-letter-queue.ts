import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { DurableQueueProps } from '../durable-queue';
import { cfnQueueOf, kindOf, retentionOf } from './queue-resource';
import { isKnown, must, type Rule, wording } from './validation';

/**
 * What must hold for a dead-letter queue that a DurableQueue is given, as far as the app knows it.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export function existingDeadLetterQueueRules(scope: IConstruct, props: DurableQueueProps): Rule[] {
  const { deadLetterQueue: given, fifo = false } = props;
  if (!given) return [];
  const resource = cfnQueueOf(given);
  return [
    ...(['deadLetterRetentionPeriod', 'deadLetterRemovalPolicy'] as const).map((name) => must(props[name] === undefined,
      `'${name}' must be left out with 'deadLetterQueue', which has its own`)),
    must(given.fifo === fifo,
      `'deadLetterQueue' must be a ${kindOf({ fifo })} queue as this one is, got the ${kindOf(given)} queue '${given.node.path}'`),
    ...(['account', 'region'] as const).map((place) => {
      const [own, other] = [Stack.of(scope)[place], given.env[place]];
      return must(own === other || Token.isUnresolved(own) || Token.isUnresolved(other),
        `'deadLetterQueue' must be in this queue's ${place}, ${own}, got '${given.node.path}' in ${other}`);
    }),
    ...(resource ? [outlives(given, resource, props), allows(scope, given, resource, props)] : []),
  ];
}

/** What the rules check for a queue of this app is not known of an imported one. */
export function warnOfImportedDeadLetterQueue(scope: IConstruct, props: DurableQueueProps): void {
  const { deadLetterQueue: given, queueName, fifo, retentionPeriod = Duration.days(4) } = props;
  if (!given || cfnQueueOf(given)) return;
  const allowed = isKnown(queueName)
    ? { redrivePermission: 'byQueue', sourceQueueArns: [ownArn(scope, queueName)] }
    : { redrivePermission: 'allowAll' };
  const longer = fifo || !isKnown(retentionPeriod) ? '' : ` And its MessageRetentionPeriod must be longer than ${wording(retentionPeriod)}, or 14 days.`;
  Annotations.of(scope).addWarningV2('cdk-messaging:importedDeadLetterQueue',
    `The dead-letter queue '${given.node.path}' cannot be changed from here. If it has a RedriveAllowPolicy, that must let this queue in: `
    + `${JSON.stringify(Stack.of(scope).resolve(allowed))}.${longer}`);
}

function outlives(given: sqs.IQueue, resource: sqs.CfnQueue, { fifo, retentionPeriod = Duration.days(4) }: DurableQueueProps): Rule {
  const kept = retentionOf(resource);
  if (fifo || !isKnown(kept) || !isKnown(retentionPeriod)) return must(true, '');
  return must(kept * 1000 > retentionPeriod.toMilliseconds() || kept === Duration.days(14).toSeconds(),
    `'deadLetterQueue' must keep messages for longer than 'retentionPeriod' (${wording(retentionPeriod)}), or 14 days, got '${given.node.path}' with `
    + `${wording(Duration.seconds(kept))}: the age of a dead letter counts from when the message was first sent`);
}

function allows(scope: IConstruct, given: sqs.IQueue, resource: sqs.CfnQueue, { queueName }: DurableQueueProps): Rule {
  const { redrivePermission = 'allowAll', sourceQueueArns = [] } = (resource.redriveAllowPolicy ?? {}) as {
    redrivePermission?: string; sourceQueueArns?: string[];
  };
  const named = isKnown(queueName) && sourceQueueArns.some((arn) => sameText(scope, arn, ownArn(scope, queueName)));
  return must(redrivePermission === 'allowAll' || (redrivePermission === 'byQueue' && named),
    `'deadLetterQueue' must allow this queue, but the redrive allow policy of '${given.node.path}' is '${redrivePermission}'`
    + `${redrivePermission === 'byQueue' ? " for others. Give this queue a 'queueName', and name its ARN there" : ''}`);
}

function ownArn(scope: IConstruct, queueName: string): string {
  return Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
}

function sameText(scope: IConstruct, one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => JSON.stringify(Stack.of(scope).resolve(text)));
  return left === right;
}
