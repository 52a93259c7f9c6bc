/** Amazon CloudWatch, version 2010-08-01: alarms, metrics, dashboards and tags. */
import { type ModelledError, double, flag, integer, list, map, operation, operations, structure, text, timestamp } from './shapes';

const dimensions = list(structure({ Name: text, Value: text }));
const tags = list(structure({ Key: text, Value: text }));
const names = list(text);
const metric = { Namespace: text, MetricName: text, Dimensions: dimensions };
const alarmNames = { AlarmNames: names };

const metricDataQueries = list(structure({
  Id: text,
  MetricStat: structure({ Metric: structure(metric), Period: integer, Stat: text, Unit: text }),
  Expression: text,
  Label: text,
  ReturnData: flag,
  Period: integer,
  AccountId: text,
}));

const alarmSettings = {
  AlarmName: text,
  AlarmDescription: text,
  ActionsEnabled: flag,
  OKActions: names,
  AlarmActions: names,
  InsufficientDataActions: names,
};

const metricAlarmSettings = {
  ...alarmSettings,
  ...metric,
  Statistic: text,
  ExtendedStatistic: text,
  Period: integer,
  Unit: text,
  EvaluationPeriods: integer,
  DatapointsToAlarm: integer,
  Threshold: double,
  ComparisonOperator: text,
  TreatMissingData: text,
  EvaluateLowSampleCountPercentile: text,
  Metrics: metricDataQueries,
  ThresholdMetricId: text,
  EvaluationCriteria: structure({ PromQLCriteria: structure({ Query: text, PendingPeriod: integer, RecoveryPeriod: integer }) }),
  EvaluationInterval: integer,
};

const compositeAlarmSettings = {
  ...alarmSettings,
  AlarmRule: text,
  ActionsSuppressor: text,
  ActionsSuppressorWaitPeriod: integer,
  ActionsSuppressorExtensionPeriod: integer,
};

const alarmState = {
  AlarmArn: text,
  AlarmConfigurationUpdatedTimestamp: timestamp,
  StateValue: text,
  StateReason: text,
  StateReasonData: text,
  StateUpdatedTimestamp: timestamp,
  StateTransitionedTimestamp: timestamp,
};

const metricAlarms = list(structure({ ...metricAlarmSettings, ...alarmState, EvaluationState: text }));
const messages = list(structure({ Code: text, Value: text }));
const statistics = { SampleCount: double, Sum: double, Minimum: double, Maximum: double };

const metricData = list(structure({
  MetricName: text, Dimensions: dimensions, Timestamp: timestamp, Value: double, StatisticValues: structure(statistics),
  Values: list(double), Counts: list(double), Unit: text, StorageResolution: integer,
}));

const muteRule = {
  Name: text, Description: text, StartDate: timestamp, ExpireDate: timestamp, MuteTargets: structure({ AlarmNames: names }),
  Rule: structure({ Schedule: structure({ Expression: text, Duration: text, Timezone: text }) }),
};
const muteRuleState = { AlarmMuteRuleArn: text, ExpireDate: timestamp, Status: text, MuteType: text, LastUpdatedTimestamp: timestamp };

