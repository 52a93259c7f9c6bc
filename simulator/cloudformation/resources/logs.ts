import type { Place } from '../../contracts';
import type { AccessControl } from '../../iam';
import { logsCaller, type LogsService, type MetricTransformation } from '../../logs';
import { alreadyExists, type Properties, type ResourceProvider } from '../provider';

interface GivenTransformation {
  readonly MetricName: string;
  readonly MetricNamespace: string;
  readonly MetricValue: string | number;
  readonly DefaultValue?: number | string;
  readonly Dimensions?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Unit?: string;
}

export function logsProviders(logs: LogsService, place: Place, access: AccessControl): ResourceProvider[] {
  const { partition, region, account } = place;
  const filterMetric = (name: string, properties: Properties): void => {
    logs.putMetricFilter(properties.requiredText('LogGroupName'), name, properties.text('FilterPattern') ?? '', transformationOf(properties));
  };
  const subscribe = (name: string, properties: Properties): void => {
    const [logGroup, destination] = [properties.requiredText('LogGroupName'), properties.requiredText('DestinationArn')];
    logs.putSubscriptionFilter({ name, logGroup, destination, pattern: properties.text('FilterPattern') ?? '' });
    try {
      access.authorize('lambda:InvokeFunction', destination, logsCaller(logGroup, place));
    } catch (error) {
      logs.deleteSubscriptionFilter(logGroup, name);
      throw error;
    }
  };
  return [
    {
      type: 'AWS::Logs::LogGroup',
      modelled: ['LogGroupName'],
      withoutEffect: ['RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'DataProtectionPolicy', 'Tags'],
      replaces: ['LogGroupName'],
      namedBy: 'LogGroupName',
      create({ type, properties, physicalName }) {
        const name = properties.text('LogGroupName') ?? physicalName(512);
        if (logs.hasGroup(name)) throw alreadyExists(type, name);
        logs.createGroup(name);
        return { ref: name, attributes: { Arn: `arn:${partition}:logs:${region}:${account}:log-group:${name}:*` } };
      },
      delete({ ref }) {
        logs.deleteGroup(ref);
      },
    },
    {
      type: 'AWS::Logs::MetricFilter',
      modelled: ['FilterName', 'FilterPattern', 'LogGroupName', 'MetricTransformations'],
      replaces: ['FilterName', 'LogGroupName'],
      namedBy: 'FilterName',
      create({ properties, physicalName }) {
        const name = properties.text('FilterName') ?? physicalName(512);
        filterMetric(name, properties);
        return { ref: name };
      },
      update: ({ ref, properties }) => filterMetric(ref, properties),
      delete: ({ ref, properties }) => logs.deleteMetricFilter(properties.requiredText('LogGroupName'), ref),
    },
    {
      type: 'AWS::Logs::SubscriptionFilter',
      modelled: ['DestinationArn', 'FilterName', 'FilterPattern', 'LogGroupName'],
      replaces: ['FilterName', 'LogGroupName'],
      namedBy: 'FilterName',
      create({ properties, physicalName }) {
        const name = properties.text('FilterName') ?? physicalName(512);
        subscribe(name, properties);
        return { ref: name };
      },
      update: ({ ref, properties }) => subscribe(ref, properties),
      delete: ({ ref, properties }) => logs.deleteSubscriptionFilter(properties.requiredText('LogGroupName'), ref),
    },
  ];
}

function transformationOf(properties: Properties): MetricTransformation {
  const transformations = properties.list<GivenTransformation>('MetricTransformations') ?? [];
  if (transformations.length !== 1) throw new Error(`'MetricTransformations' must have 1 entry, got ${transformations.length}`);
  const { MetricName, MetricNamespace, MetricValue, DefaultValue, Dimensions, Unit, ...others } = transformations[0];
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`'${other}' of 'MetricTransformations' is not modelled`);
  return {
    namespace: MetricNamespace,
    name: MetricName,
    value: String(MetricValue),
    defaultValue: DefaultValue === undefined ? undefined : Number(DefaultValue),
    dimensions: Dimensions && Object.fromEntries(Dimensions.map(({ Key, Value }) => [Key, Value])),
    unit: Unit,
  };
}
