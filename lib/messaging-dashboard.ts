import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FanOutTopic } from './fan-out-topic';
import type { MessageArchive } from './message-archive';
import { alarmRows, functionRows, queueRows, topicRows } from './private/dashboard-widgets';
import { must, textLike, validate } from './private/validation';
import type { QueueConsumer } from './queue-consumer';

/**
 * The limits of 500 metrics a widget and 2,500 metrics a dashboard are out of reach with as many of these widgets.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const mostWidgets = 500;

/**
 * Properties of a MessagingDashboard.
 */
export interface MessagingDashboardProps {
  /**
   * The queues to show, each with its dead-letter queue where the app knows that. Show the dead-letter queue of an imported queue as a
   * queue of its own.
   *
   * @default - none
   */
  readonly queues?: sqs.IQueue[];

  /**
   * The consumers to show, each with its function.
   *
   * @default - none
   */
  readonly consumers?: QueueConsumer[];

  /**
   * The topics to show.
   *
   * @default - none
   */
  readonly topics?: FanOutTopic[];

  /**
   * The archive to show, with its queue and its function.
   *
   * @default - none
   */
  readonly archive?: MessageArchive;

  /**
   * The alarms whose states are shown, those raised last first: the `alarms` of `QueueAlarms`, `ConsumerAlarms` and
   * `TopicAlarms`, the `alarm` of a `ChannelAlarm`, and any other.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * The physical name, up to 255 characters: letters, digits, hyphens and underscores.
   *
   * @default - CloudFormation makes the name
   */
  readonly dashboardName?: string;
}

/**
 * One CloudWatch dashboard over queues, consumers, topics and the archive, with the metrics that their alarms look at, and with
 * the states of the alarms. CloudWatch charges for each dashboard from the fourth on, 3 USD a month when this was written.
 *
 * Errors: nothing to show; more than the 500 widgets that a dashboard can have (100 queues, say); a name with other characters.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
export class MessagingDashboard extends Construct {
  /**
   * The L2 dashboard inside.
   */
  public readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: MessagingDashboardProps) {
    super(scope, id);

    const { queues = [], consumers = [], topics = [], archive, alarms = [] } = props;
    const rows = [
      ...alarmRows(alarms),
      ...topics.flatMap((topic) => topicRows(topic)),
      ...queues.flatMap((queue) => queueRows(queue)),
      ...consumers.flatMap((consumer) => functionRows(consumer.handler, consumer)),
      ...(archive ? [...queueRows(archive.queue), ...functionRows(archive.handler)] : []),
    ];
    const widgets = rows.flat().length;
    validate(this, [
      must(rows.length > 0, "'queues', 'consumers', 'topics', 'archive' or 'alarms' must be given, got nothing to show"),
      must(
        widgets <= mostWidgets,
        `the dashboard must have at most ${mostWidgets} widgets, got ${widgets}: make several, one for each domain`,
      ),
      textLike(
        'dashboardName', props.dashboardName, /^[A-Za-z0-9_-]{1,255}$/, 'have from 1 to 255 letters, digits, hyphens and underscores',
      ),
    ]);

    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', { dashboardName: props.dashboardName, widgets: rows });
  }
}
