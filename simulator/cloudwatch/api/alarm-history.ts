import type { CloudWatchService } from '..';
import type { Alarm, AlarmTransition, ConfigurationUpdate } from '../alarm';
import type { Operation } from '../api';
import { Members } from '../members';
import { epochSeconds, timestamp } from '../timestamp';
import { page } from './page';

type ItemType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

interface HistoryItem {
  readonly AlarmName: string;
  readonly AlarmType: string;
  readonly HistoryItemType: ItemType;
  readonly HistorySummary: string;
  readonly HistoryData: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
export function describeAlarmHistory(service: CloudWatchService): Operation {
  return (input) => {
    const members = new Members(input);
    const name = members.text('AlarmName', { atMost: 255 });
    const type = members.text('HistoryItemType', { oneOf: ['ConfigurationUpdate', 'StateUpdate', 'Action'] });
    const from = members.time('StartDate') ?? -Infinity;
    const to = members.time('EndDate') ?? Infinity;
    const ascending = members.text('ScanBy', { oneOf: ['TimestampDescending', 'TimestampAscending'] }) === 'TimestampAscending';
    const types = members.texts('AlarmTypes');
    const size = members.number('MaxRecords', { least: 1, most: 100, whole: true }) ?? 100;
    const token = members.text('NextToken');
    members.nothingElse();
    members.finish();
    const wanted = types.length > 0 ? types : ['MetricAlarm']; // AWS: composite alarms only when asked for
    const items = service.alarmsWithHistory()
      .filter((alarm) => (name ?? alarm.name) === alarm.name && wanted.includes(alarm.definition.type))
      .flatMap(historyOf)
      .filter((item) => (type ?? item.HistoryItemType) === item.HistoryItemType && item.at >= from && item.at <= to)
      .sort((one, other) => one.at - other.at);
    const { page: shown, ...next } = page(ascending ? items : items.reverse(), size, token);
    return { AlarmHistoryItems: shown.map(({ at, ...item }) => ({ ...item, Timestamp: epochSeconds(at) })), ...next };
  };
}

function historyOf(alarm: Alarm): HistoryItem[] {
  const item = (at: number, HistoryItemType: ItemType, HistorySummary: string, data: object): HistoryItem => (
    { AlarmName: alarm.name, AlarmType: alarm.definition.type, HistoryItemType, HistorySummary, HistoryData: JSON.stringify(data), at }
  );

  const ofConfiguration = ({ at, type, configuration }: ConfigurationUpdate): HistoryItem => {
    const done = { Create: 'created', Update: 'updated', Delete: 'deleted' }[type];
    const data = { version: '1.0', type, [`${done}Alarm`]: configuration };
    return item(at, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${done}`, data);
  };

  const ofTransition = ({ at, from, to, reason, reasonData, actions }: AlarmTransition): HistoryItem[] => [
    item(at, 'StateUpdate', `Alarm updated from ${from} to ${to}`, {
      version: '1.0',
      oldState: { stateValue: from },
      newState: { stateValue: to, stateReason: reason, stateReasonData: JSON.parse(reasonData) as unknown },
    }),
    ...actions.map(({ action, status, error }) => item(at, 'Action',
      {
        succeeded: `Successfully executed action ${action}`,
        failed: `Failed to execute action ${action}. Received error: "${error}"`,
      }[status],
      { actionState: status, notificationResource: action, stateUpdateTimestamp: timestamp(at), error: error ?? null })),
  ];

  return [...alarm.configurationUpdates.map(ofConfiguration), ...alarm.history.flatMap(ofTransition)];
}
