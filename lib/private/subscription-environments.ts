import { Stack, Stage, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { must, type Rule } from './validation';

/** The two ends of a subscription. */
export interface Ends {
  readonly topic: sns.ITopic;
  readonly queue: sqs.IQueue;
}

/** Whether the ends are known to be in different accounts, or regions. */
export function endsDiffer({ topic, queue }: Ends, part: 'account' | 'region'): boolean {
  return differ(topic.env[part], queue.env[part]);
}

/**
 * The principal as which SNS sends to the queue. It is a regional one where the regions differ and one of them has to be opted in to.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
export function deliveryPrincipal(ends: Ends): string {
  if (!endsDiffer(ends, 'region')) return 'sns.amazonaws.com';
  const optIn = [ends.queue, ends.topic].map(({ env }) => env.region).find((region) => RegionInfo.get(region).isOptInRegion);
  return optIn === undefined ? 'sns.amazonaws.com' : `sns.${optIn}.amazonaws.com`;
}

/** What lets the queue's account subscribe this queue to a topic of another account, and nothing else. */
export function subscribeStatement(account: string, queueArn: string, topicArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.AccountPrincipal(account)],
    actions: ['sns:Subscribe'],
    resources: [topicArn],
    conditions: { StringEquals: { 'sns:Protocol': 'sqs', 'sns:Endpoint': queueArn } },
  });
}

/**
 * What must hold for a subscription whose ends are in different accounts or regions.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export function environmentRules(scope: IConstruct, { topic, queue }: Ends): Rule[] {
  const stack = Stack.of(scope);
  const { account } = queue.env;
  const { region } = topic.env;
  // A dead-letter queue has to be in the account of the subscription, which SNS confirms by itself only in the queue's, and in its region.
  const place = must(!differ(stack.account, account) && !differ(stack.region, region),
    `the subscription must be in a stack of the queue's account, ${shown(account)}, and of the topic's region, ${shown(region)}, where its dead-letter `
    + `queue has to be; got ${shown(stack.account)} and ${shown(stack.region)}. Make a 'QueueSubscription' in such a stack`);
  return [
    place,
    ...(place.holds ? [mustBeNamed('topicName', topic, topic.topicArn, queue.stack), mustBeNamed('queueName', queue, queue.queueArn, stack)] : []),
  ];
}

/** Makes one construct wait for another. Between stages there is nothing that could wait. */
export function waitFor(construct: IConstruct, other: IDependable | undefined): void {
  if (other === undefined || (Construct.isConstruct(other) && Stage.of(construct) !== Stage.of(other))) return;
  construct.node.addDependency(other);
}

function mustBeNamed(property: string, resource: IConstruct, arn: string, user: Stack): Rule {
  return must(isResolvable(arn, user),
    `'${resource.node.path}' must have a name, '${property}', because its ARN is used in another account or region: by the stack '${user.node.path}'`);
}

function isResolvable(arn: string, user: Stack): boolean {
  try {
    user.resolve(arn);
    return true;
  } catch {
    return false;
  }
}

function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}

function shown(part: string): string {
  return Token.isUnresolved(part) ? 'unknown' : part;
}
