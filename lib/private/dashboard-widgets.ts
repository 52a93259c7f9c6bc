import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { FanOutTopic } from '../fan-out-topic';
import type { QueueConsumer } from '../queue-consumer';
import { deadLetteringOf } from './dead-letter-queues';
import { functionMetrics, metricPeriod, queueMetrics, topicMetrics } from './watched-metrics';

/** The columns of a dashboard. */
const columns = 24;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const alarmsInWidget = 100;

/** A row of widgets, from left to right. */
export type Row = cloudwatch.IWidget[];

const counted = { period: metricPeriod, statistic: cloudwatch.Stats.SUM };

/** The states of the alarms, as many widgets as they need. */
export function alarmRows(alarms: readonly cloudwatch.IAlarm[]): Row[] {
  const rows: Row[] = [];
  for (let first = 0; first < alarms.length; first += alarmsInWidget) {
    const shown = alarms.slice(first, first + alarmsInWidget);
    rows.push([new cloudwatch.AlarmStatusWidget({
      title: 'Alarms', alarms: shown, width: columns, height: 1 + Math.ceil(shown.length / 4),
      sortBy: cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
    })]);
  }
  return rows;
}

/** No two expressions with an ID in common are in one graph: there an ID stands for one metric. */
export function queueRows(queue: sqs.IQueue): Row[] {
  const deadLetterQueue = deadLetteringOf(queue)?.queue;
  return section(queue.node.path, [
    graph('Messages', [queueMetrics.visible(queue), queueMetrics.inFlight(queue)], [
      queue.metricNumberOfMessagesSent(counted), queue.metricNumberOfMessagesReceived(counted), queueMetrics.deleted(queue),
    ]),
    graph('Age and stalls', [queueMetrics.age(queue)], [queueMetrics.stalled(queue)]),
    graph('Growth', [queueMetrics.backlogGrowth(queue)], queue.fifo ? [] : [queueMetrics.noisyGroups(queue)]),
    ...(deadLetterQueue
      ? [graph('Dead letters', [queueMetrics.deadLetters(deadLetterQueue), queueMetrics.deadLetterArrivals(deadLetterQueue)])]
      : []),
  ]);
}

export function functionRows(handler: lambda.IFunction, consumer?: QueueConsumer): Row[] {
  return section(handler.node.path, [
    graph('Invocations', [handler.metricInvocations(counted), functionMetrics.errors(handler), functionMetrics.throttles(handler)]),
    graph('Duration', [functionMetrics.duration(handler)]),
    graph('Concurrency', [functionMetrics.concurrency(handler)]),
    ...(consumer ? [graph('Failed messages', [functionMetrics.failedRecordShare(consumer)])] : []),
  ]);
}

export function topicRows({ node, topic }: FanOutTopic): Row[] {
  return section(node.path, [
    graph('Messages', [
      topic.metricNumberOfMessagesPublished(counted), topic.metricNumberOfNotificationsDelivered(counted),
      topic.metricNumberOfNotificationsFilteredOut(counted),
    ]),
    graph('Failures', [
      topicMetrics.failedNotifications(topic), topicMetrics.subscriptionDeadLetters(topic), topicMetrics.failedRedrives(topic),
    ]),
  ]);
}

type Graph = (width: number) => cloudwatch.GraphWidget;

function graph(title: string, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []): Graph {
  return (width) => new cloudwatch.GraphWidget({
    title, left, right, width, height: 6, leftYAxis: { min: 0 }, rightYAxis: { min: 0 },
  });
}

function section(path: string, graphs: readonly Graph[]): Row[] {
  return [
    [new cloudwatch.TextWidget({ markdown: `## ${path}`, width: columns, height: 1 })],
    graphs.map((build) => build(columns / graphs.length)),
  ];
}
