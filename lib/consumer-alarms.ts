import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmKind, type AlarmSet } from './alarm-set';
import { runbookUrlRule, shareWithin } from './private/alarm';
import { ChosenAlarms, chosenSet } from './private/chosen-alarms';
import { concurrencyLimitOf } from './private/consumer-limits';
import { timeoutOf } from './private/function-timeout';
import { durationWithin, isKnown, must, numberWithin, validate, wording } from './private/validation';
import { functionMetrics } from './private/watched-metrics';
import type { QueueConsumer } from './queue-consumer';

/**
 * Properties of ConsumerAlarms.
 */
export interface ConsumerAlarmsProps {
  /**
   * The function to watch.
   */
  readonly function: lambda.IFunction;

  /**
   * The consumer that invokes the function: it tells the queue whose messages may fail, and how often the function may run at
   * once.
   *
   * @default - none: there is no alarm `FailedRecords`, and `Concurrency` only where the function has reserved concurrency
   */
  readonly consumer?: QueueConsumer;

  /**
   * Which alarms exist. `AlarmKind.FAILED_RECORDS` is left out where no `consumer` is given, `AlarmKind.CONCURRENCY` where the
   * app knows no limit.
   *
   * @default - `AlarmSet.standard()`, and the alarms whose threshold is given
   */
  readonly alarms?: AlarmSet;

  /**
   * The function's timeout, from 1 second to 15 minutes. Needed only where the app doesn't know it: an imported function.
   *
   * @default - the timeout that the function was made with; 3 seconds, Lambda's default, where it was made without one
   */
  readonly timeout?: Duration;

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
   * How many invocations that end in an error within a minute raise the alarm `Errors`, at least 1.
   *
   * One message that fails in a batch with partial batch responses is no error of the invocation.
   *
   * @default 1
   */
  readonly errors?: number;

  /**
   * How many throttled invocations within a minute count for the alarm `Throttles`, at least 1. The alarm is raised when 3 of
   * the last 15 minutes had as many: a single one passes when Lambda scales, and a throttled batch returns only after its
   * visibility timeout.
   *
   * @default 1
   */
  readonly throttles?: number;

  /**
   * The share of the timeout that an invocation may take, above 0 and up to 1. The alarm `Duration` is raised when the longest
   * invocation took as long in 3 of the last 15 minutes.
   *
   * @default 0.8
   */
  readonly durationShare?: number;

  /**
   * The share of its concurrency limit, above 0 and up to 1, that the function must reach for 15 minutes in a row to raise the
   * alarm `Concurrency`. The limit is the function's reserved concurrency or the `consumer`'s maximum concurrency, whichever is
   * lower. A function with several event source mappings is held against the one given.
   *
   * @default 1
   */
  readonly concurrencyShare?: number;

  /**
   * The share of the messages, above 0 and up to 1, that must fail within five minutes, three times in a row, to raise the alarm
   * `FailedRecords`.
   *
   * It is `FailedInvokeEventCount` of `InvokedEventCount` where the event source mapping has metrics (`mappingMetrics` of the
   * consumer). Without them it is what was received from the queue and not deleted, which takes a message for failed while it is worked on over the
   * end of the five minutes, and when it was throttled; a message that a filter left out counts as done.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
   * @default 0.2
   */
  readonly failedRecordShare?: number;
}

/**
 * The alarms of a function that consumes messages. Missing data raises none: a function that isn't invoked publishes no metrics.
 *
 * Errors: a threshold outside its range, each by its property's name; no `timeout` for a function whose timeout the app doesn't
 * know; `failedRecordShare` without a `consumer`, `concurrencyShare` where no limit is known; a `consumer` of another function.
 * Reading the property of an alarm that `alarms` leaves out.
 */
export class ConsumerAlarms extends Construct {
  private readonly chosen: ChosenAlarms;

