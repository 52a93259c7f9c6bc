import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DurableQueue } from './durable-queue';
import { addAlarm, knownDuration, metricPeriod, runbookUrlRule, shareWithin } from './private/alarm';
import { durationWithin, failures, isKnown, must, numberWithin, type Rule, validate, wording } from './private/validation';

/** SQS's quota of messages that are received and not yet deleted, the same for standard and FIFO queues. */
const inFlightQuota = 120_000;

/**
 * Properties of QueueAlarms.
 */
export interface QueueAlarmsProps {
  /**
   * The queue to watch, with its dead-letter queue.
   */
  readonly queue: DurableQueue;

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
   * How many messages in the dead-letter queue raise the alarm `DeadLetters`, at least 1.
   *
   * @default 1
   */
  readonly deadLetters?: number;

  /**
   * Whether a consumer drains the dead-letter queue, for example because `MessageArchive.addDeadLetters` archives it.
   *
   * CloudWatch sees a queue's depth once a minute, and a message that comes and goes between two samples never. With this, what
   * was received from the dead-letter queue within the minute counts as well as what lies in it; so does a look into the queue.
   *
   * @default - false; an error where a consumer of the dead-letter queue is in the app
   */
  readonly deadLettersConsumed?: boolean;

  /**
   * The age of the oldest message that, reached for three minutes in a row, raises the alarm `Age`. From 1 second to 14 days.
   *
   * @default Duration.seconds(600)
   */
  readonly maxMessageAge?: Duration;

  /**
   * How long messages may be visible while none is deleted, before the alarm `Stalled` is raised. Whole minutes from 1 to
   * 1,440, and longer than a consumer takes for one batch.
   *
   * @default Duration.minutes(15), the longest that a Lambda function runs
   */
  readonly stalledAfter?: Duration;

  /**
   * The share of the 120,000 messages that can be in flight at which the alarm `InFlight` is raised, above 0 and up to 1.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
   * @default 0.8
   */
  readonly inFlightShare?: number;
}

/**
 * The alarms of a queue. Missing data raises none: SQS publishes no metrics for a queue that nobody uses.
 *
 * Errors: a threshold outside its range, each by its property's name; `deadLettersConsumed` not given though the app has a
 * consumer of the dead-letter queue.
 */
export class QueueAlarms extends Construct {
  /**
   * Messages are in the dead-letter queue. Their number counts, not what is sent: SQS does not count a move as sent.
   */
  public readonly deadLetters: cloudwatch.Alarm;

  /**
   * The oldest message has waited too long.
   */
  public readonly age: cloudwatch.Alarm;

  /**
   * Messages are visible and none is deleted. The age leaves out a message that was received three times: a queue in which
   * every message fails looks young.
   */
  public readonly stalled: cloudwatch.Alarm;

