import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmKind, type AlarmSet } from './alarm-set';
import { knownDuration, runbookUrlRule, shareWithin } from './private/alarm';
import { ChosenAlarms, chosenSet } from './private/chosen-alarms';
import { deadLetterQueueRules, deadLetteringOf } from './private/dead-letter-queues';
import { mappingsOn } from './private/event-source-mappings';
import { durationWithin, failures, isKnown, must, numberWithin, type Rule, validate, wording } from './private/validation';
import { metricPeriod, queueMetrics } from './private/watched-metrics';

/** SQS's quota of messages that are received and not yet deleted, the same for standard and FIFO queues. */
const inFlightQuota = 120_000;

/**
 * Properties of QueueAlarms.
 */
export interface QueueAlarmsProps {
  /**
   * The queue to watch: a `DurableQueue`, a queue of aws-cdk-lib, or an imported one.
   */
  readonly queue: sqs.IQueue;

  /**
   * The dead-letter queue of an imported queue.
   *
   * @default - the one that `queue` has; an error where it is not known and the alarm `DeadLetters` is wanted
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * Which alarms exist. `AlarmKind.NOISY_GROUPS` is left out for a FIFO queue.
   *
   * @default - `AlarmSet.standard()`, and the alarms whose threshold is given
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

  /**
   * By how many messages the queue must grow within five minutes, three times in a row, to raise the alarm `BacklogGrowth`, at
   * least 1. The lowest depth of the five minutes counts, so that a burst that is drained in between is no growth.
   *
   * @default 100
   */
  readonly backlogGrowth?: number;

  /**
   * How many noisy message groups, for five minutes in a row, raise the alarm `NoisyGroups`, at least 1. Standard queues only.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   * @default 1
   */
  readonly noisyGroups?: number;
}

/**
 * The alarms of a queue. Missing data raises none: SQS publishes no metrics for a queue that nobody uses.
 *
 * Errors: a threshold outside its range, each by its property's name; `deadLettersConsumed` not given though the app has a
 * consumer of the dead-letter queue; `noisyGroups` on a FIFO queue; `deadLetterQueue` missing, superfluous or of another type.
 * Reading the property of an alarm that `alarms` leaves out.
 */
export class QueueAlarms extends Construct {
  private readonly chosen: ChosenAlarms;

