import type { CloudWatchService } from '..';
import type { Alarm } from '../alarm';
import type { Operation } from '../api';
import { CompositeAlarm, type CompositeAlarmProperties } from '../composite-alarm';
import { Members } from '../members';
import { MetricAlarm } from '../metric-alarm';
import type { AlarmProperties } from '../metric-alarm-properties';
import type { AlarmState } from '../missing-data';
import { epochSeconds } from '../timestamp';
import { describeAlarmHistory } from './alarm-history';
import { page } from './page';

const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const TYPES = ['MetricAlarm', 'CompositeAlarm'];

export function alarmOperations(service: CloudWatchService): Record<string, Operation> {
  return {
    PutMetricAlarm(input) {
      service.createAlarm(input as unknown as AlarmProperties);
      return {};
    },

    PutCompositeAlarm(input) {
      service.createCompositeAlarm(input as unknown as CompositeAlarmProperties);
      return {};
    },

    DescribeAlarms(input) {
      const members = new Members(input);
      if (members.has('ChildrenOfAlarmName') || members.has('ParentsOfAlarmName')) return describeRelatives(service, members);
      const names = members.texts('AlarmNames', 100);
      const prefix = members.text('AlarmNamePrefix') ?? '';
      const action = members.text('ActionPrefix') ?? '';
      const state = members.text('StateValue', { oneOf: STATES });
      const types = members.texts('AlarmTypes');
      const size = members.number('MaxRecords', { least: 1, most: 100, whole: true }) ?? 50;
      const token = members.text('NextToken');
      if (names.length > 0 && prefix !== '') members.problem("'AlarmNames' and 'AlarmNamePrefix' must not be given together");
      for (const type of types) {
        if (!TYPES.includes(type)) members.problem(`'AlarmTypes' must be of ${TYPES.join(', ')}, got '${type}'`);
      }
      members.nothingElse();
      members.finish();
      const wanted = types.length > 0 ? types : ['MetricAlarm']; // AWS: composite alarms only when asked for
      const found = service.alarms().filter((alarm) => wanted.includes(alarm.definition.type)
        && (names.length === 0 || names.includes(alarm.name)) && alarm.name.startsWith(prefix)
        && (state === undefined || alarm.state === state)
        && (action === '' || STATES.some((each) => alarm.actionsFor(each as AlarmState).some((arn) => arn.startsWith(action)))));
      const { page: shown, ...next } = page(found.sort(byName), size, token);
      return {
        MetricAlarms: shown.filter(({ definition }) => definition instanceof MetricAlarm).map(describe),
        CompositeAlarms: shown.filter(({ definition }) => definition instanceof CompositeAlarm).map(describe),
        ...next,
      };
    },

    DescribeAlarmsForMetric(input) {
      const members = new Members(input);
      const wanted = {
        namespace: members.required(members.text('Namespace'), 'Namespace'),
        name: members.required(members.text('MetricName'), 'MetricName'),
        dimensions: members.dimensions(),
        statistic: members.text('Statistic') ?? members.text('ExtendedStatistic'),
        period: members.number('Period'),
        unit: members.text('Unit'),
      };
      members.text('ExtendedStatistic');
      members.nothingElse();
      members.finish();
      const found = service.alarms().filter(({ definition }) => {
        if (!(definition instanceof MetricAlarm) || !('metric' in definition.settings.watched)) return false;
        const { metric } = definition.settings.watched;
        return metric.namespace === wanted.namespace && metric.name === wanted.name && sameDimensions(metric.dimensions, wanted.dimensions)
          && (wanted.statistic ?? metric.statistic) === metric.statistic && (wanted.period ?? metric.period) === metric.period
          && (wanted.unit ?? metric.unit) === metric.unit;
      });
      return { MetricAlarms: found.map(describe) };
    },

    DescribeAlarmHistory: describeAlarmHistory(service),

    SetAlarmState(input) {
      const members = new Members(input);
      const name = members.required(members.text('AlarmName'), 'AlarmName');
      const state = members.required(members.text('StateValue', { oneOf: STATES }), 'StateValue') as AlarmState;
      const reason = members.required(members.text('StateReason', { atMost: 1023 }), 'StateReason');
      const data = members.text('StateReasonData', { atMost: 4000 });
      members.nothingElse();
      members.finish();
      service.setAlarmState(name, { state, reason, reasonData: readJson(data) });
      return {};
    },

    DeleteAlarms(input) {
      service.deleteAlarms(alarmNames(input));
      return {};
    },

    EnableAlarmActions(input) {
      for (const alarm of alarmNames(input).map((name) => service.existing(name))) alarm.actionsEnabled = true;
      return {};
    },

    DisableAlarmActions(input) {
      for (const alarm of alarmNames(input).map((name) => service.existing(name))) alarm.actionsEnabled = false;
      return {};
    },
  };
}

