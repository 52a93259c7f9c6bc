import type { CloudWatchService } from '..';
import type { Events } from '../../events';
import type { Buckets } from '../buckets';

interface FunctionMetrics {
  readonly invocations: Buckets;
  readonly errors: Buckets;
  readonly throttles: Buckets;
  readonly duration: Buckets;
  readonly concurrentExecutions: Buckets;
}

interface Function {
  readonly metrics: readonly FunctionMetrics[];
  running: number;
}

/**
 * AWS/Lambda. As on AWS, an invocation's metrics bear the time at which it began, so that those of a long one appear
 * in the past.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function publishLambdaMetrics(events: Events, cloudWatch: CloudWatchService): void {
  const functions = new Map<string, Function>();

  events.on('lambda', ({ action, resource, at, duration = 0 }) => {
    let invoked = functions.get(resource);
    if (!invoked) functions.set(resource, invoked = { metrics: open(resource, cloudWatch), running: 0 });
    if (action === 'started') {
      invoked.running++;
      for (const { concurrentExecutions } of invoked.metrics) concurrentExecutions.record(at, invoked.running, 1);
      return;
    }
    const began = at - duration;
    const throttled = action === 'throttled';
    for (const metrics of invoked.metrics) {
      metrics.throttles.record(began, throttled ? 1 : 0, 1);
      if (throttled) continue;
      metrics.invocations.record(began, 1, 1);
      metrics.errors.record(began, action === 'succeeded' ? 0 : 1, 1);
      metrics.duration.record(began, duration, 1);
    }
    if (!throttled) invoked.running--;
  });
}

/** By function name and, for a version or an alias, also by function name and resource. */
function open(arn: string, cloudWatch: CloudWatchService): FunctionMetrics[] {
  const [name, qualifier] = arn.split(':').slice(6);
  const dimensions: Record<string, string>[] = [{ FunctionName: name }];
  if (qualifier !== undefined) dimensions.push({ FunctionName: name, Resource: `${name}:${qualifier}` });
  return dimensions.map((each) => {
    const metric = (metricName: string, unit = 'Count'): Buckets => cloudWatch.metric('AWS/Lambda', metricName, each).perMinute(unit);
    return {
      invocations: metric('Invocations'),
      errors: metric('Errors'),
      throttles: metric('Throttles'),
      duration: metric('Duration', 'Milliseconds'),
      concurrentExecutions: metric('ConcurrentExecutions'),
    };
  });
}
