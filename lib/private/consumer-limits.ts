import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { QueueConsumer } from '../queue-consumer';
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
  const limits = [reservedConcurrencyOf(handler), consumer && mappingOf(consumer).maxConcurrency].filter(isKnown);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function reservedConcurrencyOf(handler: lambda.IFunction): number | undefined {
  if (handler instanceof lambda.Version || handler instanceof lambda.Alias) return reservedConcurrencyOf(handler.lambda);
  const resource = handler.node.defaultChild;
  const reserved = resource instanceof lambda.CfnFunction ? resource.reservedConcurrentExecutions : undefined;
  // 0 switches the function off: no limit that could be reached
  return reserved === 0 ? undefined : reserved;
}
