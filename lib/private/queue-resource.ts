import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/** The L1 queue of a queue of this app, whoever made it; nothing where it is imported. */
export function cfnQueueOf(queue: sqs.IQueue): sqs.CfnQueue | undefined {
  const resource = queue.node.defaultChild instanceof sqs.Queue ? queue.node.defaultChild.node.defaultChild : queue.node.defaultChild;
  return resource instanceof sqs.CfnQueue ? resource : undefined;
}

/** In seconds. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export function retentionOf({ messageRetentionPeriod = Duration.days(4).toSeconds() }: sqs.CfnQueue): number {
  return messageRetentionPeriod;
}

/** How messages name the type of a queue. */
export function kindOf({ fifo }: Pick<sqs.IQueue, 'fifo'>): string {
  return fifo ? 'FIFO' : 'standard';
}
