import { ServiceMetrics, type QueueGauge } from '../../../simulator/cloudwatch';
import type { LambdaEvent, SnsEvent, SqsEvent } from '../../../simulator/events';
import { HOUR, MINUTE, START, world } from './fixture';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:Orders';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:123456789012:Dead';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:Placed';
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:Bill';

function services() {
  const made = world();
  const depth = { visible: 0, inFlight: 0, delayed: 0 };
  let age: number | undefined;
  const gauge: QueueGauge = { arn: QUEUE, depth: () => ({ ...depth }), ageOfOldestMessage: () => age };
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
  /** Sum, count, minimum and maximum of the minute that begins so many minutes after the start. */
  const minute = (namespace: string, dimensions: Record<string, string>) => (name: string, index: number): number[] | undefined => {
    const from = START + index * MINUTE;
    const found = cloudWatch.metric(namespace, name, dimensions).aggregate(from, from + MINUTE, MINUTE);
    return found && [found.sum, found.count, found.minimum, found.maximum];
  };
  return {
    ...made, sqs, sns, lambda, depth, setAge: (seconds: number | undefined) => { age = seconds; },
    queue: minute('AWS/SQS', { QueueName: 'Orders' }), deadLetters: minute('AWS/SQS', { QueueName: 'Dead' }),
    topic: minute('AWS/SNS', { TopicName: 'Placed' }), invoked: minute('AWS/Lambda', { FunctionName: 'Bill' }), of: minute,
  };
}

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
