import { App, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Simulation, type SimulationOptions } from '../../../simulator';
import { documented } from '../documented';

let simulation: Simulation;
async function start(build: (stack: Stack) => void, options?: SimulationOptions): Promise<Simulation> {
  const stack = new Stack(new App(), 'Shop');
  build(stack);
  return simulation = await Simulation.start(stack, options);
}
afterEach(() => simulation?.stop());

const placed = { source: 'com.example.orders', detailType: 'OrderPlaced', detail: { orderId: '1' } };

documented('what a rule may reach', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html', () => {
  const ruleTo = (stack: Stack, arn: string, more: object = {}) => new events.CfnRule(stack, 'Rule', { eventPattern: { source: ['com.example.orders'] }, targets: [{ id: 'one', arn, ...more }] });
  const allow = (queue: sqs.Queue, conditions: Record<string, Record<string, string>>) => queue.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [queue.queueArn], conditions,
  }));
  const put = async () => {
    await simulation.eventBus('default').putEvents(placed);
    await simulation.advance(0);
  };

  test.each<[string, Record<string, Record<string, string>>, number]>([
    ['without conditions', {}, 1],
    ['for the rule', { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/*' } }, 1],
    ['for another rule', { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/other' } }, 0],
    ['for the account', { StringEquals: { 'aws:SourceAccount': '000000000000' } }, 1],
    ['for another account', { StringEquals: { 'aws:SourceAccount': '111122223333' } }, 0],
  ])('is a queue whose policy allows it %s: %j', async (_what, conditions, arrived) => {
    await start((stack) => {
      const queue = new sqs.Queue(stack, 'Queue');
      allow(queue, conditions);
      ruleTo(stack, queue.queueArn);
    });
    await put();
    expect(simulation.queue('Queue').messages).toHaveLength(arrived);
    expect(simulation.denials.map(({ principal, action }) => `${principal} ${action}`)).toEqual(arrived ? [] : ['events.amazonaws.com sqs:SendMessage']);
  });

  test('is no queue without a policy, and the denial names the statement', async () => {
    await start((stack) => ruleTo(stack, new sqs.Queue(stack, 'Queue').queueArn));
    await put();
    expect(simulation.queue('Queue').messages).toEqual([]);
    expect(simulation.rule('Rule').tally.failed).toBe(1);
    expect(JSON.parse(simulation.denials[0].missingStatement!)).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Condition: { ArnEquals: { 'aws:SourceArn': simulation.rule('Rule').arn } },
    });
  });

  test('is no queue whose key does not let EventBridge in', async () => {
    await start((stack) => {
      const queue = new sqs.Queue(stack, 'Queue', { encryptionMasterKey: new kms.Key(stack, 'Key') });
      allow(queue, {});
      ruleTo(stack, queue.queueArn);
    });
    await put();
    expect(simulation.denials.map(({ action }) => action)).toEqual(['kms:GenerateDataKey']);
    expect(simulation.queue('Queue').messages).toEqual([]);
  });

  test('is no function without a permission', async () => {
    const seen: unknown[] = [];
    await start((stack) => {
      const handler = new lambda.Function(stack, 'Function', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};') });
      ruleTo(stack, handler.functionArn);
    }, { handlers: { Function: (event) => { seen.push(event); } } });
    await put();
    expect(seen).toEqual([]);
    expect(simulation.denials.map(({ action }) => action)).toEqual(['lambda:InvokeFunction']);
  });

  test.each<[string, Record<string, Record<string, string>> | undefined, number]>([
    ['no topic that has its first policy', undefined, 0],
    ['a topic whose policy allows it', {}, 1],
    ['no topic whose policy has a condition', { StringEquals: { 'aws:SourceAccount': '000000000000' } }, 0],
  ])('is %s', async (_what, conditions, arrived) => {
    await start((stack) => {
      const topic = new sns.Topic(stack, 'Topic');
      if (conditions) topic.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('events.amazonaws.com')], actions: ['sns:Publish'], resources: [topic.topicArn], conditions }));
      ruleTo(stack, topic.topicArn);
    });
    await put();
    expect(simulation.topic('Topic').tally.published).toBe(arrived);
    expect(simulation.denials).toHaveLength(1 - arrived);
  });

  test('is what the role of the target may', async () => {
    const withRole = (mayPublish: boolean) => start((stack) => {
      const topic = new sns.Topic(stack, 'Topic');
      topic.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountRootPrincipal()], actions: ['sns:GetTopicAttributes'], resources: [topic.topicArn] }));
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
      if (mayPublish) role.addToPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
      ruleTo(stack, topic.topicArn, { roleArn: role.roleArn });
    });
    await withRole(true);
    await put();
    expect(simulation.topic('Topic').tally.published).toBe(1);
    await simulation.stop();
    await withRole(false);
    await put();
    expect(simulation.topic('Topic').tally.published).toBe(0);
    expect(simulation.denials.map(({ principal }) => principal)).toEqual([expect.stringContaining(':role/')]);
  });
});