export const cloudWatchOperations = operations({
  DeleteAlarmMuteRule: operation({ AlarmMuteRuleName: text }),
  GetAlarmMuteRule: operation({ AlarmMuteRuleName: text }, { ...muteRule, ...muteRuleState }),
  ListAlarmMuteRules: operation({ AlarmName: text, Statuses: names, MaxRecords: integer, NextToken: text }, {
    AlarmMuteRuleSummaries: list(structure(muteRuleState)), NextToken: text,
  }),
  PutAlarmMuteRule: operation({ ...muteRule, Tags: tags }),
  DeleteAlarms: operation(alarmNames),
  DeleteDashboards: operation({ DashboardNames: names }, {}),
  DescribeAlarmHistory: operation({
    AlarmName: text, AlarmContributorId: text, AlarmTypes: names, HistoryItemType: text, StartDate: timestamp, EndDate: timestamp,
    MaxRecords: integer, NextToken: text, ScanBy: text,
  }, {
    AlarmHistoryItems: list(structure({
      AlarmName: text, AlarmType: text, Timestamp: timestamp, HistoryItemType: text, HistorySummary: text, HistoryData: text,
    })),
    NextToken: text,
  }),
  DescribeAlarms: operation({
    ...alarmNames, AlarmNamePrefix: text, AlarmTypes: names, ChildrenOfAlarmName: text, ParentsOfAlarmName: text,
    StateValue: text, ActionPrefix: text, MaxRecords: integer, NextToken: text,
  }, {
    CompositeAlarms: list(structure({
      ...compositeAlarmSettings, ...alarmState, ActionsSuppressedBy: text, ActionsSuppressedReason: text,
    })),
    MetricAlarms: metricAlarms,
    NextToken: text,
  }),
  DescribeAlarmsForMetric: operation(
    { ...metric, Statistic: text, ExtendedStatistic: text, Period: integer, Unit: text }, { MetricAlarms: metricAlarms },
  ),
  DisableAlarmActions: operation(alarmNames),
  EnableAlarmActions: operation(alarmNames),
  GetDashboard: operation({ DashboardName: text }, { DashboardArn: text, DashboardBody: text, DashboardName: text }),
  GetMetricData: operation({
    MetricDataQueries: metricDataQueries, StartTime: timestamp, EndTime: timestamp, NextToken: text, ScanBy: text,
    MaxDatapoints: integer, LabelOptions: structure({ Timezone: text }),
  }, {
    MetricDataResults: list(structure({
      Id: text, Label: text, Timestamps: list(timestamp), Values: list(double), StatusCode: text, Messages: messages,
    })),
    NextToken: text,
    Messages: messages,
  }),
  GetMetricStatistics: operation({
    ...metric, StartTime: timestamp, EndTime: timestamp, Period: integer, Statistics: names, ExtendedStatistics: names, Unit: text,
  }, {
    Label: text,
    Datapoints: list(structure({
      Timestamp: timestamp, ...statistics, Average: double, Unit: text, ExtendedStatistics: map(double),
    })),
  }),
  ListDashboards: operation({ DashboardNamePrefix: text, NextToken: text }, {
    DashboardEntries: list(structure({ DashboardName: text, DashboardArn: text, LastModified: timestamp, Size: integer })),
    NextToken: text,
  }),
  ListMetrics: operation(
    { ...metric, NextToken: text, RecentlyActive: text, IncludeLinkedAccounts: flag, OwningAccount: text },
    { Metrics: list(structure(metric)), NextToken: text, OwningAccounts: names },
  ),
  ListTagsForResource: operation({ ResourceARN: text }, { Tags: tags }),
  PutCompositeAlarm: operation({ ...compositeAlarmSettings, Tags: tags }),
  PutDashboard: operation({ DashboardName: text, DashboardBody: text, Tags: tags }, {
    DashboardValidationMessages: list(structure({ DataPath: text, Message: text })),
  }),
  PutMetricAlarm: operation({ ...metricAlarmSettings, Tags: tags }),
  PutMetricData: operation({
    Namespace: text,
    MetricData: metricData,
    EntityMetricData: list(structure({
      Entity: structure({ KeyAttributes: map(text), Attributes: map(text) }), MetricData: metricData,
    })),
    StrictEntityValidation: flag,
  }),
  SetAlarmState: operation({ AlarmName: text, StateValue: text, StateReason: text, StateReasonData: text }),
  TagResource: operation({ ResourceARN: text, Tags: tags }, {}),
  UntagResource: operation({ ResourceARN: text, TagKeys: names }, {}),
});

export const cloudWatchErrors: readonly ModelledError[] = [
  { shape: 'ConcurrentModificationException', code: 'ConcurrentModificationException', status: 429 },
  { shape: 'DashboardInvalidInputError', code: 'InvalidParameterInput', status: 400 },
  { shape: 'InternalServiceFault', code: 'InternalServiceError', status: 500 },
  { shape: 'InvalidFormatFault', code: 'InvalidFormat', status: 400 },
  { shape: 'InvalidNextToken', code: 'InvalidNextToken', status: 400 },
  { shape: 'InvalidParameterCombinationException', code: 'InvalidParameterCombination', status: 400 },
  { shape: 'InvalidParameterValueException', code: 'InvalidParameterValue', status: 400 },
  { shape: 'LimitExceededException', code: 'LimitExceededException', status: 400 },
  { shape: 'LimitExceededFault', code: 'LimitExceeded', status: 400 },
  { shape: 'MissingRequiredParameterException', code: 'MissingParameter', status: 400 },
  // The two errors share the query protocol's code: the shape of the dashboard operations is found by its own name.
  { shape: 'ResourceNotFound', code: 'ResourceNotFound', status: 404 },
  { shape: 'DashboardNotFoundError', code: 'ResourceNotFound', status: 404 },
  { shape: 'ResourceNotFoundException', code: 'ResourceNotFoundException', status: 404 },
];
