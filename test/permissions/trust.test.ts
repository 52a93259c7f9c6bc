import type { Stack } from 'aws-cdk-lib';
import { newApp } from '../lib/set-up';
import { referenceStack } from '../reference/set-up';
import { EncryptedFifoStack } from './encrypted-fifo-stack';
import { EveryOptionStack } from './every-option-stack';
import { statementsOf } from './statements';
import { deployed, resourcesOf } from './templates';

/** Roles that aws-cdk-lib makes by itself for the app's own buckets, and takes no principal for. */
const madeByCdk: readonly RegExp[] = [/BucketNotificationsHandler/];

const stacks: [string, () => Stack, readonly RegExp[]][] = [
  ['the reference stack', referenceStack, []],
  ['one customer key and FIFO throughout', () => new EncryptedFifoStack(newApp(), 'Encrypted'), madeByCdk],
  ['every optional construct turned on', () => new EveryOptionStack(newApp(), 'Everything'), []],
];

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
describe.each(stacks)('Roles that services assume: %s', (_which, make, exempt) => {
  const template = deployed(make());
  const trusts = [...resourcesOf([template]).values()].filter(({ type }) => type === 'AWS::IAM::Role').flatMap(({ id, properties }) => (
    statementsOf(id, properties.AssumeRolePolicyDocument)));

  test('are limited to the account wherever the service says for whom it acts', () => {
    const unlimited = trusts.filter(({ conditions }) => !conditions.some(({ operator, key, values }) => (
      operator === 'StringEqualsIfExists' && key === 'aws:sourceaccount' && values.join() === template.account)));
    expect(trusts.length).toBeGreaterThan(0);
    expect(unlimited.filter(({ policy }) => !exempt.some((role) => role.test(policy))).map(({ policy }) => policy)).toEqual([]);
    // no exemption is left that nothing needs
    expect(exempt.filter((role) => !unlimited.some(({ policy }) => role.test(policy)))).toEqual([]);
  });

  test('are assumed by services only, each with one principal', () => {
    for (const { services, identities } of trusts) expect([services.length, identities]).toEqual([1, []]);
  });
});
