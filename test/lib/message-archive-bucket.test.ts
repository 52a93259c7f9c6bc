import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FanOutTopic, type MessageArchiveProps } from '../../lib';
import { archiveIn, resource, templateWith } from './archive-set-up';
import { environment, newApp, newStack, resolve, statementsIn } from './set-up';

describe('The bucket of a MessageArchive', () => {
  describe('that is made', () => {
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
      const stack = flags ? newStack() : new Stack(new App(), 'Test', { env: environment });
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
      expect(logs.Properties.LifecycleConfiguration).toEqual({ Rules: [{ Id: 'AccessLogs', ExpirationInDays: 90, Status: 'Enabled' }] });
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
      expect(statementsIn(stack, 'AWS::IAM::Policy')).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keyArn });
    });
  });

  test('gets objects only, and only under the prefix, which is all that the archiver may do', () => {
    const stack = newStack();
    archiveIn(stack, { prefix: 'team/orders' });
    const { id } = resource(Template.fromStack(stack), 'AWS::S3::Bucket', 'Archive');
    const onBuckets = statementsIn(stack, 'AWS::IAM::Policy').filter(({ Action }) => JSON.stringify(Action).includes('s3:'));
    expect(onBuckets).toEqual([{
      Effect: 'Allow', Action: 's3:PutObject', Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, '/team/orders/*']] },
    }]);
    expect(statementsIn(stack, 'AWS::IAM::Policy').filter(({ Action }) => JSON.stringify(Action).includes('kms:'))).toEqual([]);
  });

  test('can be given: none is made, and the archiver may use its key', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Given', { encryption: s3.BucketEncryption.KMS, encryptionKey });
    expect(archiveIn(stack, { bucket }).bucket).toBe(bucket);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { ARCHIVE_BUCKET: resolve(stack, bucket.bucketName) } },
    });
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toContainEqual({
      Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: resolve(stack, encryptionKey.keyArn),
    });
  });

  test('can be imported by its name', () => {
    const stack = newStack();
    archiveIn(stack, { bucket: s3.Bucket.fromBucketName(stack, 'Given', 'the-archive') });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toContainEqual(expect.objectContaining({
      Action: 's3:PutObject', Resource: 'arn:aws:s3:::the-archive/messages/*',
    }));
  });

  test('is left to the acknowledgements of the app where it is in another stack', () => {
    const app = newApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const buckets = new Stack(app, 'Buckets', { env: environment });
    const serverAccessLogsBucket = new s3.Bucket(buckets, 'Logs', { enforceSSL: true });
    const bucket = new s3.Bucket(buckets, 'Given', { enforceSSL: true, serverAccessLogsBucket });
    archiveIn(new Stack(app, 'Test', { env: environment }), { bucket });
    expect(() => app.synth()).toThrow(/AwsSolutions-IAM5\[Resource::.*\/messages\/\*\]/);
  });

  test.each<[string, MessageArchiveProps, string]>([
    ['the retention is under a day', { retention: Duration.hours(1) }, "'retention' must be from 1 day to 36525 days, got 1 hour"],
    ['the retention is no whole number of days', { retention: Duration.hours(36) }, "'retention' must be whole days, got 1 day 12 hours"],
    ['messages expire before their lock ends',
      { retention: Duration.days(30), objectLockRetention: s3.ObjectLockRetention.compliance(Duration.days(31)) },
      "'retention' must be at least 'objectLockRetention', 31 days: S3 deletes nothing that is locked, got 30 days"],
  ])('fails when %s', (_, props, message) => {
    expect(() => archiveIn(newStack(), props)).toThrow(message);
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
});
