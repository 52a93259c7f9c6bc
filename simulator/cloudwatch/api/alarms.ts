import type { CloudWatchService } from '..';
import type { Alarm, AlarmTransition } from '../alarm';
import type { Operation } from '../api';
import { CompositeAlarm, type CompositeAlarmProperties } from '../composite-alarm';
import { Members } from '../members';
import { MetricAlarm } from '../metric-alarm';
import type { AlarmProperties } from '../metric-alarm-properties';
import type { AlarmState } from '../missing-data';
import { epochSeconds, timestamp } from '../timestamp';
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

    DescribeAlarmHistory(input) {
      const members = new Members(input);
      const name = members.text('AlarmName');
      const type = members.text('HistoryItemType', { oneOf: ['StateUpdate', 'Action'] });
      const from = members.time('StartDate') ?? -Infinity;
      const to = members.time('EndDate') ?? Infinity;
      const ascending = members.text('ScanBy', { oneOf: ['TimestampDescending', 'TimestampAscending'] }) === 'TimestampAscending';
      const types = members.texts('AlarmTypes');
      const size = members.number('MaxRecords', { least: 1, most: 100, whole: true }) ?? 100;
      const token = members.text('NextToken');
      members.nothingElse();
      members.finish();
      const alarms = name === undefined ? service.alarms() : [service.alarm(name)].filter((alarm) => alarm !== undefined);
      const items = alarms.filter((alarm) => types.length === 0 || types.includes(alarm.definition.type))
        .flatMap((alarm) => alarm.history.flatMap((transition) => historyItems(alarm, transition)))
        .filter((item) => (type === undefined || item.HistoryItemType === type) && item.at >= from && item.at <= to)
        .sort((one, other) => one.at - other.at);
      const { page: shown, ...next } = page(ascending ? items : items.reverse(), size, token);
      return { AlarmHistoryItems: shown.map(({ at, ...item }) => ({ ...item, Timestamp: epochSeconds(at) })), ...next };
    },

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

function historyItems(alarm: Alarm, { at, from, to, reason, reasonData, actions }: AlarmTransition) {
  const item = (HistoryItemType: 'StateUpdate' | 'Action', HistorySummary: string, data: object) => (
    { AlarmName: alarm.name, AlarmType: alarm.definition.type, HistoryItemType, HistorySummary, HistoryData: JSON.stringify(data), at }
  );
  return [
    item('StateUpdate', `Alarm updated from ${from} to ${to}`, {
      version: '1.0',
      oldState: { stateValue: from },
      newState: { stateValue: to, stateReason: reason, stateReasonData: JSON.parse(reasonData) as unknown },
    }),
    ...actions.map(({ action, status, error }) => item('Action',
      {
        succeeded: `Successfully executed action ${action}`,
        failed: `Failed to execute action ${action}. Received error: "${error}"`,
      }[status],
      { actionState: status, notificationResource: action, stateUpdateTimestamp: timestamp(at), error: error ?? null })),
  ];
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
