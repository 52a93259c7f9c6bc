import type { Place } from '../../contracts';
import type { AccessControl, PolicyDocument } from '../../iam';
import type { Random } from '../../random';
import type { ResourceProvider } from '../provider';

/** What an account has around its messaging: roles and their policies, keys, log groups, and what looks on from outside. */
export function accountProviders(place: Place, random: Random, access: AccessControl): ResourceProvider[] {
  const { partition, region, account } = place;
  // what KMS gives a key that is made without a policy
  const accountKeyPolicy: PolicyDocument = {
    Statement: { Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
  };
  const keyArn = (id: string): string => `arn:${partition}:kms:${region}:${account}:key/${id}`;
  return [
    {
      type: 'AWS::IAM::Role',
      modelled: ['RoleName', 'AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
      withoutEffect: ['Description', 'MaxSessionDuration', 'Path', 'Tags'],
      create({ properties, physicalName }) {
        const name = properties.text('RoleName') ?? physicalName(64);
        for (const { PolicyDocument: document } of properties.list<{ PolicyDocument: PolicyDocument }>('Policies') ?? []) {
          access.addRolePolicy(name, document);
        }
        for (const arn of properties.list<string>('ManagedPolicyArns') ?? []) access.addRolePolicy(name, managedPolicy(arn));
        return { ref: name, attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}`, RoleId: `AROA${random.hex(17).toUpperCase()}` } };
      },
    },
    {
      type: 'AWS::IAM::Policy',
      modelled: ['PolicyName', 'PolicyDocument', 'Roles'],
      create({ properties }) {
        const name = properties.requiredText('PolicyName');
        for (const role of properties.list<string>('Roles') ?? []) access.addRolePolicy(role, properties.object<PolicyDocument>('PolicyDocument')!);
        return { ref: name, attributes: { Id: name } };
      },
    },
    {
      type: 'AWS::KMS::Key',
      modelled: ['KeyPolicy', 'Enabled', 'KeySpec', 'KeyUsage'],
      withoutEffect: ['Description', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays', 'Tags'],
      create({ properties }) {
        const id = random.uuid();
        const key = { arn: keyArn(id), policy: properties.object<PolicyDocument>('KeyPolicy') ?? accountKeyPolicy };
        for (const name of [id, key.arn]) access.addKey(name, key);
        return { ref: id, attributes: { Arn: keyArn(id), KeyId: id } };
      },
    },
    {
      type: 'AWS::KMS::Alias',
      modelled: ['AliasName', 'TargetKeyId'],
      create({ properties }) {
        const alias = properties.requiredText('AliasName');
        const key = access.key(properties.requiredText('TargetKeyId'));
        if (!key) throw new Error(`'TargetKeyId' names '${properties.text('TargetKeyId')}', which is no key of this simulation`);
        for (const name of [alias, `arn:${partition}:kms:${region}:${account}:${alias}`]) access.addKey(name, key);
        return { ref: alias };
      },
    },
    {
      type: 'AWS::Logs::LogGroup',
      modelled: ['LogGroupName'],
      withoutEffect: ['RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'DataProtectionPolicy', 'Tags'],
      create({ properties, physicalName }) {
        const name = properties.text('LogGroupName') ?? physicalName(512);
        return { ref: name, attributes: { Arn: `arn:${partition}:logs:${region}:${account}:log-group:${name}:*` } };
      },
    },
    {
      type: 'AWS::Glue::Database',
      modelled: [],
      withoutEffect: ['CatalogId', 'DatabaseInput'],
      create: ({ properties, logicalId }) => ({ ref: properties.object<{ Name?: string }>('DatabaseInput')?.Name ?? logicalId }),
    },
    {
      type: 'AWS::Glue::Table',
      modelled: [],
      withoutEffect: ['CatalogId', 'DatabaseName', 'TableInput'],
      create: ({ properties, logicalId }) => ({ ref: properties.object<{ Name?: string }>('TableInput')?.Name ?? logicalId }),
    },
    {
      type: 'AWS::Athena::NamedQuery',
      modelled: [],
      withoutEffect: ['Database', 'Description', 'Name', 'QueryString', 'WorkGroup'],
      create: ({ logicalId }) => ({ ref: logicalId, attributes: { NamedQueryId: logicalId } }),
    },
    {
      type: 'AWS::XRay::ResourcePolicy',
      modelled: [],
      withoutEffect: ['BypassPolicyLockoutCheck', 'PolicyDocument', 'PolicyName'],
      create: ({ properties }) => ({ ref: properties.requiredText('PolicyName') }),
    },
    { type: 'AWS::CDK::Metadata', modelled: [], withoutEffect: ['Analytics'], create: ({ logicalId }) => ({ ref: logicalId }) },
  ];
}

/** The managed policies that functions have: what they allow is CloudWatch Logs, X-Ray and SQS polling. */
function managedPolicy(arn: string): PolicyDocument {
  const actions: Readonly<Record<string, readonly string[]>> = {
    AWSLambdaBasicExecutionRole: ['logs:*'],
    AWSXRayDaemonWriteAccess: ['xray:*'],
    AWSLambdaSQSQueueExecutionRole: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'logs:*'],
    AdministratorAccess: ['*'],
  };
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  if (!(name in actions)) throw new Error(`'ManagedPolicyArns' names '${name}', whose content the simulator does not know`);
  return { Statement: { Effect: 'Allow', Action: actions[name], Resource: '*' } };
}
