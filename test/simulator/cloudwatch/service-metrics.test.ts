import { ServiceMetrics, type QueueGauge } from '../../../simulator/cloudwatch';
import type { AsynchronousInvocationEvent, EventSourceMappingEvent, FirehoseEvent, LambdaEvent, SnsEvent, SqsEvent } from '../../../simulator/events';
import { Random } from '../../../simulator/random';
import { S3Service } from '../../../simulator/s3';
import { HOUR, MINUTE, START, world } from './fixture';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:Orders';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:123456789012:Dead';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:Placed';
const STREAM = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/Archive';
type Fairness = ReturnType<NonNullable<QueueGauge['fairness']>>;
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:Bill';

function services() {
  const made = world();
  const depth = { visible: 0, inFlight: 0, delayed: 0 };
  let age: number | undefined;
  let fairness: Fairness;
  const gauge: QueueGauge = { arn: QUEUE, depth: () => ({ ...depth }), ageOfOldestMessage: () => age, fairness: () => fairness };
  const dead = { visible: 0, inFlight: 0, delayed: 0 };
  const gauges = [gauge, { arn: DEAD_LETTERS, depth: () => dead, ageOfOldestMessage: () => undefined }];
  new ServiceMetrics(made.clock, made.events, made.cloudWatch, { queues: () => gauges });
  const { events, clock, cloudWatch } = made;
  const sqs = (action: SqsEvent['action'], more: Partial<SqsEvent> = {}) => (
    events.emit({ service: 'sqs', action, at: clock.now(), resource: QUEUE, messageId: '1', bytes: 100, receiveCount: 0, ...more }));
  const sns = (action: SnsEvent['action'], more: Partial<SnsEvent> = {}) => (
    events.emit({ service: 'sns', action, at: clock.now(), resource: TOPIC, messageId: '1', bytes: 50, ...more }));
  const lambda = (action: LambdaEvent['action'], more: Partial<LambdaEvent> = {}) => (
    events.emit({ service: 'lambda', action, at: clock.now(), resource: FUNCTION, requestId: '1', ...more }));
  const asynchronous = (action: AsynchronousInvocationEvent['action'], age = 0) => (
    events.emit({ service: 'asynchronousInvocation', action, at: clock.now(), resource: FUNCTION, requestId: '1', age }));
  const firehose = (action: FirehoseEvent['action'], more: Partial<FirehoseEvent> = {}) => (
    events.emit({ service: 'firehose', action, at: clock.now(), resource: STREAM, records: 3, bytes: 300, ...more }));
  const mapping = (action: EventSourceMappingEvent['action'], messageIds: string[], failedMessageIds: string[] = [], counted = true) => (
    events.emit({
      service: 'eventSourceMapping', action, at: clock.now(), resource: QUEUE, mapping: 'uuid', functionArn: FUNCTION, messageIds, failedMessageIds, counted,
    }));
  /** Sum, count, minimum and maximum of the minute that begins so many minutes after the start. */
  const minute = (namespace: string, dimensions: Record<string, string>) => (name: string, index: number): number[] | undefined => {
    const from = START + index * MINUTE;
    const found = cloudWatch.metric(namespace, name, dimensions).aggregate(from, from + MINUTE, MINUTE);
    return found && [found.sum, found.count, found.minimum, found.maximum];
  };
  return {
    ...made, sqs, sns, lambda, asynchronous, mapping, firehose, depth, setFairness: (value: Fairness) => { fairness = value; }, setAge: (seconds: number | undefined) => { age = seconds; },
    queue: minute('AWS/SQS', { QueueName: 'Orders' }), deadLetters: minute('AWS/SQS', { QueueName: 'Dead' }),
    topic: minute('AWS/SNS', { TopicName: 'Placed' }), invoked: minute('AWS/Lambda', { FunctionName: 'Bill' }), of: minute,
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
describe('AWS/SQS', () => {
  test('counts what happens, in its minute', async () => {
    const { clock, sqs, queue } = services();
    sqs('sent', { bytes: 100 });
    sqs('sent', { bytes: 300 });
    sqs('received');
    await clock.advance(MINUTE);
    sqs('deleted');
    sqs('emptyReceive');
    sqs('deduplicated');
    await clock.advance(MINUTE);
    expect(queue('NumberOfMessagesSent', 0)).toEqual([2, 2, 1, 1]);
    expect(queue('NumberOfMessagesReceived', 0)).toEqual([1, 1, 1, 1]);
    expect(queue('SentMessageSize', 0)).toEqual([400, 2, 100, 300]);
    expect(['NumberOfMessagesDeleted', 'NumberOfEmptyReceives', 'NumberOfDeduplicatedSentMessages'].map((name) => queue(name, 1)![0])).toEqual([1, 1, 1]);
  });

  test('says 0 for an active queue in which nothing happens, but has no size without a message', async () => {
    const { clock, queue } = services();
    await clock.advance(MINUTE);
    const counters = ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted', 'NumberOfEmptyReceives'];
    expect(counters.map((name) => queue(name, 0))).toEqual(counters.map(() => [0, 1, 0, 0]));
    expect(queue('SentMessageSize', 0)).toBeUndefined();
    expect(queue('NumberOfDeduplicatedSentMessages', 0)).toBeUndefined();
  });

  test('samples the gauges at the end of each minute', async () => {
    const { clock, queue, depth, setAge } = services();
    await clock.advance(MINUTE - 1);
    Object.assign(depth, { visible: 3, inFlight: 2, delayed: 1 });
    setAge(42);
    await clock.advance(1);
    expect(queue('ApproximateNumberOfMessagesVisible', 0)).toEqual([3, 1, 3, 3]);
    expect(queue('ApproximateNumberOfMessagesNotVisible', 0)).toEqual([2, 1, 2, 2]);
    expect(queue('ApproximateNumberOfMessagesDelayed', 0)).toEqual([1, 1, 1, 1]);
    expect(queue('ApproximateAgeOfOldestMessage', 0)).toEqual([42, 1, 42, 42]);
    setAge(undefined);
    await clock.advance(MINUTE);
    expect(queue('ApproximateAgeOfOldestMessage', 1)).toBeUndefined();
  });

  test('does not count a move to the dead-letter queue as sent or deleted', async () => {
    const { clock, sqs, queue, deadLetters } = services();
    sqs('moved', { to: DEAD_LETTERS });
    await clock.advance(MINUTE);
    expect([queue('NumberOfMessagesDeleted', 0), queue('NumberOfMessagesSent', 0)]).toEqual([[0, 1, 0, 0], [0, 1, 0, 0]]);
    expect(deadLetters('NumberOfMessagesSent', 0)).toEqual([0, 1, 0, 0]);
  });

  test('stops six hours after the last use of a queue, and begins again with the next', async () => {
    const { clock, sqs, queue } = services();
    await clock.advance(HOUR);
    sqs('emptyReceive');
    await clock.advance(8 * HOUR);
    const visible = (index: number) => queue('ApproximateNumberOfMessagesVisible', index);
    expect([visible(7 * 60 - 1), visible(7 * 60)]).toEqual([[0, 1, 0, 0], undefined]);
    sqs('sent');
    await clock.advance(MINUTE);
    expect(visible(9 * 60)).toEqual([0, 1, 0, 0]);
  });

  test('does not stop while a queue holds messages', async () => {
    const { clock, queue, depth } = services();
    depth.visible = 1;
    await clock.advance(8 * HOUR);
    depth.visible = 0;
    await clock.advance(8 * HOUR);
    const visible = (index: number) => queue('ApproximateNumberOfMessagesVisible', index);
    expect([visible(8 * 60 - 1), visible(14 * 60 - 1), visible(14 * 60)]).toEqual([[1, 1, 1, 1], [0, 1, 0, 0], undefined]);
  });

  test('wakes the dead-letter queue when a message is moved to it', async () => {
    const { clock, sqs, deadLetters } = services();
    await clock.advance(7 * HOUR);
    sqs('moved', { to: DEAD_LETTERS });
    await clock.advance(MINUTE);
    expect(deadLetters('ApproximateNumberOfMessagesVisible', 7 * 60 - 1)).toBeUndefined();
    expect(deadLetters('ApproximateNumberOfMessagesVisible', 7 * 60)).toEqual([0, 1, 0, 0]);
  });

  test('reaches an alarm in the minute in which it was sampled', async () => {
    const { clock, depth, alarm } = services();
    const visible = alarm({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: [{ Name: 'QueueName', Value: 'Orders' }], Statistic: 'Maximum', Threshold: 1,
    });
    depth.visible = 1;
    await clock.advance(MINUTE);
    expect(visible.state).toBe('ALARM');
    depth.visible = 0;
    await clock.advance(MINUTE);
    expect(visible.state).toBe('OK');
  });
});

/** https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
describe('AWS/SNS', () => {
  test('counts publishes, deliveries, failures and what was filtered out', () => {
    const { sns, topic } = services();
    sns('published', { bytes: 50 });
    sns('published', { bytes: 70 });
    sns('delivered');
    sns('failed');
    sns('filteredOut', { reason: 'NoMessageAttributes' });
    sns('filteredOut');
    sns('deduplicated');
    const sum = (name: string) => topic(name, 0)?.[0];
    expect(topic('PublishSize', 0)).toEqual([120, 2, 50, 70]);
    expect(['NumberOfMessagesPublished', 'NumberOfNotificationsDelivered', 'NumberOfNotificationsFailed', 'NumberOfNotificationsFilteredOut',
      'NumberOfNotificationsFilteredOut-NoMessageAttributes', 'NumberOfNotificationsRedrivenToDlq'].map(sum)).toEqual([2, 1, 1, 2, 1, undefined]);
  });

  test('counts a redrive as a failed delivery, too, and one that failed by itself', () => {
    const { sns, topic } = services();
    sns('redriven', { to: DEAD_LETTERS });
    sns('failed', { deadLetterQueue: DEAD_LETTERS });
    expect(['NumberOfNotificationsFailed', 'NumberOfNotificationsRedrivenToDlq', 'NumberOfNotificationsFailedToRedriveToDlq'].map((name) => topic(name, 0)![0]))
      .toEqual([2, 1, 1]);
  });

  test.each(['MessageAttributes', 'NoMessageAttributes', 'InvalidAttributes', 'MessageBody', 'InvalidMessageBody'])('counts what was filtered out for %s', (reason) => {
    const { sns, topic } = services();
    sns('filteredOut', { reason });
    expect(topic(`NumberOfNotificationsFilteredOut-${reason}`, 0)).toEqual([1, 1, 1, 1]);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
describe('AWS/Lambda', () => {
  test('counts invocations, errors and durations at the time at which they began', async () => {
    const { clock, lambda, invoked } = services();
    lambda('started');
    lambda('started');
    lambda('started');
    await clock.advance(90_000);
    lambda('succeeded', { duration: 90_000 });
    lambda('failed', { duration: 90_000 });
    lambda('timedOut', { duration: 20_000 });
    expect(invoked('Invocations', 0)).toEqual([2, 2, 1, 1]);
    expect(invoked('Errors', 0)).toEqual([1, 2, 0, 1]);
    expect(invoked('Errors', 1)).toEqual([1, 1, 1, 1]);
    expect(invoked('Duration', 0)).toEqual([180_000, 2, 90_000, 90_000]);
    expect(invoked('ConcurrentExecutions', 0)).toEqual([6, 3, 1, 3]);
  });

  test('counts a throttle neither as an invocation nor as an error', () => {
    const { lambda, invoked } = services();
    lambda('throttled');
    lambda('started');
    lambda('succeeded', { duration: 0 });
    expect(invoked('Throttles', 0)).toEqual([1, 2, 0, 1]);
    expect([invoked('Invocations', 0), invoked('Errors', 0)]).toEqual([[1, 1, 1, 1], [0, 1, 0, 0]]);
    expect(invoked('ConcurrentExecutions', 0)).toEqual([1, 1, 1, 1]);
  });

  test('counts an alias by its resource, too', () => {
    const { lambda, invoked, of } = services();
    lambda('succeeded', { resource: `${FUNCTION}:live`, duration: 0 });
    expect(invoked('Invocations', 0)).toEqual([1, 1, 1, 1]);
    expect(of('AWS/Lambda', { FunctionName: 'Bill', Resource: 'Bill:live' })('Invocations', 0)).toEqual([1, 1, 1, 1]);
  });
});

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html */
describe('AWS/SQS, of fair queues', () => {
  const NAMES = ['ApproximateNumberOfNoisyGroups', 'ApproximateNumberOfMessagesVisibleInQuietGroups', 'ApproximateNumberOfMessagesNotVisibleInQuietGroups',
    'ApproximateNumberOfMessagesDelayedInQuietGroups', 'ApproximateAgeOfOldestMessageInQuietGroups'];

  test('has the quiet groups by themselves, with the age in whole seconds', async () => {
    const { clock, queue, setFairness } = services();
    setFairness({ noisyGroups: 1, visibleInQuietGroups: 5, notVisibleInQuietGroups: 4, delayedInQuietGroups: 3, oldestInQuietGroups: 2_900 });
    await clock.advance(MINUTE);
    expect(NAMES.map((name) => queue(name, 0)?.[0])).toEqual([1, 5, 4, 3, 2]);
  });

  test('is not published for a queue without message groups', async () => {
    const { clock, cloudWatch } = services();
    await clock.advance(MINUTE);
    expect(cloudWatch.metrics.all().filter(({ name }) => NAMES.includes(name))).toEqual([]);
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
describe('AWS/S3', () => {
  test('counts requests and bytes for each metrics configuration that the key falls under', () => {
    const { events, clock, of } = services();
    const s3 = new S3Service(clock, events, new Random(1), { account: '1', region: 'us-east-1', partition: 'aws', endpoint: '' }, {
      queue: () => undefined, function: () => undefined, hasTopic: () => false, publish: () => undefined,
    });
    const bucket = s3.createBucket({ name: 'archive' });
    bucket.put('before', Buffer.from('nothing is counted yet'));
    bucket.requestMetrics = [{ id: 'All', prefix: '' }, { id: 'Orders', prefix: 'orders/' }];
    bucket.put('orders/1', Buffer.from('12345'));
    bucket.put('other', Buffer.from('1'));
    bucket.get('orders/1');
    bucket.delete('other');
    const sums = (FilterId: string) => ['AllRequests', 'PutRequests', 'GetRequests', 'DeleteRequests', 'BytesUploaded', 'BytesDownloaded']
      .map((name) => of('AWS/S3', { BucketName: 'archive', FilterId })(name, 0)?.[0]);
    expect(sums('All')).toEqual([4, 2, 1, 1, 6, 5]);
    expect(sums('Orders')).toEqual([2, 1, 1, undefined, 5, 5]);
  });
});

/** https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html */
describe('AWS/Firehose', () => {
  test('counts what comes in and what is delivered, with how long it waited', () => {
    const { firehose, of } = services();
    firehose('put', { operation: 'PutRecordBatch' });
    firehose('put', { operation: 'PutRecord', records: 1, bytes: 50 });
    firehose('retried', { age: 60_000 });
    firehose('delivered', { records: 4, bytes: 350, age: 90_000 });
    firehose('described');
    const stream = of('AWS/Firehose', { DeliveryStreamName: 'Archive' });
    const sum = (name: string) => stream(name, 0)?.[0];
    expect(['IncomingRecords', 'IncomingBytes', 'PutRecordBatch.Requests', 'PutRecordBatch.Records', 'PutRecord.Requests', 'PutRecord.Bytes',
      'DeliveryToS3.Records', 'DeliveryToS3.Bytes'].map(sum)).toEqual([4, 350, 1, 3, 1, 50, 4, 350]);
    expect(stream('DeliveryToS3.Success', 0)).toEqual([1, 2, 0, 1]);
    expect(stream('DeliveryToS3.DataFreshness', 0)).toEqual([150, 2, 60, 90]);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#concurrency-metrics */
describe('AWS/Lambda, of all functions together', () => {
  test('has the concurrency of those without reserved concurrency by itself', () => {
    const { lambda, of } = services();
    lambda('started');
    lambda('started', { resource: `${FUNCTION}2`, reserved: true });
    lambda('started', { resource: `${FUNCTION}3` });
    lambda('succeeded', { resource: `${FUNCTION}3`, duration: 0 });
    lambda('started', { resource: `${FUNCTION}3` });
    const account = of('AWS/Lambda', {});
    expect(account('ConcurrentExecutions', 0)).toEqual([1 + 2 + 3 + 3, 4, 1, 3]);
    expect(account('UnreservedConcurrentExecutions', 0)).toEqual([1 + 2 + 2, 3, 1, 2]);
    expect(account('Invocations', 0)).toEqual([1, 1, 1, 1]);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#async-invocation-metrics */
describe('AWS/Lambda, of asynchronous invocations', () => {
  test('counts events that were taken and given up, and their age at each attempt', () => {
    const { asynchronous, invoked } = services();
    asynchronous('received');
    asynchronous('attempted', 0);
    asynchronous('attempted', 60_100);
    asynchronous('dropped', 180_200);
    asynchronous('deadLetterFailed', 180_200);
    expect(invoked('AsyncEventsReceived', 0)).toEqual([1, 1, 1, 1]);
    expect(invoked('AsyncEventAge', 0)).toEqual([60_100, 2, 0, 60_100]);
    expect(['AsyncEventsDropped', 'DeadLetterErrors'].map((name) => invoked(name, 0)![0])).toEqual([1, 1]);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics */
describe('AWS/Lambda, of an event source mapping', () => {
  const NAMES = ['PolledEventCount', 'FilteredOutEventCount', 'InvokedEventCount', 'FailedInvokeEventCount', 'DeletedEventCount', 'DroppedEventCount'];

  test('counts what was polled, filtered out, invoked, failed and deleted; a queue has nothing to drop', () => {
    const { mapping, of } = services();
    mapping('filteredOut', ['1']);
    mapping('invoked', ['2', '3', '4']);
    mapping('completed', ['2', '3', '4'], ['3']);
    const counts = of('AWS/Lambda', { EventSourceMappingUUID: 'uuid' });
    expect(NAMES.map((name) => counts(name, 0)?.[0])).toEqual([4, 1, 3, 1, 2, undefined]);
  });

  test('is not published where MetricsConfig does not ask for it', () => {
    const { mapping, cloudWatch } = services();
    mapping('invoked', ['1'], [], false);
    expect(cloudWatch.metrics.all().filter(({ name }) => NAMES.includes(name))).toEqual([]);
  });
});

describe('speed', () => {
  test('a day of 100 queues and 100 alarms takes seconds at most', async () => {
    const { clock, events, cloudWatch, alarm } = world();
    const queues = Array.from({ length: 100 }, (_, index) => (
      { arn: `${QUEUE}${index}`, depth: () => ({ visible: index, inFlight: 0, delayed: 0 }), ageOfOldestMessage: () => index }));
    new ServiceMetrics(clock, events, cloudWatch, { queues: () => queues });
    const alarms = queues.map((_, index) => alarm({
      AlarmName: `Deep${index}`, Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', EvaluationPeriods: 3,
      Dimensions: [{ Name: 'QueueName', Value: `Orders${index}` }], Threshold: 50,
    }));
    const began = process.hrtime.bigint();
    await clock.advance(24 * HOUR);
    const took = Number(process.hrtime.bigint() - began) / 1e6;
    expect(alarms.filter(({ state }) => state === 'ALARM')).toHaveLength(50);
    if (process.env.SHOW_SPEED) process.stdout.write(`a day: ${took.toFixed(0)} ms\n`);
    expect(took).toBeLessThan(10_000); // about a second on an idle machine
  });

  test('a million events are counted within seconds', () => {
    const { sqs, queue } = services();
    const began = process.hrtime.bigint();
    for (let index = 0; index < 1_000_000; index++) sqs('sent', { bytes: index % 1000 });
    const took = Number(process.hrtime.bigint() - began) / 1e6;
    expect(queue('NumberOfMessagesSent', 0)![0]).toBe(1_000_000);
    if (process.env.SHOW_SPEED) process.stdout.write(`a million events: ${took.toFixed(0)} ms\n`);
    expect(took).toBeLessThan(10_000); // about a second on an idle machine
  });
});
