import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmTopic, ConsumerFunction, FanOutTopic, MessageArchive } from '../../../lib';
import { Simulation } from '../../../simulator';
import { decide } from '../../../simulator/iam/evaluation';
import type { PolicyDocument } from '../../../simulator/iam/policy';
import { environment, newStack as encryptedStack, statementsIn } from '../../lib/set-up';
import { documented } from '../documented';

const account = '000000000000'; // the simulator's
const newStack = (): Stack => new Stack(new App(), 'Shop');
const code = lambda.Code.fromInline('exports.handler = async () => "done";');
const trusted = (service: string, conditions?: iam.Conditions): iam.ServicePrincipal => new iam.ServicePrincipal(service, { conditions });

async function outcome(stack: Stack): Promise<string> {
  const simulation = await Simulation.start(stack).catch((error: Error) => error);
  if (simulation instanceof Error) return simulation.message;
  await simulation.stop();
  return 'started';
}

function functionWith(assumedBy: iam.IPrincipal): Stack {
  const stack = newStack();
  const role = new iam.Role(stack, 'Role', { assumedBy });
  new lambda.Function(stack, 'Worker', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code, role });
  return stack;
}

documented('the execution role of a function', 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html', () => {
  test.each<[string, iam.IPrincipal]>([
    ['trusts Lambda', trusted('lambda.amazonaws.com')],
    ['trusts Lambda for this account', trusted('lambda.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } })],
    ['trusts Lambda for functions of this account', trusted('lambda.amazonaws.com', {
      ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${account}:function:*` },
    })],
    ['trusts Lambda among others', new iam.CompositePrincipal(trusted('edgelambda.amazonaws.com'), trusted('lambda.amazonaws.com'))],
  ])('is assumed when it %s', async (_trust, assumedBy) => {
    expect(await outcome(functionWith(assumedBy))).toBe('started');
  });

  test.each<[string, iam.IPrincipal]>([
    ['trusts another service', trusted('sns.amazonaws.com')],
    ['trusts Lambda for another account', trusted('lambda.amazonaws.com', { StringEquals: { 'aws:SourceAccount': '111122223333' } })],
    ['trusts Lambda for another account, where the account is sent', trusted('lambda.amazonaws.com', {
      StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' },
    })],
    ['asks for an external ID', trusted('lambda.amazonaws.com', { StringEquals: { 'sts:ExternalId': account } })],
  ])('is refused when it %s: the function is not made, and the missing statement named', async (_trust, assumedBy) => {
    const refusal = await outcome(functionWith(assumedBy));
    expect(refusal).toContain('The role defined for the function cannot be assumed by Lambda.');
    expect(refusal).toMatch(/"Principal":\{"Service":"lambda\.amazonaws\.com"\},"Action":"sts:AssumeRole","Condition":/);
  });

  test('is taken as it is when the simulation does not know it', async () => {
    const stack = newStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${account}:role/elsewhere`);
    new lambda.Function(stack, 'Worker', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code, role });
    expect(await outcome(stack)).toBe('started');
  });

  test('is refused by an update that takes the trust away, which is rolled back', async () => {
    const simulation = await Simulation.start(functionWith(trusted('lambda.amazonaws.com')));
    const changed = functionWith(trusted('sns.amazonaws.com'));
    (changed.node.findChild('Worker').node.defaultChild as lambda.CfnFunction).timeout = 10;
    await expect(simulation.update(changed)).rejects.toThrow('The role defined for the function cannot be assumed by Lambda.');
    await simulation.stop();
  });
});

function streamWith(assumedBy: iam.IPrincipal): Stack {
  const stack = newStack();
  const role = new iam.Role(stack, 'Role', { assumedBy });
  const bucket = new s3.Bucket(stack, 'Archive');
  new firehose.CfnDeliveryStream(stack, 'Stream', { s3DestinationConfiguration: { roleArn: role.roleArn, bucketArn: bucket.bucketArn } });
  return stack;
}

documented('the role of a delivery stream', 'https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html', () => {
  test('is assumed with the account as the external ID', async () => {
    expect(await outcome(streamWith(trusted('firehose.amazonaws.com', { StringEquals: { 'sts:ExternalId': account } })))).toBe('started');
  });

  test('is refused when it asks for another external ID, or trusts another service', async () => {
    const other = trusted('firehose.amazonaws.com', { StringEquals: { 'sts:ExternalId': '111122223333' } });
    for (const principal of [other, trusted('lambda.amazonaws.com')]) {
      expect(await outcome(streamWith(principal))).toContain('Firehose is unable to assume role');
    }
  });
});

documented('the role of a subscription', 'https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html', () => {
  test.each([['sns.amazonaws.com', 'started'], ['firehose.amazonaws.com', "SNS cannot assume the subscription's role."]])('that trusts %s: %s', async (service, expected) => {
    const stack = streamWith(trusted('firehose.amazonaws.com'));
    const stream = stack.node.findChild('Stream') as firehose.CfnDeliveryStream;
    new sns.CfnSubscription(stack, 'Subscription', {
      topicArn: new sns.Topic(stack, 'News').topicArn, protocol: 'firehose', endpoint: stream.attrArn,
      subscriptionRoleArn: new iam.Role(stack, 'SubscriptionRole', { assumedBy: trusted(service) }).roleArn,
    });
    expect(await outcome(stack)).toContain(expected);
  });
});

documented('the roles of this library', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html', () => {
  const stack = encryptedStack();
  new ConsumerFunction(stack, 'Consumer', { code });
  new AlarmTopic(stack, 'Alarms', { slackWorkspaceId: 'T1', slackChannelId: 'C1' });
  const topic = new FanOutTopic(stack, 'Orders', { deliveryStatusLogging: true });
  new MessageArchive(stack, 'Archive').addTopicWithFirehose('Orders', topic);
  const statements = statementsIn(stack, 'AWS::IAM::Role', 'AssumeRolePolicyDocument') as { Principal: { Service: string } }[];
  const assumption = (statement: { Principal: { Service: string } }, sourceAccount?: string) => decide({
    principal: { kind: 'service', name: statement.Principal.Service }, action: 'sts:AssumeRole', resource: 'role',
    context: { 'aws:sourceaccount': sourceAccount, 'sts:externalid': environment.account },
  }, { resource: { Statement: statement } as unknown as PolicyDocument, identity: [] });

  test('are assumed by Lambda, SNS, Firehose and the chat service', () => {
    expect([...new Set(statements.map(({ Principal }) => Principal.Service))].sort()).toEqual([
      'chatbot.amazonaws.com', 'firehose.amazonaws.com', 'lambda.amazonaws.com', 'sns.amazonaws.com',
    ]);
  });

  test('let the service act for the account, also when it does not say for whom, and for no other account', () => {
    for (const statement of statements) {
      expect([environment.account, undefined, '999900001111'].map((source) => assumption(statement, source))).toEqual(['allowed', 'allowed', 'notAllowed']);
    }
  });
});
