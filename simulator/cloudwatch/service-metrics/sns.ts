import type { CloudWatchService } from '..';
import type { Events, SnsEvent } from '../../events';
import type { Buckets } from '../buckets';

/** A message that goes to the dead-letter queue has failed to be delivered, too. */
const COUNTED: Readonly<Partial<Record<SnsEvent['action'], readonly string[]>>> = {
  published: ['NumberOfMessagesPublished'],
  delivered: ['NumberOfNotificationsDelivered'],
  failed: ['NumberOfNotificationsFailed'],
  filteredOut: ['NumberOfNotificationsFilteredOut'],
  redriven: ['NumberOfNotificationsFailed', 'NumberOfNotificationsRedrivenToDlq'],
};

/** Why a filter policy rejected a message, by which CloudWatch also counts. */
const FILTERED_OUT_FOR = ['MessageAttributes', 'NoMessageAttributes', 'InvalidAttributes', 'MessageBody', 'InvalidMessageBody'];

/**
 * AWS/SNS. What was filtered out is also counted by the event's `reason`, where that is one that AWS names.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export function publishSnsMetrics(events: Events, cloudWatch: CloudWatchService): void {
  const topics = new Map<string, Map<string, Buckets>>();

  const buckets = (topic: string, name: string, unit: string): Buckets => {
    let metrics = topics.get(topic);
    if (!metrics) topics.set(topic, metrics = new Map<string, Buckets>());
    let found = metrics.get(name);
    if (!found) {
      const dimensions = { TopicName: topic.slice(topic.lastIndexOf(':') + 1) };
      metrics.set(name, found = cloudWatch.metric('AWS/SNS', name, dimensions).perMinute(unit));
    }
    return found;
  };

  events.on('sns', ({ action, resource, at, bytes, reason, deadLetterQueue }) => {
    for (const name of COUNTED[action] ?? []) buckets(resource, name, 'Count').record(at, 1, 1);
    if (action === 'published') buckets(resource, 'PublishSize', 'Bytes').record(at, bytes, 1);
    if (action === 'failed' && deadLetterQueue !== undefined) {
      buckets(resource, 'NumberOfNotificationsFailedToRedriveToDlq', 'Count').record(at, 1, 1);
    }
    if (action === 'filteredOut' && reason !== undefined && FILTERED_OUT_FOR.includes(reason)) {
      buckets(resource, `NumberOfNotificationsFilteredOut-${reason}`, 'Count').record(at, 1, 1);
    }
  });
}
