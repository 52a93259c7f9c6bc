import { Duration, Lazy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumerTiming } from '../durable-queue';
import { timeoutOf } from './function-timeout';
import { visibilityTimeoutFor } from './visibility-timeout';

/** Every event source mapping of the app on a queue, whoever made it. */
export function mappingsOn(queue: sqs.IQueue): lambda.CfnEventSourceMapping[] {
  return queue.node.root.node.findAll().filter((construct): construct is lambda.CfnEventSourceMapping =>
    construct instanceof lambda.CfnEventSourceMapping && construct.eventSourceArn === queue.queueArn);
}

/** A visibility timeout that is worked out when the app is synthesized, with all consumers in place. */
export function visibilityTimeoutFollowing(consumers: () => QueueConsumerTiming[]): Duration {
  return Duration.seconds(Lazy.number({ produce: () => visibilityTimeoutFor(consumers()).toSeconds() }));
}

/** The times of the consumers that event source mappings of the app make, where the timeout of their function can be read. */
export function consumersOf(queue: sqs.IQueue): QueueConsumerTiming[] {
  return mappingsOn(queue).flatMap((mapping) => {
    const timeout = timeoutOfNamed(mapping);
    if (!timeout) return [];
    return [{ timeout, batchingWindow: Duration.seconds(mapping.maximumBatchingWindowInSeconds ?? 0) }];
  });
}

function timeoutOfNamed(mapping: lambda.CfnEventSourceMapping): Duration | undefined {
  for (const construct of mapping.node.root.node.findAll()) {
    if (construct instanceof lambda.FunctionBase && construct.functionName === mapping.functionName) return timeoutOf(construct);
  }
  return undefined;
}
