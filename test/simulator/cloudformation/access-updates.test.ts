import type { Clock } from '../../../simulator/clock';
import { iamProviders } from '../../../simulator/cloudformation/resources/iam';
import { kmsProviders } from '../../../simulator/cloudformation/resources/kms';
import { Stacks } from '../../../simulator/cloudformation/stacks';
import type { TemplateResource } from '../../../simulator/cloudformation/template';
import { AccessControl } from '../../../simulator/iam';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';
import { place } from './things';

function account() {
  const access = new AccessControl({ now: () => 0 } as Clock, place);
  const random = new Random(1);
  const providers = [...iamProviders(place, random, access), ...kmsProviders(place, random, access)];
  const stacks = new Stacks({ place, random, providers: new Map(providers.map((one) => [one.type, one])) }, () => 0);
  const deploy = (Resources: Record<string, TemplateResource>) => {
    const stack = stacks.deploy({ name: 'Shop', template: { Resources } });
    if (stack.failure) throw stack.failure;
    return stack;
  };
  const may = (act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ name: 'AccessDenied' });
      return false;
    }
  };
  const role = (action: string) => may(() => access.authorize(action, 'arn:aws:sqs:us-east-1:000000000000:work', { principal: 'arn:aws:iam::000000000000:role/worker' }));
  const useKey = (name: string) => may(() => access.authorizeKey(['kms:Decrypt'], name, { principal: 'sns.amazonaws.com' }, 'sns'));
  return { stacks, deploy, role, useKey };
}

const allow = (Action: string, more: object = {}) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*', ...more }] });

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
documented('a role', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html', () => {
  const worker = (...actions: string[]): TemplateResource => ({
    Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', Policies: actions.map((action) => ({ PolicyName: action, PolicyDocument: allow(action) })) },
  });
  const policy = (action: string, roles: unknown[] = [{ Ref: 'Role' }]): TemplateResource => ({
    Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'policy', PolicyDocument: allow(action), Roles: roles },
  });

  test('may what its policies say now, and no longer what they said before', () => {
    const { deploy, role } = account();
    deploy({ Role: worker('sqs:SendMessage'), Policy: policy('sqs:PurgeQueue') });
    expect([role('sqs:SendMessage'), role('sqs:PurgeQueue'), role('sqs:DeleteQueue')]).toEqual([true, true, false]);
    deploy({ Role: worker(), Policy: policy('sqs:DeleteQueue') });
    expect([role('sqs:SendMessage'), role('sqs:PurgeQueue'), role('sqs:DeleteQueue')]).toEqual([false, false, true]);
  });

  test('loses what a policy allowed that is deleted or attached elsewhere', () => {
    const { deploy, role } = account();
    deploy({ Role: worker(), Policy: policy('sqs:SendMessage'), Other: policy('sqs:PurgeQueue') });
    deploy({ Role: worker(), Other: policy('sqs:PurgeQueue', ['another']) });
    expect([role('sqs:SendMessage'), role('sqs:PurgeQueue')]).toEqual([false, false]);
  });

  test('that exists already is not made again by another stack', () => {
    const { deploy, stacks } = account();
    deploy({ Role: worker() });
    expect(stacks.deploy({ name: 'Other', template: { Resources: { Role: worker() } } }).failure!.message)
      .toContain("Resource of type 'AWS::IAM::Role' with identifier 'worker' already exists.");
  });

  test('may nothing once its stack is deleted', () => {
    const { deploy, stacks, role } = account();
    deploy({ Role: worker('sqs:SendMessage'), Policy: policy('sqs:PurgeQueue') });
    stacks.delete('Shop');
    expect([role('sqs:SendMessage'), role('sqs:PurgeQueue')]).toEqual([false, false]);
  });
});

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html
 */
documented('a key', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html', () => {
  const key = (service: string, more: object = {}): TemplateResource => (
    { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: allow('kms:*', { Principal: { Service: service } }), ...more } }
  );
  const alias = (target: string): TemplateResource => ({ Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/shop', TargetKeyId: { Ref: target } } });

  test('has its policy changed in place, also for those who use its alias', () => {
    const { deploy, useKey } = account();
    const [{ ref }] = deploy({ Key: key('sns.amazonaws.com'), Alias: alias('Key') }).resources;
    expect([useKey(ref), useKey('alias/shop')]).toEqual([true, true]);
    expect(deploy({ Key: key('sqs.amazonaws.com'), Alias: alias('Key') }).resources[0].ref).toBe(ref);
    expect([useKey(ref), useKey('alias/shop')]).toEqual([false, false]);
  });

  test('is reached by an alias that is pointed at it', () => {
    const { deploy, useKey } = account();
    const keys = { One: key('sqs.amazonaws.com'), Two: key('sns.amazonaws.com') };
    deploy({ ...keys, Alias: alias('One') });
    expect(useKey('alias/shop')).toBe(false);
    deploy({ ...keys, Alias: alias('Two') });
    expect(useKey('alias/shop')).toBe(true);
  });

  test('that is deleted can be used by nobody, and neither can its alias', () => {
    const { deploy, stacks, useKey } = account();
    const [{ ref }] = deploy({ Key: key('sns.amazonaws.com'), Alias: alias('Key') }).resources;
    stacks.delete('Shop');
    expect([useKey(ref), useKey('alias/shop')]).toEqual([false, false]);
  });

  test('refuses a change that the simulator does not model', () => {
    const { deploy } = account();
    deploy({ Key: key('sns.amazonaws.com') });
    expect(() => deploy({ Key: key('sns.amazonaws.com', { Enabled: false }) })).toThrow("'Enabled' of a key cannot change in the simulator, got false");
  });
});
