import type { Stack } from 'aws-cdk-lib';
import { newApp } from '../lib/set-up';
import { referenceStack } from '../reference/set-up';
import { EncryptedFifoStack } from './encrypted-fifo-stack';
import { EveryOptionStack } from './every-option-stack';
import { statementsOf } from './statements';
import { deployed } from './templates';

/**
 * The services whose roles need no source condition, each with its reason.
 *
 * - Lambda: AWS documents no source key that Lambda sends when it assumes an execution role; whoever passes the role to a function
 *   needs `iam:PassRole` in the role's own account.
 *   https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 * - SNS, for delivery status logs: the trust policy that AWS documents has no condition.
 *   https://docs.aws.amazon.com/sns/latest/dg/topics-attrib-prereq.html
 * - AWS Chatbot: the same.
 *   https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-permissions.html
 */
const exempt: Record<string, RegExp> = {
  'lambda.amazonaws.com': /./, 'sns.amazonaws.com': /DeliveryStatus/, 'chatbot.amazonaws.com': /SlackChannel/,
};

const stacks: [string, () => Stack][] = [
  ['the reference stack', referenceStack],
  ['one customer key and FIFO throughout', () => new EncryptedFifoStack(newApp(), 'Encrypted')],
  ['every optional construct turned on', () => new EveryOptionStack(newApp(), 'Everything')],
];

describe.each(stacks)('Roles that services assume: %s', (_which, make) => {
  const { template: { Resources } } = deployed(make());
  const trusts = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role').flatMap(([id, { Properties }]) => (
    statementsOf(id, Properties?.AssumeRolePolicyDocument)));

  test('are limited to a source, except where AWS documents none', () => {
    const limited = /^aws:source(account|arn)$/;
    const unlimited = trusts.filter(({ conditions }) => !conditions.some(({ key }) => limited.test(key)))
      .flatMap(({ policy, services }) => services.map((service) => ({ policy, service })));
    expect(trusts.length).toBeGreaterThan(0);
    expect(unlimited.filter(({ policy, service }) => !exempt[service]?.test(policy))).toEqual([]);
  });

  test('are assumed by services only, each with one principal', () => {
    for (const { services, identities } of trusts) expect([services.length, identities]).toEqual([1, []]);
  });
});
