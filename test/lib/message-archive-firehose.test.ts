import { App, CfnParameter, Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FanOutTopic, type MessageArchiveProps } from '../../lib';
import { archiveIn } from './archive-set-up';
import { environment, importedKeyIn, newApp, newStack, resolve, statementsIn } from './set-up';

function streamWith(props: MessageArchiveProps = {}): Record<string, unknown> {
  const stack = newStack();
  archiveIn(stack, props).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
  return propertiesIn(stack, 'AWS::KinesisFirehose::DeliveryStream');
}

function propertiesIn(stack: Stack, type: string): Record<string, unknown> {
  const found = Object.values(Template.fromStack(stack).findResources(type)) as { Properties: Record<string, unknown> }[];
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

/** The role whose logical ID has these words. */
function roleIn(stack: Stack, name: string): { id: string; trust: unknown } {
  const found = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).filter(([id]) => id.includes(`Firehose${name}`));
  expect(found).toHaveLength(1);
  const [[id, { Properties }]] = found as [string, { Properties: { AssumeRolePolicyDocument: { Statement: unknown } } }][];
  return { id, trust: Properties.AssumeRolePolicyDocument.Statement };
}

function statementsOf(stack: Stack, roleId: string): Record<string, unknown>[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as {
    Properties: { Roles: { Ref: string }[]; PolicyDocument: { Statement: Record<string, unknown>[] } };
  }[];
  return policies.filter(({ Properties }) => Properties.Roles.some(({ Ref }) => Ref === roleId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

describe('MessageArchive with Firehose', () => {
  test('makes nothing of Firehose until a topic is added with it', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.addTopic('Archive', new FanOutTopic(stack, 'Orders'));
    expect(archive.deliveryStream).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
  });

  test('writes gzip lines by the hour beside the archiver\'s, and errors apart', () => {
    expect(streamWith({ prefix: 'team/orders' }).ExtendedS3DestinationConfiguration).toMatchObject({
      Prefix: 'team/orders/firehose/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/',
      ErrorOutputPrefix: 'team/orders/firehose-errors/!{firehose:error-output-type}/'
        + 'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/',
      CompressionFormat: 'GZIP',
      FileExtension: '.ndjson.gz',
    });
  });

  test('gathers messages for 300 seconds or 64 MiB', () => {
    expect(streamWith().ExtendedS3DestinationConfiguration).toMatchObject({ BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 } });
  });

  test('gathers for as long and as much as it is told', () => {
    expect(streamWith({ firehoseBufferingInterval: Duration.seconds(900), firehoseBufferingSize: Size.mebibytes(128) })
      .ExtendedS3DestinationConfiguration).toMatchObject({ BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 } });
    expect(streamWith({ firehoseBufferingInterval: Duration.seconds(0), firehoseBufferingSize: Size.mebibytes(1) })
      .ExtendedS3DestinationConfiguration).toMatchObject({ BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 1 } });
  });

  test('subscribes with the whole notification, which names message and topic, and a dead-letter queue', () => {
    const stack = newStack();
    const topic = new FanOutTopic(stack, 'Orders');
    const subscription = archiveIn(stack).addTopicWithFirehose('Archive', topic);
    const { id } = roleIn(stack, 'SubscriptionRole');
    expect(propertiesIn(stack, 'AWS::SNS::Subscription')).toEqual({
      Protocol: 'firehose',
      TopicArn: resolve(stack, topic.topicArn),
      Endpoint: { 'Fn::GetAtt': [expect.stringMatching(/^ArchiveFirehose/), 'Arn'] },
      RawMessageDelivery: false,
      SubscriptionRoleArn: { 'Fn::GetAtt': [id, 'Arn'] },
      RedrivePolicy: { deadLetterTargetArn: resolve(stack, subscription.deadLetterQueue!.queueArn) },
    });
  });

  test('lets SNS put what it could not hand to Firehose into the dead-letter queue, for this topic only', () => {
    const stack = newStack();
    const topic = new FanOutTopic(stack, 'Orders');
    const { deadLetterQueue } = archiveIn(stack).addTopicWithFirehose('Archive', topic);
    const queueArn = resolve(stack, deadLetterQueue!.queueArn);
    const statements = statementsIn(stack, 'AWS::SQS::QueuePolicy').filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(queueArn));
    expect(statements).toContainEqual(expect.objectContaining({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': resolve(stack, topic.topicArn) } },
    }));
    expect(statements).toContainEqual(expect.objectContaining({
      Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }));
    const queues = Template.fromStack(stack).findResources('AWS::SQS::Queue');
    const { [Object.keys(queues).find((id) => id.startsWith('ArchiveFirehoseTopicArchive'))!]: queue } = queues;
    expect(queue).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true, MaximumMessageSize: 1024 * 1024,
        RedriveAllowPolicy: { redrivePermission: 'denyAll' },
      },
    });
  });

  test('has one delivery stream for all topics', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.addTopicWithFirehose('Orders', new FanOutTopic(stack, 'Orders'));
    archive.addTopicWithFirehose('Returns', new FanOutTopic(stack, 'Returns'));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 1);
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    expect(archive.deliveryStream!.deliveryStreamName).toBeDefined();
  });

  test('lets SNS put records into this stream, and do nothing else', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    expect(statementsOf(stack, roleIn(stack, 'SubscriptionRole').id)).toEqual([{
      Effect: 'Allow',
      Action: ['firehose:DescribeDeliveryStream', 'firehose:PutRecord', 'firehose:PutRecordBatch'],
      Resource: resolve(stack, archive.deliveryStream!.deliveryStreamArn),
    }]);
  });

  test('trusts SNS and Firehose for this account only', () => {
    const stack = newStack();
    archiveIn(stack).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    const { account, region } = environment;
    expect(roleIn(stack, 'SubscriptionRole').trust).toEqual([{
      Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sns.amazonaws.com' },
      Condition: {
        StringEqualsIfExists: { 'aws:SourceAccount': account }, ArnLikeIfExists: { 'aws:SourceArn': `arn:aws:sns:${region}:${account}:*` },
      },
    }]);
    expect(roleIn(stack, 'Role').trust).toEqual([{
      Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'firehose.amazonaws.com' },
      Condition: {
        StringEquals: { 'sts:ExternalId': account },
        StringEqualsIfExists: { 'aws:SourceAccount': account },
        ArnLikeIfExists: { 'aws:SourceArn': `arn:aws:firehose:${region}:${account}:deliverystream/*` },
      },
    }]);
  });

  test('lets Firehose write under its two prefixes, and say why it could not', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    const bucketArn = resolve(stack, archive.bucket.bucketArn);
    const [bucket, objects, logs, ...others] = statementsOf(stack, roleIn(stack, 'Role').id);
    expect(bucket).toEqual({
      Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: bucketArn,
    });
    expect(objects).toEqual({
      Effect: 'Allow',
      Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      Resource: ['firehose-errors', 'firehose'].map((folder) => ({ 'Fn::Join': ['', [bucketArn, `/messages/${folder}/*`]] })),
    });
    expect(logs).toMatchObject({ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: { 'Fn::GetAtt': [expect.stringContaining('LogGroup'), 'Arn'] } });
    expect(others).toEqual([]);
    const destination = propertiesIn(stack, 'AWS::KinesisFirehose::DeliveryStream').ExtendedS3DestinationConfiguration;
    expect(destination).toMatchObject({ CloudWatchLoggingOptions: { Enabled: true, LogGroupName: {}, LogStreamName: {} } });
  });

  test('takes records straight from SNS, and keeps the log of its errors for a month, no longer than the stack', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    expect(propertiesIn(stack, 'AWS::KinesisFirehose::DeliveryStream').DeliveryStreamType).toBe('DirectPut');
    const template = Template.fromStack(stack);
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
    const [ofFirehose, ...others] = Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(([id]) => id.startsWith('ArchiveFirehose'));
    expect(others).toEqual([]);
    expect(ofFirehose[1]).toMatchObject({ Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
    template.hasResource('AWS::Logs::LogStream', { Properties: { LogGroupName: { Ref: ofFirehose[0] } }, DeletionPolicy: 'Delete' });
  });

  test('exposes the stream as one that can be watched and granted to', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    archive.bucket.grantRead(archive.deliveryStream!);
    const [id] = Object.keys(Template.fromStack(stack).findResources('AWS::KinesisFirehose::DeliveryStream'));
    expect(resolve(stack, archive.deliveryStream!.deliveryStreamName)).toEqual({ Ref: id });
    expect(resolve(stack, archive.deliveryStream!.deliveryStreamArn)).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    expect(JSON.stringify(statementsOf(stack, roleIn(stack, 'Role').id))).toContain('s3:GetObject*');
  });

  test('makes the stream and the subscription after the policies of their roles', () => {
    const stack = newStack();
    archiveIn(stack).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    const template = Template.fromStack(stack);
    const dependencies = (type: string): string[] => (Object.values(template.findResources(type)) as { DependsOn: string[] }[])[0].DependsOn;
    expect(dependencies('AWS::KinesisFirehose::DeliveryStream')).toContainEqual(expect.stringMatching(/^ArchiveFirehoseRoleDefaultPolicy/));
    expect(dependencies('AWS::SNS::Subscription')).toContainEqual(expect.stringMatching(/^ArchiveFirehoseSubscriptionRoleDefaultPolicy/));
  });

  test('encrypts the stream with a key of AWS where there is no customer key', () => {
    expect(streamWith().DeliveryStreamEncryptionConfigurationInput).toEqual({ KeyType: 'AWS_OWNED_CMK' });
  });

  test('encrypts stream, bucket and dead-letter queue with the shared key, which SNS and Firehose may use', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    archiveIn(stack, { encryptionKey }).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders', { encryptionKey }));
    const keyArn = resolve(stack, encryptionKey.keyArn);
    expect(propertiesIn(stack, 'AWS::KinesisFirehose::DeliveryStream').DeliveryStreamEncryptionConfigurationInput)
      .toEqual({ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: keyArn });
    expect(statementsOf(stack, roleIn(stack, 'Role').id))
      .toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keyArn });
    const queues = Object.entries(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    const [, deadLetterQueue] = queues.find(([id]) => id.startsWith('ArchiveFirehoseTopicArchive'))!;
    expect(deadLetterQueue.Properties).toMatchObject({ KmsMasterKeyId: keyArn, KmsDataKeyReusePeriodSeconds: 300 });
    expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy')).toContainEqual(expect.objectContaining({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': environment.account }, ArnLike: { 'aws:SourceArn': `arn:aws:sns:${environment.region}:${environment.account}:*` } },
    }));
  });

  test('may use the key of a given bucket', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Given', { encryption: s3.BucketEncryption.KMS, encryptionKey });
    archiveIn(stack, { bucket }).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    expect(statementsOf(stack, roleIn(stack, 'Role').id))
      .toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: resolve(stack, encryptionKey.keyArn) });
  });

  test('archives a topic of another stack, without a cycle, also with one key', () => {
    const app = newApp();
    const topics = new Stack(app, 'Topics', { env: environment });
    const encryptionKey = new kms.Key(topics, 'Key');
    const topic = new FanOutTopic(topics, 'Orders', { encryptionKey });
    archiveIn(new Stack(app, 'Test', { env: environment }), { encryptionKey }).addTopicWithFirehose('Archive', topic);
    expect(() => app.synth()).not.toThrow();
  });

  test('satisfies the AwsSolutions rules of cdk-nag', () => {
    const stack = newStack();
    Validations.of(stack.node.root).addPlugins(new AwsSolutionsChecks());
    archiveIn(stack).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'));
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('fails when the topic is FIFO, with the reason and the way out', () => {
    const stack = newStack();
    expect(() => archiveIn(stack).addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders', { fifo: true }))).toThrow(
      "Test/Archive: 'topic' must be a standard topic, got the FIFO topic Test/Orders: SNS cannot deliver from a FIFO topic to Firehose. Use 'addTopic'",
    );
    Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
  });

  test('fails when the bucket has object lock', () => {
    const stack = newStack();
    const archive = archiveIn(stack, { objectLockRetention: s3.ObjectLockRetention.governance(Duration.days(1)) });
    expect(() => archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders')))
      .toThrow("'objectLockRetention' must be left out where Firehose writes");
  });

  test('fails when the topic is in another region', () => {
    const app = newApp();
    const topic = new FanOutTopic(new Stack(app, 'Topics', { env: { ...environment, region: 'us-east-1' } }), 'Orders');
    expect(() => archiveIn(new Stack(app, 'Test', { env: environment })).addTopicWithFirehose('Archive', topic)).toThrow(
      "'topic' must be in the account and region of the archive, 111122223333 and eu-west-1, got 111122223333 and us-east-1",
    );
  });

  test('fails when the topic is in another account', () => {
    const app = newApp();
    const topic = new FanOutTopic(new Stack(app, 'Topics', { env: { ...environment, account: '444455556666' } }), 'Orders');
    expect(() => archiveIn(new Stack(app, 'Test', { env: environment })).addTopicWithFirehose('Archive', topic)).toThrow(
      "'topic' must be in the account and region of the archive, 111122223333 and eu-west-1, got 444455556666 and eu-west-1",
    );
  });

  test.each([
    ['topic', undefined, environment], ['archive', environment, undefined],
  ])('takes it that topic and archive are in one region where that of the %s is known only when it is deployed', (_which, ofTopic, ofArchive) => {
    const app = newApp();
    const topic = new FanOutTopic(new Stack(app, 'Topics', { env: ofTopic }), 'Orders');
    expect(() => archiveIn(new Stack(app, 'Test', { env: ofArchive })).addTopicWithFirehose('Archive', topic)).not.toThrow();
  });

  test('takes a size that is known only when it is deployed', () => {
    const firehoseBufferingSize = Size.mebibytes(new CfnParameter(newStack(), 'Size', { type: 'Number' }).valueAsNumber);
    expect(() => archiveIn(newStack(), { firehoseBufferingSize })).not.toThrow();
  });

  test('fails when the policy of the key cannot be changed, with the statement that it lacks', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Bucket');
    const archive = archiveIn(stack, { encryptionKey: importedKeyIn(stack), bucket });
    expect(() => archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders')))
      .toThrow(/must let SNS write to the dead-letter queue, and cannot be changed[^]*"Service":"sns.amazonaws.com"/);
  });

  test('takes it that the policy of the key is managed elsewhere', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Bucket');
    const archive = archiveIn(stack, { encryptionKey: importedKeyIn(stack), bucket, policiesManagedElsewhere: true });
    expect(() => archive.addTopicWithFirehose('Archive', new FanOutTopic(stack, 'Orders'))).not.toThrow();
  });

  test.each<[string, MessageArchiveProps, string]>([
    ['Firehose would gather too long', { firehoseBufferingInterval: Duration.seconds(901) },
      "'firehoseBufferingInterval' must be from 0 seconds to 15 minutes, got 15 minutes 1 second"],
    ['Firehose would gather parts of seconds', { firehoseBufferingInterval: Duration.millis(1500) },
      "'firehoseBufferingInterval' must be whole seconds from 0 seconds to 15 minutes, got 1500 milliseconds"],
    ['Firehose would gather too much', { firehoseBufferingSize: Size.mebibytes(129) },
      "'firehoseBufferingSize' must be whole MiB from 1 to 128, got 129 MiB"],
    ['Firehose would gather too little', { firehoseBufferingSize: Size.kibibytes(512) },
      "'firehoseBufferingSize' must be whole MiB from 1 to 128, got 0.5 MiB"],
    ['Firehose would gather nothing', { firehoseBufferingSize: Size.mebibytes(0) },
      "'firehoseBufferingSize' must be whole MiB from 1 to 128, got 0 MiB"],
    ['Firehose would gather parts of MiB', { firehoseBufferingSize: Size.kibibytes(1536) },
      "'firehoseBufferingSize' must be whole MiB from 1 to 128, got 1.5 MiB"],
  ])('fails when %s', (_, props, message) => {
    expect(() => archiveIn(newStack(), props)).toThrow(message);
  });
});
