import { Duration, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { ImportedQueue, MessageArchive, QueueConsumer } from '../../lib';
import { code as handlerCode } from '../permissions/encrypted-fifo-stack';
import { functionIn, newStack } from './set-up';

const keyArn = (account: string): string => `arn:aws:kms:eu-west-1:${account}:key/00000000-0000-0000-0000-000000000000`;
const [own, other] = ['111122223333', '444455556666'];

const queueOf = (stack: Stack, account: string, encrypted = false): sqs.IQueue => sqs.Queue.fromQueueAttributes(stack, 'Queue', {
  queueArn: `arn:aws:sqs:eu-west-1:${account}:orders`, ...(encrypted ? { keyArn: keyArn(account) } : {}),
});
const bucketOf = (stack: Stack, account: string): s3.IBucket => s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'archive', account });

/** What the warnings of a construct say, with the statements in them. */
function warned(stack: Stack, path: string): { text: string; statements: unknown[] }[] {
  return Annotations.fromStack(stack).findWarning(path, Match.stringLikeRegexp('foreignResourcePolicy')).map(({ entry }) => {
    const text = entry.data as string;
    return { text, statements: [...text.matchAll(/\{"Action".*?"Resource":"[^"]*"\}/g)].map(([statement]) => JSON.parse(statement) as unknown) };
  });
}

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-cross-account-example.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
 */
describe('An imported resource of another account', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = newStack();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => jest.restoreAllMocks());

  test('that is consumed: a queue is warned of, with the statements that its policy and that of its key need', () => {
    new QueueConsumer(stack, 'Consumer', { queue: queueOf(stack, other, true), handler: functionIn(stack) });
    const [{ text, statements }, ...more] = warned(stack, '/Test/Consumer');
    const allowed = { Effect: 'Allow', Principal: { AWS: '<ARN of Test/Function/ServiceRole>' } };
    expect(more).toEqual([]);
    expect(text).toMatch(/^The queue 'Test\/Queue' is in the account 444455556666, and its policy cannot be changed from here\. It must have this statement: /);
    expect(statements).toEqual([{
      ...allowed, Resource: 'arn:aws:sqs:eu-west-1:444455556666:orders',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    }, { ...allowed, Resource: '*', Action: 'kms:Decrypt' }]);
  });

  test('that messages are archived to: a bucket is warned of, with the statement that its policy needs', () => {
    new MessageArchive(stack, 'Archive', { bucket: bucketOf(stack, other), handlerCode });
    const [{ text, statements }] = warned(stack, '/Test/Archive');
    expect(text).toMatch(/^The bucket 'Test\/Bucket' is in the account 444455556666/);
    expect(text).not.toContain('customer key');
    expect(statements).toEqual([{
      Effect: 'Allow', Principal: { AWS: '<ARN of Test/Archive/Archiver/Role>' }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::archive/messages/*',
    }]);
  });

  test('that messages are archived to: a bucket with a customer key is warned of with the statement of its key too', () => {
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', keyArn(other));
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'archive', account: other, encryptionKey });
    new MessageArchive(stack, 'Archive', { bucket, handlerCode });
    const [{ text, statements }] = warned(stack, '/Test/Archive');
    expect(text).toContain(' and the policy of its customer key this: ');
    expect(statements[1]).toEqual({
      Effect: 'Allow', Principal: { AWS: '<ARN of Test/Archive/Archiver/Role>' }, Action: 'kms:GenerateDataKey', Resource: '*',
    });
  });

  test('is not warned of in the own account, where the policy of the role is enough, nor in one that is not known', () => {
    new QueueConsumer(stack, 'Consumer', { queue: queueOf(stack, own, true), handler: functionIn(stack) });
    new MessageArchive(stack, 'Archive', { bucket: bucketOf(stack, own), handlerCode });
    const agnostic = newStack({});
    new QueueConsumer(agnostic, 'Consumer', { queue: queueOf(agnostic, other), handler: functionIn(agnostic) });
    for (const path of ['/Test/Consumer', '/Test/Archive']) expect([...warned(stack, path), ...warned(agnostic, path)]).toEqual([]);
  });

  test('is not warned of where its account is known at deployment only', () => {
    new QueueConsumer(stack, 'Consumer', { queue: sqs.Queue.fromQueueArn(stack, 'Queue', Fn.importValue('Queue')), handler: functionIn(stack) });
    expect(warned(stack, '/Test/Consumer')).toEqual([]);
  });

  test('is not warned of where it is not imported: its policy is made in this app', () => {
    const there = new Stack(stack.node.root, 'There', { env: { account: other, region: stack.region } });
    const queue = new sqs.Queue(there, 'Queue', { queueName: 'orders', visibilityTimeout: Duration.minutes(1) });
    // the policy of the queue names the role, which must have a name for that
    const role = new iam.Role(stack, 'Role', { roleName: 'consumer', assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    new QueueConsumer(stack, 'Consumer', { queue, handler: functionIn(stack, 'Function', { role }) });
    expect(warned(stack, '/Test/Consumer')).toEqual([]);
  });

  test('is not warned of where it is an ImportedQueue, which fails synthesis with the statement itself', () => {
    const queue = new ImportedQueue(stack, 'Imported', { queueArn: `arn:aws:sqs:eu-west-1:${other}:orders` });
    new QueueConsumer(stack, 'Consumer', { queue, handler: functionIn(stack) });
    expect(() => warned(stack, '/Test/Consumer')).toThrow(`the policy of the queue '${queue.queueArn}' cannot be changed from here. Add this statement`);
    const managed = newStack();
    const acknowledged = new ImportedQueue(managed, 'Imported', { queueArn: `arn:aws:sqs:eu-west-1:${other}:orders`, policiesManagedElsewhere: true });
    new QueueConsumer(managed, 'Consumer', { queue: acknowledged, handler: functionIn(managed) });
    expect(warned(managed, '/Test/Consumer')).toEqual([]);
  });
});
