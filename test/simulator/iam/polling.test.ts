import { VirtualClock } from '../../../simulator/clock';
import { AccessControl, authorizePolling, type PolicyDocument } from '../../../simulator/iam';
import { documented } from '../documented';

const role = 'arn:aws:iam::000000000000:role/Worker';
const queue = { arn: 'arn:aws:sqs:us-east-1:000000000000:Work', kmsMasterKeyId: 'key' };

/** A role that may poll the queue, whose key has this policy. */
function accessUnder(policy: PolicyDocument): AccessControl {
  const access = new AccessControl(new VirtualClock(), { partition: 'aws', region: 'us-east-1', account: '000000000000', endpoint: 'http://localhost:4566' });
  access.setRolePolicies('Worker', 'Worker', [{ Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] }]);
  access.addKey('key', { arn: 'arn:aws:kms:us-east-1:000000000000:key/key', policy });
  return access;
}

const poll = (access: AccessControl): boolean => authorizePolling(access, queue as Parameters<typeof authorizePolling>[1], role);

documented('polling an encrypted queue', 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html', () => {
  test('is up to the policy of the key', () => {
    expect(poll(accessUnder({ Statement: [{ Effect: 'Allow', Principal: { AWS: role }, Action: 'kms:Decrypt', Resource: '*' }] }))).toBe(true);
    expect(poll(accessUnder({ Statement: [] }))).toBe(false);
  });

  test('is refused still when the list of denials is full', () => {
    const access = accessUnder({ Statement: [] });
    access.denials.push(...Array.from({ length: 10_000 }, () => ({ at: 0, principal: role, action: 'kms:Decrypt', resource: 'key', reason: 'no' })));
    expect(poll(access)).toBe(false);
  });

  test('fails when the policy of the key cannot be evaluated, which is no denial', () => {
    const IpAddress = { 'aws:SourceIp': '10.0.0.0/8' };
    const access = accessUnder({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*', Condition: { IpAddress } }] });
    expect(() => poll(access)).toThrow('the condition operator \'IpAddress\' is not modelled');
  });
});

documented('a denial', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html', () => {
  test.each([
    ['sns.amazonaws.com', 'no policy of the resource allows it'],
    [role, 'no policy of the role or the resource allows it'],
  ])('of %s says that %s', (principal, reason) => {
    const access = accessUnder({});
    expect(() => access.authorize('sns:Publish', 'arn:aws:sns:us-east-1:000000000000:News', { principal })).toThrow(reason);
    expect(access.denials).toMatchObject([{ reason }]);
  });
});