  /**
   * The queue nears the number of messages that can be in flight.
   */
  public readonly inFlight: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: QueueAlarmsProps) {
    super(scope, id);

    const { queue } = props;
    const path = queue.node.path;
    const deadLetters = props.deadLetters ?? 1;
    const maxMessageAge = props.maxMessageAge ?? Duration.seconds(600);
    const stalledAfter = props.stalledAfter ?? Duration.minutes(15);
    const inFlightShare = props.inFlightShare ?? 0.8;
    validate(this, [
      numberWithin('deadLetters', deadLetters, 1, Number.MAX_SAFE_INTEGER),
      durationWithin('maxMessageAge', maxMessageAge, Duration.seconds(1), Duration.days(14)),
      durationWithin('stalledAfter', stalledAfter, Duration.minutes(1), Duration.days(1)),
      knownDuration('maxMessageAge', maxMessageAge),
      knownDuration('stalledAfter', stalledAfter),
      wholeMinutes('stalledAfter', stalledAfter),
      shareWithin('inFlightShare', inFlightShare),
      runbookUrlRule(props.runbookUrl),
    ]);

    const mostInFlight = Math.round(inFlightShare * inFlightQuota);
    const common = { actions: props.actions, runbookUrl: props.runbookUrl };
    const sampled = { period: metricPeriod, statistic: cloudwatch.Stats.MAXIMUM };
    const counted = { period: metricPeriod, statistic: cloudwatch.Stats.SUM };

    this.deadLetters = addAlarm(this, 'DeadLetters', {
      ...common,
      metric: props.deadLettersConsumed ? arrivals(queue) : queue.deadLetterQueue.metricApproximateNumberOfMessagesVisible(sampled),
      threshold: deadLetters,
      happened: `Messages of ${path} are in its dead-letter queue (${deadLetters} or more).`,
      meaning: 'Their processing failed as often as the queue allows; nothing will try them again until they are redriven.',
    });

    this.age = addAlarm(this, 'Age', {
      ...common,
      metric: queue.metricApproximateAgeOfOldestMessage(sampled),
      threshold: maxMessageAge.toSeconds(),
      minutes: 3,
      happened: `The oldest message of ${path} has waited for ${wording(maxMessageAge)} or longer.`,
      meaning: 'Its consumers are slower than its senders, or stand still.',
    });

    this.stalled = addAlarm(this, 'Stalled', {
      ...common,
      metric: new cloudwatch.MathExpression({
        // a queue whose consumer never deleted anything may have no samples of deletions at all
        expression: 'IF(visible > 0 AND FILL(deleted, 0) == 0, 1, 0)',
        usingMetrics: {
          visible: queue.metricApproximateNumberOfMessagesVisible(sampled),
          deleted: queue.metricNumberOfMessagesDeleted(counted),
        },
        label: 'Messages visible and none deleted',
        period: metricPeriod,
      }),
      threshold: 1,
      minutes: stalledAfter.toMinutes(),
      happened: `Messages of ${path} were visible and none was deleted for ${wording(stalledAfter)}.`,
      meaning: 'No consumer takes them, or every message that is taken fails.',
    });

    this.inFlight = addAlarm(this, 'InFlight', {
      ...common,
      metric: queue.metricApproximateNumberOfMessagesNotVisible(sampled),
      threshold: mostInFlight,
      happened: `${path} has ${mostInFlight} or more messages in flight, of ${inFlightQuota} that it can have.`,
      meaning: 'At the limit SQS hands out no more messages.',
    });

    // the consumer may be added after the alarms
    if (props.deadLettersConsumed === undefined) this.node.addValidation({ validate: () => failures(consumptionRules(queue)) });
  }
}

function wholeMinutes(name: string, value: Duration): Rule {
  if (!isKnown(value)) return must(true, '');
  return must(value.toMilliseconds() % metricPeriod.toMilliseconds() === 0, `'${name}' must be whole minutes, got ${wording(value)}`);
}

function consumptionRules(queue: DurableQueue): Rule[] {
  return queue.node.root.node.findAll()
    .filter((construct): construct is lambda.CfnEventSourceMapping => construct instanceof lambda.CfnEventSourceMapping
      && construct.eventSourceArn === queue.deadLetterQueue.queueArn)
    .map((consumer) => must(false, "'deadLettersConsumed' must be given, best as true: "
      + `${consumer.node.path} drains the dead-letter queue of ${queue.node.path}, whose depth alone can miss a message`));
}

/** What lies in the dead-letter queue plus what was taken out of it within the minute. */
function arrivals(queue: DurableQueue): cloudwatch.MathExpression {
  const { deadLetterQueue } = queue;
  return new cloudwatch.MathExpression({
    // no FILL: SQS publishes both for an active queue, and FILL would hide the newest sample, which comes late
    expression: 'visible + received',
    usingMetrics: {
      visible: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: metricPeriod, statistic: cloudwatch.Stats.MAXIMUM }),
      received: deadLetterQueue.metricNumberOfMessagesReceived({ period: metricPeriod, statistic: cloudwatch.Stats.SUM }),
    },
    label: 'Dead letters, waiting or taken',
    period: metricPeriod,
  });
}
