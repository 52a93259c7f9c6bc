import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { addAlarm, metricPeriod, runbookUrlRule, shareWithin } from './private/alarm';
import { timeoutOf } from './private/function-timeout';
import { durationWithin, isKnown, must, numberWithin, validate, wording } from './private/validation';

/**
 * Properties of ConsumerAlarms.
 */
export interface ConsumerAlarmsProps {
  /**
   * The function to watch.
   */
  readonly function: lambda.IFunction;

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
}

/**
 * The alarms of a function that consumes messages. Missing data raises none: a function that isn't invoked publishes no metrics.
 *
 * Errors: a threshold outside its range, each by its property's name; no `timeout` for a function whose timeout the app doesn't
 * know.
 */
export class ConsumerAlarms extends Construct {
  /**
   * Invocations end in an error.
   */
  public readonly errors: cloudwatch.Alarm;

  /**
   * Lambda refuses invocations for want of concurrency.
   */
  public readonly throttles: cloudwatch.Alarm;

  /**
   * Invocations take nearly as long as the timeout allows.
   */
  public readonly duration: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: ConsumerAlarmsProps) {
    super(scope, id);

    const path = props.function.node.path;
    const timeout = props.timeout ?? timeoutOf(props.function);
    const errors = props.errors ?? 1;
    const throttles = props.throttles ?? 1;
    const durationShare = props.durationShare ?? 0.8;
    validate(this, [
      must(
        isKnown(timeout),
        `'timeout' must be given for ${path}, whose timeout is not known when the app is synthesized`,
      ),
      durationWithin('timeout', timeout, Duration.seconds(1), Duration.minutes(15)),
      numberWithin('errors', errors, 1, Number.MAX_SAFE_INTEGER),
      numberWithin('throttles', throttles, 1, Number.MAX_SAFE_INTEGER),
      shareWithin('durationShare', durationShare),
      runbookUrlRule(props.runbookUrl),
    ]);

    const common = { actions: props.actions, runbookUrl: props.runbookUrl };
    const counted = { period: metricPeriod, statistic: cloudwatch.Stats.SUM };
    const limit = Duration.millis(Math.round((timeout ?? Duration.seconds(0)).toMilliseconds() * durationShare));

    this.errors = addAlarm(this, 'Errors', {
      ...common,
      metric: props.function.metricErrors(counted),
      threshold: errors,
      happened: `Invocations of ${path} ended in an error (${errors} or more within a minute).`,
      meaning: 'Whole batches return to the queue and are tried again; after too many tries they go to the dead-letter queue.',
    });

    this.throttles = addAlarm(this, 'Throttles', {
      ...common,
      metric: props.function.metricThrottles(counted),
      threshold: throttles,
      minutes: 15,
      minutesToAlarm: 3,
      happened: `Lambda refused to invoke ${path} in 3 of 15 minutes (${throttles} times or more in each).`,
      meaning: 'There is no concurrency left for it; good messages that are refused too often go to the dead-letter queue.',
    });

    this.duration = addAlarm(this, 'Duration', {
      ...common,
      metric: props.function.metricDuration({ period: metricPeriod, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: limit.toMilliseconds(),
      minutes: 15,
      minutesToAlarm: 3,
      happened: `Invocations of ${path} took ${wording(limit)} or longer in 3 of 15 minutes.`,
      meaning: `At ${wording(timeout ?? limit)} they are cut off, and their whole batch is processed again.`,
    });
  }
}
