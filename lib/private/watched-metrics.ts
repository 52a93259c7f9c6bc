import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumer } from '../queue-consumer';
import { mappingOf } from './consumer-limits';

/** SQS, SNS and Lambda publish a sample a minute; a finer period would find nothing. */
export const metricPeriod = Duration.minutes(1);

/** What is received in one minute is often deleted in the next: shares and trends want more of them together. */
export const trendPeriod = Duration.minutes(5);

const sampled = { period: metricPeriod, statistic: cloudwatch.Stats.MAXIMUM };
const counted = { period: metricPeriod, statistic: cloudwatch.Stats.SUM };
const countedLonger = { period: trendPeriod, statistic: cloudwatch.Stats.SUM };

/** The metrics of a queue, for its alarms and for the dashboard alike. */
export const queueMetrics = {
  deadLetters: (deadLetterQueue: sqs.IQueue): cloudwatch.Metric => deadLetterQueue.metricApproximateNumberOfMessagesVisible(sampled),

  /** What lies in the dead-letter queue plus what was taken out of it within the minute. */
  deadLetterArrivals: (deadLetterQueue: sqs.IQueue): cloudwatch.MathExpression => new cloudwatch.MathExpression({
    // no FILL: SQS publishes both for an active queue, and FILL would hide the newest sample, which comes late
    expression: 'visible + received',
    usingMetrics: {
      visible: deadLetterQueue.metricApproximateNumberOfMessagesVisible(sampled),
      received: deadLetterQueue.metricNumberOfMessagesReceived(counted),
    },
    label: 'Dead letters, waiting or taken',
    period: metricPeriod,
  }),

  age: (queue: sqs.IQueue): cloudwatch.Metric => queue.metricApproximateAgeOfOldestMessage(sampled),

  visible: (queue: sqs.IQueue): cloudwatch.Metric => queue.metricApproximateNumberOfMessagesVisible(sampled),

  deleted: (queue: sqs.IQueue): cloudwatch.Metric => queue.metricNumberOfMessagesDeleted(counted),

  stalled: (queue: sqs.IQueue): cloudwatch.MathExpression => new cloudwatch.MathExpression({
    // a queue whose consumer never deleted anything may have no samples of deletions at all
    expression: 'IF(visible > 0 AND FILL(deleted, 0) == 0, 1, 0)',
    usingMetrics: { visible: queueMetrics.visible(queue), deleted: queueMetrics.deleted(queue) },
    label: 'Messages visible and none deleted',
    period: metricPeriod,
  }),

  inFlight: (queue: sqs.IQueue): cloudwatch.Metric => queue.metricApproximateNumberOfMessagesNotVisible(sampled),

  backlogGrowth: (queue: sqs.IQueue): cloudwatch.MathExpression => new cloudwatch.MathExpression({
    expression: 'DIFF(visible)',
    usingMetrics: {
      // the lowest depth: a burst that is drained before the next one is no growth
      visible: queue.metricApproximateNumberOfMessagesVisible({ period: trendPeriod, statistic: cloudwatch.Stats.MINIMUM }),
    },
    label: 'Growth of the backlog',
    period: trendPeriod,
  }),

  noisyGroups: (queue: sqs.IQueue): cloudwatch.Metric => queue.metric('ApproximateNumberOfNoisyGroups', sampled),
};

/** The metrics of a function, for its alarms and for the dashboard alike. */
export const functionMetrics = {
  errors: (handler: lambda.IFunction): cloudwatch.Metric => handler.metricErrors(counted),

  throttles: (handler: lambda.IFunction): cloudwatch.Metric => handler.metricThrottles(counted),

  duration: (handler: lambda.IFunction): cloudwatch.Metric => handler.metricDuration(sampled),

  concurrency: (handler: lambda.IFunction): cloudwatch.Metric => handler.metric('ConcurrentExecutions', sampled),

  /**
   * From the metrics of the event source mapping where it has them: they count what its function did. Else from the queue's,
   * where a message that a filter left out counts as done, and one that was throttled as failed.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
   */
  failedRecordShare: (consumer: QueueConsumer): cloudwatch.MathExpression => {
    const { queue, eventSourceMapping } = consumer;
    const label = 'Share of messages that failed';
    if (!mappingOf(consumer).counted) {
      return new cloudwatch.MathExpression({
        expression: 'IF(received > 0, (received - deleted) / received, 0)',
        usingMetrics: {
          received: queue.metricNumberOfMessagesReceived(countedLonger),
          deleted: queue.metricNumberOfMessagesDeleted(countedLonger),
        },
        label,
        period: trendPeriod,
      });
    }
    const ofMapping = (metricName: string): cloudwatch.Metric => new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { EventSourceMappingUUID: eventSourceMapping.eventSourceMappingId },
      ...countedLonger,
    }).attachTo(consumer);
    return new cloudwatch.MathExpression({
      expression: 'IF(invoked > 0, failed / invoked, 0)',
      usingMetrics: { invoked: ofMapping('InvokedEventCount'), failed: ofMapping('FailedInvokeEventCount') },
      label,
      period: trendPeriod,
    });
  },
};

/** The metrics of a topic, for its alarms and for the dashboard alike. */
export const topicMetrics = {
  failedNotifications: (topic: sns.ITopic): cloudwatch.Metric => topic.metricNumberOfNotificationsFailed(counted),

  subscriptionDeadLetters: (topic: sns.ITopic): cloudwatch.Metric => topic.metric('NumberOfNotificationsRedrivenToDlq', counted),

  failedRedrives: (topic: sns.ITopic): cloudwatch.Metric => topic.metric('NumberOfNotificationsFailedToRedriveToDlq', counted),
};
