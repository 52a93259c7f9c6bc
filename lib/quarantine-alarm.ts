import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { DeadLetterConsumer } from './dead-letter-consumer';
import { addAlarm, runbookUrlRule } from './private/alarm';
import { numberWithin, validate } from './private/validation';

/**
 * Properties of a QuarantineAlarm.
 */
export interface QuarantineAlarmProps {
  /**
   * The consumer of dead letters whose quarantine queue is watched; of a `Quarantine`, its `consumer`.
   */
  readonly deadLetterConsumer: DeadLetterConsumer;

  /**
   * How many messages in quarantine raise the alarm, 1 or more.
   *
   * @default 1
   */
  readonly quarantined?: number;

  /**
   * What is notified of failure and of recovery, for example an `AlarmTopic`.
   *
   * @default - nothing
   */
  readonly actions?: cloudwatch.IAlarmAction[];

  /**
   * The address of the runbook, up to 512 characters, without an anchor.
   *
   * @default - RUNBOOK.md of this package
   */
  readonly runbookUrl?: string;
}

/**
 * Tells that messages are in quarantine: they failed as dead letters, too, and nothing works on them any more. It looks at one metric.
 *
 * @throws an error with every rule that the properties break
 */
export class QuarantineAlarm extends Construct {
  /**
   * The L2 alarm inside.
   */
  public readonly alarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: QuarantineAlarmProps) {
    super(scope, id);
    const quarantined = props.quarantined ?? 1;
    validate(this, [numberWithin('quarantined', quarantined, 1), runbookUrlRule(props.runbookUrl)]);
    const { path } = props.deadLetterConsumer.quarantineQueue.node;
    this.alarm = addAlarm(this, 'Quarantine', {
      metric: props.deadLetterConsumer.metricQuarantined({ period: Duration.minutes(1) }),
      threshold: quarantined,
      happened: `Messages are in quarantine, in ${path} (${quarantined} or more).`,
      meaning: 'They failed again after they had become dead letters, and nothing works on them any more.',
      actions: props.actions,
      runbookUrl: props.runbookUrl,
    });
  }

  /**
   * The alarm, as a list: for a `ChannelAlarm` or a `MessagingDashboard`.
   */
  public get alarms(): cloudwatch.Alarm[] {
    return [this.alarm];
  }
}
