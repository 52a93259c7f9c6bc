import { Annotations, Duration } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { durableQueueOf } from './private/durable-queue-of';
import { allowFilterDecryption } from './private/filter-encryption';
import { warnOfForeignResource } from './private/foreign-resource';
import { timeoutOf } from './private/function-timeout';
import { queueConsumerRules, synthesisRules } from './private/queue-consumer-rules';
import { queueConsumerWarnings } from './private/queue-consumer-warnings';
import { policyText } from './private/service-key-access';
import { failures, validate } from './private/validation';

/**
 * Properties of a QueueConsumer.
 */
export interface QueueConsumerProps {
  /**
   * The queue; each queue can have one consumer. A `DurableQueue` makes its visibility timeout follow this consumer.
   */
  readonly queue: sqs.IQueue;

  /**
   * The function. It must have a role that this app can add to.
   */
  readonly handler: lambda.IFunction;

  /**
   * The function's timeout, 1 second to 15 minutes, where it cannot be read from the handler: an imported function.
   *
   * @default - read from the handler
   */
  readonly handlerTimeout?: Duration;

  /**
   * The most messages in one batch: 1 to 10,000 on a standard queue, where more than 10 need a batching window of at least 1
   * second; 1 to 10 on a FIFO queue.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How long Lambda gathers messages before it calls the function, 0 to 300 seconds. Standard queues only.
   *
   * @default Duration.seconds(0)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * The most calls of the function at once on behalf of this queue, 2 to 1,000. Prefer it to reserved concurrency, which throttles
   * and so sends good messages to the dead-letter queue.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   * @default - the account's limit
   */
  readonly maxConcurrency?: number;

  /**
   * The fewest event pollers that Lambda keeps for this queue alone, 2 to 200, at a price for each. Each makes up to 10
   * calls at once. This or `maximumPollers` turns provisioned mode on, which excludes `maxConcurrency`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   * @default - 2 with `maximumPollers`; otherwise Lambda scales the pollers by itself
   */
  readonly minimumPollers?: number;

  /**
   * The most event pollers that Lambda keeps for this queue alone, 2 to 2,000.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   * @default - 200 with `minimumPollers`; otherwise Lambda scales the pollers by itself
   */
  readonly maximumPollers?: number;

  /**
   * Whether the function answers which messages of a batch failed, so that only these are received again.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   * @default true
   */
  readonly reportBatchItemFailures?: boolean;

  /**
   * Patterns made by `lambda.FilterCriteria.filter`, each up to 4,096 characters; a message that matches none is deleted
   * without a call. An account may have 5 on a mapping, and up to 10 when AWS has raised its quota: more than 5 give a warning.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
   * @default - every message reaches the function
   */
  readonly filters?: { [key: string]: unknown }[];

  /**
   * A customer key that encrypts the filters. A key that AWS manages is refused, because Lambda cannot be let use it.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filter-criteria-encryption
   * @default - a key that AWS owns
   */
  readonly filterEncryption?: kms.IKey;

  /**
   * Whether CloudWatch gets the metrics of the mapping, which are charged: messages polled, filtered out, invoked, failed
   * and deleted.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
   * @default false
   */
  readonly mappingMetrics?: boolean;

  /**
   * Whether messages are consumed.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/**
 * A Lambda function on a queue: grants, then the event source mapping with partial batch responses.
 *
 * @throws an error with every rule that the properties break
 */
export class QueueConsumer extends Construct {
  /**
   * The L2 event source mapping inside.
   */
  public readonly eventSourceMapping: lambda.IEventSourceMapping;

  /**
   * The queue.
   */
  public readonly queue: sqs.IQueue;

  /**
   * The function.
   */
  public readonly handler: lambda.IFunction;

  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    this.queue = props.queue;
    this.handler = props.handler;
    validate(this, queueConsumerRules(props));

    const grant = props.queue.grantConsumeMessages(props.handler);
    this.eventSourceMapping = new lambda.EventSourceMapping(this, 'Resource', {
      target: props.handler,
      eventSourceArn: props.queue.queueArn,
      batchSize: props.batchSize ?? 10,
      maxBatchingWindow: props.maxBatchingWindow,
      maxConcurrency: props.maxConcurrency,
      provisionedPollerConfig: provisionedPollers(props),
      metricsConfig: props.mappingMetrics ? { metrics: [lambda.MetricType.EVENT_COUNT] } : undefined,
      reportBatchItemFailures: props.reportBatchItemFailures ?? true,
      filters: props.filters,
      enabled: props.enabled ?? true,
    });
    grant.applyBefore(this.eventSourceMapping);
    warnOfForeignResource(this, {
      what: 'queue', resource: props.queue, role: props.handler.role!, arn: props.queue.queueArn, key: props.queue.encryptionMasterKey, onKey: 'kms:Decrypt',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    });
    if (props.filterEncryption) this.encryptFilters(props.filterEncryption);
    for (const { id: warningId, message } of queueConsumerWarnings(props)) Annotations.of(this).addWarningV2(warningId, message);

    const durableQueue = durableQueueOf(props.queue);
    const timing = { timeout: (props.handlerTimeout ?? timeoutOf(props.handler))!, batchingWindow: props.maxBatchingWindow };
    durableQueue?.registerConsumer(timing);
    this.node.addValidation({ validate: () => failures(synthesisRules(this, durableQueue ? undefined : timing)) });
  }

  private encryptFilters(key: kms.IKey): void {
    (this.eventSourceMapping.node.defaultChild as lambda.CfnEventSourceMapping).kmsKeyArn = key.keyArn;
    const missing = allowFilterDecryption(this, key);
    if (!missing) return;
    Annotations.of(this).addWarningV2('cdk-messaging:filterKeyPolicy',
      `The policy of the filters' key '${key.node.path}' cannot be changed from here. It must have this statement, `
      + `or no message is consumed: ${policyText(this, missing)}`);
  }
}

/** Nothing where neither is given: an empty configuration would turn provisioned mode on. */
function provisionedPollers({ minimumPollers, maximumPollers }: QueueConsumerProps): lambda.ProvisionedPollerConfig | undefined {
  return minimumPollers === undefined && maximumPollers === undefined ? undefined : { minimumPollers, maximumPollers };
}
