import type { Stack } from 'aws-cdk-lib';
import { newApp } from '../lib/set-up';
import { referenceStack } from '../reference/set-up';
import { EncryptedFifoStack } from './encrypted-fifo-stack';
import { EveryOptionStack } from './every-option-stack';
import { statementsOf } from './statements';
import { deployed, resourcesOf } from './templates';

const stacks: [string, () => Stack][] = [
  ['the reference stack', referenceStack],
  ['one customer key and FIFO throughout', () => new EncryptedFifoStack(newApp(), 'Encrypted')],
  ['every optional construct turned on', () => new EveryOptionStack(newApp(), 'Everything')],
];

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
describe.each(stacks)('Roles that services assume: %s', (_which, make) => {
  const template = deployed(make());
  const trusts = [...resourcesOf([template]).values()].filter(({ type }) => type === 'AWS::IAM::Role').flatMap(({ id, properties }) => (
    statementsOf(id, properties.AssumeRolePolicyDocument)));

  test('are limited to the account wherever the service says for whom it acts', () => {
    const unlimited = trusts.filter(({ conditions }) => !conditions.some(({ operator, key, values }) => (
      operator === 'StringEqualsIfExists' && key === 'aws:sourceaccount' && values.join() === template.account)));
    expect(trusts.length).toBeGreaterThan(0);
    expect(unlimited.map(({ policy }) => policy)).toEqual([]);
  });

  test('are assumed by services only, each with one principal', () => {
    for (const { services, identities } of trusts) expect([services.length, identities]).toEqual([1, []]);
  });
});
