import type { CloudWatchService } from '..';
import type { Events } from '../../events';

/**
 * AWS/Lambda: asynchronous invocations. An event's age is published with each attempt, so that it grows with the retries.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#async-invocation-metrics
 */
export function publishAsynchronousInvocationMetrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('asynchronousInvocation', ({ action, resource, at, age }) => {
    const dimensions = { FunctionName: resource.split(':')[6] };
    const put = (name: string, value: number, unit = 'Count'): void => (
      cloudWatch.putMetric('AWS/Lambda', name, dimensions, value, { at, unit })
    );
    switch (action) {
      case 'received': put('AsyncEventsReceived', 1); break;
      case 'attempted': put('AsyncEventAge', age, 'Milliseconds'); break;
      case 'dropped': put('AsyncEventsDropped', 1); break;
      case 'deadLetterFailed': put('DeadLetterErrors', 1); break;
      case 'destinationFailed': put('DestinationDeliveryFailures', 1); break;
    }
  });
}
