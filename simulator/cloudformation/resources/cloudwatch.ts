import type { Clock } from '../../clock';
import type { AlarmProperties, CloudWatchService, CompositeAlarmProperties } from '../../cloudwatch';
import type { ResourceProvider } from '../provider';

export function cloudWatchProviders(cloudWatch: CloudWatchService, clock: Clock): ResourceProvider[] {
  return [
    {
      type: 'AWS::CloudWatch::Alarm',
      modelled: [
        'AlarmName', 'AlarmDescription', 'ActionsEnabled', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'MetricName',
        'Namespace', 'Dimensions', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit', 'EvaluationPeriods', 'DatapointsToAlarm',
        'Threshold', 'ComparisonOperator', 'TreatMissingData', 'EvaluateLowSampleCountPercentile', 'Metrics', 'Tags',
      ],
      create({ properties, physicalName }) {
        const numbers = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'];
        const alarm = cloudWatch.createAlarm({
          ...properties.all(),
          ...Object.fromEntries(numbers.map((name) => [name, properties.number(name)])),
          ActionsEnabled: properties.boolean('ActionsEnabled'),
          AlarmName: properties.text('AlarmName') ?? physicalName(255),
        } as AlarmProperties);
        return { ref: alarm.name, attributes: { Arn: alarm.arn } };
      },
    },
    {
      type: 'AWS::CloudWatch::CompositeAlarm',
      modelled: [
        'AlarmName', 'AlarmDescription', 'AlarmRule', 'ActionsEnabled', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'Tags',
      ],
      create({ properties, physicalName }) {
        const alarm = cloudWatch.createCompositeAlarm({
          ...properties.all(),
          ActionsEnabled: properties.boolean('ActionsEnabled'),
          AlarmName: properties.text('AlarmName') ?? physicalName(255),
        } as CompositeAlarmProperties);
        return { ref: alarm.name, attributes: { Arn: alarm.arn } };
      },
    },
    {
      type: 'AWS::CloudWatch::Dashboard',
      modelled: ['DashboardName', 'DashboardBody'],
      withoutEffect: ['Tags'],
      create({ properties, physicalName }) {
        const name = properties.text('DashboardName') ?? physicalName(255);
        cloudWatch.dashboards.put(name, properties.requiredText('DashboardBody'), clock.now());
        return { ref: name };
      },
    },
  ];
}
