import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import { AlarmTopic, DurableQueue, FanOutTopic, MessageArchive } from '../../lib';
import { limitedToAccount } from '../../lib/private/service-key-access';
import { keyIn, newStack, statementsIn } from '../lib/set-up';

type EncryptedConstruct = (stack: Stack, encryptionKey: kms.IKey) => unknown;

const encrypted: [string, string, EncryptedConstruct][] = [
  ['a DurableQueue', 'SNS, S3 and EventBridge', (stack, encryptionKey) => new DurableQueue(stack, 'Test', { encryptionKey })],
  ['a FanOutTopic', 'CloudWatch, S3 and EventBridge', (stack, encryptionKey) => new FanOutTopic(stack, 'Test', { encryptionKey })],
  ['an AlarmTopic', 'CloudWatch', (stack, encryptionKey) => new AlarmTopic(stack, 'Test', { encryptionKey })],
  ['a MessageArchive', 'SNS', (stack, encryptionKey) => new MessageArchive(stack, 'Test', { encryptionKey })],
];

test.each(encrypted)('%s refuses a key that AWS manages, because %s cannot use it', (_what, services, make) => {
  const stack = newStack();
  const key = kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/sqs');
  expect(() => make(stack, key)).toThrow(new RegExp(`'encryptionKey' must be a customer key: ${services} cannot use a key that AWS manages`));
});

test.each(encrypted)('%s takes a customer key by its alias', (_what, _services, make) => {
  jest.spyOn(console, 'error').mockReturnValue();
  const stack = newStack();
  expect(() => make(stack, kms.Alias.fromAliasName(stack, 'Customer', 'alias/messaging'))).not.toThrow();
});

describe('The key that a queue holds', () => {
  let stack: Stack;
  let key: kms.Key;

  beforeEach(() => {
    stack = newStack();
    key = keyIn(stack);
  });

  const added = (): Record<string, unknown>[] => statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy').slice(1);
  const statement = (...principals: iam.IPrincipal[]): iam.PolicyStatement => (
    new iam.PolicyStatement({ principals, actions: ['kms:Decrypt'], resources: ['*'] }));
  const account = { StringEquals: { 'aws:SourceAccount': '111122223333' } };

  test.each(['queue', 'deadLetterQueue', undefined] as const)('lets a bucket use it for its account only: %s', (inside) => {
    const queue = new DurableQueue(stack, 'Uploads', { encryptionKey: key });
    new s3.Bucket(stack, 'Bucket').addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(inside ? queue[inside] : queue));
    const forBuckets = added().filter(({ Principal }) => (Principal as { Service?: string }).Service === 's3.amazonaws.com');
    expect(forBuckets).toContainEqual(expect.objectContaining({ Condition: account }));
    // the L2 queue inside adds one more, for the bucket's ARN
    for (const { Condition } of forBuckets) expect(JSON.stringify(Condition)).toMatch(/aws:Source(Account|Arn)/);
  });

  test('limits a statement for a service that nothing limits', () => {
    limitedToAccount(stack, key).addToResourcePolicy(statement(new iam.ServicePrincipal('s3.amazonaws.com')));
    expect(added()).toEqual([{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*', Condition: account }]);
  });

  test('leaves a statement for a service as it is that has a condition', () => {
    const limited = statement(new iam.ServicePrincipal('s3.amazonaws.com'));
    limited.addCondition('ArnLike', { 'aws:SourceArn': 'arn:aws:s3:::uploads' });
    limitedToAccount(stack, key).addToResourcePolicy(limited);
    expect(added()).toEqual([expect.objectContaining({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } })]);
  });

  test('leaves statements for identities as they are', () => {
    limitedToAccount(stack, key).addToResourcePolicy(statement(new iam.AccountPrincipal('444455556666')));
    expect(added()).toEqual([expect.not.objectContaining({ Condition: expect.anything() as unknown })]);
  });

  test('is the key otherwise', () => {
    const limited = limitedToAccount(stack, key);
    expect(limited).toBeInstanceOf(kms.Key);
    expect([limited.keyArn, limited.node, limited.stack]).toEqual([key.keyArn, key.node, key.stack]);
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    limited.grantDecrypt(role);
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toEqual([expect.objectContaining({ Action: 'kms:Decrypt' })]);
  });
});
