import { parseArn } from '../arn';
import type { Clock } from '../clock';
import { ServiceError, type Caller, type Directory, type Place, type ServiceApi } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { callSns } from './api';
import { Delivery } from './delivery';
import { type AuthorizeLog, DeliveryStatusLog } from './delivery-status';
import {
  contentBasedDeduplicationId, invalidParameter, PublishedMessage, validateMessage, type MessageToPublish,
} from './message';
import { Replay } from './replay';
import { Subscription, type SubscriptionProperties } from './subscription';
import { Topic, type PublishResult, type TopicProperties } from './topic';

export type { AuthorizeLog, DeliveryStatusLogging } from './delivery-status';
export type { MessageToPublish } from './message';
export type { FilterPolicyScope } from './filter-policy';
export { Subscription, type EndpointDelivery, type SubscriptionProperties } from './subscription';
export { Topic, type PublishResult, type TopicProperties } from './topic';

/**
 * Decides whether a caller may do something to a topic, and throws a `ServiceError` when not.
 * @param action as in policies, for example `sns:Publish`
 */
export type Authorize = (action: string, topic: Topic, caller: Caller) => void;

/** Amazon SNS: topics, their subscriptions, and the delivery of what is published. */
export class SnsService implements ServiceApi {
  private readonly topicsByArn = new Map<string, Topic>();
  private readonly subscriptionsByArn = new Map<string, Subscription>();
  private readonly delivery: Delivery;

  /**
   * @param authorize asked before every operation on a topic; without it everything is allowed
   * @param statusLogging what the log of the delivery status needs; without it nothing is logged
   */
  constructor(
    private readonly clock: Clock, private readonly events: Events, private readonly random: Random,
    readonly place: Place, directory: Directory, private readonly authorize: Authorize = () => {},
    statusLogging?: { readonly random: Random; readonly authorize: AuthorizeLog },
  ) {
    const statusLog = statusLogging && new DeliveryStatusLog(clock, events, place, statusLogging.random, statusLogging.authorize);
    this.delivery = new Delivery(clock, events, place, directory, statusLog);
  }

  /** @throws ServiceError `InvalidParameter` for what SNS would refuse, or when there is a topic of that name */
  createTopic(properties: TopicProperties): Topic {
    const arn = this.topicArn(properties.name);
    if (this.topicsByArn.has(arn)) throw invalidParameter(`Topic Name Reason: Topic already exists: ${arn}`);
    const topic = new Topic(arn, properties);
    if (properties.archivePolicy) topic.archiveBy(properties.archivePolicy, this.now);
    this.topicsByArn.set(arn, topic);
    return topic;
  }

