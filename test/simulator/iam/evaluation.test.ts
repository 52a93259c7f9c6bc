import { conditionsHold } from '../../../simulator/iam/conditions';
import { decide, type Decision, type Principal } from '../../../simulator/iam/evaluation';
import type { PolicyDocument, Statement } from '../../../simulator/iam/policy';
import { documented } from '../documented';

const sns: Principal = { kind: 'service', name: 'sns.amazonaws.com' };
const role: Principal = { kind: 'role', arn: 'arn:aws:iam::000000000000:role/Worker', account: '000000000000' };
const account: Principal = { kind: 'account', account: '000000000000' };

const queue = 'arn:aws:sqs:us-east-1:000000000000:Work';
const allow = (more: Partial<Statement> = {}): Statement => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue, ...more });
const deny = (more: Partial<Statement> = {}): Statement => ({ ...allow(more), Effect: 'Deny' });
const policy = (...Statement: Statement[]): PolicyDocument => ({ Statement });

interface Case {
  readonly resource?: PolicyDocument;
  readonly identity?: PolicyDocument[];
  readonly governs?: boolean;
  readonly action?: string;
  readonly context?: Record<string, string>;
}

documented('the evaluation of policies', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html', () => {
  test.each<[string, Principal, Case, Decision]>([
    ['a service without a policy of the resource', sns, {}, 'notAllowed'],
    ['a service that the policy names', sns, { resource: policy(allow({ Principal: { Service: 'sns.amazonaws.com' } })) }, 'allowed'],
    ['a service beside others', sns, { resource: policy(allow({ Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } })) }, 'allowed'],
    ['another service', sns, { resource: policy(allow({ Principal: { Service: 's3.amazonaws.com' } })) }, 'notAllowed'],
    ['a service under a policy for everybody', sns, { resource: policy(allow({ Principal: '*' })) }, 'allowed'],
    ['a service under a policy for every AWS principal', sns, { resource: policy(allow({ Principal: { AWS: '*' } })) }, 'allowed'],
    ['a service whose condition does not hold', sns, {
      resource: policy(allow({ Principal: '*', Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:Other' } } })),
      context: { 'aws:sourcearn': 'arn:aws:sns:us-east-1:000000000000:News' },
    }, 'notAllowed'],
    ['a role without any policy', role, {}, 'notAllowed'],
    ['a role by its own policy', role, { identity: [policy(allow())] }, 'allowed'],
    ['a role by the policy of the resource', role, { resource: policy(allow({ Principal: { AWS: role.arn } })) }, 'allowed'],
    ['a role of an account that the policy names, without a policy of its own', role, {
      resource: policy(allow({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } })),
    }, 'notAllowed'],
    ['a role that is denied by the resource', role, {
      identity: [policy(allow())], resource: policy(deny({ Principal: { AWS: '*' } })),
    }, 'explicitlyDenied'],
    ['a role that denies itself', role, { identity: [policy(allow(), deny())] }, 'explicitlyDenied'],
    ['a role with a wildcard in the action, in any case', role, { identity: [policy(allow({ Action: 'SQS:Send*' }))] }, 'allowed'],
    ['a role with a list of actions', role, { identity: [policy(allow({ Action: ['sqs:ReceiveMessage', 'sqs:SendMessage'] }))] }, 'allowed'],
    ['a role with all actions but this', role, { identity: [policy({ Effect: 'Allow', NotAction: 'sqs:SendMessage', Resource: '*' })] }, 'notAllowed'],
    ['a role with all resources but this', role, { identity: [policy({ Effect: 'Allow', Action: '*', NotResource: queue })] }, 'notAllowed'],
    ['a role with all actions but another', role, { identity: [policy({ Effect: 'Allow', NotAction: 'sqs:DeleteMessage', Resource: '*' })] }, 'allowed'],
    ['a role with all resources but another', role, { identity: [policy({ Effect: 'Allow', Action: '*', NotResource: `${queue}2` })] }, 'allowed'],
    ['a role with another resource', role, { identity: [policy(allow({ Resource: `${queue}2` }))] }, 'notAllowed'],
    ['a role under a key policy that delegates to the account', role, {
      identity: [policy(allow())], resource: policy(allow({ Principal: { AWS: '000000000000' } })), governs: true,
    }, 'allowed'],
    ['a role under a key policy that does not delegate', role, { identity: [policy(allow())], resource: policy(), governs: true }, 'notAllowed'],
    ['everybody but the role', role, { resource: policy(deny({ NotPrincipal: { AWS: role.arn } })), identity: [policy(allow())] }, 'allowed'],
    ['someone in the account', account, {}, 'allowed'],
    ['someone in the account who is denied', account, { resource: policy(deny({ Principal: '*' })) }, 'explicitlyDenied'],
  ])('decides for %s', (_who, principal, { resource, identity = [], governs, action = 'sqs:SendMessage', context = {} }, expected) => {
    expect(decide({ principal, action, resource: queue, context }, { resource, identity, resourcePolicyGoverns: governs })).toBe(expected);
  });
});

