import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FanOutTopic, MessageArchive, type MessageArchiveProps } from '../../lib';
import { assetFolder } from '../../lib/private/package-assets';
import { archiveIn, handlerCode, resource, templateWith } from './archive-set-up';
import { environment, newApp, newStack, resolve } from './set-up';

describe('MessageArchive', () => {
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
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 30, MemorySize: 512, Description: 'Writes messages to the archive' });
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

  test.each([[false], [true]])('subscribes to a topic without a filter, and takes the envelope of SNS, which names the topic (FIFO: %s)', (fifo) => {
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

  test('satisfies the AwsSolutions rules of cdk-nag', () => {
    const app = newApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const archive = archiveIn(new Stack(app, 'Test', { env: environment }), { prefix: 'team/orders' });
    archive.addTopic('Archive', new FanOutTopic(archive, 'Orders'));
    expect(() => app.synth()).not.toThrow();
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
    ['the prefix is empty', { prefix: '' }, "Test/Archive: 'prefix' must be made of letters, digits and !_.*'()- in parts separated by '/', without one at either end, got ''"],
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
});
