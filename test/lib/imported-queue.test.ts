import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { FanOutTopic, ImportedQueue, type ImportedQueueProps, QueueConsumer } from '../../lib';
import { functionIn, importedKeyIn, keyIn, newStack, statementsIn } from './set-up';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:imported';
const send = ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'];

let stack: Stack;
const queueWith = (props: Partial<ImportedQueueProps> = {}): ImportedQueue => {
  stack = newStack();
  return new ImportedQueue(stack, 'Legacy', { queueArn, ...props });
};

/** What the user connects with a queue, the service that then sends, and the actions and the source of the statement. */
const integrations: [string, (queue: ImportedQueue) => void, object][] = [
  ['a bucket that notifies', (queue) => {
    s3.Bucket.fromBucketName(stack, 'Bucket', 'uploads').addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(queue));
  }, { Action: send, Principal: { Service: 's3.amazonaws.com' }, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } }],
  ['an EventBridge rule', (queue) => {
    new events.Rule(stack, 'Rule', { ruleName: 'orders', eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(queue)] });
  }, { Action: send, Principal: { Service: 'events.amazonaws.com' } }],
  ['a subscription of aws-cdk-lib', (queue) => {
    sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:orders').addSubscription(new subscriptions.SqsSubscription(queue));
  }, {
    Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:orders' } },
  }],
  ['a role of another account', (queue) => {
    queue.grantSendMessages(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/sender'));
  }, { Action: send, Principal: { AWS: 'arn:aws:iam::444455556666:role/sender' } }],
  ['a consumer of another account', (queue) => {
    queue.grantConsumeMessages(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/consumer'));
  }, { Principal: { AWS: 'arn:aws:iam::444455556666:role/consumer' } }],
  ['an account that may purge', (queue) => {
    queue.grantPurge(new iam.AccountPrincipal('444455556666'));
  }, { Principal: { AWS: 'arn:aws:iam::444455556666:root' } }],
];

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html */
describe('An ImportedQueue', () => {
  test.each(integrations)('fails synthesis with the statement that its policy needs for %s', (_what, connect, statement) => {
    connect(queueWith());
    let message = '';
    try {
      Template.fromStack(stack);
    } catch (error) {
      ({ message } = error as Error);
    }
    const start = `[Test/Legacy] the policy of the queue '${queueArn}' cannot be changed from here. Add this statement to it and set `
      + "'policiesManagedElsewhere': ";
    expect(message).toContain(start);
    expect(JSON.parse(message.slice(message.indexOf(start) + start.length))).toMatchObject({ Effect: 'Allow', Resource: queueArn, ...statement });
  });

  test.each(integrations)('takes it that its policy is managed elsewhere: for %s', (_what, connect) => {
    connect(queueWith({ policiesManagedElsewhere: true }));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('fails once for each statement, however often it is needed', () => {
    const queue = queueWith();
    for (const name of ['one', 'two', 'one']) queue.grantSendMessages(iam.Role.fromRoleArn(stack, `${name}${stack.node.children.length}`, `arn:aws:iam::444455556666:role/${name}`));
    const statements = (): number => {
      try {
        Template.fromStack(stack);
        return 0;
      } catch (error) {
        return (error as Error).message.split('Add this statement').length - 1;
      }
    };
    expect(statements()).toBe(2);
  });

  test('is subscribed by a FanOutTopic where its policy is managed elsewhere, and refused where not', () => {
    const managed = queueWith({ policiesManagedElsewhere: true });
    new FanOutTopic(stack, 'Orders').addQueue('Legacy', managed);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', { Endpoint: queueArn });
    const queue = queueWith();
    expect(() => new FanOutTopic(stack, 'Orders').addQueue('Legacy', queue)).toThrow("the policy of the queue 'Test/Legacy' must let SNS deliver");
  });

  test('needs nothing of its policy for roles of this app, which get theirs', () => {
    const queue = queueWith();
    const own = new ImportedQueue(stack, 'Encrypted', { queueArn, encryptionKey: keyIn(stack) });
    new QueueConsumer(stack, 'Consumer', { queue, handler: functionIn(stack) });
    own.grantSendMessages(functionIn(stack, 'Sender'));
    expect(statementsIn(stack, 'AWS::IAM::Policy').flatMap(({ Action }) => Action))
      .toEqual(expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage', 'kms:Decrypt', 'kms:GenerateDataKey']));
  });

  test('adds to the policy of a customer key of this app, and warns with the statement for an imported one', () => {
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    const rule = (queue: ImportedQueue): void => {
      new events.Rule(stack, 'Rule', { eventPattern: { source: ['orders'] }, targets: [new targets.SqsQueue(queue)] });
    };
    queueWith();
    rule(new ImportedQueue(stack, 'Encrypted', { queueArn, encryptionKey: keyIn(stack), policiesManagedElsewhere: true }));
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({ Principal: { Service: 'events.amazonaws.com' } }));
    queueWith();
    rule(new ImportedQueue(stack, 'Encrypted', { queueArn, encryptionKey: importedKeyIn(stack), policiesManagedElsewhere: true }));
    Annotations.fromStack(stack).hasWarning('/Test/Encrypted', Match.stringLikeRegexp('must have this statement.*events\\.amazonaws\\.com'));
    printed.mockRestore();
  });

  test('answers as the imported queue does', () => {
    const queue = queueWith();
    expect([queue.queueArn, queue.queueName, queue.fifo, queue.encryptionMasterKey]).toEqual([queueArn, 'imported', false, undefined]);
    expect(new ImportedQueue(stack, 'Fifo', { queueArn: `${queueArn}.fifo` }).fifo).toBe(true);
    expect(queue.metricApproximateNumberOfMessagesVisible().dimensions).toEqual({ QueueName: 'imported' });
  });

  test.each(['imported', `x${queueArn}`, `${queueArn}/more`, queueArn.replace('111122223333', '1111')])('fails when its ARN is %s', (wrong) => {
    expect(() => queueWith({ queueArn: wrong })).toThrow(`Test/Legacy: 'queueArn' must be the ARN of a queue, got '${wrong}'`);
  });

  test('grants nothing on a key where it has none', () => {
    expect(queueWith().grantOnKey(new iam.Role(stack, 'Own', { assumedBy: new iam.AccountRootPrincipal() }), 'kms:Decrypt').grant).toBeUndefined();
  });

  test('takes an ARN that is known at deployment only, with its type', () => {
    queueWith();
    const token = new CfnParameter(stack, 'Arn').valueAsString;
    expect(new ImportedQueue(stack, 'Token', { queueArn: token, fifo: true }).fifo).toBe(true);
  });
});
