import type { ResourceProvider } from '../provider';

/** Nothing of it is kept, and so nothing is to be changed or deleted. */
const withoutState = { update: () => {}, delete: () => {} };

/** What an account has around its messaging and the simulator only names: tables, and what looks on from outside. */
export function accountProviders(): ResourceProvider[] {
  return [
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
