import type { Place } from '../../contracts';
import { alreadyExists, type ResourceProvider } from '../provider';

/** Nothing of it is kept, and so nothing is to be changed or deleted. */
const withoutState = { update: () => {}, delete: () => {} };

/** What an account has around its messaging and the simulator only names: log groups, tables, and what looks on from outside. */
export function accountProviders(place: Place): ResourceProvider[] {
  const { partition, region, account } = place;
  const logGroups = new Set<string>();
  return [
    {
      type: 'AWS::Logs::LogGroup',
      modelled: ['LogGroupName'],
      withoutEffect: ['RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'DataProtectionPolicy', 'Tags'],
      replaces: ['LogGroupName'],
      namedBy: 'LogGroupName',
      create({ type, properties, physicalName }) {
        const name = properties.text('LogGroupName') ?? physicalName(512);
        if (logGroups.has(name)) throw alreadyExists(type, name);
        logGroups.add(name);
        return { ref: name, attributes: { Arn: `arn:${partition}:logs:${region}:${account}:log-group:${name}:*` } };
      },
      delete({ ref }) {
        logGroups.delete(ref);
      },
    },
    {
      type: 'AWS::Glue::Database',
      modelled: [],
      withoutEffect: ['CatalogId', 'DatabaseInput'],
      replaces: ['CatalogId'],
      create: ({ properties, logicalId }) => ({ ref: properties.object<{ Name?: string }>('DatabaseInput')?.Name ?? logicalId }),
      ...withoutState,
    },
    {
      type: 'AWS::Glue::Table',
      modelled: [],
      withoutEffect: ['CatalogId', 'DatabaseName', 'TableInput'],
      replaces: ['CatalogId', 'DatabaseName'],
      create: ({ properties, logicalId }) => ({ ref: properties.object<{ Name?: string }>('TableInput')?.Name ?? logicalId }),
      ...withoutState,
    },
    {
      type: 'AWS::Athena::NamedQuery',
      modelled: [],
      withoutEffect: ['Database', 'Description', 'Name', 'QueryString', 'WorkGroup'],
      replaces: ['Database', 'Description', 'Name', 'QueryString', 'WorkGroup'],
      create: ({ logicalId }) => ({ ref: logicalId, attributes: { NamedQueryId: logicalId } }),
      ...withoutState,
    },
    {
      type: 'AWS::XRay::ResourcePolicy',
      modelled: [],
      withoutEffect: ['BypassPolicyLockoutCheck', 'PolicyDocument', 'PolicyName'],
      replaces: ['PolicyName'],
      create: ({ properties }) => ({ ref: properties.requiredText('PolicyName') }),
      ...withoutState,
    },
    {
      type: 'AWS::CDK::Metadata',
      modelled: [],
      withoutEffect: ['Analytics'],
      create: ({ logicalId }) => ({ ref: logicalId }),
      ...withoutState,
    },
  ];
}
