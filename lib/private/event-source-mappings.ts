import { Duration, Lazy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { QueueConsumerTiming } from '../durable-queue';
import { timeoutOf } from './function-timeout';
import { visibilityTimeoutFor } from './visibility-timeout';

/** Every event source mapping of the app on a queue, whoever made it: looked for each time, since an app changes until it is synthesized. */
export function mappingsOn(queue: sqs.IQueue): lambda.CfnEventSourceMapping[] {
  return foundIn(queue.node.root, (construct): construct is lambda.CfnEventSourceMapping => (
    construct instanceof lambda.CfnEventSourceMapping && construct.eventSourceArn === queue.queueArn));
}

/** A visibility timeout that is worked out whenever it is asked for, so that at synthesis all consumers are in place. */
export function visibilityTimeoutFollowing(consumers: () => QueueConsumerTiming[]): Duration {
  return Duration.seconds(Lazy.uncachedNumber({ produce: () => visibilityTimeoutFor(consumers()).toSeconds() }));
}

/** The times of the consumers that event source mappings of the app make, where the timeout of their function can be read. */
export function consumersOf(queue: sqs.IQueue): QueueConsumerTiming[] {
  return mappingsOn(queue).flatMap((mapping) => {
    const [handler] = foundIn(queue.node.root, (construct): construct is lambda.FunctionBase => (
      construct instanceof lambda.FunctionBase && construct.functionName === mapping.functionName));
    const timeout = handler && timeoutOf(handler);
    return timeout ? [{ timeout, batchingWindow: Duration.seconds(mapping.maximumBatchingWindowInSeconds ?? 0) }] : [];
  });
}

function foundIn<T extends IConstruct>(construct: IConstruct, is: (one: IConstruct) => one is T, found: T[] = []): T[] {
  if (is(construct)) found.push(construct);
  for (const child of construct.node.children) foundIn(child, is, found);
  return found;
}
