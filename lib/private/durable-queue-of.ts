import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue } from '../durable-queue';

/** The DurableQueue that a queue is, or is inside of as its `Resource`. */
export function durableQueueOf(queue: sqs.IQueue): DurableQueue | undefined {
  if (queue instanceof DurableQueue) return queue;
  const { scope } = queue.node;
  return scope instanceof DurableQueue && scope.queue === queue ? scope : undefined;
}
