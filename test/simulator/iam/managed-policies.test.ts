import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Simulation } from '../../../simulator';
import { VirtualClock } from '../../../simulator/clock';
import { iamProviders } from '../../../simulator/cloudformation/resources/iam';
import { Stacks } from '../../../simulator/cloudformation/stacks';
import type { TemplateResource } from '../../../simulator/cloudformation/template';
import { AccessControl, awsManagedPolicy } from '../../../simulator/iam';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' };
const queue = 'arn:aws:sqs:eu-west-1:111122223333:orders';
const policy = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const role = (Properties: object = {}, DependsOn?: string): TemplateResource => (
  { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', AssumeRolePolicyDocument: {}, ...Properties }, ...DependsOn && { DependsOn } }
);
const managed = (Action: string, more: object = {}, DependsOn?: string): TemplateResource => (
  { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'sending', PolicyDocument: policy(Action), ...more }, ...DependsOn && { DependsOn } }
);

function account() {
  const access = new AccessControl(new VirtualClock(), place);
  const random = new Random(1);
  const providers = new Map(iamProviders(place, random, access).map((provider) => [provider.type, provider]));
  const stacks = new Stacks({ place, random, providers }, () => 0);
  const deploy = (Resources: Record<string, TemplateResource>) => stacks.deploy({ name: 'Shop', template: { Resources } });
  const may = (action: string) => {
    try {
      access.authorize(action, queue, { principal: `arn:aws:iam::${place.account}:role/worker` });
      return true;
    } catch {
      return false;
    }
  };
  return { stacks, deploy, may };
}

