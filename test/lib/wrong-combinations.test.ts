import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import * as library from '../../lib';
import { functionIn, importedKeyIn, keyIn } from './set-up';
import { type ConstructName, failureOf, fifo, importedFunctionIn, importedQueueIn, type Props, queueIn } from './wrong-props';
import { wrongValues } from './wrong-values';

const managed = (stack: Stack): kms.IKey => kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/sqs');
const { stringFilter } = sns.SubscriptionFilter;
const condition = stringFilter({ allowlist: ['x'] });
const attributes = (count: number): Props => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, condition]));
const patterns = (count: number): Props[] => Array.from({ length: count }, () => lambda.FilterCriteria.filter({ body: ['x'] }));
type Case = [ConstructName, string, Props | ((stack: Stack) => Props), string];

const cases: Case[] = [
  ['ArchiveTable', 'a database that Athena refuses', { databaseName: 'my-archive' },
    "Test/It: 'databaseName' must be made of lower-case letters, digits and _, got 'my-archive'"],
  ['ArchiveTable', 'a work group with a blank', { workGroup: 'my group' },
    "Test/It: 'workGroup' must have from 1 to 128 letters, digits, _, . and -, got 'my group'"],
  ['ConsumerAlarms', 'a share of concurrency of more than all',
    (stack) => ({ function: functionIn(stack, 'Reserved', { reservedConcurrentExecutions: 5 }), concurrencyShare: 1.5 }),
    "Test/It: 'concurrencyShare' must be above 0 and up to 1, got 1.5"],
  ['ConsumerFunction', 'the variable that idempotency sets', { idempotency: true, environment: { IDEMPOTENCY_TABLE_NAME: 'mine' } },
    "Test/It: 'environment' must leave IDEMPOTENCY_TABLE_NAME out, because 'idempotency' sets it"],
  ['DeadLetterConsumer', 'no receive', { maxReceiveCount: 0 }, "Test/It: 'maxReceiveCount' must be from 1 to 1000, got 0"],
  ['DeadLetterConsumer', 'a quarantine of a second', (stack) => ({ queue: queueIn(stack, fifo), quarantineRetentionPeriod: Duration.seconds(1) }),
    "Test/It: 'quarantineRetentionPeriod' must be from 1 minute to 14 days, got 1 second"],
  ['FanOutTopic', 'data protection on FIFO', { fifo: true, dataProtectionPolicy: { Name: 'n', Version: '2021-06-01', Statement: [] } },
    `Test/It: 2 rules do not hold:
  - 'dataProtectionPolicy' must be left out on a FIFO topic: SNS has it for standard topics only
  - 'dataProtectionPolicy.Statement' must be a list of at least one statement, got []`],
  ['FanOutTopic', 'a tracing policy elsewhere without tracing', { tracingPolicyManagedElsewhere: true },
    "Test/It: 'tracingPolicyManagedElsewhere' must be left out without 'activeTracing'"],
  ['MessageArchive', 'a long prefix', { prefix: 'p'.repeat(257) }, "Test/It: 'prefix' must have from 1 to 256 characters, got 257"],
  ['MessageArchive', 'a buffer of half a mebibyte', { firehoseBufferingSize: Size.kibibytes(512) },
    "Test/It: 'firehoseBufferingSize' must be whole MiB from 1 to 128, got 0.5 MiB"],
  ['MessageArchive', 'a lock that is longer than the retention',
    { retention: Duration.days(30), objectLockRetention: s3.ObjectLockRetention.governance(Duration.days(31)) },
    "Test/It: 'retention' must be at least 'objectLockRetention', 31 days: S3 deletes nothing that is locked, got 30 days"],
  ['QueueConsumer', 'an imported function with a timeout of 16 minutes', (stack) => ({
    handler: lambda.Function.fromFunctionAttributes(stack, 'Imported', {
      functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:imported', role: functionIn(stack).role,
    }), handlerTimeout: Duration.minutes(16),
  }), "Test/It: 'handlerTimeout' must be from 1 second to 15 minutes, got 16 minutes"],
  ['QueueSubscription', 'a replay of a standard topic', { replayFrom: new Date(0) },
    "Test/It: 'replayFrom' must be left out on a standard topic: only FIFO topics have an archive"],
  ['AlarmTopic', 'a key that AWS manages', (stack) => ({ encryptionKey: managed(stack) }),
    "Test/It: 'encryptionKey' must be a customer key: CloudWatch cannot use a key that AWS manages, and alarms would fail "
    + "in silence"],
  ['AlarmTopic', 'a long name', { displayName: 'n'.repeat(101) },
    "Test/It: 'displayName' must have at most 100 characters, got 101"],
  ['AlarmTopic', 'no address', { emailAddresses: ['oncall'] },
    "Test/It: 'emailAddresses' must hold e-mail addresses, got 'oncall'"],
  ['AlarmTopic', 'an address twice', { emailAddresses: ['a@example.com', 'a@example.com'] },
    "Test/It: 'emailAddresses' must hold each address once, got 'a@example.com' twice"],
  ['AlarmTopic', 'a channel without its workspace', { slackChannelId: 'C1' },
    "Test/It: 'slackWorkspaceId' and 'slackChannelId' must be given together"],
  ['AlarmTopic', 'no workspace', { slackWorkspaceId: 't1', slackChannelId: 'C1' },
    "Test/It: 'slackWorkspaceId' must be the ID of a workspace, in capitals and digits, got 't1'"],
  ['ArchiveTable', 'a name that Athena refuses', { tableName: 'Messages' },
    "Test/It: 'tableName' must be made of lower-case letters, digits and _, got 'Messages'"],
  ['ArchiveTable', 'a long name', { tableName: 't'.repeat(101) },
    "Test/It: 'tableName' must have from 1 to 100 characters, got 101"],
  ['ChannelAlarm', 'nothing to watch', { alarms: [] }, "Test/It: 'alarms' must have from 1 to 100 alarms, got 0"],
  ['ConsumerAlarms', 'an imported function', (stack) => ({ function: importedFunctionIn(stack) }),
    "Test/It: 'timeout' must be given for Test/ImportedFunction, whose timeout is not known when the app is synthesized"],
  ['ConsumerAlarms', 'no errors', { errors: 0 }, "Test/It: 'errors' must be 1 or more, got 0"],
  ['ConsumerAlarms', 'half a throttle', { throttles: 1.5 }, "Test/It: 'throttles' must be a whole number of 1 or more, got 1.5"],
  ['ConsumerAlarms', 'no share', { durationShare: 0 }, "Test/It: 'durationShare' must be above 0 and up to 1, got 0"],
  ['ConsumerAlarms', 'more than all', { durationShare: 1.01 }, "Test/It: 'durationShare' must be above 0 and up to 1, got 1.01"],
  ['ConsumerAlarms', 'a share of records without their consumer', { failedRecordShare: 0.5 },
    "Test/It: 'consumer' must be given with 'failedRecordShare': only it tells whose messages may fail"],
  ['ConsumerAlarms', 'an anchor in the address', { runbookUrl: 'https://example.com/#a' },
    "Test/It: 'runbookUrl' must be an address of up to 512 characters without an anchor, got 'https://example.com/#a'"],
  ['ConsumerFunction', 'less than no concurrency', { reservedConcurrentExecutions: -1 },
    "Test/It: 'reservedConcurrentExecutions' must be 0 or more, got -1"],
  ['ConsumerFunction', 'a long description', { description: 'd'.repeat(257) },
    "Test/It: 'description' must have at most 256 characters, got 257"],
  ['CostTags', 'an empty value', { owner: '' }, "Test/It: 'owner' must have from 1 to 256 characters, got 0"],
  ['CostTags', 'a value with a semicolon', { environment: 'a;b' },
    "Test/It: 'environment' must have only letters, digits, spaces and + - = . _ : / @, got 'a;b'"],
  ['CostTags', 'a reserved prefix', { application: 'aws:x' },
    "Test/It: 'application' must not begin with 'aws:', which AWS reserves, got 'aws:x'"],
  ['CostTags', 'a key that differs in case', { additionalTags: { Owner: 'x' } },
    "Test/It: 'additionalTags' must have keys that differ in more than case from each other and from the four named tags, "
    + "got 'Owner': IAM refuses such tags"],
  ['CostTags', 'too many tags', { additionalTags: Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`k${index}`, 'x'])) },
    "Test/It: 'additionalTags' must have at most 46 tags, got 47"],
  ['DeadLetterConsumer', 'more receives than there are', { maxReceiveCount: 996 },
    "Test/It: 'maxReceiveCount' must be at most 1000 together with that of the queue, which is 5, got 996"],
  ['DeadLetterConsumer', 'an imported function',
    (stack) => ({ handler: importedFunctionIn(stack), handlerTimeout: Duration.seconds(1) }),
    "Test/It: 'handler' must have a role, which must be let receive messages: import it with "
    + "lambda.Function.fromFunctionAttributes and its role"],
  ['DeadLetterConsumer', 'a window on FIFO', (stack) => ({ queue: queueIn(stack, fifo), maxBatchingWindow: Duration.seconds(1) }),
    "Test/It: 'maxBatchingWindow' must be left out on a FIFO queue: Lambda has none there"],
  ['DeadLetterConsumer', 'a short quarantine', { quarantineRetentionPeriod: Duration.days(13) },
    "Test/It: 'quarantineRetentionPeriod' must be longer than the queue's 'deadLetterRetentionPeriod' (14 days), or 14 "
    + "days, got 13 days: the age of a message counts from when it was first sent"],
  ['DeadLetterConsumer', 'an imported queue', (stack) => ({ queue: importedQueueIn(stack) }),
    "Test/It: 'queue' must have a dead-letter queue of this app, whose redrive policy gets the quarantine queue, got 'Test/ImportedQueue'. Of an "
    + "imported queue, consume the dead-letter queue with a QueueConsumer, and give it a RedrivePolicy where it is made"],
  ['DeadLetterConsumer', 'a short quarantine behind a plain dead-letter queue, which keeps messages for 4 days', (stack) => ({
    queue: new sqs.Queue(stack, 'Plain', { deadLetterQueue: { queue: new sqs.Queue(stack, 'PlainDead'), maxReceiveCount: 5 } }),
    quarantineRetentionPeriod: Duration.days(4),
  }), "Test/It: 'quarantineRetentionPeriod' must be longer than the queue's 'deadLetterRetentionPeriod' (4 days), or 14 days, got 4 days: the age of a "
    + 'message counts from when it was first sent'],
  ['DurableQueue', 'a dead-letter queue of the other type', (stack) => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead', { fifo: true, retentionPeriod: Duration.days(14) }) }),
    "Test/It: 'deadLetterQueue' must be a standard queue as this one is, got the FIFO queue 'Test/Dead'"],
  ['DurableQueue', 'an imported dead-letter queue of another region', (stack) => ({
    deadLetterQueue: importedQueueIn(stack, { queueArn: 'arn:aws:sqs:eu-central-1:111122223333:imported' }),
  }), "Test/It: 'deadLetterQueue' must be in this queue's region, eu-west-1, got 'Test/ImportedQueue' in eu-central-1"],
  ['DurableQueue', 'an imported dead-letter queue of another account', (stack) => ({
    deadLetterQueue: importedQueueIn(stack, { queueArn: 'arn:aws:sqs:eu-west-1:444455556666:imported' }),
  }), "Test/It: 'deadLetterQueue' must be in this queue's account, 111122223333, got 'Test/ImportedQueue' in 444455556666"],
  ['DurableQueue', 'a dead-letter queue that keeps messages no longer', (stack) => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead') }),
    "Test/It: 'deadLetterQueue' must keep messages for longer than 'retentionPeriod' (4 days), or 14 days, got 'Test/Dead' with 4 days: the age of a "
    + 'dead letter counts from when the message was first sent'],
  ['DurableQueue', 'a dead-letter queue that is nobody\'s', (stack) => ({ deadLetterQueue: queueIn(stack, { retentionPeriod: Duration.days(14) }) }),
    "Test/It: 'deadLetterQueue' must allow this queue, but the redrive allow policy of 'Test/Queue' is 'denyAll'"],
  ['DurableQueue', 'a dead-letter queue of others', (stack) => ({
    queueName: 'orders', deadLetterQueue: new sqs.Queue(stack, 'Dead', {
      retentionPeriod: Duration.days(14), redriveAllowPolicy: { sourceQueues: [importedQueueIn(stack)] },
    }),
  }), "Test/It: 'deadLetterQueue' must allow this queue, but the redrive allow policy of 'Test/Dead' is 'byQueue' for others. Give this queue a "
    + "'queueName', and name its ARN there"],
  ['DurableQueue', 'the properties of a dead-letter queue that it does not make', (stack) => ({
    deadLetterQueue: new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) }), deadLetterRetentionPeriod: Duration.days(14),
    deadLetterRemovalPolicy: RemovalPolicy.RETAIN,
  }), "Test/It: 2 rules do not hold:\n  - 'deadLetterRetentionPeriod' must be left out with 'deadLetterQueue', which has its own\n"
    + "  - 'deadLetterRemovalPolicy' must be left out with 'deadLetterQueue', which has its own"],
  ['ImportedQueue', 'no ARN', { queueArn: 'orders' }, "Test/It: 'queueArn' must be the ARN of a queue, got 'orders'"],
  ['ImportedQueue', 'a key that AWS manages', (stack) => ({ encryptionKey: managed(stack) }),
    "Test/It: 'encryptionKey' must be a customer key: SNS, S3 and EventBridge cannot use a key that AWS manages"],
  ['Quarantine', 'an imported queue', (stack) => ({ queue: importedQueueIn(stack) }),
    "Test/It/DeadLetters: 'queue' must have a dead-letter queue of this app, whose redrive policy gets the quarantine queue, got 'Test/ImportedQueue'. "
    + 'Of an imported queue, consume the dead-letter queue with a QueueConsumer, and give it a RedrivePolicy where it is made'],
  ['QueueAlarms', 'an imported queue without its dead-letter queue', (stack) => ({ queue: importedQueueIn(stack) }),
    "Test/It: 'deadLetterQueue' must be given, because that of the imported queue 'Test/ImportedQueue' is not known here. Or leave "
    + "AlarmKind.DEAD_LETTERS out of 'alarms'"],
  ['QueueAlarms', 'a queue without a dead-letter queue', (stack) => ({ queue: new sqs.Queue(stack, 'Plain') }),
    "Test/It: 'queue' must have a dead-letter queue, but 'Test/Plain' has none. Or leave AlarmKind.DEAD_LETTERS out of 'alarms'"],
  ['QueueAlarms', 'a dead-letter queue beside one that is known', (stack) => ({ deadLetterQueue: importedQueueIn(stack) }),
    "Test/It: 'deadLetterQueue' must be left out, because the dead-letter queue of 'Test/Queue' is read from it"],
  ['QueueAlarms', 'a dead-letter queue of the other type', (stack) => ({
    queue: importedQueueIn(stack), deadLetterQueue: new sqs.Queue(stack, 'Dead', { fifo: true }),
  }), "Test/It: 'deadLetterQueue' must be a standard queue as 'Test/ImportedQueue' is, got the FIFO queue 'Test/Dead'"],
  ['DurableQueue', 'FIFO without the decision', { fifo: true },
    "Test/It: 'deadLettersBreakOrder' must be true on a FIFO queue: when a message moves to the dead-letter queue, the "
    + "later messages of its message group are processed without it. Where order must never break, use a plain sqs.Queue "
    + "without a dead-letter queue"],
  ['DurableQueue', 'a decision for FIFO only', { deadLettersBreakOrder: true },
    "Test/It: 'deadLettersBreakOrder' must be left out on a standard queue: it needs 'fifo'"],
  ['DurableQueue', 'deduplication without FIFO', { contentBasedDeduplication: true },
    "Test/It: 'contentBasedDeduplication' must be left out on a standard queue: it needs 'fifo'"],
  ['DurableQueue', 'high throughput without FIFO', { highThroughput: true },
    "Test/It: 'highThroughput' must be left out on a standard queue: it needs 'fifo'"],
  ['DurableQueue', 'a long name', { queueName: 'q'.repeat(81) },
    "Test/It: 'queueName' must have from 1 to 80 characters, got 81"],
  ['DurableQueue', 'a name with a dot', { queueName: 'my.queue' },
    "Test/It: 'queueName' must have only letters, digits, hyphens and underscores, got 'my.queue'"],
  ['DurableQueue', 'a FIFO name without its ending', { ...fifo, queueName: 'orders' },
    "Test/It: 'queueName' must end in '.fifo' on a FIFO queue, got 'orders'"],
  ['DurableQueue', 'a standard name with the ending', { queueName: 'orders.fifo' },
    "Test/It: 'queueName' must not end in '.fifo' on a standard queue, got 'orders.fifo'"],
  ['DurableQueue', 'dead letters that end first', { deadLetterRetentionPeriod: Duration.days(4) },
    "Test/It: 'deadLetterRetentionPeriod' must be longer than 'retentionPeriod' (4 days), or 14 days, got 4 days: the age "
    + "of a dead letter counts from when the message was first sent"],
  ['DurableQueue', 'a key that AWS manages', (stack) => ({ encryptionKey: managed(stack) }),
    "Test/It: 'encryptionKey' must be a customer key: SNS, S3 and EventBridge cannot use a key that AWS manages. Leave it "
    + "out for SSE-SQS"],
  ['FanOutTopic', 'deduplication without FIFO', { contentBasedDeduplication: true },
    "Test/It: 'contentBasedDeduplication' must be left out on a standard topic: it needs 'fifo'"],
  ['FanOutTopic', 'high throughput without FIFO', { highThroughput: true },
    "Test/It: 'highThroughput' must be left out on a standard topic: it needs 'fifo'"],
  ['FanOutTopic', 'a long name', { topicName: 't'.repeat(257) },
    "Test/It: 'topicName' must have from 1 to 256 characters, got 257"],
  ['FanOutTopic', 'a name with a blank', { topicName: 'my topic' },
    "Test/It: 'topicName' must have only letters, digits, hyphens and underscores, got 'my topic'"],
  ['FanOutTopic', 'a FIFO name without its ending', { fifo: true, topicName: 'orders' },
    "Test/It: 'topicName' must end in '.fifo' on a FIFO topic, got 'orders'"],
  ['FanOutTopic', 'a long display name', { displayName: 'n'.repeat(101) },
    "Test/It: 'displayName' must have from 1 to 100 characters, got 101"],
  ['FanOutTopic', 'a key that AWS manages', (stack) => ({ encryptionKey: managed(stack) }),
    "Test/It: 'encryptionKey' must be a customer key: CloudWatch, S3 and EventBridge cannot use a key that AWS manages"],
  ['FanOutTopic', 'an archive without FIFO', { archiveRetentionPeriod: Duration.days(1) },
    "Test/It: 'archiveRetentionPeriod' must be left out on a standard topic: it needs 'fifo'"],
  ['FanOutTopic', 'an archive of more than a year', { fifo: true, archiveRetentionPeriod: Duration.days(366) },
    "Test/It: 'archiveRetentionPeriod' must be whole days from 1 to 365, got 366 days"],
  ['FanOutTopic', 'an archive of hours', { fifo: true, archiveRetentionPeriod: Duration.hours(1) },
    "Test/It: 'archiveRetentionPeriod' must be whole days from 1 to 365, got 1 hour"],
  ['FanOutTopic', 'a share of what is not logged', { successSampleRate: 10 },
    "Test/It: 'successSampleRate' must be left out without 'deliveryStatusLogging'"],
  ['FanOutTopic', 'an unknown signature', { signatureVersion: '3' }, "Test/It: 'signatureVersion' must be '1' or '2', got '3'"],
  ['IdempotencyTable', 'a key that AWS manages', (stack) => ({ encryptionKey: managed(stack) }),
    "Test/It: 'encryptionKey' must be a customer key, because the use of one that AWS manages cannot be granted"],
  ['MessageArchive', 'a prefix with a slash at its end', { prefix: 'messages/' },
    "Test/It: 'prefix' must be made of letters, digits and !_.*'()- in parts separated by '/', without one at either end, "
    + "got 'messages/'"],
  ['MessageArchive', 'a retention of hours', { retention: Duration.hours(25) },
    "Test/It: 'retention' must be whole days, got 1 day 1 hour"],
  ['MessageArchive', 'no retention', { retention: Duration.days(0) },
    "Test/It: 'retention' must be from 1 day to 36525 days, got 0 seconds"],
  ['MessageArchive', 'a retention for a given bucket',
    (stack) => ({ bucket: new s3.Bucket(stack, 'Bucket'), retention: Duration.days(1) }),
    "Test/It: 'retention' must be left out when 'bucket' is given: set it on that bucket"],
  ['MessageArchive', 'a key that AWS manages', (stack) => ({ encryptionKey: managed(stack) }),
    "Test/It: 'encryptionKey' must be a customer key: SNS cannot use a key that AWS manages"],
  ['MessageArchive', 'access logs under a customer key',
    (stack) => ({ accessLogsBucket: new s3.Bucket(stack, 'Logs', { encryptionKey: keyIn(stack) }) }),
    "Test/It: 'accessLogsBucket' must not be encrypted with a customer key: S3 cannot write access logs to it"],
  ['MessagingDashboard', 'nothing to show', {},
    "Test/It: 'queues', 'consumers', 'topics', 'archive' or 'alarms' must be given, got nothing to show"],
  ['Quarantine', 'a delay on FIFO', (stack) => ({ queue: queueIn(stack, fifo), redriveDelay: Duration.seconds(1) }),
    "Test/It: 'redriveDelay' must be left out on a FIFO queue: SQS delays none of its messages alone"],
  ['QueueAlarms', 'no dead letter', { deadLetters: 0 }, "Test/It: 'deadLetters' must be 1 or more, got 0"],
  ['QueueAlarms', 'half a minute', { stalledAfter: Duration.seconds(90) },
    "Test/It: 'stalledAfter' must be whole minutes, got 1 minute 30 seconds"],
  ['QueueAlarms', 'more than a day', { stalledAfter: Duration.minutes(1441) },
    "Test/It: 'stalledAfter' must be from 1 minute to 1 day, got 1 day 1 minute"],
  ['QueueAlarms', 'no share', { inFlightShare: 0 }, "Test/It: 'inFlightShare' must be above 0 and up to 1, got 0"],
  ['QueueAlarms', 'noisy groups on FIFO', (stack) => ({ queue: queueIn(stack, fifo), noisyGroups: 1 }),
    "Test/It: 'noisyGroups' must be left out for Test/Queue: a FIFO queue is not a fair queue"],
  ['QueueConsumer', 'an imported function without its timeout and role', (stack) => ({ handler: importedFunctionIn(stack) }),
    `Test/It: 2 rules do not hold:
  - 'handler' must have a role, which must be let receive messages: import it with lambda.Function.fromFunctionAttributes and its role
  - 'handlerTimeout' must be given, because the timeout of this handler cannot be read`],
  ['QueueConsumer', 'a timeout that is known', { handlerTimeout: Duration.seconds(3) },
    "Test/It: 'handlerTimeout' must be left out, because the timeout of this handler is read from it"],
  ['QueueConsumer', 'a large batch without a window', { batchSize: 11 },
    "Test/It: 'maxBatchingWindow' must be at least 1 second with a 'batchSize' above 10, got a 'batchSize' of 11"],
  ['QueueConsumer', 'a large batch on FIFO', (stack) => ({ queue: queueIn(stack, fifo), batchSize: 11 }),
    "Test/It: 'batchSize' must be from 1 to 10, got 11"],
  ['QueueConsumer', 'a large batch on an imported FIFO queue',
    (stack) => ({ queue: importedQueueIn(stack, { queueArn: 'arn:aws:sqs:eu-west-1:111122223333:imported.fifo' }), batchSize: 11 }),
    "Test/It: 'batchSize' must be from 1 to 10, got 11"],
  ['QueueConsumer', 'a window on FIFO', (stack) => ({ queue: queueIn(stack, fifo), maxBatchingWindow: Duration.seconds(1) }),
    "Test/It: 'maxBatchingWindow' must be left out on a FIFO queue: Lambda has none there"],
  ['QueueConsumer', 'more concurrency than is reserved',
    (stack) => ({ handler: functionIn(stack, 'Reserved', { reservedConcurrentExecutions: 5 }), maxConcurrency: 6 }),
    "Test/It: 'maxConcurrency' must be at most the reserved concurrency of the function, 5, got 6: Lambda would receive "
    + "messages that the function is too busy to take"],
  ['QueueConsumer', 'too many filters', { filters: patterns(11) }, "Test/It: 'filters' must have at most 10 patterns, got 11"],
  ['QueueConsumer', 'encryption of no filters', (stack) => ({ filterEncryption: keyIn(stack) }),
    "Test/It: 'filterEncryption' must be left out without 'filters'"],
  ['QueueConsumer', 'two kinds of scaling', { maxConcurrency: 2, minimumPollers: 2 },
    "Test/It: 'maxConcurrency' must be left out with 'minimumPollers' or 'maximumPollers': Lambda lets a mapping have one "
    + "of them, and each poller makes at most 10 calls at once"],
  ['QueueConsumer', 'fewer pollers at most than at least', { minimumPollers: 3, maximumPollers: 2 },
    "Test/It: 'minimumPollers' must be at most 'maximumPollers', 2, got 3"],
  ['QueueConsumer', 'a short visibility timeout',
    (stack) => ({ queue: queueIn(stack, { visibilityTimeout: Duration.seconds(17) }) }),
    "Test/Queue: 'visibilityTimeout' must be at least 18 seconds, which is 6 times the longest consumer timeout plus its "
    + "batching window, got 17 seconds. Leave it out, and it follows the consumers"],
  ['QueueConsumer', 'a short visibility timeout of a plain queue',
    (stack) => ({ queue: new sqs.Queue(stack, 'Plain', { visibilityTimeout: Duration.seconds(17) }) }),
    "Test/It: 'visibilityTimeout' must be at least 18 seconds, which is 6 times the longest consumer timeout plus its "
    + "batching window, got 17 seconds. Make 'Test/Plain' a DurableQueue, and it follows its consumers"],
  ['QueueSubscription', 'a FIFO queue of a standard topic', (stack) => ({ queue: queueIn(stack, fifo) }),
    "Test/It: the queue 'Test/Queue' must be a standard queue: SNS refuses to deliver from a standard topic to a FIFO queue"],
  ['QueueSubscription', 'a queue with the key of SQS',
    (stack) => ({ queue: new sqs.Queue(stack, 'Plain', { encryption: sqs.QueueEncryption.KMS_MANAGED }) }),
    "Test/It: the queue 'Test/Plain' must not be encrypted with a key that AWS manages: SNS cannot use it. Use SSE-SQS or "
    + "a customer key"],
  ['QueueSubscription', 'an imported queue',
    (stack) => ({ topic: new library.FanOutTopic(stack, 'Orders', { topicName: 'orders' }).topic, queue: importedQueueIn(stack) }),
    `Test/It: the policy of the queue 'Test/ImportedQueue' must let SNS deliver, and cannot be changed from here. Add `
    + `this statement to it and set 'policiesManagedElsewhere': `
    + `{"Action":"sqs:SendMessage","Condition":{"ArnEquals":{"aws:SourceArn":"<ARN of `
    + `Test/Orders/Resource>"}},"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Resource":"arn:aws:sqs:eu-west`
    + `-1:111122223333:imported"}`],
  ['QueueSubscription', 'a queue with an imported key',
    (stack) => ({ queue: queueIn(stack, { encryptionKey: importedKeyIn(stack) }) }),
    `Test/It: the policy of the encryption key 'Test/ImportedKey' must let SNS deliver, and cannot be changed from here. `
    + `Add this statement to it and set 'policiesManagedElsewhere': `
    + `{"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},"Ar`
    + `nLike":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:*"}},"Effect":"Allow","Principal":{"Service":"sns.amazona`
    + `ws.com"},"Resource":"*"}`],
  ['QueueSubscription', 'filters on both',
    { filterPolicy: attributes(1), filterPolicyWithMessageBody: { a: sns.FilterOrPolicy.filter(condition) } },
    "Test/It: only one of 'filterPolicy' and 'filterPolicyWithMessageBody' must be given"],
  ['QueueSubscription', 'a filter on six attributes', { filterPolicy: attributes(6) },
    "Test/It: 'filterPolicy' must have at most 5 attributes, got 6"],
  ['QuarantineAlarm', 'no message', { quarantined: 0 }, "Test/It: 'quarantined' must be 1 or more, got 0"],
  ['ResourceBudget', 'no resource', { maxResources: 0 }, "Test/It: 'maxResources' must be from 1 to 500, got 0"],
  ['ResourceBudget', 'more than the limit', { maxResources: 501 }, "Test/It: 'maxResources' must be from 1 to 500, got 501"],
  ['ResourceBudget', 'a template over the limit', { maxTemplateBytes: 1_000_001 },
    "Test/It: 'maxTemplateBytes' must be from 1 to 1000000, got 1000001"],
  ['ResourceBudget', 'no share', { warningShare: 0 }, "Test/It: 'warningShare' must be above 0 and up to 1, got 0"],
  ['RulePackDecisions', 'no reason', { inlinePolicies: '' }, "Test/It: 'inlinePolicies' must have from 1 to 1000 characters, got 0"],
  ['TopicAlarms', 'no failure', { failedNotifications: 0 }, "Test/It: 'failedNotifications' must be 1 or more, got 0"],
  ['TopicAlarms', 'no dead letter', { subscriptionDeadLetters: 0 },
    "Test/It: 'subscriptionDeadLetters' must be 1 or more, got 0"],
  ['TopicAlarms', 'no failed redrive', { failedRedrives: 0 }, "Test/It: 'failedRedrives' must be 1 or more, got 0"],
  ['TopicAlarms', 'a blank in the address', { runbookUrl: 'not an address' },
    "Test/It: 'runbookUrl' must be an address of up to 512 characters without an anchor, got 'not an address'"],
];
describe('one clear error for', () => {
  test.each(cases.map(([name, what, props, message]) => [`${name}: ${what}`, name, props, message] as const))('%s', (_case, name, props, message) => {
    expect(failureOf(name, props)).toBe(message);
  });

  test('every construct of the package, at least once each', () => {
    const exported = Object.entries(library).filter(([, value]) => (value as { prototype?: unknown }).prototype instanceof Construct)
      .map(([name]) => name).filter((name) => name !== 'OrderMessagingStack');
    expect([...new Set<string>(cases.map(([name]) => name))].sort()).toEqual(exported.sort());
  });

  test('every property of which the sources know a range or a form', () => {
    const lib = join(__dirname, '../../lib');
    const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(lib, file), 'utf8'));
    const ranged = sources.flatMap((source) => [...source.matchAll(/(?:Within|Like|knownDuration)\('(\w+)'/g)].map(([, name]) => name));
    const messages = [...cases.map(([, , , message]) => message), ...wrongValues.map(({ message }) => message)].join('\n');
    // what methods are given: test/permissions/senders.test.ts
    const ofMethods = ['accountId', 'organizationId'];
    expect(ranged.length).toBeGreaterThan(50);
    expect([...new Set(ranged)].filter((name) => !messages.includes(`'${name}'`)).sort()).toEqual(ofMethods);
  });

  test('at least 120 cases, each different from the others', () => {
    const all = [...cases.map(([name, what]) => `${name}: ${what}`), ...wrongValues.map(({ construct, property, shown }) => `${construct}.${property} = ${shown}`)];
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(120);
  });
});
