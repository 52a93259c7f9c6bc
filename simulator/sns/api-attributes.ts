import type { Place } from '../contracts';
import type { FilterPolicyScope } from './filter-policy';
import type { SnsService } from './index';
import { invalidParameter } from './message';
import type { Subscription, SubscriptionProperties } from './subscription';
import type { Topic, TopicProperties } from './topic';

type Attributes = Record<string, string>;

/** The properties of a topic from the text values of CreateTopic. */
export function topicProperties(name: string, attributes: Readonly<Attributes> = {}, tags: Readonly<Attributes> = {}): TopicProperties {
  const known = [
    'DisplayName', 'FifoTopic', 'ContentBasedDeduplication', 'FifoThroughputScope', 'KmsMasterKeyId', 'Policy',
    'SignatureVersion', 'TracingConfig', 'MaximumMessageSize', 'ArchivePolicy',
  ];
  const unknown = Object.keys(attributes).find((attribute) => !known.includes(attribute));
  if (unknown) throw invalidParameter(`Attributes Reason: '${unknown}' is unknown to the simulator`);
  const { FifoTopic, ContentBasedDeduplication, FifoThroughputScope, MaximumMessageSize, ArchivePolicy, Policy } = attributes;
  return {
    name,
    displayName: attributes.DisplayName,
    fifo: boolean('FifoTopic', FifoTopic),
    contentBasedDeduplication: boolean('ContentBasedDeduplication', ContentBasedDeduplication),
    fifoThroughputScope: FifoThroughputScope === undefined ? undefined : throughputScope(FifoThroughputScope),
    kmsMasterKeyId: attributes.KmsMasterKeyId,
    policy: Policy ? jsonObject('Policy', Policy) : undefined,
    signatureVersion: attributes.SignatureVersion,
    tracingConfig: attributes.TracingConfig,
    maximumMessageSize: MaximumMessageSize === undefined ? undefined : Number(MaximumMessageSize),
    archivePolicy: ArchivePolicy === undefined ? undefined : jsonObject('ArchivePolicy', ArchivePolicy),
    tags,
  };
}

export function topicAttributes(topic: Topic, place: Place, now: number): Attributes {
  const confirmed = topic.subscriptions.filter(({ pendingConfirmation }) => !pendingConfirmation).length;
  return {
    TopicArn: topic.arn,
    Owner: place.account,
    DisplayName: topic.displayName,
    Policy: JSON.stringify(policyOf(topic, place)),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(topic.subscriptions.length - confirmed),
    SubscriptionsDeleted: String(topic.subscriptionsDeleted),
    SignatureVersion: topic.signatureVersion,
    TracingConfig: topic.tracingConfig,
    MaximumMessageSize: String(topic.maximumMessageSize),
    ...(topic.kmsMasterKeyId && { KmsMasterKeyId: topic.kmsMasterKeyId }),
    ...(topic.fifo && {
      FifoTopic: 'true',
      ContentBasedDeduplication: String(topic.contentBasedDeduplication),
      FifoThroughputScope: topic.fifoThroughputScope,
    }),
    ...(topic.archive && {
      ArchivePolicy: JSON.stringify(topic.archive.policy),
      BeginningArchiveTime: new Date(topic.archive.beginning(now)).toISOString(),
    }),
  };
}

export function setTopicAttribute(topic: Topic, name: string, value: string, now: number): void {
  switch (name) {
    case 'DisplayName': topic.displayName = value; break;
    case 'KmsMasterKeyId': topic.kmsMasterKeyId = value || undefined; break;
    case 'Policy': topic.policy = value ? jsonObject('Policy', value) : undefined; break;
    case 'MaximumMessageSize': topic.maximumMessageSize = Number(value); break;
    case 'SignatureVersion':
      if (value !== '1' && value !== '2') throw invalidParameter(`SignatureVersion: Invalid value [${value}]. Must be 1 or 2`);
      topic.signatureVersion = value;
      break;
    case 'TracingConfig':
      if (value !== 'PassThrough' && value !== 'Active') {
        throw invalidParameter(`TracingConfig: Invalid value [${value}]. Must be PassThrough or Active`);
      }
      topic.tracingConfig = value;
      break;
    case 'ArchivePolicy': topic.archiveBy(jsonObject(name, value), now); break;
    case 'ContentBasedDeduplication':
    case 'FifoThroughputScope':
      if (!topic.fifo) throw invalidParameter(`AttributeName Reason: ${name} is for FIFO topics only`);
      if (name === 'ContentBasedDeduplication') topic.contentBasedDeduplication = boolean(name, value)!;
      else topic.fifoThroughputScope = throughputScope(value);
      break;
    case 'DeliveryPolicy': throw invalidParameter(notModelled(name));
    default: throw invalidParameter('AttributeName');
  }
}

