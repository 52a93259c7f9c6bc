import type { Clock } from '../../clock';
import type { Alarm, AlarmProperties, CloudWatchService, CompositeAlarmProperties, MuteRuleProperties } from '../../cloudwatch';
import { alreadyExists, type CreatedResource, type Properties, type ResourceProvider, type ResourceToCreate } from '../provider';

export function cloudWatchProviders(cloudWatch: CloudWatchService, clock: Clock): ResourceProvider[] {
  const putAlarm = (properties: Properties, AlarmName: string): Alarm => cloudWatch.createAlarm({
    ...properties.all(),
    ...Object.fromEntries(['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'].map((name) => [name, properties.number(name)])),
    ActionsEnabled: properties.boolean('ActionsEnabled'),
    AlarmName,
  } as AlarmProperties);
  const putCompositeAlarm = (properties: Properties, AlarmName: string): Alarm => cloudWatch.createCompositeAlarm({
    ...properties.all(),
    ActionsEnabled: properties.boolean('ActionsEnabled'),
    AlarmName,
  } as CompositeAlarmProperties);
  const nameOf = (type: string, { properties, physicalName }: ResourceToCreate): string => {
    const name = properties.text('AlarmName') ?? physicalName(255);
    if (cloudWatch.alarm(name)) throw alreadyExists(type, name);
    return name;
  };
  const muteRuleName = (arn: string): string => arn.slice(cloudWatch.muteRules.arn('').length);
  const putMuteRule = (properties: Properties, Name: string): CreatedResource => {
    const rule = cloudWatch.muteRules.put({ ...properties.all(), Name } as MuteRuleProperties);
    const arn = cloudWatch.muteRules.arn(Name);
    return {
      ref: arn,
      attributes: {
        Arn: arn, MuteType: rule.schedule.type, Status: rule.status(clock.now()), LastUpdatedTimestamp: new Date(rule.updatedAt).toISOString(),
      },
    };
  };
  const replacedByName = { replaces: ['AlarmName'], namedBy: 'AlarmName' };
  return [
    {
      type: 'AWS::CloudWatch::Alarm',
      modelled: [
        'AlarmName', 'AlarmDescription', 'ActionsEnabled', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'MetricName',
        'Namespace', 'Dimensions', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit', 'EvaluationPeriods', 'DatapointsToAlarm',
        'Threshold', 'ComparisonOperator', 'TreatMissingData', 'EvaluateLowSampleCountPercentile', 'Metrics', 'Tags',
      ],
      ...replacedByName,
      create(resource) {
        const alarm = putAlarm(resource.properties, nameOf(resource.type, resource));
        return { ref: alarm.name, attributes: { Arn: alarm.arn } };
      },
      update({ ref, properties }) {
        putAlarm(properties, ref);
      },
      delete({ ref }) {
        cloudWatch.deleteAlarm(ref);
      },
    },
    {
      type: 'AWS::CloudWatch::CompositeAlarm',
      modelled: [
        'AlarmName', 'AlarmDescription', 'AlarmRule', 'ActionsEnabled', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'Tags',
        'ActionsSuppressor', 'ActionsSuppressorWaitPeriod', 'ActionsSuppressorExtensionPeriod',
      ],
      ...replacedByName,
      create(resource) {
        const alarm = putCompositeAlarm(resource.properties, nameOf(resource.type, resource));
        return { ref: alarm.name, attributes: { Arn: alarm.arn } };
      },
      update({ ref, properties }) {
        putCompositeAlarm(properties, ref);
      },
      delete({ ref }) {
        cloudWatch.deleteAlarm(ref);
      },
    },
    {
      type: 'AWS::CloudWatch::AlarmMuteRule',
      modelled: ['Name', 'Description', 'Rule', 'MuteTargets', 'StartDate', 'ExpireDate', 'Tags'],
      replaces: ['Name'],
      namedBy: 'Name',
      create: ({ properties, physicalName }) => putMuteRule(properties, properties.text('Name') ?? physicalName(255)),
      update: ({ ref, properties }) => putMuteRule(properties, muteRuleName(ref)),
      delete: ({ ref }) => cloudWatch.muteRules.delete(muteRuleName(ref)),
    },
    {
      type: 'AWS::CloudWatch::Dashboard',
      modelled: ['DashboardName', 'DashboardBody'],
      withoutEffect: ['Tags'],
      replaces: ['DashboardName'],
      namedBy: 'DashboardName',
      create({ properties, physicalName }) {
        const name = properties.text('DashboardName') ?? physicalName(255);
        cloudWatch.dashboards.put(name, properties.requiredText('DashboardBody'), clock.now());
        return { ref: name };
      },
      update({ ref, properties }) {
        cloudWatch.dashboards.put(ref, properties.requiredText('DashboardBody'), clock.now());
      },
      delete({ ref }) {
        cloudWatch.dashboards.delete(ref);
      },
    },
  ];
}