  topicArn(name: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:sns:${region}:${account}:${name}`;
  }

  topic(arn: string): Topic | undefined {
    return this.topicsByArn.get(arn);
  }

  topics(): Topic[] {
    return [...this.topicsByArn.values()];
  }

  /**
   * Deletes a topic with its subscriptions; one that doesn't exist is no error.
   *
   * @throws ServiceError `InvalidState` for a topic with an archive, which an empty archive policy takes away
   */
  deleteTopic(arn: string): void {
    if (this.topicsByArn.get(arn)?.archive) throw new ServiceError('InvalidState', 'Invalid state: Cannot delete a topic with an ArchivePolicy');
    this.topicsByArn.get(arn)?.subscriptions.forEach((subscription) => this.unsubscribe(subscription.arn));
    this.topicsByArn.delete(arn);
  }

  /**
   * Subscribes an endpoint; when it is subscribed in the same way already, that subscription is returned.
   *
   * @throws ServiceError `InvalidParameter` for what SNS would refuse, `NotFound` without the topic
   */
  subscribe(properties: SubscriptionProperties): Subscription {
    const topic = this.existingTopic(properties.topicArn);
    const arn = `${topic.arn}:${this.random.uuid()}`;
    const subscription = new Subscription(topic, arn, this.random.hex(64), properties, this.now);
    subscription.replay = this.replayOf(properties.replayPolicy, topic);
    const present = topic.subscriptions.find((other) => other.hasEndpointOf(subscription));
    if (present) {
      if (present.hasAttributesOf(subscription)) return present;
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    }
    topic.add(subscription);
    this.subscriptionsByArn.set(arn, subscription);
    if (subscription.replay) this.delivery.replay(subscription, subscription.replay);
    if (subscription.asksQueueOwner) this.delivery.askForConfirmation(subscription, this.random.uuid());
    return subscription;
  }

  subscription(arn: string): Subscription | undefined {
    return this.subscriptionsByArn.get(arn);
  }

  subscriptions(): Subscription[] {
    return [...this.subscriptionsByArn.values()];
  }

  /**
   * Delivers archived messages to a subscription once more; an empty policy ends a replay, and what is published is delivered.
   *
   * @throws ServiceError `InvalidParameter` for what SNS would refuse
   */
  replay(subscription: Subscription, policy: object): void {
    subscription.replay = this.replayOf(policy, subscription.topic);
    if (subscription.replay) this.delivery.replay(subscription, subscription.replay);
  }

  unsubscribe(arn: string): void {
    const subscription = this.subscriptionsByArn.get(arn);
    if (!subscription) return;
    this.subscriptionsByArn.delete(arn);
    subscription.topic.remove(subscription);
  }

  /**
   * Accepts a message; it is delivered as the next event of the clock.
   *
   * @throws ServiceError `NotFound` without the topic, `InvalidParameter` or `ParameterValueInvalid` for a message that
   * SNS would refuse, and what `authorize` throws
   */
  publish(topicArn: string, message: MessageToPublish, caller: Caller = { principal: this.place.account }): PublishResult {
    const topic = this.existingTopic(topicArn);
    this.check('sns:Publish', topic, caller);
    validateMessage(message, topic);
    const at = this.clock.now();
    const deduplicationId = topic.fifo ? message.messageDeduplicationId ?? contentBasedDeduplicationId(message.message) : undefined;
    const earlier = deduplicationId === undefined ? undefined : topic.duplicateOf(deduplicationId, message.messageGroupId, at);
    const published = new PublishedMessage(
      earlier?.messageId ?? this.random.uuid(), at, message, deduplicationId,
      earlier?.sequenceNumber ?? (topic.fifo ? topic.nextSequenceNumber() : undefined),
    );
    const { messageId, sequenceNumber, bytes } = published;
    const action = earlier ? 'deduplicated' : 'published';
    this.events.emit({ service: 'sns', action, at, resource: topic.arn, messageId, bytes, body: message.message });
    if (earlier) return earlier;
    const result = sequenceNumber === undefined ? { messageId } : { messageId, sequenceNumber };
    topic.publishedCount++;
    if (topic.fifo) topic.remember(published, result);
    topic.archive?.keep(published);
    this.delivery.enqueue(topic, published);
    return result;
  }

  async call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return callSns(this, operation, input, caller);
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.clock.now();
  }

  /** @throws ServiceError as the API does for an ARN that names no topic of this place */
  existingTopic(arn: string): Topic {
    const elements = arn.split(':').length;
    if (elements < 6) throw invalidParameter(`TopicArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    if (parseArn(arn).region !== this.place.region) throw invalidParameter('TopicArn');
    const topic = this.topicsByArn.get(arn);
    if (!topic) throw new ServiceError('NotFound', 'Topic does not exist', 404);
    return topic;
  }

  /** @throws what `authorize` throws */
  check(action: string, topic: Topic, caller: Caller): void {
    this.authorize(action, topic, caller);
  }

  private replayOf(policy: object = {}, topic: Topic): Replay | undefined {
    return Object.keys(policy).length === 0 ? undefined : new Replay(policy, topic, this.now);
  }
}
