import type { Place } from '../../contracts';
import type { Random } from '../../random';
import type { ResourceProvider } from '../provider';

/** What an account has around its messaging: roles and their policies, keys, log groups. */
export function accountProviders(place: Place, random: Random): ResourceProvider[] {
  const { partition, region, account } = place;
  const keyArn = (id: string): string => `arn:${partition}:kms:${region}:${account}:key/${id}`;
  return [
    {
      type: 'AWS::IAM::Role',
      modelled: ['RoleName', 'AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
      withoutEffect: ['Description', 'MaxSessionDuration', 'Path', 'Tags'],
      create({ properties, physicalName }) {
        const name = properties.text('RoleName') ?? physicalName(64);
        return { ref: name, attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}`, RoleId: `AROA${random.hex(17).toUpperCase()}` } };
      },
    },
    {
      type: 'AWS::IAM::Policy',
      modelled: ['PolicyName', 'PolicyDocument', 'Roles'],
      create: ({ properties }) => ({ ref: properties.requiredText('PolicyName'), attributes: { Id: properties.requiredText('PolicyName') } }),
    },
    {
      type: 'AWS::KMS::Key',
      modelled: ['KeyPolicy', 'Enabled', 'KeySpec', 'KeyUsage'],
      withoutEffect: ['Description', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays', 'Tags'],
      create() {
        const id = random.uuid();
        return { ref: id, attributes: { Arn: keyArn(id), KeyId: id } };
      },
    },
    {
      type: 'AWS::KMS::Alias',
      modelled: ['AliasName', 'TargetKeyId'],
      create: ({ properties }) => ({ ref: properties.requiredText('AliasName') }),
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
    { type: 'AWS::CDK::Metadata', modelled: [], withoutEffect: ['Analytics'], create: ({ logicalId }) => ({ ref: logicalId }) },
  ];
}
