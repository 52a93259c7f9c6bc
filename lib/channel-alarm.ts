import { Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { description, notify, runbookUrlRule } from './private/alarm';
import { acknowledgeRules } from './private/rule-packs';
import { failures, must, type Rule, validate } from './private/validation';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const mostAlarms = 100;

/**
 * Properties of a ChannelAlarm.
 */
export interface ChannelAlarmProps {
  /**
   * The alarms of the channel, from 1 to 100, all in the account and region of this one: those of `QueueAlarms`, `ConsumerAlarms`
   * and `TopicAlarms` (their `alarms`), and any other. Make them without the `actions` that are given here.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
   */
  readonly alarms: cloudwatch.IAlarm[];

  /**
   * What is notified when the first of the alarms is raised, and again when all are over; an `AlarmTopic` for one.
   *
   * @default - nothing, the alarm only shows in CloudWatch
   */
  readonly actions?: cloudwatch.IAlarmAction[];

  /**
   * The address of the runbook, without an anchor: the alarm's description links its heading.
   *
   * @default - RUNBOOK.md in the repository of this package
   */
  readonly runbookUrl?: string;
}

/**
 * One composite alarm for a whole channel: raised while at least one of its alarms is, so that a failure that raises five of them
 * rings once. CloudWatch charges for it, 0.50 USD a month in us-east-1 when this was written.
 *
 * Errors: no alarm or more than 100; an alarm of another account or region; an alarm with an action that is also given here,
 * which would ring twice.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
export class ChannelAlarm extends Construct {
  /**
   * The L2 composite alarm inside.
   */
  public readonly alarm: cloudwatch.CompositeAlarm;

  constructor(scope: Construct, id: string, props: ChannelAlarmProps) {
    super(scope, id);

    const { alarms } = props;
    validate(this, [
      must(
        alarms.length >= 1 && alarms.length <= mostAlarms,
        `'alarms' must have from 1 to ${mostAlarms} alarms, got ${alarms.length}`,
      ),
      ...alarms.flatMap((alarm) => this.placeRules(alarm)),
      runbookUrlRule(props.runbookUrl),
    ]);

    const raised = alarms.map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM));
    this.alarm = new cloudwatch.CompositeAlarm(this, 'Resource', {
      alarmRule: cloudwatch.AlarmRule.anyOf(...raised),
      alarmDescription: description('Channel', {
        happened: `At least one of ${alarms.length} alarms of ${this.node.path} is raised.`,
        meaning: 'Each of them says in its own description what happened and what to do.',
        runbookUrl: props.runbookUrl,
      }),
    });
    // CDK gives a composite alarm a physical name, which two deployments of one app in an account and region cannot share
    (this.alarm.node.defaultChild as cloudwatch.CfnCompositeAlarm).alarmName = undefined;
    notify(this.alarm, props.actions);
    if (props.actions?.length) {
      for (const alarm of alarms) acknowledgeRules(alarm, { CloudWatchAlarmAction: `The composite alarm ${this.node.path} notifies for it` });
    }

    // actions may be added to the alarms later
    this.node.addValidation({ validate: () => failures(alarms.flatMap((alarm) => this.actionRules(alarm))) });
  }

  private placeRules(alarm: cloudwatch.IAlarm): Rule[] {
    return (['region', 'account'] as const).map((place) => {
      const [own, other] = [Stack.of(this)[place], alarm.env[place]];
      return must(
        own === other || Token.isUnresolved(own) || Token.isUnresolved(other),
        `'alarms' must be in this alarm's ${place}, ${own}, got ${alarm.node.path} in ${other}`,
      );
    });
  }

  private actionRules(alarm: cloudwatch.IAlarm): Rule[] {
    const own = actionsOf(this.alarm);
    return actionsOf(alarm).filter((action) => own.includes(action)).map(() => must(
      false, `'alarms' must not have the actions of the channel, or a failure rings twice: make ${alarm.node.path} without them`,
    ));
  }
}

function actionsOf(alarm: cloudwatch.IAlarm): string[] {
  const resource = alarm.node.defaultChild;
  if (!(resource instanceof cloudwatch.CfnAlarm || resource instanceof cloudwatch.CfnCompositeAlarm)) return [];
  const actions = (Stack.of(alarm).resolve(resource.alarmActions) ?? []) as unknown[];
  return actions.map((action) => JSON.stringify(action));
}
