import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ConsumerFunction, CostTags, DurableQueue, FanOutTopic, QueueConsumer } from '../../lib';
import { deployed } from '../permissions/templates';
import { walk } from '../permissions/walker';
import { environment, importedKeyIn, keyIn, newApp, newStack, statementsIn } from './set-up';

const code = lambda.Code.fromInline('exports.handler = () => {};');

/** A topic with two queues and their consumers, the first of which publishes on. */
function compose(stack: Stack, encryptionKey?: kms.IKey): { topic: FanOutTopic; queue: DurableQueue } {
  const topic = new FanOutTopic(stack, 'Orders', { encryptionKey });
  const [queue] = ['Billing', 'Shipping'].map((id) => {
    const one = new DurableQueue(stack, id, { encryptionKey });
    topic.addQueue(id, one);
    const consumer = new ConsumerFunction(stack, `${id}Function`, { code });
    topic.grantPublish(consumer);
    new QueueConsumer(stack, `${id}Consumer`, { queue: one, handler: consumer.function, maxBatchingWindow: Duration.seconds(1) });
    return one;
  });
  new CostTags(stack, 'CostTags', { application: 'orders', environment: 'test', owner: 'team', costCenter: '1' });
  return { topic, queue };
}

describe('The constructs together', () => {
  const { CDK_VALIDATION } = process.env;
  afterEach(() => { process.env.CDK_VALIDATION = CDK_VALIDATION; });

  test('satisfy the AWS Solutions rules and the template validation of aws-cdk-lib, with one customer key for all', () => {
    process.env.CDK_VALIDATION = 'true';
    const app = newApp();
    app.node.setContext('@aws-cdk/core:validateAgainstDefaultRules', true);
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const stack = new Stack(app, 'Test', { env: environment });
    compose(stack, keyIn(stack));
    compose(new Stack(app, 'Unencrypted', { env: environment }));
    expect(() => app.synth()).not.toThrow();
  });

  test('are found wanting by these rules when something else is', () => {
    process.env.CDK_VALIDATION = 'true';
    const app = newApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const stack = new Stack(app, 'Test', { env: environment });
    new s3.Bucket(stack, 'Bucket');
    compose(stack, keyIn(stack));
    expect(() => app.synth()).toThrow('AwsSolutions-S10');
  });

  test('work in a stack that knows neither its account nor its region', () => {
    const stack = newStack({});
    compose(stack, keyIn(stack));
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', [
          'arn:', { Ref: 'AWS::Partition' }, ':sns:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':*',
        ]] } },
      },
    }));
  });
});

describe('A DurableQueue with a customer key', () => {
  test('is notified by a bucket that is encrypted with the same key, without a cycle', () => {
    const stack = newStack();
    const encryptionKey = keyIn(stack);
    const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(new DurableQueue(stack, 'Uploads', { encryptionKey })));
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual({
      Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    });
  });

  /**
   * With the flag or without: the target of aws-cdk-lib sets no condition for a queue with a key.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  test.each([true, false])('takes the events of a rule on the default bus, of its own account only: same-account flag %s', (flag) => {
    const stack = newStack();
    stack.node.setContext('@aws-cdk/aws-events:eventsTargetQueueSameAccount', flag);
    const queue = new DurableQueue(stack, 'Orders', { encryptionKey: keyIn(stack) });
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(queue)] });
    const account = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
    const forEvents = [...statementsIn(stack, 'AWS::SQS::QueuePolicy'), ...statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')]
      .filter(({ Principal }) => (Principal as { Service?: string }).Service === 'events.amazonaws.com');
    expect(forEvents).toEqual([
      expect.objectContaining({ Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'], Condition: account }),
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Condition: account },
    ]);
    expect(walk(deployed(stack)).findings).toEqual([]);
  });

  test('without a key, takes the events of that one rule only', () => {
    const stack = newStack();
    const rule = new events.Rule(stack, 'Rule', {
      eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(new DurableQueue(stack, 'Orders'))],
    });
    expect(statementsIn(stack, 'AWS::SQS::QueuePolicy')).toContainEqual(expect.objectContaining({
      Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(rule.ruleArn) as unknown } },
    }));
    expect(walk(deployed(stack)).findings).toEqual([]);
  });

  test('lets EventBridge in', () => {
    const stack = newStack();
    const queue = new DurableQueue(stack, 'Orders', { encryptionKey: keyIn(stack) });
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(queue)] });
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Principal }) => Principal)).toContainEqual({ Service: 'events.amazonaws.com' });
  });

  test('warns with the missing statement when the key is imported', () => {
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    const stack = newStack();
    const queue = new DurableQueue(stack, 'Orders', { encryptionKey: importedKeyIn(stack) });
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(queue)] });
    const [warning] = Annotations.fromStack(stack).findWarning('/Test/Orders', Match.anyValue());
    expect(warning?.entry.data).toContain("The policy of the encryption key 'Test/ImportedKey' cannot be changed from here. It must have this statement, or "
      + 'messages are lost in silence: {"Action":["kms:Decrypt","kms:GenerateDataKey*"]');
    expect(warning?.entry.data).toContain('[ack: cdk-messaging:keyPolicyNotChanged]');
    expect(JSON.stringify(printed.mock.calls)).toContain('messages are lost in silence');
    printed.mockRestore();
  });
});
