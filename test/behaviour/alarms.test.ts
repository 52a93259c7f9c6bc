import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  AlarmSet, AlarmTopic, ChannelAlarm, ConsumerAlarms, type ConsumerAlarmsProps, ConsumerFunction, DurableQueue, type DurableQueueProps,
  FanOutTopic, QueueAlarms, type QueueAlarmsProps, QueueConsumer, type QueueConsumerProps, TopicAlarms,
} from '../../lib';
import { Simulation } from '../../simulator';

interface ChannelProps {
  readonly queue?: DurableQueueProps;
  readonly consumer?: Partial<QueueConsumerProps>;
  readonly reservedConcurrentExecutions?: number;
  readonly queueAlarms?: Partial<QueueAlarmsProps>;
  readonly consumerAlarms?: Partial<ConsumerAlarmsProps>;
}

const alarms = AlarmSet.complete();
const shortLived = { retentionPeriod: Duration.hours(1), deadLetterRetentionPeriod: Duration.hours(2) };
let simulation: Simulation;

/** A queue, its consumer and all their alarms, with one composite alarm that is mailed. */
function channel(props: ChannelProps = {}): Stack {
  const stack = new Stack(new App(), 'Test');
  const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 3, ...props.queue });
  const { function: handler } = new ConsumerFunction(stack, 'Function', {
    code: lambda.Code.fromInline('exports.handler = async () => {};'), reservedConcurrentExecutions: props.reservedConcurrentExecutions,
  });
  const consumer = new QueueConsumer(stack, 'Consumer', { queue, handler, ...props.consumer });
  const queueAlarms = new QueueAlarms(stack, 'QueueAlarms', { queue, alarms, ...props.queueAlarms });
  const consumerAlarms = new ConsumerAlarms(stack, 'ConsumerAlarms', { function: handler, consumer, alarms, ...props.consumerAlarms });
  const actions = [new AlarmTopic(stack, 'AlarmTopic', { emailAddresses: ['oncall@example.com'] })];
  new ChannelAlarm(stack, 'Channel', { alarms: [...queueAlarms.alarms, ...consumerAlarms.alarms], actions });
  return stack;
}

type Records = readonly { readonly messageId: string; readonly body: string }[];

