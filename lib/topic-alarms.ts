import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AlarmKind, type AlarmSet } from './alarm-set';
import type { FanOutTopic } from './fan-out-topic';
import { runbookUrlRule } from './private/alarm';
import { ChosenAlarms, chosenSet } from './private/chosen-alarms';
import { numberWithin, validate } from './private/validation';
import { topicMetrics } from './private/watched-metrics';

/**
 * Properties of TopicAlarms.
 */
export interface TopicAlarmsProps {
  /**
   * The topic to watch, with all its subscriptions.
   */
  readonly topic: FanOutTopic;

  /**
   * Which alarms exist.
   *
   * @default AlarmSet.standard()
   */
  readonly alarms?: AlarmSet;

  /**
   * What is notified when an alarm is raised, and again when it is over; an `AlarmTopic` for one.
   *
   * @default - nothing, the alarms only show in CloudWatch
   */
  readonly actions?: cloudwatch.IAlarmAction[];

  /**
   * The address of the runbook, without an anchor: each alarm's description links the heading of its kind.
   *
   * @default - RUNBOOK.md in the repository of this package
   */
  readonly runbookUrl?: string;

  /**
   * How many deliveries that SNS gave up within a minute raise the alarm `FailedNotifications`, at least 1.
   *
   * @default 1
   */
  readonly failedNotifications?: number;

  /**
   * How many messages that SNS moved to the dead-letter queue of a subscription within a minute raise the alarm
   * `SubscriptionDeadLetters`, at least 1.
   *
   * @default 1
   */
  readonly subscriptionDeadLetters?: number;

  /**
   * How many messages that SNS could not even move to the dead-letter queue of a subscription within a minute raise the alarm
   * `FailedRedrives`, at least 1.
   *
   * @default 1
   */
  readonly failedRedrives?: number;
}

/**
 * The alarms of a topic. They count what happened within a minute over all subscriptions, so that `OK` means that nothing more
 * fails, not that the dead-letter queues of the subscriptions are empty. Missing data raises none: SNS publishes these metrics
 * only when it has something to count.
 *
 * Errors: a threshold outside its range, each by its property's name. Reading the property of an alarm that `alarms` leaves out.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export class TopicAlarms extends Construct {
  private readonly chosen: ChosenAlarms;

  constructor(scope: Construct, id: string, props: TopicAlarmsProps) {
    super(scope, id);

    const { topic } = props.topic;
    const path = props.topic.node.path;
    const failedNotifications = props.failedNotifications ?? 1;
    const subscriptionDeadLetters = props.subscriptionDeadLetters ?? 1;
    const failedRedrives = props.failedRedrives ?? 1;
    validate(this, [
      numberWithin('failedNotifications', failedNotifications, 1),
      numberWithin('subscriptionDeadLetters', subscriptionDeadLetters, 1),
      numberWithin('failedRedrives', failedRedrives, 1),
      runbookUrlRule(props.runbookUrl),
    ]);

    this.chosen = new ChosenAlarms(this, chosenSet(props.alarms, {}), { actions: props.actions, runbookUrl: props.runbookUrl });

    this.chosen.add(AlarmKind.FAILED_NOTIFICATIONS, {
      metric: topicMetrics.failedNotifications(topic),
      threshold: failedNotifications,
      happened: `SNS gave up delivering messages of ${path} to a subscription (${failedNotifications} or more within a minute).`,
      meaning: 'A subscriber has not seen them; they are in the dead-letter queue of the subscription.',
    });

    this.chosen.add(AlarmKind.SUBSCRIPTION_DEAD_LETTERS, {
      metric: topicMetrics.subscriptionDeadLetters(topic),
      threshold: subscriptionDeadLetters,
      happened: `Messages of ${path} went to a subscription's dead-letter queue (${subscriptionDeadLetters} or more within a minute).`,
      meaning: 'A subscriber has not seen them, and they wait there also when this alarm is over.',
    });

    this.chosen.add(AlarmKind.FAILED_REDRIVES, {
      metric: topicMetrics.failedRedrives(topic),
      threshold: failedRedrives,
      happened: `SNS could neither deliver nor dead-letter messages of ${path} (${failedRedrives} or more within a minute).`,
      meaning: 'They are lost to the subscriber; only an archive of the topic still has them.',
    });
  }

  /**
   * SNS gave up delivering to a subscription.
   */
  public get failedNotifications(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.FAILED_NOTIFICATIONS);
  }

  /**
   * SNS moved messages to the dead-letter queue of a subscription.
   */
  public get subscriptionDeadLetters(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.SUBSCRIPTION_DEAD_LETTERS);
  }

  /**
   * SNS could not move messages to the dead-letter queue of a subscription: they are lost to the subscriber.
   */
  public get failedRedrives(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.FAILED_REDRIVES);
  }

  /**
   * All alarms that exist.
   */
  public get alarms(): cloudwatch.Alarm[] {
    return this.chosen.all;
  }
}
