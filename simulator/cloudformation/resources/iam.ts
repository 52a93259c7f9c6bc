import type { Place } from '../../contracts';
import type { AccessControl, PolicyDocument } from '../../iam';
import type { Random } from '../../random';
import { alreadyExists, NotModelled, type Properties, type ResourceProvider } from '../provider';

export function iamProviders(place: Place, random: Random, access: AccessControl): ResourceProvider[] {
  const { partition, account } = place;
  const roles = new Set<string>();
  const setOwnPolicies = (role: string, properties: Properties): void => {
    access.setTrustPolicy(role, properties.object<PolicyDocument>('AssumeRolePolicyDocument'));
    access.setRolePolicies(role, 'AWS::IAM::Role', [
      ...(properties.list<{ PolicyDocument: PolicyDocument }>('Policies') ?? []).map(({ PolicyDocument: document }) => document),
      ...(properties.list<string>('ManagedPolicyArns') ?? []).map(managedPolicy),
    ]);
  };
  const rolesOf = (properties: Properties): string[] => properties.list<string>('Roles') ?? [];
  const attach = (policyId: string, properties: Properties): void => {
    for (const role of rolesOf(properties)) access.setRolePolicies(role, policyId, [properties.object<PolicyDocument>('PolicyDocument')!]);
  };
  return [
    {
      type: 'AWS::IAM::Role',
      modelled: ['RoleName', 'AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
      withoutEffect: ['Description', 'MaxSessionDuration', 'Path', 'Tags'],
      replaces: ['RoleName', 'Path'],
      namedBy: 'RoleName',
      create({ type, properties, physicalName }) {
        const name = properties.text('RoleName') ?? physicalName(64);
        if (roles.has(name)) throw alreadyExists(type, name);
        setOwnPolicies(name, properties);
        roles.add(name);
        return { ref: name, attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}`, RoleId: `AROA${random.hex(17).toUpperCase()}` } };
      },
      update: ({ ref, properties }) => setOwnPolicies(ref, properties),
      delete({ ref }) {
        access.removeRolePolicies(ref, 'AWS::IAM::Role');
        access.setTrustPolicy(ref, undefined);
        roles.delete(ref);
      },
    },
    {
      type: 'AWS::IAM::Policy',
      modelled: ['PolicyName', 'PolicyDocument', 'Roles'],
      create({ stackId, logicalId, properties }) {
        const id = `${stackId}/${logicalId}`; // two stacks may have policies of one name
        attach(id, properties);
        return { ref: properties.requiredText('PolicyName'), attributes: { Id: id } };
      },
      update({ stackId, logicalId, properties, previous }) {
        const id = `${stackId}/${logicalId}`;
        for (const role of rolesOf(previous)) access.removeRolePolicies(role, id);
        attach(id, properties);
        return { ref: properties.requiredText('PolicyName'), attributes: { Id: id } };
      },
      delete({ attributes, properties }) {
        for (const role of rolesOf(properties)) access.removeRolePolicies(role, attributes.Id);
      },
    },
  ];
}

/** The managed policies that functions have: what they allow of the services that are simulated, and of those around them. */
function managedPolicy(arn: string): PolicyDocument {
  const actions: Readonly<Record<string, readonly string[]>> = {
    AWSLambdaBasicExecutionRole: ['logs:*'],
    AWSLambdaVPCAccessExecutionRole: ['ec2:*', 'logs:*'],
    AWSXRayDaemonWriteAccess: ['xray:*'],
    AWSLambdaSQSQueueExecutionRole: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'logs:*'],
    AmazonDynamoDBFullAccess: ['dynamodb:*'],
    AmazonS3FullAccess: ['s3:*'],
    AmazonSNSFullAccess: ['sns:*'],
    AmazonSQSFullAccess: ['sqs:*'],
    AdministratorAccess: ['*'],
  };
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  if (!(name in actions)) throw new NotModelled(`'ManagedPolicyArns' names '${name}', whose content the simulator does not know`);
  return { Statement: { Effect: 'Allow', Action: actions[name], Resource: '*' } };
}
