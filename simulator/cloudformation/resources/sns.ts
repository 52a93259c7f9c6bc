import type { SnsService, SubscriptionProperties } from '../../sns';
import type { ResourceProvider } from '../provider';

export function snsProviders(sns: SnsService): ResourceProvider[] {
  const subscribe = (properties: SubscriptionProperties): string => sns.subscribe(properties).arn;
  return [
    {
      type: 'AWS::SNS::Topic',
      modelled: [
        'TopicName', 'FifoTopic', 'ContentBasedDeduplication', 'FifoThroughputScope', 'DisplayName', 'KmsMasterKeyId',
        'Subscription', 'Tags',
      ],
      withoutEffect: ['SignatureVersion', 'TracingConfig', 'DeliveryStatusLogging', 'ArchivePolicy'],
      create({ properties, physicalName }) {
        const fifo = properties.boolean('FifoTopic');
        const topic = sns.createTopic({
          name: properties.text('TopicName') ?? physicalName(256, fifo ? '.fifo' : ''),
          fifo,
          contentBasedDeduplication: properties.boolean('ContentBasedDeduplication'),
          fifoThroughputScope: properties.text('FifoThroughputScope') as 'Topic' | 'MessageGroup' | undefined,
          displayName: properties.text('DisplayName'),
          kmsMasterKeyId: properties.text('KmsMasterKeyId'),
          tags: properties.tags(),
        });
        for (const { Protocol, Endpoint } of properties.list<{ Protocol: string; Endpoint: string }>('Subscription') ?? []) {
          subscribe({ topicArn: topic.arn, protocol: Protocol, endpoint: Endpoint });
        }
        return { ref: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } };
      },
    },
    {
      type: 'AWS::SNS::Subscription',
      modelled: ['TopicArn', 'Protocol', 'Endpoint', 'FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'],
      withoutEffect: ['Region'],
      create({ properties }) {
        return {
          ref: subscribe({
            topicArn: properties.requiredText('TopicArn'),
            protocol: properties.requiredText('Protocol'),
            endpoint: properties.requiredText('Endpoint'),
            filterPolicy: properties.object('FilterPolicy'),
            filterPolicyScope: properties.text('FilterPolicyScope') as 'MessageAttributes' | 'MessageBody' | undefined,
            rawMessageDelivery: properties.boolean('RawMessageDelivery'),
            redrivePolicy: properties.object<{ deadLetterTargetArn: string }>('RedrivePolicy'),
          }),
        };
      },
    },
    {
      type: 'AWS::SNS::TopicPolicy',
      modelled: ['Topics', 'PolicyDocument'],
      create({ properties, logicalId }) {
        for (const arn of properties.list<string>('Topics') ?? []) {
          const topic = sns.topic(arn);
          if (!topic) throw new Error(`'Topics' names '${arn}', which is no topic of this simulation`);
          topic.policy = properties.object('PolicyDocument');
        }
        return { ref: logicalId, attributes: { Id: logicalId } };
      },
    },
  ];
}
