import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { QueueConsumer } from '../queue-consumer';
import { reservedConcurrencyOf } from './queue-consumer-rules';
import { isKnown } from './validation';

/** What the event source mapping of a consumer was told, however it was told. */
export function mappingOf({ eventSourceMapping }: QueueConsumer): { readonly counted: boolean; readonly maxConcurrency?: number } {
  const resource = eventSourceMapping.node.defaultChild as lambda.CfnEventSourceMapping;
  const { metrics = [] } = (resource.metricsConfig ?? {}) as lambda.CfnEventSourceMapping.MetricsConfigProperty;
  const { maximumConcurrency } = (resource.scalingConfig ?? {}) as lambda.CfnEventSourceMapping.ScalingConfigProperty;
  return { counted: metrics.includes(lambda.MetricType.EVENT_COUNT), maxConcurrency: maximumConcurrency };
}

/** How often a function may run at once, as far as the app knows: its reserved concurrency, or the mapping's lower maximum. */
export function concurrencyLimitOf(handler: lambda.IFunction, consumer?: QueueConsumer): number | undefined {
  const reserved = reservedConcurrencyOf(handler);
  // 0 switches the function off: no limit that could be reached
  const limits = [reserved === 0 ? undefined : reserved, consumer && mappingOf(consumer).maxConcurrency].filter(isKnown);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
