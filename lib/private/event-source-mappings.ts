import { Duration, Lazy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { QueueConsumerTiming } from '../durable-queue';
import { timeoutOf } from './function-timeout';
import { visibilityTimeoutFor } from './visibility-timeout';

/** Every event source mapping of the app on a queue, whoever made it. */
export function mappingsOn(queue: sqs.IQueue): lambda.CfnEventSourceMapping[] {
  return indexOf(queue).mappings.get(queue.queueArn) ?? [];
}

/** A visibility timeout that is worked out when the app is synthesized, with all consumers in place. */
export function visibilityTimeoutFollowing(consumers: () => QueueConsumerTiming[]): Duration {
  return Duration.seconds(Lazy.number({ produce: () => visibilityTimeoutFor(consumers()).toSeconds() }));
}

/** The times of the consumers that event source mappings of the app make, where the timeout of their function can be read. */
export function consumersOf(queue: sqs.IQueue): QueueConsumerTiming[] {
  const { mappings, functions } = indexOf(queue);
  return (mappings.get(queue.queueArn) ?? []).flatMap((mapping) => {
    const handler = functions.get(mapping.functionName);
    const timeout = handler && timeoutOf(handler);
    return timeout ? [{ timeout, batchingWindow: Duration.seconds(mapping.maximumBatchingWindowInSeconds ?? 0) }] : [];
  });
}

/** The mappings of an app by their queue's ARN, and its functions by their name. */
interface AppIndex {
  readonly size: number;
  readonly mappings: ReadonlyMap<string, lambda.CfnEventSourceMapping[]>;
  readonly functions: ReadonlyMap<string, lambda.FunctionBase>;
}

const indexes = new WeakMap<IConstruct, AppIndex>();

/** Made anew when the app has grown: a synthesis asks for each queue several times, and apps have hundreds. */
function indexOf({ node: { root } }: IConstruct): AppIndex {
  const size = sizeOf(root);
  const present = indexes.get(root);
  if (present?.size === size) return present;
  const mappings = new Map<string, lambda.CfnEventSourceMapping[]>();
  const functions = new Map<string, lambda.FunctionBase>();
  for (const construct of root.node.findAll()) {
    if (construct instanceof lambda.CfnEventSourceMapping && construct.eventSourceArn !== undefined) {
      mappings.set(construct.eventSourceArn, [...mappings.get(construct.eventSourceArn) ?? [], construct]);
    } else if (construct instanceof lambda.FunctionBase && !functions.has(construct.functionName)) {
      functions.set(construct.functionName, construct);
    }
  }
  const index = { size, mappings, functions };
  indexes.set(root, index);
  return index;
}

function sizeOf(construct: IConstruct): number {
  let size = 1;
  for (const child of construct.node.children) size += sizeOf(child);
  return size;
}
