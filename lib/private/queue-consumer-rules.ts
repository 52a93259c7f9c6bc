import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumer, QueueConsumerProps } from '../queue-consumer';
import type { QueueConsumerTiming } from '../durable-queue';
import { mappingsOn } from './event-source-mappings';
import { timeoutOf } from './function-timeout';
import { durationWithin, isKnown, must, numberWithin, type Rule } from './validation';
import { visibilityTimeoutRules } from './visibility-timeout';

/** What must hold for the properties of a QueueConsumer. */
export function queueConsumerRules(props: QueueConsumerProps): Rule[] {
  const { queue, handler, batchSize, maxBatchingWindow, maxConcurrency } = props;
  const reserved = reservedConcurrencyOf(handler);
  return [
    must(handler.role !== undefined,
      "'handler' must have a role, which must be let receive messages: import it with lambda.Function.fromFunctionAttributes and its role"),
    must((props.handlerTimeout === undefined) !== (timeoutOf(handler) === undefined), props.handlerTimeout
      ? "'handlerTimeout' must be left out, because the timeout of this handler is read from it"
      : "'handlerTimeout' must be given, because the timeout of this handler cannot be read"),
    durationWithin('handlerTimeout', props.handlerTimeout, Duration.seconds(1), Duration.minutes(15)),
    numberWithin('batchSize', batchSize, 1, queue.fifo ? 10 : 10_000),
    must(!queue.fifo || maxBatchingWindow === undefined, "'maxBatchingWindow' must be left out on a FIFO queue: Lambda has none there"),
    durationWithin('maxBatchingWindow', maxBatchingWindow, Duration.seconds(0), Duration.seconds(300)),
    must(queue.fifo || !isKnown(batchSize) || batchSize <= 10 || largeBatchHasWindow(maxBatchingWindow),
      `'maxBatchingWindow' must be at least 1 second with a 'batchSize' above 10, got a 'batchSize' of ${batchSize}`),
    numberWithin('maxConcurrency', maxConcurrency, 2, 1000),
    must(!isKnown(maxConcurrency) || !isKnown(reserved) || maxConcurrency <= reserved,
      `'maxConcurrency' must be at most the reserved concurrency of the function, ${reserved}, got ${maxConcurrency}: `
      + 'Lambda would receive messages that the function is too busy to take'),
    must((props.filters?.length ?? 0) <= 10, `'filters' must have at most 10 patterns, got ${props.filters?.length}`),
  ];
}

function largeBatchHasWindow(window: Duration | undefined): boolean {
  return window !== undefined && (!isKnown(window) || window.toMilliseconds() >= 1000);
}

/** What can be checked only when the whole app is there. `timing` is given for a queue that does not follow its consumers. */
export function synthesisRules(consumer: QueueConsumer, timing?: QueueConsumerTiming): Rule[] {
  const others = mappingsOn(consumer.queue).filter((mapping) => mapping !== consumer.eventSourceMapping.node.defaultChild);
  return [
    must(others.length === 0,
      `the queue '${consumer.queue.node.path}' must have one consumer, but ${others.map(({ node }) => `'${node.scope?.node.path}'`).join(', ')} `
      + 'consumes it too: they would compete for messages. Give each a queue of its own, subscribed to one FanOutTopic'),
    ...(timing ? plainQueueRules(consumer.queue, timing) : []),
  ];
}

/** An imported queue has no template here to read its visibility timeout from. */
function plainQueueRules(queue: sqs.IQueue, timing: QueueConsumerTiming): Rule[] {
  const resource = queue.node.defaultChild;
  if (!(resource instanceof sqs.CfnQueue)) return [];
  return visibilityTimeoutRules(
    Duration.seconds(resource.visibilityTimeout ?? 30), [timing], `Make '${queue.node.path}' a DurableQueue, and it follows its consumers`,
  );
}

function reservedConcurrencyOf(handler: lambda.IFunction): number | undefined {
  const resource = handler.node.defaultChild;
  return resource instanceof lambda.CfnFunction ? resource.reservedConcurrentExecutions : undefined;
}
