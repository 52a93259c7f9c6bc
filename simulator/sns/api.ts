import { parseArn } from '../arn';
import { ServiceError, type Caller } from '../contracts';
import {
  setSubscriptionAttribute, setTopicAttribute, subscriptionAttributes, subscriptionProperties, topicAttributes, topicProperties,
} from './api-attributes';
import { type Input, messageOf, optional, required, tagsOf, texts } from './api-input';
import { addPermission, removePermission } from './api-permissions';
import { publishBatch } from './api-publish-batch';
import type { SnsService } from './index';
import { invalidParameter } from './message';
import type { Subscription } from './subscription';

type Output = Record<string, unknown>;

type Operation = (sns: SnsService, input: Input, caller: Caller) => Output;

/** Entries on a page of ListTopics, ListSubscriptions and ListSubscriptionsByTopic. */
const pageSize = 100;

const operations: Readonly<Record<string, Operation>> = {
  Publish(sns, input, caller) {
    if (input.PhoneNumber !== undefined || input.TargetArn !== undefined && input.TopicArn === undefined && !isTopicArn(input.TargetArn)) {
      throw invalidParameter('\'PhoneNumber\' and endpoints of mobile devices are not modelled by the simulator');
    }
    const { messageId, sequenceNumber } = sns.publish(required(input, 'TopicArn', 'TargetArn'), messageOf(input), caller);
    return { MessageId: messageId, ...(sequenceNumber && { SequenceNumber: sequenceNumber }) };
  },

  PublishBatch: publishBatch,

  CreateTopic(sns, input, caller) {
    if (optional(input, 'DataProtectionPolicy')) throw invalidParameter('DataProtectionPolicy Reason: data protection is not modelled by the simulator');
    const properties = topicProperties(required(input, 'Name'), input.Attributes as Record<string, string> | undefined, tagsOf(input));
    const existing = sns.topic(sns.topicArn(properties.name));
    if (!existing) return { TopicArn: sns.createTopic(properties).arn };
    sns.check('sns:CreateTopic', existing, caller);
    const attributes = topicAttributes(existing, sns.place, sns.now);
    for (const [name, value] of Object.entries((input.Attributes ?? {}) as Record<string, string>)) {
      if (attributes[name] !== value) throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    }
    for (const [key, value] of Object.entries(properties.tags ?? {})) {
      if (existing.tags.get(key) !== value) throw invalidParameter('Tags Reason: Topic already exists with different tags');
    }
    return { TopicArn: existing.arn };
  },

  DeleteTopic(sns, input, caller) {
    const topic = sns.topic(required(input, 'TopicArn'));
    if (topic) {
      sns.check('sns:DeleteTopic', topic, caller);
      sns.deleteTopic(topic.arn);
    }
    return {};
  },

  ListTopics(sns, input) {
    return page(sns.topics().map(({ arn }) => ({ TopicArn: arn })), 'Topics', input);
  },

  GetTopicAttributes(sns, input, caller) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    sns.check('sns:GetTopicAttributes', topic, caller);
    return { Attributes: topicAttributes(topic, sns.place, sns.now) };
  },

  SetTopicAttributes(sns, input, caller) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    sns.check('sns:SetTopicAttributes', topic, caller);
    setTopicAttribute(topic, required(input, 'AttributeName'), optional(input, 'AttributeValue') ?? '', sns.now);
    return {};
  },

  AddPermission(sns, input, caller) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    sns.check('sns:AddPermission', topic, caller);
    addPermission(topic, sns.place, required(input, 'Label'), texts(input, 'AWSAccountId'), texts(input, 'ActionName'));
    return {};
  },

  RemovePermission(sns, input, caller) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    sns.check('sns:RemovePermission', topic, caller);
    removePermission(topic, sns.place, required(input, 'Label'));
    return {};
  },

  Subscribe(sns, input, caller) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    const [protocol, endpoint] = [required(input, 'Protocol'), required(input, 'Endpoint')];
    sns.check('sns:Subscribe', topic, { ...caller, request: { 'sns:protocol': protocol, 'sns:endpoint': endpoint } });
    const attributes = subscriptionProperties(input.Attributes as Record<string, string> | undefined);
    const subscription = sns.subscribe({ topicArn: topic.arn, protocol, endpoint, owner: accountOf(caller), ...attributes });
    return { SubscriptionArn: shownArn(subscription, input) };
  },

  ConfirmSubscription(sns, input) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    const token = required(input, 'Token');
    const subscription = topic.subscriptions.find((one) => one.hasToken(token, sns.now));
    if (!subscription) throw invalidParameter('Token');
    subscription.confirm();
    return { SubscriptionArn: subscription.arn };
  },

  Unsubscribe(sns, input, caller) {
    const arn = required(input, 'SubscriptionArn');
    const elements = arn.split(':').length;
    if (elements < 6) throw invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    if (elements < 7) throw invalidParameter('SubscriptionId');
    const subscription = sns.subscription(arn);
    if (subscription) sns.check('sns:Unsubscribe', subscription.topic, caller);
    sns.unsubscribe(arn);
    return {};
  },

  ListSubscriptions(sns, input) {
    return page(sns.subscriptions().map(summary), 'Subscriptions', input);
  },

  ListSubscriptionsByTopic(sns, input, caller) {
    const topic = sns.existingTopic(required(input, 'TopicArn'));
    sns.check('sns:ListSubscriptionsByTopic', topic, caller);
    return page(topic.subscriptions.map(summary), 'Subscriptions', input);
  },

  GetSubscriptionAttributes(sns, input) {
    return { Attributes: subscriptionAttributes(existingSubscription(sns, input), sns.now) };
  },

  SetSubscriptionAttributes(sns, input) {
    setSubscriptionAttribute(
      sns, existingSubscription(sns, input), required(input, 'AttributeName'), optional(input, 'AttributeValue') ?? '',
    );
    return {};
  },

  TagResource(sns, input) {
    const { tags } = taggedTopic(sns, input);
    const added = Object.entries(tagsOf(input));
    if (new Set([...tags.keys(), ...added.map(([key]) => key)]).size > 50) {
      throw new ServiceError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
    }
    for (const [key, value] of added) tags.set(key, value);
    return {};
  },

  UntagResource(sns, input) {
    const { tags } = taggedTopic(sns, input);
    for (const key of (input.TagKeys ?? []) as string[]) tags.delete(key);
    return {};
  },

  ListTagsForResource(sns, input) {
    return { Tags: [...taggedTopic(sns, input).tags].map(([Key, Value]) => ({ Key, Value })) };
  },
};