  constructor(scope: Construct, id: string, props: ConsumerAlarmsProps) {
    super(scope, id);

    const path = props.function.node.path;
    const timeout = props.timeout ?? timeoutOf(props.function);
    const errors = props.errors ?? 1;
    const throttles = props.throttles ?? 1;
    const durationShare = props.durationShare ?? 0.8;
    const concurrencyShare = props.concurrencyShare ?? 1;
    const failedRecordShare = props.failedRecordShare ?? 0.2;
    const concurrencyLimit = concurrencyLimitOf(props.function, props.consumer);
    const set = chosenSet(props.alarms, {
      [AlarmKind.CONCURRENCY]: props.concurrencyShare, [AlarmKind.FAILED_RECORDS]: props.failedRecordShare,
    });
    validate(this, [
      must(
        isKnown(timeout) || !set.includes(AlarmKind.DURATION),
        `'timeout' must be given for ${path}, whose timeout is not known when the app is synthesized`,
      ),
      durationWithin('timeout', timeout, Duration.seconds(1), Duration.minutes(15)),
      numberWithin('errors', errors, 1),
      numberWithin('throttles', throttles, 1),
      shareWithin('durationShare', durationShare),
      shareWithin('concurrencyShare', concurrencyShare),
      shareWithin('failedRecordShare', failedRecordShare),
      must(
        props.consumer === undefined || props.consumer.handler.functionName === props.function.functionName,
        `'consumer' must invoke ${path}, got one that invokes ${props.consumer?.handler.node.path}`,
      ),
      must(
        props.failedRecordShare === undefined || props.consumer !== undefined,
        "'consumer' must be given with 'failedRecordShare': only it tells whose messages may fail",
      ),
      must(
        props.concurrencyShare === undefined || concurrencyLimit !== undefined,
        `'concurrencyShare' must be left out for ${path}: the app knows no limit, neither reserved concurrency nor a 'consumer' `
        + "with 'maxConcurrency'",
      ),
      runbookUrlRule(props.runbookUrl),
    ]);

    this.chosen = new ChosenAlarms(this, set, { actions: props.actions, runbookUrl: props.runbookUrl });
    const limit = Duration.millis(Math.round((timeout ?? Duration.seconds(0)).toMilliseconds() * durationShare));

    this.chosen.add(AlarmKind.ERRORS, {
      metric: functionMetrics.errors(props.function),
      threshold: errors,
      happened: `Invocations of ${path} ended in an error (${errors} or more within a minute).`,
      meaning: 'Whole batches return to the queue and are tried again; after too many tries they go to the dead-letter queue.',
    });

    this.chosen.add(AlarmKind.THROTTLES, {
      metric: functionMetrics.throttles(props.function),
      threshold: throttles,
      periods: 15,
      periodsToAlarm: 3,
      happened: `Lambda refused to invoke ${path} in 3 of 15 minutes (${throttles} times or more in each).`,
      meaning: 'There is no concurrency left for it; good messages that are refused too often go to the dead-letter queue.',
    });

    this.chosen.add(AlarmKind.DURATION, {
      metric: functionMetrics.duration(props.function),
      threshold: limit.toMilliseconds(),
      periods: 15,
      periodsToAlarm: 3,
      happened: `Invocations of ${path} took ${wording(limit)} or longer in 3 of 15 minutes.`,
      meaning: `At ${wording(timeout ?? limit)} they are cut off, and their whole batch is processed again.`,
    });

    if (concurrencyLimit !== undefined) {
      const most = Math.ceil(concurrencyLimit * concurrencyShare);
      this.chosen.add(AlarmKind.CONCURRENCY, {
        metric: functionMetrics.concurrency(props.function),
        threshold: most,
        periods: 15,
        happened: `${path} ran ${most} times at once or more for 15 minutes, of ${concurrencyLimit} times that it may.`,
        meaning: 'It can take no more messages than it does now; what arrives beyond that waits.',
      });
    }

    if (props.consumer) {
      const percent = Number((failedRecordShare * 100).toFixed(2));
      this.chosen.add(AlarmKind.FAILED_RECORDS, {
        metric: functionMetrics.failedRecordShare(props.consumer),
        threshold: failedRecordShare,
        periods: 3,
        happened: `Of the messages that ${path} took, ${percent} % or more failed for 15 minutes.`,
        meaning: 'They are tried again; those that keep failing go to the dead-letter queue.',
      });
    }
  }

  /**
   * Invocations end in an error.
   */
  public get errors(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.ERRORS);
  }

  /**
   * Lambda refuses invocations for want of concurrency.
   */
  public get throttles(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.THROTTLES);
  }

  /**
   * Invocations take nearly as long as the timeout allows.
   */
  public get duration(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.DURATION);
  }

  /**
   * The function runs as often at once as it may.
   */
  public get concurrency(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.CONCURRENCY);
  }

  /**
   * Too large a share of the messages fails.
   */
  public get failedRecords(): cloudwatch.Alarm {
    return this.chosen.get(AlarmKind.FAILED_RECORDS);
  }

  /**
   * All alarms that exist.
   */
  public get alarms(): cloudwatch.Alarm[] {
    return this.chosen.all;
  }
}