/** The properties of a subscription from the text values of Subscribe. */
export function subscriptionProperties(attributes: Readonly<Attributes> = {}): Partial<SubscriptionProperties> {
  const known = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy', 'ReplayPolicy', 'SubscriptionRoleArn'];
  const unknown = Object.keys(attributes).find((attribute) => !known.includes(attribute));
  if (unknown) throw invalidParameter(`Attributes Reason: '${unknown}' is unknown to the simulator`);
  const { FilterPolicy, FilterPolicyScope: scope, RawMessageDelivery, RedrivePolicy, ReplayPolicy, SubscriptionRoleArn } = attributes;
  return {
    filterPolicy: FilterPolicy ? jsonObject('FilterPolicy', FilterPolicy) : undefined,
    filterPolicyScope: scope as FilterPolicyScope | undefined,
    rawMessageDelivery: boolean('RawMessageDelivery', RawMessageDelivery),
    redrivePolicy: RedrivePolicy ? jsonObject('RedrivePolicy', RedrivePolicy) as { deadLetterTargetArn: string } : undefined,
    replayPolicy: ReplayPolicy ? jsonObject('ReplayPolicy', ReplayPolicy) : undefined,
    subscriptionRoleArn: SubscriptionRoleArn,
  };
}

export function subscriptionAttributes(subscription: Subscription, now: number): Attributes {
  const { filterPolicy, redrivePolicy, replay, subscriptionRoleArn } = subscription;
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topic.arn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: subscription.owner,
    PendingConfirmation: String(subscription.pendingConfirmation),
    ConfirmationWasAuthenticated: String(!subscription.pendingConfirmation),
    RawMessageDelivery: String(subscription.rawMessageDelivery),
    ...(filterPolicy && { FilterPolicy: JSON.stringify(filterPolicy), FilterPolicyScope: subscription.filterPolicyScope }),
    ...(redrivePolicy && { RedrivePolicy: JSON.stringify(redrivePolicy) }),
    ...(replay && { ReplayPolicy: JSON.stringify(replay.policy), ReplayStatus: replay.status(now) }),
    ...(subscriptionRoleArn && { SubscriptionRoleArn: subscriptionRoleArn }),
  };
}

export function setSubscriptionAttribute(sns: SnsService, subscription: Subscription, name: string, value: string): void {
  switch (name) {
    case 'FilterPolicy':
      subscription.filterBy(value ? jsonObject(name, value) : undefined);
      break;
    case 'FilterPolicyScope':
      subscription.filterBy(subscription.filterPolicy, value as FilterPolicyScope);
      break;
    case 'RawMessageDelivery':
      subscription.rawMessageDelivery = boolean(name, value)!;
      break;
    case 'RedrivePolicy':
      subscription.redrivePolicy = value ? jsonObject(name, value) as { deadLetterTargetArn: string } : undefined;
      break;
    case 'ReplayPolicy':
      sns.replay(subscription, value ? jsonObject(name, value) : {});
      break;
    case 'DeliveryPolicy': throw invalidParameter(notModelled(name));
    default: throw invalidParameter('AttributeName');
  }
}

/** What a topic has until it gets a policy lets its account do everything. */
export function policyOf(topic: Topic, place: Place): object {
  return topic.policy ?? {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [{
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission', 'SNS:DeleteTopic',
        'SNS:Subscribe', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish',
      ],
      Resource: topic.arn,
      Condition: { StringEquals: { 'AWS:SourceOwner': place.account } },
    }],
  };
}

function notModelled(name: string): string {
  return `AttributeName Reason: '${name}' is not modelled by the simulator`;
}

function boolean(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (!/^(true|false)$/i.test(value)) throw invalidParameter(`${name}: Invalid value [${value}]. Must be true or false.`);
  return value.toLowerCase() === 'true';
}

function throughputScope(value: string): 'Topic' | 'MessageGroup' {
  if (value !== 'Topic' && value !== 'MessageGroup') {
    throw invalidParameter(`FifoThroughputScope: Invalid value [${value}]. Must be Topic or MessageGroup`);
  }
  return value;
}

function jsonObject(name: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidParameter(`${name}: failed to parse JSON. ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidParameter(`${name}: must be a JSON object`);
  return value;
}
