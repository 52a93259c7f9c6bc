import type { Queue, QueueProperties, SqsService } from '../../sqs';
import { alreadyExists, type Properties, type ResourceProvider } from '../provider';

export function sqsProviders(sqs: SqsService): ResourceProvider[] {
  const queueOf = (url: string): Queue | undefined => sqs.queueByName(url.slice(url.lastIndexOf('/') + 1));
  const urlsOf = (properties: Properties): string[] => properties.list<string>('Queues') ?? [];
  const setPolicies = (properties: Properties): void => {
    for (const url of urlsOf(properties)) {
      const queue = queueOf(url);
      if (!queue) throw new Error(`'Queues' names '${url}', which is no queue of this simulation`);
      queue.update({ policy: properties.object('PolicyDocument') });
    }
  };
  /** Of the queues that are still there. */
  const removePolicies = (properties: Properties): void => {
    for (const url of urlsOf(properties)) queueOf(url)?.update({ policy: undefined });
  };
  return [
    {
      type: 'AWS::SQS::Queue',
      modelled: [
        'QueueName', 'FifoQueue', 'VisibilityTimeout', 'DelaySeconds', 'MessageRetentionPeriod', 'MaximumMessageSize',
        'ReceiveMessageWaitTimeSeconds', 'RedrivePolicy', 'RedriveAllowPolicy', 'ContentBasedDeduplication', 'DeduplicationScope',
        'FifoThroughputLimit', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'Tags',
      ],
      replaces: ['QueueName', 'FifoQueue'],
      namedBy: 'QueueName',
      create({ type, properties, physicalName }) {
        const fifo = properties.boolean('FifoQueue');
        const name = properties.text('QueueName') ?? physicalName(80, fifo ? '.fifo' : '');
        if (sqs.queueByName(name)) throw alreadyExists(type, name);
        const queue = sqs.createQueue({ name, fifo, ...attributesOf(properties) });
        return { ref: queue.url, attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: queue.url } };
      },
      update({ ref, properties }) {
        queueOf(ref)!.update(attributesOf(properties));
      },
      delete({ attributes }) {
        sqs.deleteQueue(attributes.Arn);
      },
    },
    {
      type: 'AWS::SQS::QueuePolicy',
      modelled: ['Queues', 'PolicyDocument'],
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

/** What of a queue can change. */
function attributesOf(properties: Properties): Omit<QueueProperties, 'name' | 'fifo' | 'policy'> {
  return {
    visibilityTimeout: properties.number('VisibilityTimeout'),
    delaySeconds: properties.number('DelaySeconds'),
    messageRetentionPeriod: properties.number('MessageRetentionPeriod'),
    maximumMessageSize: properties.number('MaximumMessageSize'),
    receiveMessageWaitTimeSeconds: properties.number('ReceiveMessageWaitTimeSeconds'),
    redrivePolicy: properties.object<NonNullable<QueueProperties['redrivePolicy']>>('RedrivePolicy'),
    redriveAllowPolicy: properties.object<NonNullable<QueueProperties['redriveAllowPolicy']>>('RedriveAllowPolicy'),
    contentBasedDeduplication: properties.boolean('ContentBasedDeduplication'),
    deduplicationScope: properties.text('DeduplicationScope') as QueueProperties['deduplicationScope'],
    fifoThroughputLimit: properties.text('FifoThroughputLimit') as QueueProperties['fifoThroughputLimit'],
    kmsMasterKeyId: properties.text('KmsMasterKeyId'),
    kmsDataKeyReusePeriodSeconds: properties.number('KmsDataKeyReusePeriodSeconds'),
    sqsManagedSseEnabled: properties.boolean('SqsManagedSseEnabled'),
    tags: properties.tags(),
  };
}
