import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { isKnown, must, type Rule, textLike } from './validation';

/** The kinds of alarms that exist, by their construct ID, each with its heading in RUNBOOK.md. */
export const runbookHeadings = {
  DeadLetters: 'Dead letters',
  Age: 'Old messages',
  Stalled: 'Stalled queue',
  InFlight: 'Messages in flight',
  Errors: 'Function errors',
  Throttles: 'Function throttles',
  Duration: 'Function duration',
  FailedNotifications: 'Failed notifications',
  SubscriptionDeadLetters: 'Subscription dead letters',
  FailedRedrives: 'Failed redrives',
} as const;

export type AlarmKind = keyof typeof runbookHeadings;

export const defaultRunbookUrl = 'https://github.com/cdk-messaging/cdk-messaging/blob/main/RUNBOOK.md';

/** CloudWatch's limit for the description of an alarm, in characters. */
const descriptionLength = 1024;

/** SQS, SNS and Lambda publish a sample a minute; a finer period would find nothing. */
export const metricPeriod = Duration.minutes(1);

export interface AlarmOptions {
  readonly metric: cloudwatch.IMetric;
  /** The alarm is raised at this value or above. */
  readonly threshold: number;
  /** How many of the last minutes are looked at. @default 1 */
  readonly minutes?: number;
  /** How many of those minutes must reach the threshold. @default - all of them */
  readonly minutesToAlarm?: number;
  /** A sentence: what was seen, and on which resource. */
  readonly happened: string;
  /** A sentence: what that means for the messages. */
  readonly meaning: string;
  readonly actions?: readonly cloudwatch.IAlarmAction[];
  /** The address of the runbook, without an anchor. @default - RUNBOOK.md of this package */
  readonly runbookUrl?: string;
}

/** A share above 0 and up to 1; it is multiplied, so that it must be known. */
export function shareWithin(name: string, value: number): Rule {
  if (Token.isUnresolved(value)) return must(false, `'${name}' must be known when the app is synthesized`);
  return must(value > 0 && value <= 1, `'${name}' must be above 0 and up to 1, got ${value}`);
}

/** A duration that becomes words or a number of periods, so that it must be known. */
export function knownDuration(name: string, value: Duration): Rule {
  return must(isKnown(value), `'${name}' must be known when the app is synthesized`);
}

export function runbookUrlRule(value: string | undefined): Rule {
  return textLike('runbookUrl', value, /^[^#\s]{1,512}$/, 'be an address of up to 512 characters without an anchor');
}

/** The anchor that GitHub, GitLab and most renderers of Markdown give to a heading. */
export function runbookAnchor(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-');
}

/** Builds every alarm of this library: it explains itself, links the runbook, and reports recovery as well as failure. */
export function addAlarm(scope: Construct, kind: AlarmKind, options: AlarmOptions): cloudwatch.Alarm {
  const link = `${options.runbookUrl ?? defaultRunbookUrl}#${runbookAnchor(runbookHeadings[kind])}`;
  const alarm = new cloudwatch.Alarm(scope, kind, {
    metric: options.metric,
    threshold: options.threshold,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: options.minutes ?? 1,
    datapointsToAlarm: options.minutesToAlarm ?? options.minutes ?? 1,
    // a queue, topic or function that nobody uses publishes nothing: that is no failure
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: describe(options.happened, options.meaning, link),
  });
  const actions = [...(options.actions ?? [])];
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
  return alarm;
}

/** The link is what helps, so that it is the sentences that give way where a path is very long. */
function describe(happened: string, meaning: string, link: string): string {
  const ending = ` Runbook: ${link}`;
  const sentences = `${happened} ${meaning}`;
  const space = descriptionLength - ending.length;
  return (sentences.length <= space ? sentences : `${sentences.slice(0, space - 1)}…`) + ending;
}
