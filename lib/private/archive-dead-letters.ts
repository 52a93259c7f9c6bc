import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { DurableQueue } from '../durable-queue';
import { visibilityTimeoutFor } from './visibility-timeout';

/** A dead-letter queue has no consumer by design, so that it has no visibility timeout for one. */
export function followArchiver(queue: DurableQueue, archiver: lambda.Function, batchingWindow: Duration): void {
  const resource = queue.deadLetterQueue.node.defaultChild as sqs.CfnQueue;
  const needed = visibilityTimeoutFor([{
    timeout: archiver.timeout ?? Duration.seconds(3),
    batchingWindow: queue.fifo ? undefined : batchingWindow,
  }]);
  resource.visibilityTimeout = Math.max(resource.visibilityTimeout ?? 30, needed.toSeconds());
}
