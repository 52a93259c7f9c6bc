import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { DurableQueue, FanOutTopic } from '../../lib';
import { archiveIn, resource } from './archive-set-up';
import { newStack, resolve } from './set-up';

describe('A MessageArchive', () => {
  test('lets a grantee read its prefix, list the bucket and see its settings, and nothing else', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.grantRead(new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() }));
    const template = Template.fromStack(stack);
    const { id } = resource(template, 'AWS::S3::Bucket', 'Archive');
    const bucketArn = { 'Fn::GetAtt': [id, 'Arn'] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [Match.objectLike({ Ref: Match.stringLikeRegexp('^Reader') })],
      PolicyDocument: {
        Statement: [{
          Effect: 'Allow',
          Action: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
          Resource: [bucketArn, { 'Fn::Join': ['', [bucketArn, '/messages/*']] }],
        }],
      },
    });
  });

  test('lets a replay list and read its prefix and nothing else, and send nowhere', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.grantReplay(new iam.Role(stack, 'Replayer', { assumedBy: new iam.AccountRootPrincipal() }));
    const template = Template.fromStack(stack);
    const bucketArn = { 'Fn::GetAtt': [resource(template, 'AWS::S3::Bucket', 'Archive').id, 'Arn'] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [Match.objectLike({ Ref: Match.stringLikeRegexp('^Replayer') })],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Join': ['', [bucketArn, '/messages/*']] } },
          { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn, Condition: { StringLike: { 's3:prefix': ['messages/*'] } } },
        ],
      },
    });
  });

  test('gives back one grant of a replay, which something can be made after', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const replayer = new iam.Role(stack, 'Replayer', { assumedBy: new iam.AccountRootPrincipal() });
    const { topic } = new FanOutTopic(stack, 'Orders');
    const grant = archiveIn(stack, { encryptionKey }).grantReplay(replayer, { queue: new DurableQueue(stack, 'Billing'), topic });
    expect(grant.success).toBe(true);
    expect(grant.principalStatements.flatMap(({ actions }) => actions)).toEqual([
      's3:GetObject', 's3:ListBucket', 'kms:Decrypt', 'sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sns:Publish',
    ]);
  });

  test('lets a replay decrypt what it reads, and send to a queue and a topic with keys of their own', () => {
    const stack = newStack();
    const [encryptionKey, queueKey, topicKey] = ['Key', 'QueueKey', 'TopicKey'].map((id) => new kms.Key(stack, id));
    const queue = new DurableQueue(stack, 'Billing', { encryptionKey: queueKey });
    const { topic } = new FanOutTopic(stack, 'Orders', { encryptionKey: topicKey });
    const replayer = new iam.Role(stack, 'Replayer', { assumedBy: new iam.AccountRootPrincipal() });
    archiveIn(stack, { encryptionKey }).grantReplay(replayer, { queue, topic });
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: stack.getLogicalId(replayer.node.defaultChild as iam.CfnRole) }] },
    }) as Record<string, { Properties: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } } }>;
    const [{ Properties: { PolicyDocument: { Statement } } }] = Object.values(policies);
    const actionsOn = (arn: string): string[] => Statement
      .filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(resolve(stack, arn))).flatMap(({ Action }) => Action).sort();
    expect(actionsOn(encryptionKey.keyArn)).toEqual(['kms:Decrypt']);
    expect(actionsOn(queue.queueArn)).toContain('sqs:SendMessage');
    expect(actionsOn(queueKey.keyArn)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(actionsOn(topic.topicArn)).toEqual(['sns:Publish']);
    expect(actionsOn(topicKey.keyArn)).toEqual(expect.arrayContaining(['kms:Decrypt', expect.stringMatching(/^kms:GenerateDataKey/)]));
  });
});
