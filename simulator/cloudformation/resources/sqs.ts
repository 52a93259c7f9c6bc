import type { QueueProperties, SqsService } from '../../sqs';
import type { ResourceProvider } from '../provider';

export function sqsProviders(sqs: SqsService): ResourceProvider[] {
  return [
    {
      type: 'AWS::SQS::Queue',
      modelled: [
        'QueueName', 'FifoQueue', 'VisibilityTimeout', 'DelaySeconds', 'MessageRetentionPeriod', 'MaximumMessageSize',
        'ReceiveMessageWaitTimeSeconds', 'RedrivePolicy', 'RedriveAllowPolicy', 'ContentBasedDeduplication', 'DeduplicationScope',
        'FifoThroughputLimit', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'Tags',
      ],
      create({ properties, physicalName }) {
        const fifo = properties.boolean('FifoQueue');
        const queue = sqs.createQueue({
          name: properties.text('QueueName') ?? physicalName(80, fifo ? '.fifo' : ''),
          fifo,
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
        });
        return { ref: queue.url, attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: queue.url } };
      },
    },
    {
      type: 'AWS::SQS::QueuePolicy',
      modelled: ['Queues', 'PolicyDocument'],
      create({ properties, logicalId }) {
        for (const url of properties.list<string>('Queues') ?? []) {
          const queue = sqs.queueByName(url.slice(url.lastIndexOf('/') + 1));
          if (!queue) throw new Error(`'Queues' names '${url}', which is no queue of this simulation`);
          queue.update({ policy: properties.object('PolicyDocument') });
        }
        return { ref: logicalId, attributes: { Id: logicalId } };
      },
    },
  ];
}
