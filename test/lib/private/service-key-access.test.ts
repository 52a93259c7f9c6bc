import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { allowServiceToUseKey, isManagedByAws, policyText } from '../../../lib/private/service-key-access';
import { importedKeyIn, keyIn, newStack, statementsIn } from '../set-up';

const alarms = { principal: 'cloudwatch.amazonaws.com', service: 'cloudwatch', resource: 'alarm:*' };
const statement = {
  Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: {
    StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' },
  },
};

describe('allowServiceToUseKey', () => {
  let stack: Stack;
  const servicesIn = (): unknown[] => statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')
    .filter(({ Principal }) => 'Service' in (Principal as object));

  beforeEach(() => { stack = newStack(); });

  test('lets the service in for resources of this account and region', () => {
    expect(allowServiceToUseKey(stack, keyIn(stack), alarms)).toBeUndefined();
    expect(servicesIn()).toEqual([statement]);
  });

  test('adds the statement once, however often it is asked', () => {
    const key = keyIn(stack);
    for (let times = 0; times < 3; times++) allowServiceToUseKey(stack, key, alarms);
    expect(servicesIn()).toHaveLength(1);
  });

  test('takes any resource of the service, and any resource of the account, where none is named', () => {
    const key = keyIn(stack);
    allowServiceToUseKey(stack, key, { principal: 'sns.amazonaws.com', service: 'sns' });
    allowServiceToUseKey(stack, key, { principal: 's3.amazonaws.com' });
    expect(servicesIn().map((each) => (each as { Condition: unknown }).Condition)).toEqual([
      { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } },
      { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    ]);
  });

  test('names the account and region of the scope where the key is in another stack', () => {
    const other = new Stack(stack.node.root, 'Other', { env: { account: '444455556666', region: 'us-east-1' } });
    allowServiceToUseKey(other, keyIn(stack), { principal: 'sns.amazonaws.com', service: 'sns' });
    expect(JSON.stringify(servicesIn())).toContain('arn:aws:sns:us-east-1:444455556666:*');
  });

  test('returns the statement that an imported key needs, which reads as it must stand in the policy', () => {
    const missing = allowServiceToUseKey(stack, importedKeyIn(stack), alarms)!;
    expect(JSON.parse(policyText(stack, missing))).toEqual(statement);
  });
});

test('isManagedByAws knows the aliases that AWS reserves', () => {
  const stack = newStack();
  const alias = (name: string): kms.IKey => kms.Alias.fromAliasName(stack, name.replaceAll('/', '-'), name);
  expect([undefined, keyIn(stack), importedKeyIn(stack), alias('alias/own'), alias('alias/aws/sqs')].map(isManagedByAws))
    .toEqual([false, false, false, false, true]);
});
