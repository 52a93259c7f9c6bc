import { CfnParameter, Stack } from 'aws-cdk-lib';
import { DurableQueue, FanOutTopic, type SenderOptions } from '../../lib';
import { environment, importedKeyIn, keyIn, newApp, newStack, resolve, statementsIn } from '../lib/set-up';
import { deployed } from './templates';
import { walk } from './walker';

/** SNS takes no two statements without an ID, so that aws-cdk-lib numbers them. */
function statements(stack: Stack, type: string): Record<string, unknown>[] {
  return statementsIn(stack, type).map(({ Sid: _sid, ...statement }) => statement);
}

const root = 'arn:aws:iam::444455556666:root';
const organizationId = 'o-a1b2c3d4e5';

interface Receiver {
  allowAccount(accountId: string, options?: SenderOptions): void;
  allowOrganization(organizationId: string, options?: SenderOptions): void;
}

const receivers = [
  {
    what: 'A queue', service: 'sqs', policy: 'AWS::SQS::QueuePolicy', action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    make: (stack: Stack, encryptionKey?: ReturnType<typeof importedKeyIn>): Receiver => new DurableQueue(stack, 'Orders', { encryptionKey }),
    arnIn: (stack: Stack): unknown => resolve(stack, (stack.node.findChild('Orders') as DurableQueue).queueArn),
  },
  {
    what: 'A topic', service: 'sns', policy: 'AWS::SNS::TopicPolicy', action: 'sns:Publish',
    make: (stack: Stack, encryptionKey?: ReturnType<typeof importedKeyIn>): Receiver => new FanOutTopic(stack, 'Orders', { encryptionKey }),
    arnIn: (stack: Stack): unknown => resolve(stack, (stack.node.findChild('Orders') as FanOutTopic).topicArn),
  },
];

describe.each(receivers)('$what', ({ service, policy, action, make, arnIn }) => {
  const onKey = ['kms:Decrypt', 'kms:GenerateDataKey'];
  const viaService = { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` };

  test('lets in nobody else on its own', () => {
    const stack = newStack();
    make(stack, keyIn(stack));
    const allowing = [...statementsIn(stack, policy), ...statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')].filter(({ Effect }) => Effect === 'Allow');
    expect(allowing.map(({ Principal }) => Principal)).toEqual([{ AWS: 'arn:aws:iam::111122223333:root' }]);
  });

  test('lets another account send', () => {
    const stack = newStack();
    make(stack).allowAccount('444455556666');
    expect(statements(stack, policy)).toContainEqual({ Effect: 'Allow', Principal: { AWS: root }, Action: action, Resource: arnIn(stack) });
  });

  test('lets another account use its key, through the service only', () => {
    const stack = newStack();
    make(stack, keyIn(stack)).allowAccount('444455556666');
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual({
      Effect: 'Allow', Principal: { AWS: root }, Action: onKey, Resource: '*', Condition: { StringEquals: viaService },
    });
  });

  test('lets the accounts of an organization send, and nobody else', () => {
    const stack = newStack();
    make(stack, keyIn(stack)).allowOrganization(organizationId);
    expect(statements(stack, policy)).toContainEqual({
      Effect: 'Allow', Principal: { AWS: '*' }, Action: action, Resource: arnIn(stack),
      Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
    });
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual({
      Effect: 'Allow', Principal: { AWS: '*' }, Action: onKey, Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId, ...viaService } },
    });
    expect(walk(deployed(stack)).findings).toEqual([]);
  });

  test('fails with the missing statement when its key is imported, and adds none of its own', () => {
    const stack = newStack();
    const receiver = make(stack, importedKeyIn(stack));
    expect(() => receiver.allowAccount('444455556666')).toThrow("Test/Orders: the policy of the encryption key 'Test/ImportedKey' must let the "
      + "senders encrypt, and cannot be changed from here. Add this statement to it and set 'policiesManagedElsewhere': "
      + `{"Action":["kms:Decrypt","kms:GenerateDataKey"],"Condition":{"StringEquals":${JSON.stringify(viaService)}},"Effect":"Allow",`
      + `"Principal":{"AWS":"${root}"},"Resource":"*"}`);
    expect(() => receiver.allowOrganization(organizationId)).toThrow(`"aws:PrincipalOrgID":"${organizationId}"`);
    expect(statementsIn(stack, policy).map(({ Effect }) => Effect)).not.toContain('Allow');
  });

  test('takes it that the policy of an imported key is managed elsewhere', () => {
    const stack = newStack();
    make(stack, importedKeyIn(stack)).allowAccount('444455556666', { policiesManagedElsewhere: true });
    expect(statementsIn(stack, policy)).toContainEqual(expect.objectContaining({ Principal: { AWS: root } }));
  });

  test('uses a key of another stack of the app', () => {
    const app = newApp();
    const [keys, others] = ['Keys', 'Others'].map((id) => new Stack(app, id, { env: environment }));
    make(others, keyIn(keys)).allowAccount('444455556666');
    expect(() => app.synth()).not.toThrow();
    expect(statementsIn(keys, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({ Principal: { AWS: root } }));
  });

  test.each(['', '1234', '4444555566667', 'a444455556666', '4444-5555-6666', 'arn:aws:iam::444455556666:root'])("fails when the account is '%s'", (accountId) => {
    expect(() => make(newStack()).allowAccount(accountId)).toThrow(`Test/Orders: 'accountId' must have 12 digits, got '${accountId}'`);
  });

  test.each(['', 'a1b2c3d4e5', 'o-short', 'o-A1B2C3D4E5', 'xo-a1b2c3d4e5', `o-${'a'.repeat(33)}`, '*'])("fails when the organization is '%s'", (id) => {
    expect(() => make(newStack()).allowOrganization(id))
      .toThrow(`Test/Orders: 'organizationId' must be 'o-' and 10 to 32 lower-case letters and digits, got '${id}'`);
  });

  test('takes an account and an organization that are known at deployment only', () => {
    const stack = newStack();
    const [account, organization] = ['Account', 'Organization'].map((id) => new CfnParameter(stack, id).valueAsString);
    const receiver = make(stack);
    receiver.allowAccount(account);
    receiver.allowOrganization(organization);
    expect(statementsIn(stack, policy)).toContainEqual(expect.objectContaining({
      Condition: { StringEquals: { 'aws:PrincipalOrgID': { Ref: 'Organization' } } },
    }));
  });
});
