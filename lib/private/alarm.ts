import { type Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { AlarmKind } from '../alarm-set';
import { letAlarmPublish } from './alarm-publishing';
import { letAlarmUseKeys } from './alarm-topic-keys';
import { warnOfImportedTopics } from './alarm-topic-policy';
import { isKnown, must, type Rule, textLike } from './validation';

/** The kinds of alarms that exist, the alarm of a quarantine and that of a whole channel, each with its heading in RUNBOOK.md. */
export const runbookHeadings = {
  [AlarmKind.DEAD_LETTERS]: 'Dead letters',
  [AlarmKind.AGE]: 'Old messages',
  [AlarmKind.STALLED]: 'Stalled queue',
  [AlarmKind.IN_FLIGHT]: 'Messages in flight',
  [AlarmKind.BACKLOG_GROWTH]: 'Growing backlog',
  [AlarmKind.NOISY_GROUPS]: 'Noisy groups',
  [AlarmKind.ERRORS]: 'Function errors',
  [AlarmKind.THROTTLES]: 'Function throttles',
  [AlarmKind.DURATION]: 'Function duration',
  [AlarmKind.CONCURRENCY]: 'Function concurrency',
  [AlarmKind.FAILED_RECORDS]: 'Failed records',
  [AlarmKind.FAILED_NOTIFICATIONS]: 'Failed notifications',
  [AlarmKind.SUBSCRIPTION_DEAD_LETTERS]: 'Subscription dead letters',
  [AlarmKind.FAILED_REDRIVES]: 'Failed redrives',
  Quarantine: 'Quarantine',
  Channel: 'Channel',
} as const satisfies Record<AlarmKind | 'Quarantine' | 'Channel', string>;

export const defaultRunbookUrl = 'https://github.com/cdk-messaging/cdk-messaging/blob/main/RUNBOOK.md';

/** CloudWatch's limit for the description of an alarm, in characters. */
const descriptionLength = 1024;

/** What all alarms of a construct have in common. */
export interface CommonAlarmOptions {
  readonly actions?: readonly cloudwatch.IAlarmAction[];
  /** The address of the runbook, without an anchor. @default - RUNBOOK.md of this package */
  readonly runbookUrl?: string;
}

export interface AlarmOptions extends CommonAlarmOptions {
  readonly metric: cloudwatch.IMetric;
  /** The alarm is raised at this value or above. */
  readonly threshold: number;
  /** How many of the last periods of the metric are looked at. @default 1 */
  readonly periods?: number;
  /** How many of those periods must reach the threshold. @default - all of them */
  readonly periodsToAlarm?: number;
  /** A sentence: what was seen, and on which resource. */
  readonly happened: string;
  /** A sentence: what that means for the messages. */
  readonly meaning: string;
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
export function addAlarm(scope: Construct, kind: AlarmKind | 'Quarantine', options: AlarmOptions): cloudwatch.Alarm {
  const alarm = new cloudwatch.Alarm(scope, kind, {
    metric: options.metric,
    threshold: options.threshold,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: options.periods ?? 1,
    datapointsToAlarm: options.periodsToAlarm ?? options.periods ?? 1,
    // a queue, topic or function that nobody uses publishes nothing: that is no failure
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: description(kind, options),
  });
  notify(alarm, options.actions);
  return alarm;
}

/** Of failure, and of recovery. */
export function notify(alarm: cloudwatch.AlarmBase, actions: readonly cloudwatch.IAlarmAction[] = []): void {
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
  if (actions.length > 0) warnOfImportedTopics(alarm);
  letAlarmUseKeys(alarm);
  letAlarmPublish(alarm);
}

/** The link is what helps, so that it is the sentences that give way where a path is very long. */
export function description(
  kind: keyof typeof runbookHeadings,
  { happened, meaning, runbookUrl }: Pick<AlarmOptions, 'happened' | 'meaning' | 'runbookUrl'>,
): string {
  const ending = ` Runbook: ${runbookUrl ?? defaultRunbookUrl}#${runbookAnchor(runbookHeadings[kind])}`;
  const sentences = `${happened} ${meaning}`;
  const space = descriptionLength - ending.length;
  return (sentences.length <= space ? sentences : `${sentences.slice(0, space - 1)}…`) + ending;
}