function describe(alarm: Alarm): Record<string, unknown> {
  return {
    ...alarm.definition.describe(),
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    ...(alarm.reasonData && { StateReasonData: alarm.reasonData }),
    ...suppressionOf(alarm),
    StateUpdatedTimestamp: epochSeconds(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: epochSeconds(alarm.stateUpdatedAt),
    AlarmConfigurationUpdatedTimestamp: epochSeconds(alarm.configurationUpdatedAt),
  };
}

/** Of composite alarms only; what a mute rule mutes is seen in the mute rule. */
function suppressionOf({ definition, history }: Alarm): Record<string, unknown> {
  const by = history.at(-1)?.suppressedBy;
  return by === undefined || !(definition instanceof CompositeAlarm) || !['Alarm', 'WaitPeriod', 'ExtensionPeriod'].includes(by)
    ? {} : { ActionsSuppressedBy: by, ActionsSuppressedReason: `Actions suppressed by ${by}` };
}

/** The alarms that a composite alarm's rule names, or the composite alarms that name an alarm; little is told of them. */
function describeRelatives(service: CloudWatchService, members: Members): Record<string, unknown> {
  const of = members.text('ChildrenOfAlarmName');
  const by = members.text('ParentsOfAlarmName');
  if (of !== undefined && by !== undefined) members.problem("'ChildrenOfAlarmName' and 'ParentsOfAlarmName' must not be given together");
  const size = members.number('MaxRecords', { least: 1, most: 100, whole: true }) ?? 50;
  const token = members.text('NextToken');
  members.nothingElse('must not be given beside ChildrenOfAlarmName or ParentsOfAlarmName');
  members.finish();
  const alarm = service.existing(of ?? by!);
  const childrenOf = ({ definition }: Alarm): Alarm[] => (definition instanceof CompositeAlarm ? definition.children() : []);
  const found = of === undefined ? service.alarms().filter((each) => childrenOf(each).includes(alarm)) : childrenOf(alarm);
  const { page: shown, ...next } = page([...found].sort(byName), size, token);
  const tell = ({ name, arn, state, stateUpdatedAt }: Alarm): Record<string, unknown> => ({
    AlarmName: name, AlarmArn: arn,
    ...(of !== undefined && { StateValue: state, StateUpdatedTimestamp: epochSeconds(stateUpdatedAt) }),
  });
  return {
    MetricAlarms: shown.filter(({ definition }) => definition instanceof MetricAlarm).map(tell),
    CompositeAlarms: shown.filter(({ definition }) => definition instanceof CompositeAlarm).map(tell),
    ...next,
  };
}

function alarmNames(input: Record<string, unknown>): string[] {
  const members = new Members(input);
  const names = members.texts('AlarmNames', 100);
  members.nothingElse();
  members.finish();
  return names;
}

function sameDimensions(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function readJson(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  const members = new Members({});
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    members.problem(`'StateReasonData' must be JSON: ${(error as Error).message}`);
    members.finish('InvalidFormat');
    throw error;
  }
}

function byName(one: Alarm, other: Alarm): number {
  return one.name < other.name ? -1 : 1;
}