documented('a condition operator', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html', () => {
  test.each<[string, Record<string, string | string[]>, string | string[] | undefined, boolean]>([
    ['StringEquals', { key: 'a' }, 'a', true],
    ['StringEquals', { key: ['b', 'a'] }, 'a', true],
    ['StringEquals', { key: 'A' }, 'a', false],
    ['StringEquals', { key: 'a' }, undefined, false],
    ['StringEqualsIfExists', { key: 'a' }, undefined, true],
    ['StringEqualsIfExists', { key: 'a' }, 'b', false],
    ['StringNotEquals', { key: ['a', 'b'] }, 'b', false],
    ['StringNotEquals', { key: ['a', 'b'] }, 'c', true],
    ['StringNotEquals', { key: 'a' }, undefined, true],
    ['StringEqualsIgnoreCase', { key: 'A' }, 'a', true],
    ['StringLike', { key: 'a*' }, 'abc', true],
    ['StringLike', { key: 'a?' }, 'abc', false],
    ['StringNotLike', { key: 'a*' }, 'abc', false],
    ['ArnLike', { key: 'arn:aws:sns:*:000000000000:Order*' }, 'arn:aws:sns:us-east-1:000000000000:Orders', true],
    ['ArnLike', { key: 'arn:aws:*:Orders' }, 'arn:aws:sns:us-east-1:000000000000:Orders', false],
    ['ArnEquals', { key: 'arn:aws:sns:us-east-1:000000000000:Orders' }, 'arn:aws:sns:us-east-1:000000000000:Orders', true],
    ['ArnNotLike', { key: 'arn:aws:sns:*:*:Orders' }, 'arn:aws:sns:us-east-1:000000000000:Orders', false],
    ['Bool', { key: 'false' }, 'true', false],
    ['Bool', { key: 'true' }, 'true', true],
    ['Null', { key: 'true' }, undefined, true],
    ['Null', { key: 'true' }, 'a', false],
    ['DateNotEquals', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T09:00:00.000Z', false],
    ['DateLessThanEquals', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T09:00:00.000Z', true],
    ['DateLessThanEquals', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T09:00:00.001Z', false],
    ['DateGreaterThanEquals', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T09:00:00.000Z', true],
    ['DateGreaterThanEquals', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T08:59:59.999Z', false],
    ['DateEquals', { key: '1767603600' }, '2026-01-05T09:00:00Z', true],
    ['BinaryEquals', { key: 'QmluYXJ5' }, 'QmluYXJ5', true],
    ['BinaryEquals', { key: 'QmluYXJ5' }, 'qmluYXJ5', false],
    ['Null', { key: 'false' }, 'a', true],
    ['NumericEquals', { key: '1' }, '1.0', true],
    ['NumericNotEquals', { key: '1' }, '1', false],
    ['NumericLessThanEquals', { key: '10' }, '10', true],
    ['NumericGreaterThan', { key: '10' }, '10', false],
    ['StringNotEqualsIgnoreCase', { key: 'A' }, 'a', false],
    ['NumericLessThan', { key: '10' }, '9', true],
    ['NumericLessThan', { key: '10' }, '10', false],
    ['NumericGreaterThanEquals', { key: '10' }, '9', false],
    ['DateGreaterThan', { key: '2026-01-01T00:00:00Z' }, '2026-01-05T09:00:00Z', true],
    ['DateGreaterThan', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T09:00:00.000Z', false],
    ['DateLessThan', { key: '2026-01-05T09:00:00Z' }, '2026-01-05T09:00:00.000Z', false],
    ['ForAnyValue:StringEquals', { key: ['a', 'b'] }, ['c', 'b'], true],
    ['ForAnyValue:StringEquals', { key: ['a', 'b'] }, undefined, false],
    ['ForAllValues:StringEquals', { key: ['a', 'b'] }, ['a', 'c'], false],
    ['ForAllValues:StringEquals', { key: ['a', 'b'] }, undefined, true],
  ])('%s %j with %j is %s', (operator, condition, actual, expected) => {
    expect(conditionsHold({ Effect: 'Allow', Condition: { [operator]: condition } }, { key: actual })).toBe(expected);
  });
});

documented('conditions', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html', () => {
  test('the case of a condition key does not matter, and every condition must hold', () => {
    const statement: Statement = { Effect: 'Allow', Condition: { StringEquals: { 'AWS:SourceAccount': '1', 'aws:PrincipalArn': 'x' } } };
    expect(conditionsHold(statement, { 'aws:sourceaccount': '1', 'aws:principalarn': 'x' })).toBe(true);
    expect(conditionsHold(statement, { 'aws:sourceaccount': '1', 'aws:principalarn': 'y' })).toBe(false);
  });
});

test('fails for an operator that is not modelled', () => {
  expect(() => conditionsHold({ Effect: 'Allow', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, {}))
    .toThrow('the condition operator \'IpAddress\' is not modelled');
});

documented('a policy variable', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html', () => {
  const context = { 'aws:principalaccount': '000000000000', 'aws:sourceaccount': '000000000000' };
  const cases: [what: string, statement: Partial<Statement>, allowed: boolean][] = [
    ['in a resource is what the request has', { Resource: 'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:Work' }, true],
    ['in a resource that is another', { Resource: 'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}1:Work' }, false],
    ['that the request does not have matches nothing', { Resource: ['arn:aws:sqs:*:*:Work${aws:username}'] }, false],
    ['that the request does not have lets no other resource in', { Resource: undefined, NotResource: ['arn:aws:sqs:*:*:Other${aws:username}'] }, false],
    ['that the request does not have takes its default value', { Resource: "arn:aws:sqs:*:*:${aws:PrincipalTag/queue, 'Work'}" }, true],
    ['in a condition is what the request has', { Condition: { StringEquals: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } } }, true],
    ['in a condition may be another', { Condition: { StringNotEquals: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } } }, false],
    ['in a condition that excludes matches nothing without it', { Condition: { StringNotEquals: { 'aws:SourceAccount': '${aws:username}' } } }, false],
    ['without a name matches nothing', { Resource: ['arn:aws:sqs:*:*:Work', 'arn:aws:sqs:*:*:*'].map((arn) => `${arn}\${}`) }, false],
    ['of a dollar sign is one', { Condition: { StringEquals: { 'aws:SourceAccount': '${$}' } } }, false],
  ];
  test.each(cases)('%s', (_what, statement, allowed) => {
    const request = { principal: role, action: 'sqs:SendMessage', resource: queue, context };
    expect(decide(request, { identity: [policy(allow(statement))] })).toBe(allowed ? 'allowed' : 'notAllowed');
  });
});

test.each(['${*}', '${?}'])('fails for the variable %s, which is not modelled', (variable) => {
  const request = { principal: role, action: 'sqs:SendMessage', resource: queue, context: {} };
  expect(() => decide(request, { identity: [policy(allow({ Resource: variable }))] })).toThrow(`the policy variable '${variable}' is not modelled`);
});

documented('the evaluation across accounts', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html', () => {
  const owner = '444455556666';
  const byRole = policy(allow());
  const forRole = policy(allow({ Principal: { AWS: role.arn } }));
  const forAccount = policy(allow({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }));
  test.each<[string, Principal, Case, Decision]>([
    ['a role by its own policy alone', role, { identity: [byRole] }, 'notAllowedByOwner'],
    ['a role by the policy of the resource alone', role, { resource: forRole, identity: [] }, 'notAllowedByRole'],
    ['a role by both', role, { resource: forRole, identity: [byRole] }, 'allowed'],
    ['a role by its own policy and a resource that lets its account', role, { resource: forAccount, identity: [byRole] }, 'allowed'],
    ['a role under a key that lets its account, by its own policy', role, { resource: forAccount, identity: [byRole], governs: true }, 'allowed'],
    ['a role whose policies nobody knows', role, { resource: forRole }, 'allowed'],
    ['a role that denies itself', role, { resource: forRole, identity: [byRole, policy(deny())] }, 'explicitlyDenied'],
    ['someone of an account that the resource lets', account, { resource: forAccount }, 'allowed'],
    ['someone of an account that it does not', account, { resource: policy(allow({ Principal: { AWS: '444455556666' } })) }, 'notAllowedByOwner'],
    ['a service, which is of no account', sns, { resource: policy(allow({ Principal: { Service: 'sns.amazonaws.com' } })) }, 'allowed'],
  ])('decides for %s', (_who, principal, { resource, identity, governs }, expected) => {
    const request = { principal, action: 'sqs:SendMessage', resource: queue, context: {}, owner };
    expect(decide(request, { resource, identity, resourcePolicyGoverns: governs })).toBe(expected);
  });
});
