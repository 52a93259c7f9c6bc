import type { CloudWatchService } from '..';
import type { EventBridgeEvent, Events } from '../../events';

/** What counts by rule: an invocation that failed for good counts as one, too, and attempts that are retried do not. */
const COUNTED: Readonly<Partial<Record<EventBridgeEvent['action'], readonly string[]>>> = {
  triggered: ['TriggeredRules'],
  attempted: ['InvocationAttempts'],
  delivered: ['Invocations', 'SuccessfulInvocationAttempts'],
  retried: ['RetryInvocationAttempts'],
  redriven: ['Invocations', 'FailedInvocations', 'InvocationsSentToDlq'],
  failed: ['Invocations', 'FailedInvocations'],
};

/**
 * AWS/Events. Rules of the default event bus have the dimension RuleName, those of another EventBusName, too. No rule is ever throttled
 * here, so there are no ThrottledRules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export function publishEventBridgeMetrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('eventbridge', ({ action, resource, at, latency, deadLetterQueue }) => {
    if (action === 'matched') cloudWatch.putMetric('AWS/Events', 'MatchedEvents', {}, 1, { at, unit: 'Count' });
    const count = (name: string): void => cloudWatch.putMetric('AWS/Events', name, dimensionsOf(resource), 1, { at, unit: 'Count' });
    COUNTED[action]?.forEach(count);
    if (deadLetterQueue !== undefined) count('InvocationsFailedToBeSentToDlq');
    if (latency !== undefined) cloudWatch.putMetric('AWS/Events', 'IngestionToInvocationStartLatency', {}, latency, { at, unit: 'Milliseconds' });
  });
}

function dimensionsOf(ruleArn: string): Record<string, string> {
  const [name, bus] = ruleArn.split('/').slice(1).reverse();
  return bus === undefined ? { RuleName: name } : { EventBusName: bus, RuleName: name };
}
