import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import * as recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DurableQueue } from '../../lib/durable-queue';
import { FanOutTopic } from '../../lib/fan-out-topic';
import { MessageArchive, type MessageArchiveProps } from '../../lib/message-archive';
import { assetFolder } from '../../lib/private/package-assets';

const mockFolders: string[] = [];

afterAll(() => mockFolders.forEach((folder) => rmSync(folder, { recursive: true })));

// the bundles are not built yet where only this file is run
jest.mock('../../lib/private/package-assets', () => ({
  assetFolder: (name: string): string => {
    const parent = mkdtempSync(join(tmpdir(), 'cdk-messaging-'));
    mockFolders.push(parent);
    const folder = join(parent, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.js'), `exports.handler = async () => '${name}';`);
    return folder;
  },
}));

const handlerCode = lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');

function newStack(name = 'Test', app = new App({ context: { ...recommendedFlags } })): Stack {
  return new Stack(app, name, { env: { account: '111122223333', region: 'eu-west-1' } });
}

function archiveIn(stack: Stack, props: MessageArchiveProps = {}): MessageArchive {
  return new MessageArchive(stack, 'Archive', { handlerCode, ...props });
}

function templateWith(props: MessageArchiveProps = {}): Template {
  const stack = newStack();
  archiveIn(stack, props);
  return Template.fromStack(stack);
}

/** The one resource whose logical ID begins so. */
function resource(template: Template, type: string, idBegins: string): { id: string; Properties: Record<string, unknown> } {
  const found = Object.entries(template.findResources(type)).filter(([id]) => new RegExp(`^${idBegins}[0-9A-F]{8}$`).test(id));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return { id: found[0][0], ...found[0][1] as { Properties: Record<string, unknown> } };
}

function actionsOf(template: Template): Record<string, unknown>[] {
  const policies = template.findResources('AWS::IAM::Policy') as Record<string, {
    Properties: { PolicyDocument: { Statement: Record<string, unknown>[] } };
  }>;
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const resolve = (stack: Stack, value: unknown): unknown => stack.resolve(value);

describe('MessageArchive', () => {
  describe('makes a bucket that', () => {
    test('blocks public access, is versioned, encrypted by S3, and retained', () => {
      templateWith().hasResource('AWS::S3::Bucket', {
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        },
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    });

    test('denies what comes without TLS, and so does the bucket of its access logs', () => {
      const template = templateWith();
      for (const name of ['Archive', 'ArchiveAccessLogs']) {
        template.hasResourceProperties('AWS::S3::BucketPolicy', {
          Bucket: { Ref: resource(template, 'AWS::S3::Bucket', name).id },
          PolicyDocument: {
            Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
          },
        });
      }
    });

    test('keeps messages without end, in colder classes after 30 and 90 days', () => {
      const { Properties } = resource(templateWith(), 'AWS::S3::Bucket', 'Archive');
      expect(Properties.LifecycleConfiguration).toEqual({
        Rules: [{
          Id: 'Messages',
          Status: 'Enabled',
          Transitions: [
            { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
            { StorageClass: 'GLACIER_IR', TransitionInDays: 90 },
          ],
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        }],
      });
    });

    test.each([
      [400, [30, 90]], [90, [30]], [30, []],
    ])('expires messages after %i days, with transitions before that after %j', (days, transitions) => {
      const { Properties } = resource(templateWith({ retention: Duration.days(days) }), 'AWS::S3::Bucket', 'Archive');
      const { Rules } = Properties.LifecycleConfiguration as { Rules: { Transitions?: { TransitionInDays: number }[] }[] };
      expect(Rules[0]).toMatchObject({ ExpirationInDays: days });
      expect((Rules[0].Transitions ?? []).map((transition) => transition.TransitionInDays)).toEqual(transitions);
      expect(Rules[1]).toEqual({ Id: 'DeleteMarkers', Status: 'Enabled', ExpiredObjectDeleteMarker: true });
    });

    test.each([
      ['with', true], ['without', false],
    ])('logs accesses to a bucket that S3 may write to, %s the recommended feature flags', (_, flags) => {
      const stack = newStack('Test', new App({ context: flags ? { ...recommendedFlags } : {} }));
      archiveIn(stack);
      const template = Template.fromStack(stack);
      const logs = resource(template, 'AWS::S3::Bucket', 'ArchiveAccessLogs');
      expect(logs.Properties).not.toHaveProperty('AccessControl');
      expect(logs.Properties).toMatchObject({
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
        },
      });
      expect(logs.Properties.LifecycleConfiguration).toMatchObject({ Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] });
      expect(resource(template, 'AWS::S3::Bucket', 'Archive').Properties.LoggingConfiguration)
        .toEqual({ DestinationBucketName: { Ref: logs.id }, LogFilePrefix: 'Test/Archive/' });
      template.hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: { Ref: logs.id },
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Effect: 'Allow', Action: 's3:PutObject', Principal: { Service: 'logging.s3.amazonaws.com' },
          })]),
        },
      });
    });

    test('logs accesses to a given bucket instead', () => {
      const stack = newStack();
      const accessLogsBucket = new s3.Bucket(stack, 'Logs');
      archiveIn(stack, { accessLogsBucket });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::S3::Bucket', 2);
      expect(resource(template, 'AWS::S3::Bucket', 'Archive').Properties.LoggingConfiguration)
        .toMatchObject({ DestinationBucketName: resolve(stack, accessLogsBucket.bucketName) });
    });

    test.each([
      ['governance', 'GOVERNANCE'], ['compliance', 'COMPLIANCE'],
    ] as const)('locks objects in %s mode for as long as it is told', (mode, Mode) => {
      const template = templateWith({ objectLockRetention: s3.ObjectLockRetention[mode](Duration.days(365)), retention: Duration.days(365) });
      expect(resource(template, 'AWS::S3::Bucket', 'Archive').Properties).toMatchObject({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days: 365 } } },
        VersioningConfiguration: { Status: 'Enabled' },
      });
      expect(resource(template, 'AWS::S3::Bucket', 'ArchiveAccessLogs').Properties).not.toHaveProperty('ObjectLockConfiguration');
    });

    test('locks nothing unless it is told to', () => {
      const { Properties } = resource(templateWith(), 'AWS::S3::Bucket', 'Archive');
      expect(Properties).not.toHaveProperty('ObjectLockEnabled');
      expect(Properties).not.toHaveProperty('ObjectLockConfiguration');
    });

    test('is encrypted with the customer key, as the queue and its dead-letter queue are', () => {
      const stack = newStack();
      const encryptionKey = new kms.Key(stack, 'Key');
      const archive = archiveIn(stack, { encryptionKey });
      archive.addTopic('Archive', new FanOutTopic(stack, 'Orders', { encryptionKey }));
      const template = Template.fromStack(stack);
      const keyArn = resolve(stack, encryptionKey.keyArn);
      expect(resource(template, 'AWS::S3::Bucket', 'Archive').Properties.BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [{
          BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
        }],
      });
      for (const queue of ['ArchiveQueue', 'ArchiveQueueDeadLetterQueue']) {
        expect(resource(template, 'AWS::SQS::Queue', queue).Properties.KmsMasterKeyId).toEqual(keyArn);
      }
      expect(actionsOf(template)).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keyArn });
    });
  });

  test('keeps messages for 14 days in its queue and in its dead-letter queue', () => {
    const template = templateWith();
    for (const queue of ['ArchiveQueue', 'ArchiveQueueDeadLetterQueue']) {
      expect(resource(template, 'AWS::SQS::Queue', queue).Properties.MessageRetentionPeriod).toBe(14 * 86_400);
    }
  });

  test('gathers up to 1,000 messages or 60 seconds into a batch, and its visibility timeout follows', () => {
    const template = templateWith();
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1000, MaximumBatchingWindowInSeconds: 60, FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 30, MemorySize: 512 });
    expect(resource(template, 'AWS::SQS::Queue', 'ArchiveQueue').Properties.VisibilityTimeout).toBe(6 * 30 + 60);
  });

  test('takes another batch size and batching window', () => {
    const template = templateWith({ batchSize: 5000, maxBatchingWindow: Duration.seconds(300) });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 5000, MaximumBatchingWindowInSeconds: 300 });
    expect(resource(template, 'AWS::SQS::Queue', 'ArchiveQueue').Properties.VisibilityTimeout).toBe(6 * 30 + 300);
  });

  test('tells the handler the bucket and the prefix, by default "messages"', () => {
    const template = templateWith();
    const bucket = { Ref: resource(template, 'AWS::S3::Bucket', 'Archive').id };
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler', Environment: { Variables: { ARCHIVE_BUCKET: bucket, ARCHIVE_PREFIX: 'messages' } },
    });
    templateWith({ prefix: 'team/orders' }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { ARCHIVE_PREFIX: 'team/orders' } },
    });
  });

  test('tells the handler from which queues it gets messages in the envelope of SNS: its own, and those of FIFO topics', () => {
    const stack = newStack();
    const archive = new MessageArchive(stack, 'Archive');
    const fifo = archive.addFifoTopic('Payments', new FanOutTopic(stack, 'Payments', { fifo: true }));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ARCHIVE_TOPIC_QUEUES: {
      'Fn::Join': ['', [resolve(stack, archive.queue.queueArn), ',', resolve(stack, fifo.queueArn)]],
    } } } });
  });

  test('runs the bundled archiver unless other code is given', () => {
    const stack = newStack();
    new MessageArchive(stack, 'Archive');
    const template = Template.fromStack(stack);
    const bundled = new lambda.Function(newStack(), 'Function', {
      code: lambda.Code.fromAsset(assetFolder('archiver')), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X,
    });
    const [expected] = Object.values(Template.fromStack(bundled.stack).findResources('AWS::Lambda::Function')) as { Properties: { Code: unknown } }[];
    template.hasResourceProperties('AWS::Lambda::Function', { Code: expected.Properties.Code });
    templateWith().hasResourceProperties('AWS::Lambda::Function', { Code: { ZipFile: Match.anyValue() } });
  });

  test('may only put objects, and only under its prefix', () => {
    const template = templateWith({ prefix: 'team/orders' });
    const { id } = resource(template, 'AWS::S3::Bucket', 'Archive');
    const onBuckets = actionsOf(template).filter(({ Action }) => JSON.stringify(Action).includes('s3:'));
    expect(onBuckets).toEqual([{
      Effect: 'Allow', Action: 's3:PutObject', Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, '/team/orders/*']] },
    }]);
    expect(actionsOf(template).filter(({ Action }) => JSON.stringify(Action).includes('kms:'))).toEqual([]);
  });

  test('writes to a given bucket, makes none, and may use its key', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Given', { encryption: s3.BucketEncryption.KMS, encryptionKey });
    expect(archiveIn(stack, { bucket }).bucket).toBe(bucket);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { ARCHIVE_BUCKET: resolve(stack, bucket.bucketName) } },
    });
    expect(actionsOf(template)).toContainEqual({
      Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: resolve(stack, encryptionKey.keyArn),
    });
  });

  test.each([[false], [true]])('subscribes raw and without a filter to a topic (FIFO: %s)', (fifo) => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const subscription = archive.addTopic('Archive', new FanOutTopic(stack, 'Orders', { fifo }));
    expect(subscription.queue).toBe(archive.queue);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Subscription', 1);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      Endpoint: resolve(stack, archive.queue.queueArn),
      RawMessageDelivery: false,
      FilterPolicy: Match.absent(),
    });
  });

  test('gives a FIFO topic whose order counts a FIFO queue of its own, with the archiver as its consumer', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const queue = archive.addFifoTopic('Payments', new FanOutTopic(stack, 'Payments', { fifo: true }));
    const template = Template.fromStack(stack);
    expect(resource(template, 'AWS::SQS::Queue', 'ArchiveFifoTopicsPaymentsQueue').Properties).toMatchObject({
      FifoQueue: true, DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId',
      MessageRetentionPeriod: 14 * 86_400, VisibilityTimeout: 6 * 30,
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: resolve(stack, queue.queueArn), BatchSize: 10, MaximumBatchingWindowInSeconds: Match.absent(),
      FunctionName: resolve(stack, archive.handler.functionName), FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.resourceCountIs('AWS::SNS::Subscription', 1);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: resolve(stack, queue.queueArn), RawMessageDelivery: false, FilterPolicy: Match.absent(),
    });
  });

  test('keeps FIFO topics apart, so that neither drops what the other has the same deduplication ID for', () => {
    const stack = newStack();
    const archive = archiveIn(stack, { batchSize: 5 });
    const queues = ['Payments', 'Refunds'].map((id) => archive.addFifoTopic(id, new FanOutTopic(stack, id, { fifo: true })));
    expect(queues[0]).not.toBe(queues[1]);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', { BatchSize: 5 }, 3);
  });

  test('encrypts the queue of a FIFO topic with the customer key', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    archiveIn(stack, { encryptionKey }).addFifoTopic('Payments', new FanOutTopic(stack, 'Payments', { fifo: true, encryptionKey }));
    expect(resource(Template.fromStack(stack), 'AWS::SQS::Queue', 'ArchiveFifoTopicsPaymentsQueue').Properties.KmsMasterKeyId)
      .toEqual(resolve(stack, encryptionKey.keyArn));
  });

  test('fails when the topic of a FIFO queue is a standard topic', () => {
    const stack = newStack();
    expect(() => archiveIn(stack).addFifoTopic('Orders', new FanOutTopic(stack, 'Orders')))
      .toThrow("Test/Archive: 'topic' must be a FIFO topic, got the standard topic Test/Orders. Use 'addTopic'");
  });

  test('takes dead letters from the dead-letter queue, never from the queue', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const billing = new DurableQueue(stack, 'Billing');
    archive.addDeadLetters('Billing', billing);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: resolve(stack, archive.queue.queueArn) });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: resolve(stack, billing.deadLetterQueue.queueArn), BatchSize: 1000, MaximumBatchingWindowInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('lets the visibility timeout of a dead-letter queue follow the archiver', () => {
    const stack = newStack();
    archiveIn(stack).addDeadLetters('Billing', new DurableQueue(stack, 'Billing'));
    expect(resource(Template.fromStack(stack), 'AWS::SQS::Queue', 'BillingDeadLetterQueue').Properties.VisibilityTimeout).toBe(6 * 30 + 60);
  });

  test('leaves a longer visibility timeout of a dead-letter queue as it is', () => {
    const stack = newStack();
    const billing = new DurableQueue(stack, 'Billing');
    (billing.deadLetterQueue.node.defaultChild as CfnQueue).visibilityTimeout = 3600;
    archiveIn(stack).addDeadLetters('Billing', billing);
    expect(resource(Template.fromStack(stack), 'AWS::SQS::Queue', 'BillingDeadLetterQueue').Properties.VisibilityTimeout).toBe(3600);
  });

  test('takes dead letters of a FIFO queue in tens, without a batching window', () => {
    const stack = newStack();
    const payments = new DurableQueue(stack, 'Payments', { fifo: true, deadLettersBreakOrder: true });
    archiveIn(stack).addDeadLetters('Payments', payments);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: resolve(stack, payments.deadLetterQueue.queueArn), BatchSize: 10, MaximumBatchingWindowInSeconds: Match.absent(),
    });
    expect(resource(template, 'AWS::SQS::Queue', 'PaymentsDeadLetterQueue').Properties.VisibilityTimeout).toBe(6 * 30);
  });

  test('takes dead letters of a queue in another stack with a customer key', () => {
    const app = new App({ context: { ...recommendedFlags } });
    const queues = newStack('Queues', app);
    const stack = newStack('Test', app);
    const encryptionKey = new kms.Key(queues, 'Key');
    const billing = new DurableQueue(queues, 'Billing', { encryptionKey });
    archiveIn(stack).addDeadLetters('Billing', billing);
    app.synth();
    expect(actionsOf(Template.fromStack(stack)).filter(({ Action }) => JSON.stringify(Action).includes('kms:Decrypt'))).toHaveLength(1);
  });

  test('lets a grantee read and list its prefix, and nothing else', () => {
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

  test('writes to a bucket that is imported by its name', () => {
    const stack = newStack();
    archiveIn(stack, { bucket: s3.Bucket.fromBucketName(stack, 'Given', 'the-archive') });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(actionsOf(template)).toContainEqual(expect.objectContaining({
      Action: 's3:PutObject', Resource: 'arn:aws:s3:::the-archive/messages/*',
    }));
  });

  test('satisfies the AwsSolutions rules of cdk-nag', () => {
    const app = new App({ context: { ...recommendedFlags } });
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const archive = archiveIn(newStack('Test', app), { prefix: 'team/orders' });
    archive.addTopic('Archive', new FanOutTopic(archive, 'Orders'));
    expect(() => app.synth()).not.toThrow();
  });

  test('leaves a bucket of another stack to the acknowledgements of the app', () => {
    const app = new App({ context: { ...recommendedFlags } });
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const buckets = newStack('Buckets', app);
    const serverAccessLogsBucket = new s3.Bucket(buckets, 'Logs', { enforceSSL: true });
    const bucket = new s3.Bucket(buckets, 'Given', { enforceSSL: true, serverAccessLogsBucket });
    archiveIn(newStack('Test', app), { bucket });
    expect(() => app.synth()).toThrow(/AwsSolutions-IAM5\[Resource::.*\/messages\/\*\]/);
  });

  test('works twice in one stack', () => {
    const stack = newStack();
    archiveIn(stack);
    new MessageArchive(stack, 'Second', { handlerCode });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each<[string, MessageArchiveProps, string]>([
    ['the prefix begins with a slash', { prefix: '/messages' }, "'prefix' must be made of letters, digits and"],
    ['the prefix ends with a slash', { prefix: 'messages/' }, "got 'messages/'"],
    ['the prefix is empty', { prefix: '' }, "'prefix' must be made of"],
    ['the retention is under a day', { retention: Duration.hours(1) }, "'retention' must be from 1 day to 36525 days, got 1 hour"],
    ['the retention is no whole number of days', { retention: Duration.hours(36) }, "'retention' must be whole days, got 1 day 12 hours"],
    ['messages expire before their lock ends',
      { retention: Duration.days(30), objectLockRetention: s3.ObjectLockRetention.compliance(Duration.days(31)) },
      "'retention' must be at least 'objectLockRetention', 31 days: S3 deletes nothing that is locked, got 30 days"],
    ['the batch is empty', { batchSize: 0 }, "'batchSize' must be from 1 to 10000, got 0"],
    ['the batch is too large', { batchSize: 10_001 }, "'batchSize' must be from 1 to 10000, got 10001"],
    ['there is no batching window', { maxBatchingWindow: Duration.seconds(0) },
      "'maxBatchingWindow' must be from 1 second to 5 minutes, got 0 seconds"],
    ['the batching window is too long', { maxBatchingWindow: Duration.seconds(301) },
      "'maxBatchingWindow' must be from 1 second to 5 minutes, got 5 minutes 1 second"],
  ])('fails when %s', (_, props, message) => {
    expect(() => archiveIn(newStack(), props)).toThrow(message);
  });

  test('fails when the key is one that AWS manages', () => {
    const stack = newStack();
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/s3');
    expect(() => archiveIn(stack, { encryptionKey })).toThrow("Test/Archive: 'encryptionKey' must be a customer key");
  });

  test('fails when what describes the bucket comes beside a given bucket, naming each', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Given');
    const objectLockRetention = s3.ObjectLockRetention.governance(Duration.days(1));
    expect(() => archiveIn(stack, { bucket, accessLogsBucket: bucket, retention: Duration.days(1), objectLockRetention })).toThrow(
      /'retention' must be left out when 'bucket' is given[^]*'accessLogsBucket' must be[^]*'objectLockRetention' must be left out when/,
    );
  });

  test('fails when the access logs would go to a bucket with a customer key', () => {
    const stack = newStack();
    const accessLogsBucket = new s3.Bucket(stack, 'Logs', { encryption: s3.BucketEncryption.KMS });
    expect(() => archiveIn(stack, { accessLogsBucket })).toThrow("'accessLogsBucket' must not be encrypted with a customer key");
  });

  test('fails when it is to archive its own dead letters', () => {
    const archive = archiveIn(newStack());
    expect(() => archive.addDeadLetters('Own', archive.queue))
      .toThrow("Test/Archive: 'queue' must not be the archive's own, Test/Archive/Queue");
  });

  test('fails when the dead letters of a queue are added twice', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const billing = new DurableQueue(stack, 'Billing');
    archive.addDeadLetters('First', billing);
    archive.addDeadLetters('Second', billing);
    expect(() => Template.fromStack(stack)).toThrow('must have one consumer');
  });
});