/** Answers an operation of the SNS API. */
export function callSns(sns: SnsService, operation: string, input: Input, caller: Caller): Output {
  if (!Object.hasOwn(operations, operation)) {
    throw new ServiceError('InvalidAction', `The simulator does not model the action '${operation}' of SNS`);
  }
  return operations[operation](sns, input, caller);
}

function isTopicArn(value: unknown): boolean {
  return typeof value === 'string' && value.split(':').length === 6;
}

function taggedTopic(sns: SnsService, input: Input): { readonly tags: Map<string, string> } {
  const topic = sns.topic(required(input, 'ResourceArn'));
  if (!topic) throw new ServiceError('ResourceNotFound', 'Resource does not exist', 404);
  return topic;
}

function existingSubscription(sns: SnsService, input: Input): Subscription {
  const subscription = sns.subscription(required(input, 'SubscriptionArn'));
  if (!subscription) throw new ServiceError('NotFound', 'Subscription does not exist', 404);
  return subscription;
}

function shownArn({ pendingConfirmation, arn }: Subscription, input: Input): string {
  const always = input.ReturnSubscriptionArn === true || input.ReturnSubscriptionArn === 'true';
  return pendingConfirmation && !always ? 'pending confirmation' : arn;
}

/** Undefined for a service, which has none. */
function accountOf({ principal }: Caller): string | undefined {
  return (/^\d{12}$/.test(principal) ? principal : parseArn(principal).account) || undefined;
}

function summary(subscription: Subscription): Output {
  return {
    SubscriptionArn: subscription.pendingConfirmation ? 'PendingConfirmation' : subscription.arn,
    Owner: subscription.owner, Protocol: subscription.protocol, Endpoint: subscription.endpoint, TopicArn: subscription.topic.arn,
  };
}

function page(entries: readonly Output[], name: string, input: Input): Output {
  const start = Number(optional(input, 'NextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('NextToken');
  const end = start + pageSize;
  return { [name]: entries.slice(start, end), ...(end < entries.length && { NextToken: String(end) }) };
}
