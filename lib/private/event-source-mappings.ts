import { Duration, Lazy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumerTiming } from '../durable-queue';
import { consumptionOf, isUnder } from './consumption-index';
import { timeoutOf } from './function-timeout';
import { visibilityTimeoutFor } from './visibility-timeout';

/** Every event source mapping of the app on a queue, whoever made it. */
export function mappingsOn(queue: sqs.IQueue): lambda.CfnEventSourceMapping[] {
  const { queueArn, node: { root } } = queue;
  return consumptionOf(root).mappings.filter((mapping) => mapping.eventSourceArn === queueArn && isUnder(root, mapping));
}

/** A visibility timeout that is worked out whenever it is asked for, so that at synthesis all consumers are in place. */
export function visibilityTimeoutFollowing(consumers: () => QueueConsumerTiming[]): Duration {
  return Duration.seconds(Lazy.uncachedNumber({ produce: () => visibilityTimeoutFor(consumers()).toSeconds() }));
}

/** The times of the consumers that event source mappings of the app make, where the timeout of their function can be read. */
export function consumersOf(queue: sqs.IQueue): QueueConsumerTiming[] {
  return mappingsOn(queue).flatMap((mapping) => {
    const handler = consumptionOf(queue.node.root).functions.find(({ functionName }) => functionName === mapping.functionName);
    const timeout = handler && timeoutOf(handler);
    return timeout ? [{ timeout, batchingWindow: Duration.seconds(mapping.maximumBatchingWindowInSeconds ?? 0) }] : [];
  });
}
