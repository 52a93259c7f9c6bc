import type { CloudWatchService } from '..';
import type { Events } from '../../events';
import type { Buckets } from '../buckets';

interface Metrics {
  readonly invocations: Buckets;
  readonly errors: Buckets;
  readonly throttles: Buckets;
  readonly duration: Buckets;
  readonly concurrentExecutions: Buckets;
}

/** What metrics are published for: a function, a version or an alias of it, all functions together. */
interface Scope {
  readonly metrics: Metrics;
  running: number;
}

/**
 * AWS/Lambda: invocations and concurrency. As on AWS, an invocation's metrics bear the time at which it began, so that
 * those of a long one appear in the past.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function publishLambdaMetrics(events: Events, cloudWatch: CloudWatchService): void {
  const scopes = new Map<string, readonly Scope[]>();
  const all = open({}, cloudWatch);
  const unreserved = cloudWatch.metric('AWS/Lambda', 'UnreservedConcurrentExecutions', {}).perMinute('Count');
  const claimedConcurrency = cloudWatch.metric('AWS/Lambda', 'ClaimedAccountConcurrency', {}).perMinute('Count');
  let unreservedRunning = 0;

  events.on('lambda', ({ action, resource, at, duration = 0, reserved, claimed = 0 }) => {
    let concerned = scopes.get(resource);
    if (!concerned) scopes.set(resource, concerned = [...dimensionsOf(resource).map((each) => open(each, cloudWatch)), all]);
    if (action === 'started') {
      for (const scope of concerned) scope.metrics.concurrentExecutions.record(at, ++scope.running, 1);
      if (!reserved) unreserved.record(at, ++unreservedRunning, 1);
      claimedConcurrency.record(at, claimed, 1);
      return;
    }
    const began = at - duration;
    const throttled = action === 'throttled';
    for (const { metrics } of concerned) {
      metrics.throttles.record(began, throttled ? 1 : 0, 1);
      if (throttled) continue;
      metrics.invocations.record(began, 1, 1);
      metrics.errors.record(began, action === 'succeeded' ? 0 : 1, 1);
      metrics.duration.record(began, duration, 1);
    }
    if (throttled) return;
    for (const scope of concerned) scope.running--;
    if (!reserved) unreservedRunning--;
  });
}

/** By function name and, for a version or an alias, also by function name and resource. */
function dimensionsOf(arn: string): Record<string, string>[] {
  const [name, qualifier] = arn.split(':').slice(6);
  const byName = { FunctionName: name };
  return qualifier === undefined ? [byName] : [byName, { ...byName, Resource: `${name}:${qualifier}` }];
}

function open(dimensions: Record<string, string>, cloudWatch: CloudWatchService): Scope {
  const metric = (name: string, unit = 'Count'): Buckets => cloudWatch.metric('AWS/Lambda', name, dimensions).perMinute(unit);
  return {
    running: 0,
    metrics: {
      invocations: metric('Invocations'),
      errors: metric('Errors'),
      throttles: metric('Throttles'),
      duration: metric('Duration', 'Milliseconds'),
      concurrentExecutions: metric('ConcurrentExecutions'),
    },
  };
}