  constructor(scope: Construct, id: string, props: QueueAlarmsProps) {
    super(scope, id);

    const { queue } = props;
    const set = chosenSet(props.alarms, {
      [AlarmKind.BACKLOG_GROWTH]: props.backlogGrowth, [AlarmKind.NOISY_GROUPS]: props.noisyGroups,
    });
    const path = queue.node.path;
    const deadLetters = props.deadLetters ?? 1;
    const maxMessageAge = props.maxMessageAge ?? Duration.seconds(600);
    const stalledAfter = props.stalledAfter ?? Duration.minutes(15);
    const inFlightShare = props.inFlightShare ?? 0.8;
    const backlogGrowth = props.backlogGrowth ?? 100;
    const noisyGroups = props.noisyGroups ?? 1;
    validate(this, [
      numberWithin('deadLetters', deadLetters, 1),
      durationWithin('maxMessageAge', maxMessageAge, Duration.seconds(1), Duration.days(14)),
      durationWithin('stalledAfter', stalledAfter, Duration.minutes(1), Duration.days(1)),
      knownDuration('maxMessageAge', maxMessageAge),
      knownDuration('stalledAfter', stalledAfter),
      wholeMinutes('stalledAfter', stalledAfter),
      shareWithin('inFlightShare', inFlightShare),
      numberWithin('backlogGrowth', backlogGrowth, 1),
      numberWithin('noisyGroups', noisyGroups, 1),
      must(
        !queue.fifo || props.noisyGroups === undefined,
        `'noisyGroups' must be left out for ${path}: a FIFO queue is not a fair queue`,
      ),
      runbookUrlRule(props.runbookUrl),
      ...(set.includes(AlarmKind.DEAD_LETTERS) || props.deadLetterQueue
        ? deadLetterQueueRules(queue, props.deadLetterQueue, ". Or leave AlarmKind.DEAD_LETTERS out of 'alarms'")
        : []),
    ]);

    const common = { actions: props.actions, runbookUrl: props.runbookUrl };
    this.chosen = new ChosenAlarms(this, queue.fifo ? set.without(AlarmKind.NOISY_GROUPS) : set, common);

    const deadLetterQueue = props.deadLetterQueue ?? deadLetteringOf(queue)?.queue;
    if (deadLetterQueue) {
      this.chosen.add(AlarmKind.DEAD_LETTERS, {
        metric: queueMetrics[props.deadLettersConsumed ? 'deadLetterArrivals' : 'deadLetters'](deadLetterQueue),
        threshold: deadLetters,
        happened: `Messages of ${path} are in its dead-letter queue (${deadLetters} or more).`,
        meaning: 'Their processing failed as often as the queue allows; nothing will try them again until they are redriven.',
      });
    }

    this.chosen.add(AlarmKind.AGE, {
      metric: queueMetrics.age(queue),
      threshold: maxMessageAge.toSeconds(),
      periods: 3,
      happened: `The oldest message of ${path} has waited for ${wording(maxMessageAge)} or longer.`,
      meaning: 'Its consumers are slower than its senders, or stand still.',
    });

    this.chosen.add(AlarmKind.STALLED, {
      metric: queueMetrics.stalled(queue),
      threshold: 1,
      periods: stalledAfter.toMinutes(),
      happened: `Messages of ${path} were visible and none was deleted for ${wording(stalledAfter)}.`,
      meaning: 'No consumer takes them, or every message that is taken fails.',
    });

    const mostInFlight = Math.round(inFlightShare * inFlightQuota);
    this.chosen.add(AlarmKind.IN_FLIGHT, {
      metric: queueMetrics.inFlight(queue),
      threshold: mostInFlight,
      happened: `${path} has ${mostInFlight} or more messages in flight, of ${inFlightQuota} that it can have.`,
      meaning: 'At the limit SQS hands out no more messages.',
    });

    this.chosen.add(AlarmKind.BACKLOG_GROWTH, {
      metric: queueMetrics.backlogGrowth(queue),
      threshold: backlogGrowth,
      periods: 3,
      happened: `${path} grew three times in a row by ${backlogGrowth} or more messages within five minutes.`,
      meaning: 'More messages arrive than its consumers take, and each one waits longer than the one before.',
    });

    this.chosen.add(AlarmKind.NOISY_GROUPS, {
      metric: queueMetrics.noisyGroups(queue),
      threshold: noisyGroups,
      periods: 5,
      happened: `Message groups of ${path} were noisy for five minutes (${noisyGroups} or more).`,
      meaning: 'They take more of the consumers than their share: SQS serves the other groups first, and theirs wait.',
    });

    // the consumer may be added after the alarms
    if (deadLetterQueue && props.deadLettersConsumed === undefined && set.includes(AlarmKind.DEAD_LETTERS)) {
      this.node.addValidation({ validate: () => failures(consumptionRules(queue, deadLetterQueue)) });
    }
  }

  /**
   * Messages are in the dead-letter queue. Their number counts, not what is sent: SQS does not count a move as sent.
   */
  public get deadLetters(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.DEAD_LETTERS);
  }

  /**
   * The oldest message has waited too long.
   */
  public get age(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.AGE);
  }

  /**
   * Messages are visible and none is deleted. The age leaves out a message that was received three times: a queue in which
   * every message fails looks young.
   */
  public get stalled(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.STALLED);
  }

  /**
   * The queue nears the number of messages that can be in flight.
   */
  public get inFlight(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.IN_FLIGHT);
  }

  /**
   * The queue grows faster than it drains.
   */
  public get backlogGrowth(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.BACKLOG_GROWTH);
  }

  /**
   * SQS finds message groups of the queue noisy: they would keep the others waiting.
   */
  public get noisyGroups(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.NOISY_GROUPS);
  }

  /**
   * All alarms that exist.
   */
  public get alarms(): cloudwatch.Alarm[] {
    return this.chosen.all;
  }
}

function wholeMinutes(name: string, value: Duration): Rule {
  if (!isKnown(value)) return must(true, '');
  return must(value.toMilliseconds() % metricPeriod.toMilliseconds() === 0, `'${name}' must be whole minutes, got ${wording(value)}`);
}

function consumptionRules(queue: sqs.IQueue, deadLetterQueue: sqs.IQueue): Rule[] {
  return mappingsOn(deadLetterQueue).map((consumer) => must(false, "'deadLettersConsumed' must be given, best as true: "
    + `${consumer.node.path} drains the dead-letter queue of ${queue.node.path}, whose depth alone can miss a message`));
}