/** Has the function work on messages one by one; those for which it says no are given back. */
function handle(succeeds: (body: string) => boolean): void {
  simulation.function('Function').handler = (event) => {
    const { Records } = event as { Records: Records };
    return { batchItemFailures: Records.filter(({ body }) => !succeeds(body)).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function sendEachMinute(minutes: number, messages: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    for (let message = 0; message < messages; message++) await simulation.queue('Orders').send(String(message));
    await simulation.advance(Duration.minutes(1));
  }
}

/** What an alarm became, after the OK that it begins with. */
const states = (path: string): string[] => simulation.alarm(path).history
  .filter(({ from, to }) => from !== 'INSUFFICIENT_DATA' || to !== 'OK').map(({ to }) => to);
const raisedOnce = ['ALARM', 'OK'];
const mailed = (): unknown[] => (
  simulation.topic('AlarmTopic').deliveries('oncall@example.com').map(({ subject }) => subject?.split(':')[0])
);

afterEach(() => simulation.stop());

test('no alarm is raised while messages are processed, nor while there are none', async () => {
  simulation = await Simulation.start(channel({ consumer: { maxConcurrency: 5 } }));
  handle(() => true);
  await sendEachMinute(30, 5);
  await simulation.advance(Duration.hours(8));

  expect(simulation.alarms.flatMap(({ path }) => (states(path).includes('ALARM') ? path : []))).toEqual([]);
  expect(mailed()).not.toContain('ALARM');
});

test('DeadLetters is raised by a poison message and over when the dead-letter queue is empty', async () => {
  simulation = await Simulation.start(channel({ queue: shortLived }));
  handle(() => false);
  await simulation.queue('Orders').send('poison');
  await simulation.advance(Duration.minutes(30));
  expect(simulation.alarm('QueueAlarms/DeadLetters').state).toBe('ALARM');

  await simulation.advance(Duration.hours(2));
  expect(simulation.queue('Orders/DeadLetterQueue').messages).toEqual([]);
  expect(states('QueueAlarms/DeadLetters')).toEqual(raisedOnce);
});

test('Age, BacklogGrowth, Concurrency and Duration are raised by too much load, and over when the consumer has caught up', async () => {
  const stack = channel({ consumer: { batchSize: 1, maxConcurrency: 2 }, queueAlarms: { backlogGrowth: 50 } });
  simulation = await Simulation.start(stack, { invocationDuration: 25_000 });
  handle(() => true);
  const overload = ['QueueAlarms/Age', 'QueueAlarms/BacklogGrowth', 'ConsumerAlarms/Concurrency', 'ConsumerAlarms/Duration'];
  await sendEachMinute(25, 20);
  expect(overload.map((path) => simulation.alarm(path).state)).toEqual(overload.map(() => 'ALARM'));

  await simulation.advance(Duration.hours(3));
  expect(simulation.queue('Orders').messages).toEqual([]);
  for (const path of overload) expect([path, ...states(path)]).toEqual([path, ...raisedOnce]);
});

test('Stalled is raised when nobody takes the messages, and over when somebody does', async () => {
  simulation = await Simulation.start(channel({ consumer: { enabled: false }, queue: { retentionPeriod: Duration.hours(1) } }));
  await simulation.queue('Orders').send('waiting');
  await simulation.advance(Duration.minutes(10));
  expect(simulation.alarm('QueueAlarms/Stalled').state).toBe('OK');

  await simulation.advance(Duration.minutes(10));
  expect(simulation.alarm('QueueAlarms/Stalled').state).toBe('ALARM');

  await simulation.advance(Duration.hours(1));
  expect(states('QueueAlarms/Stalled')).toEqual(raisedOnce);
});

test('InFlight is raised when messages are held beyond the share of the quota, and over when they are given back', async () => {
  simulation = await Simulation.start(channel({ queueAlarms: { inFlightShare: 0.0001 } }));
  handle(() => false);
  await sendEachMinute(1, 20);
  await simulation.advance(Duration.minutes(1));
  expect(simulation.alarm('QueueAlarms/InFlight').state).toBe('ALARM');

  await simulation.advance(Duration.hours(1));
  expect(simulation.alarm('QueueAlarms/InFlight').state).toBe('OK');
});

test('Errors is raised by a function that throws, and over when it is repaired', async () => {
  simulation = await Simulation.start(channel());
  simulation.function('Function').handler = () => { throw new Error('a release that should not have been'); };
  await simulation.queue('Orders').send('order');
  await simulation.advance(Duration.minutes(2));
  expect(simulation.alarm('ConsumerAlarms/Errors').state).toBe('ALARM');

  handle(() => true);
  await simulation.advance(Duration.minutes(30));
  expect(simulation.queue('Orders').tally.deleted).toBe(1);
  expect(states('ConsumerAlarms/Errors')).toEqual(raisedOnce);
});

test('Throttles and Concurrency are raised by reserved concurrency that is too low, and over with the load', async () => {
  const stack = channel({ consumer: { batchSize: 1 }, queue: { maxReceiveCount: 100 }, reservedConcurrentExecutions: 1 });
  simulation = await Simulation.start(stack, { invocationDuration: 20_000 });
  handle(() => true);
  await sendEachMinute(25, 6);
  const held = ['ConsumerAlarms/Throttles', 'ConsumerAlarms/Concurrency'];
  expect(held.map((path) => simulation.alarm(path).state)).toEqual(['ALARM', 'ALARM']);

  await simulation.advance(Duration.hours(8));
  expect(held.map((path) => simulation.alarm(path).state)).toEqual(['OK', 'OK']);
});

test('FailedRecords is raised when half of the messages fail, before any is a dead letter, and over when they no longer do', async () => {
  simulation = await Simulation.start(channel({ queue: { maxReceiveCount: 20 } }));
  handle((body) => Number(body) % 2 === 0);
  await sendEachMinute(25, 10);
  expect(simulation.alarm('ConsumerAlarms/FailedRecords').state).toBe('ALARM');
  expect([simulation.alarm('ConsumerAlarms/Errors').state, simulation.alarm('QueueAlarms/DeadLetters').state]).toEqual(['OK', 'OK']);

  handle(() => true);
  await sendEachMinute(30, 10);
  expect(states('ConsumerAlarms/FailedRecords')).toEqual(raisedOnce);
});

test('the alarm of the channel rings once for several alarms, and once more when the last of them is over', async () => {
  const stack = channel({ consumer: { batchSize: 1, maxConcurrency: 2 }, queueAlarms: { backlogGrowth: 50 } });
  simulation = await Simulation.start(stack, { invocationDuration: 25_000 });
  handle(() => true);
  await simulation.advance(Duration.minutes(2));
  const before = mailed().length;
  await sendEachMinute(25, 20);
  await simulation.advance(Duration.hours(3));

  const raised = simulation.alarms.map(({ path }) => path).filter((path) => path !== 'Channel' && states(path).includes('ALARM'));
  expect(raised).toHaveLength(4);
  expect(states('Channel')).toEqual(raisedOnce);
  expect(mailed().slice(before)).toEqual(['ALARM', 'OK']);
});

test('the alarm of the channel is raised as long as any of its alarms is', async () => {
  simulation = await Simulation.start(channel({ queue: shortLived }));
  handle((body) => body !== 'poison');
  await simulation.queue('Orders').send('poison');
  for (let minute = 0; minute < 240; minute++) {
    await simulation.advance(Duration.minutes(1));
    const raised = simulation.alarms.some(({ path, state }) => path !== 'Channel' && state === 'ALARM');
    expect([minute, simulation.alarm('Channel').state]).toEqual([minute, raised ? 'ALARM' : 'OK']);
  }
  expect(states('QueueAlarms/DeadLetters')).toEqual(raisedOnce);
});

describe('of a topic', () => {
  /** A topic whose one subscriber's queue doesn't let SNS in; nor does its dead-letter queue, unless `lets`. */
  function refused(letsDeadLetters: boolean): Stack {
    const stack = new Stack(new App(), 'Test');
    const topic = new FanOutTopic(stack, 'Orders');
    const { queueArn } = new sqs.Queue(stack, 'Subscriber');
    const own = new sqs.Queue(stack, 'DeadLetters');
    const deadLetterQueue = letsDeadLetters ? own : sqs.Queue.fromQueueArn(stack, 'Imported', own.queueArn);
    new sns.Subscription(stack, 'Subscription', {
      topic: topic.topic, protocol: sns.SubscriptionProtocol.SQS, endpoint: queueArn, deadLetterQueue,
    });
    new TopicAlarms(stack, 'Alarms', { topic, alarms });
    return stack;
  }

  test.each<[string, boolean, string[]]>([
    ['FailedNotifications and SubscriptionDeadLetters are raised by a queue that lets SNS not in', true,
      ['Alarms/FailedNotifications', 'Alarms/SubscriptionDeadLetters']],
    ['FailedNotifications and FailedRedrives are raised when its dead-letter queue does neither', false,
      ['Alarms/FailedNotifications', 'Alarms/FailedRedrives']],
  ])('%s, and over a minute later', async (_, letsDeadLetters, expected) => {
    simulation = await Simulation.start(refused(letsDeadLetters));
    await simulation.topic('Orders').publish('order');
    await simulation.advance(Duration.minutes(10));

    expect(simulation.alarms.map(({ path }) => path).filter((path) => states(path).includes('ALARM'))).toEqual(expected);
    for (const path of expected) expect(states(path)).toEqual(raisedOnce);
  });
});
