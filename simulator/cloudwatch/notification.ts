import type { Place } from '../contracts';
import type { Alarm, AlarmTransition } from './alarm';
import { timestamp } from './timestamp';

/** The names that AWS's notifications have for the regions. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)', 'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)', 'us-west-2': 'US West (Oregon)',
  'af-south-1': 'Africa (Cape Town)', 'ap-east-1': 'Asia Pacific (Hong Kong)',
  'ap-south-1': 'Asia Pacific (Mumbai)', 'ap-south-2': 'Asia Pacific (Hyderabad)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)', 'ap-northeast-2': 'Asia Pacific (Seoul)', 'ap-northeast-3': 'Asia Pacific (Osaka)',
  'ap-southeast-1': 'Asia Pacific (Singapore)', 'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ap-southeast-3': 'Asia Pacific (Jakarta)', 'ap-southeast-4': 'Asia Pacific (Melbourne)',
  'ca-central-1': 'Canada (Central)', 'ca-west-1': 'Canada West (Calgary)',
  'eu-central-1': 'EU (Frankfurt)', 'eu-central-2': 'Europe (Zurich)', 'eu-north-1': 'EU (Stockholm)',
  'eu-south-1': 'EU (Milan)', 'eu-south-2': 'Europe (Spain)',
  'eu-west-1': 'EU (Ireland)', 'eu-west-2': 'EU (London)', 'eu-west-3': 'EU (Paris)',
  'il-central-1': 'Israel (Tel Aviv)', 'me-central-1': 'Middle East (UAE)', 'me-south-1': 'Middle East (Bahrain)',
  'sa-east-1': 'South America (Sao Paulo)',
};

/** What SNS takes as a subject. */
const SUBJECT_CHARACTERS = 100;

const regionName = ({ region }: Place): string => REGION_NAMES[region] ?? region;

/** `ALARM: "name" in US East (N. Virginia)`, cut to what SNS takes. */
export function subject(alarm: Alarm, { to }: AlarmTransition, place: Place): string {
  const text = `${to}: "${alarm.name}" in ${regionName(place)}`;
  return text.length <= SUBJECT_CHARACTERS ? text : `${text.slice(0, SUBJECT_CHARACTERS - 3)}...`;
}

/** The message that AWS publishes to an alarm's topics, as JSON. */
export function message(alarm: Alarm, { at, from, to, reason }: AlarmTransition, place: Place): string {
  const { AlarmActions, OKActions, InsufficientDataActions } = alarm.definition.properties;
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: place.account,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configurationUpdatedAt),
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: timestamp(at),
    Region: regionName(place),
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: OKActions ?? [],
    AlarmActions: AlarmActions ?? [],
    InsufficientDataActions: InsufficientDataActions ?? [],
    ...alarm.definition.trigger(),
  });
}

/** The state that an alarm came from. */
export interface PreviousState {
  readonly reason: string;
  readonly reasonData: string;
  readonly at: number;
}

/** What a Lambda function gets as an alarm's action. */
export function lambdaEvent(
  alarm: Alarm, transition: AlarmTransition, previous: PreviousState, place: Place, newId: () => string,
): Record<string, unknown> {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: place.account,
    time: timestamp(transition.at),
    region: place.region,
    alarmData: stateChange(alarm, transition, previous, newId),
  };
}

/**
 * What a change of state is to functions and to EventBridge.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function stateChange(
  alarm: Alarm, { at, from, to, reason, reasonData }: AlarmTransition, previous: PreviousState, newId: () => string,
): Record<string, unknown> {
  return {
    alarmName: alarm.name,
    state: { value: to, reason, reasonData, timestamp: timestamp(at) },
    previousState: {
      value: from, reason: previous.reason, timestamp: timestamp(previous.at),
      ...(previous.reasonData && { reasonData: previous.reasonData }),
    },
    configuration: alarm.definition.configuration(newId),
  };
}