documented('a managed policy of a stack', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html', () => {
  test('allows what it says to the roles that it names', () => {
    const { deploy, may } = account();
    const stack = deploy({ Role: role(), Policy: managed('sqs:SendMessage', { Roles: [{ Ref: 'Role' }] }) });
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect([may('sqs:SendMessage'), may('sqs:DeleteMessage')]).toEqual([true, false]);
  });

  test('allows it to the roles that name it, by its ARN', () => {
    const { deploy, may } = account();
    deploy({ Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managed('sqs:SendMessage', { Path: '/queues/' }) });
    expect([may('sqs:SendMessage'), may('sqs:DeleteMessage')]).toEqual([true, false]);
  });

  test.each<[string, Record<string, TemplateResource>, Record<string, TemplateResource>, boolean]>([
    ['its content, for roles that it names', { Role: role(), Policy: managed('sqs:SendMessage', { Roles: ['worker'] }, 'Role') },
      { Role: role(), Policy: managed('sqs:DeleteMessage', { Roles: ['worker'] }, 'Role') }, true],
    ['its content, for roles that name it', { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managed('sqs:SendMessage') },
      { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managed('sqs:DeleteMessage') }, true],
    ['its roles', { Role: role(), Policy: managed('sqs:SendMessage', { Roles: ['worker'] }, 'Role') }, { Role: role(), Policy: managed('sqs:DeleteMessage', {}, 'Role') }, false],
    ['the policies of a role', { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managed('sqs:SendMessage') }, { Role: role(), Policy: managed('sqs:DeleteMessage') }, false],
    ['a role alone', { Role: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSNSFullAccess'] }) }, { Role: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'] }) }, true],
    ['what there is', { Role: role(), Policy: managed('sqs:SendMessage', { Roles: ['worker'] }, 'Role') }, { Role: role() }, false],
  ])('is followed when an update changes %s', (_what, before, after, deletes) => {
    const { deploy, may } = account();
    deploy(before);
    expect(deploy(after).status).toBe('UPDATE_COMPLETE');
    expect([may('sqs:SendMessage'), may('sqs:DeleteMessage')]).toEqual([deletes && 'Policy' in after ? false : deletes, deletes]);
  });

  test('goes with its stack, and so does what a role had', () => {
    const { deploy, stacks, may } = account();
    const resources = { Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }), Policy: managed('sqs:SendMessage') };
    deploy(resources);
    expect(stacks.delete('Shop').status).toBe('DELETE_COMPLETE');
    expect(may('sqs:SendMessage')).toBe(false);
    expect(deploy(resources).status).toBe('CREATE_COMPLETE');
  });

  test('is not deleted while a role of another stack has it', () => {
    const { deploy, stacks, may } = account();
    deploy({ Policy: managed('sqs:SendMessage') });
    stacks.deploy({ name: 'Other', template: { Resources: { Role: role({ ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/sending'] }) } } });
    const stack = stacks.delete('Shop');
    expect(stack.status).toBe('DELETE_FAILED');
    expect(stack.events.map(({ reason }) => reason).join()).toContain("Cannot delete a policy attached to entities: the role 'worker' has 'arn:aws:iam::111122223333:policy/sending'");
    expect(may('sqs:SendMessage')).toBe(true);
  });

  test('has a name that no other has', () => {
    const { deploy } = account();
    const stack = deploy({ One: managed('sqs:SendMessage'), Two: managed('sqs:SendMessage') });
    expect(stack.events.map(({ reason }) => reason).join()).toContain("Resource of type 'AWS::IAM::ManagedPolicy' with identifier 'sending' already exists.");
  });

  test('as the CDK makes it is found by the role that it is added to', async () => {
    const stack = new Stack(new App(), 'Shop');
    const principal = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    principal.addManagedPolicy(new iam.ManagedPolicy(stack, 'Policy', { statements: [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] })] }));
    principal.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole'));
    const simulation = await Simulation.start(stack);
    await simulation.stop();
    expect(simulation.denials).toEqual([]);
  });
});

documented('a managed policy of AWS', 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html', () => {
  test.each([
    ['service-role/AWSLambdaBasicExecutionRole', 'logs:PutLogEvents', 'logs:GetLogEvents'],
    ['service-role/AWSLambdaVPCAccessExecutionRole', 'ec2:AssignPrivateIpAddresses', 'ec2:RunInstances'],
    ['service-role/AWSLambdaSQSQueueExecutionRole', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
    ['service-role/AWSLambdaDynamoDBExecutionRole', 'dynamodb:GetRecords', 'dynamodb:GetItem'],
    ['service-role/AWSLambdaRole', 'lambda:InvokeFunction', 'lambda:UpdateFunctionCode'],
    ['AWSXRayDaemonWriteAccess', 'xray:PutTraceSegments', 'xray:GetTraceSummaries'],
    ['AmazonSQSFullAccess', 'sqs:SendMessage', 'sns:Publish'],
    ['AmazonSQSReadOnlyAccess', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    ['AmazonSNSFullAccess', 'sns:Publish', 'sqs:SendMessage'],
    ['AmazonSNSReadOnlyAccess', 'sns:ListTopics', 'sns:Publish'],
    ['AmazonS3FullAccess', 's3:PutObject', 'sqs:SendMessage'],
    ['AmazonS3ReadOnlyAccess', 's3:GetObject', 's3:PutObject'],
    ['AmazonDynamoDBFullAccess', 'dynamodb:PutItem', 'sqs:SendMessage'],
    ['AmazonEventBridgeFullAccess', 'events:PutEvents', 'sqs:SendMessage'],
    ['AmazonSSMReadOnlyAccess', 'ssm:GetParameter', 'ssm:PutParameter'],
    ['CloudWatchLogsFullAccess', 'logs:DeleteLogGroup', 'cloudwatch:PutMetricData'],
    ['CloudWatchReadOnlyAccess', 'cloudwatch:DescribeAlarms', 'cloudwatch:PutMetricData'],
  ])('%s allows %s, and not %s', (name, allowed, other) => {
    const { deploy, may } = account();
    deploy({ Role: role({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] }) });
    expect([may(allowed), may(other)]).toEqual([true, false]);
  });

  test('AdministratorAccess allows everything', () => {
    const { deploy, may } = account();
    deploy({ Role: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) });
    expect(may('kms:ScheduleKeyDeletion')).toBe(true);
  });

  test.each([
    'arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole', 'arn:aws:iam::111122223333:policy/AmazonSQSFullAccess',
    'arn:aws:iam::aws:policy/toString',
  ])('whose content is not known is refused by name: %s', (arn) => {
    const { deploy, may } = account();
    const stack = deploy({ Role: role({ ManagedPolicyArns: [arn] }) });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.events.map(({ reason }) => reason).join()).toContain(`'ManagedPolicyArns' names '${arn.slice(arn.lastIndexOf('/') + 1)}', whose content the simulator does not know`);
    expect(may('sqs:SendMessage')).toBe(false);
  });

  test('is known in every partition', () => {
    expect(awsManagedPolicy('arn:aws-cn:iam::aws:policy/AmazonSQSFullAccess')).toEqual({ Statement: { Effect: 'Allow', Action: ['sqs:*'], Resource: '*' } });
  });
});
