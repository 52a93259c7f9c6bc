import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumer, QueueConsumerProps } from '../queue-consumer';
import type { QueueConsumerTiming } from '../durable-queue';
import { mappingsOn } from './event-source-mappings';
import { timeoutOf } from './function-timeout';
import { isManagedByAws } from './service-key-access';
import { durationWithin, isKnown, must, numberWithin, type Rule } from './validation';
import { visibilityTimeoutRules } from './visibility-timeout';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const FILTERS_AT_MOST = 10;
const PATTERN_CHARACTERS = 4096;

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
    ...pollerRules(props),
    ...filterRules(props),
  ];
}

function pollerRules({ minimumPollers, maximumPollers, maxConcurrency }: QueueConsumerProps): Rule[] {
  return [
    numberWithin('minimumPollers', minimumPollers, 2, 200),
    numberWithin('maximumPollers', maximumPollers, 2, 2000),
    must(!isKnown(minimumPollers) || !isKnown(maximumPollers) || minimumPollers <= maximumPollers,
      `'minimumPollers' must be at most 'maximumPollers', ${maximumPollers}, got ${minimumPollers}`),
    must(maxConcurrency === undefined || (minimumPollers === undefined && maximumPollers === undefined),
      "'maxConcurrency' must be left out with 'minimumPollers' or 'maximumPollers': Lambda lets a mapping have one of them, and each poller "
      + 'makes at most 10 calls at once'),
  ];
}

function filterRules({ filters = [], filterEncryption }: QueueConsumerProps): Rule[] {
  const lengths = filters.map(({ pattern }) => (isKnown(pattern) ? String(pattern).length : 0));
  return [
    must(filters.length <= FILTERS_AT_MOST, `'filters' must have at most ${FILTERS_AT_MOST} patterns, got ${filters.length}`),
    must(filters.every(({ pattern }) => typeof pattern === 'string'), "'filters' must be made by lambda.FilterCriteria.filter"),
    must(lengths.every((length) => length <= PATTERN_CHARACTERS),
      `'filters' must have patterns of at most ${PATTERN_CHARACTERS} characters, got ${Math.max(...lengths)}`),
    must(filterEncryption === undefined || filters.length > 0, "'filterEncryption' must be left out without 'filters'"),
    must(!isManagedByAws(filterEncryption),
      "'filterEncryption' must be a customer key, because the policy of one that AWS manages cannot be changed to let Lambda use it"),
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
      `the queue '${consumer.queue.node.path}' must have one consumer, but ${others.map(({ node }) => `'${node.scope!.node.path}'`).join(', ')} `
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

/** The concurrency that a function of this app has reserved, or the one that a version or an alias stands for. */
export function reservedConcurrencyOf(handler: lambda.IFunction): number | undefined {
  if (handler instanceof lambda.Version || handler instanceof lambda.Alias) return reservedConcurrencyOf(handler.lambda);
  const resource = handler.node.defaultChild;
  return resource instanceof lambda.CfnFunction ? resource.reservedConcurrentExecutions : undefined;
}
