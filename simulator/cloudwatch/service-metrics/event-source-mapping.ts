import type { CloudWatchService } from '..';
import type { Events } from '../../events';

/**
 * AWS/Lambda: event source mappings, by their UUIDs, where `MetricsConfig` has `EventCount`. Those of a queue have no
 * `DroppedEventCount`: it counts what a mapping of a stream gives up. A message counts as polled when it is filtered out or
 * handed to the function, so after the batching window. What failed bears the time at which the invocation ended, unlike
 * the errors of the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 */
export function publishEventSourceMappingMetrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('eventSourceMapping', ({ action, counted, mapping, at, messageIds, failedMessageIds }) => {
    if (!counted) return;
    const put = (name: string, value: number): void => (
      cloudWatch.putMetric('AWS/Lambda', name, { EventSourceMappingUUID: mapping }, value, { at, unit: 'Count' })
    );
    switch (action) {
      case 'filteredOut':
        put('PolledEventCount', messageIds.length);
        put('FilteredOutEventCount', messageIds.length);
        break;
      case 'invoked':
        put('PolledEventCount', messageIds.length);
        put('InvokedEventCount', messageIds.length);
        break;
      case 'completed':
        put('FailedInvokeEventCount', failedMessageIds.length);
        put('DeletedEventCount', messageIds.length - failedMessageIds.length);
        break;
    }
  });
}
