import { isDeepStrictEqual } from 'node:util';
import { parseArn } from '../../arn';
import { assumeRole, type AccessControl } from '../../iam';
import type { DeliveryStatusLogging, FilterPolicyScope, SnsService, Subscription, SubscriptionProperties } from '../../sns';
import { alreadyExists, type Properties, type ResourceProvider } from '../provider';

/** @param snsOf the service that has a topic, or a subscription to it: another account's, or another region's. Without it there is one. */
export function snsProviders(sns: SnsService, access: AccessControl, snsOf: (arn: string) => SnsService = () => sns): ResourceProvider[] {
  const subscribe = (properties: SubscriptionProperties): Subscription => {
    const { subscriptionRoleArn } = properties;
    // AWS's pages name nothing that SNS would send with it
    if (subscriptionRoleArn !== undefined) assumeRole(access, subscriptionRoleArn, { principal: 'sns.amazonaws.com' }, 'SNS cannot assume the subscription\'s role.');
    const { topicArn, protocol, endpoint } = properties;
    const home = snsOf(topicArn);
    const owner = sns.place.account;
    home.check('sns:Subscribe', home.existingTopic(topicArn), { principal: owner, request: { 'sns:protocol': protocol, 'sns:endpoint': endpoint } });
    return home.subscribe({ ...properties, owner });
  };
  /** SNS takes a topic where it is asked: in the region of the stack, or in the one that the property names. */
  const topicOf = (properties: Properties): string => {
    const topicArn = properties.requiredText('TopicArn');
    const region = properties.text('Region') ?? sns.place.region;
    if (parseArn(topicArn).region !== region) throw new Error(`'TopicArn' must be of the region ${region}, or 'Region' name the topic's, got '${topicArn}'`);
    return topicArn;
  };
  const topicsOf = (properties: Properties): string[] => properties.list<string>('Topics') ?? [];
  const setPolicies = (properties: Properties): void => {
    for (const arn of topicsOf(properties)) {
      const topic = sns.topic(arn);
      if (!topic) throw new Error(`'Topics' names '${arn}', which is no topic of this simulation`);
      topic.policy = properties.object('PolicyDocument');
    }
  };
  /** Of the topics that are still there: they go back to what a topic has at first. */
  const removePolicies = (properties: Properties): void => {
    for (const topic of topicsOf(properties).map((arn) => sns.topic(arn))) if (topic) topic.policy = undefined;
  };
  return [
    {
      type: 'AWS::SNS::Topic',
      modelled: [
        'TopicName', 'FifoTopic', 'ContentBasedDeduplication', 'FifoThroughputScope', 'DisplayName', 'KmsMasterKeyId',
        'ArchivePolicy', 'Subscription', 'Tags', 'DeliveryStatusLogging',
      ],
      withoutEffect: ['SignatureVersion', 'TracingConfig'],
      replaces: ['TopicName', 'FifoTopic'],
      namedBy: 'TopicName',
      create({ type, properties, physicalName }) {
        const fifo = properties.boolean('FifoTopic');
        const name = properties.text('TopicName') ?? physicalName(256, fifo ? '.fifo' : '');
        if (sns.topic(sns.topicArn(name))) throw alreadyExists(type, name);
        const topic = sns.createTopic({
          name,
          fifo,
          contentBasedDeduplication: properties.boolean('ContentBasedDeduplication'),
          fifoThroughputScope: properties.text('FifoThroughputScope') as 'Topic' | 'MessageGroup' | undefined,
          displayName: properties.text('DisplayName'),
          kmsMasterKeyId: properties.text('KmsMasterKeyId'),
          archivePolicy: properties.object('ArchivePolicy'),
          deliveryStatusLogging: statusLogging(properties),
          tags: properties.tags(),
        });
        for (const { Protocol, Endpoint } of inlineSubscriptions(properties)) {
          subscribe({ topicArn: topic.arn, protocol: Protocol, endpoint: Endpoint });
        }
        return { ref: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } };
      },
      update({ ref, properties, previous }) {
        const topic = sns.topic(ref)!;
        topic.contentBasedDeduplication = properties.boolean('ContentBasedDeduplication') ?? false;
        topic.fifoThroughputScope = (properties.text('FifoThroughputScope') ?? 'Topic') as 'Topic' | 'MessageGroup';
        topic.displayName = properties.text('DisplayName') ?? '';
        topic.kmsMasterKeyId = properties.text('KmsMasterKeyId');
        topic.deliveryStatusLogging = statusLogging(properties);
        topic.archiveBy(properties.object('ArchivePolicy') ?? {}, sns.now);
        topic.tags.clear();
        for (const [key, value] of Object.entries(properties.tags())) topic.tags.set(key, value);
        const wanted = inlineSubscriptions(properties);
        for (const { Protocol, Endpoint } of wanted) subscribe({ topicArn: ref, protocol: Protocol, endpoint: Endpoint });
        for (const { Protocol, Endpoint } of inlineSubscriptions(previous)) {
          if (wanted.some((one) => one.Protocol === Protocol && one.Endpoint === Endpoint)) continue;
          const gone = topic.subscriptions.find(({ protocol, endpoint }) => protocol === Protocol && endpoint === Endpoint);
          if (gone) sns.unsubscribe(gone.arn);
        }
      },
      delete({ ref }) {
        sns.deleteTopic(ref);
      },
    },
    {
      type: 'AWS::SNS::Subscription',
      modelled: [
        'TopicArn', 'Protocol', 'Endpoint', 'FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy', 'ReplayPolicy',
        'SubscriptionRoleArn', 'Region',
      ],
      replaces: ['TopicArn', 'Protocol', 'Endpoint'],
      create({ properties }) {
        return {
          ref: subscribe({
            topicArn: topicOf(properties),
            protocol: properties.requiredText('Protocol'),
            endpoint: properties.requiredText('Endpoint'),
            filterPolicy: properties.object('FilterPolicy'),
            filterPolicyScope: properties.text('FilterPolicyScope') as 'MessageAttributes' | 'MessageBody' | undefined,
            rawMessageDelivery: properties.boolean('RawMessageDelivery'),
            redrivePolicy: properties.object<{ deadLetterTargetArn: string }>('RedrivePolicy'),
            replayPolicy: properties.object('ReplayPolicy'),
            subscriptionRoleArn: properties.text('SubscriptionRoleArn'),
          }).arn,
        };
      },
      update({ ref, properties, previous }) {
        const home = snsOf(ref);
        const subscription = home.subscription(ref)!;
        subscription.filterBy(properties.object('FilterPolicy'), (properties.text('FilterPolicyScope') ?? 'MessageAttributes') as FilterPolicyScope);
        subscription.rawMessageDelivery = properties.boolean('RawMessageDelivery') ?? false;
        subscription.redrivePolicy = properties.object<{ deadLetterTargetArn: string }>('RedrivePolicy');
        const replayPolicy = properties.object('ReplayPolicy');
        if (!isDeepStrictEqual(replayPolicy, previous.object('ReplayPolicy'))) home.replay(subscription, replayPolicy ?? {});
      },
      delete({ ref }) {
        snsOf(ref).unsubscribe(ref);
      },
    },
    {
      type: 'AWS::SNS::TopicPolicy',
      modelled: ['Topics', 'PolicyDocument'],
      create({ properties, logicalId }) {
        setPolicies(properties);
        return { ref: logicalId, attributes: { Id: logicalId } };
      },
      update({ properties, previous }) {
        removePolicies(previous);
        setPolicies(properties);
      },
      delete({ properties }) {
        removePolicies(properties);
      },
    },
  ];
}

function inlineSubscriptions(properties: Properties): { Protocol: string; Endpoint: string }[] {
  return properties.list<{ Protocol: string; Endpoint: string }>('Subscription') ?? [];
}

interface GivenStatusLogging {
  readonly Protocol: string;
  readonly SuccessFeedbackSampleRate?: string;
  readonly SuccessFeedbackRoleArn?: string;
  readonly FailureFeedbackRoleArn?: string;
}

function statusLogging(properties: Properties): DeliveryStatusLogging[] {
  return (properties.list<GivenStatusLogging>('DeliveryStatusLogging') ?? []).map((given) => ({
    protocol: given.Protocol,
    successSampleRate: given.SuccessFeedbackSampleRate === undefined ? undefined : Number(given.SuccessFeedbackSampleRate),
    successRoleArn: given.SuccessFeedbackRoleArn,
    failureRoleArn: given.FailureFeedbackRoleArn,
  }));
}
