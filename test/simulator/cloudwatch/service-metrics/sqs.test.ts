import { ServiceMetrics } from '../../../../simulator/cloudwatch';
import { Random } from '../../../../simulator/random';
import { SqsService } from '../../../../simulator/sqs';
import { documented } from '../../documented';
import { HOUR, MINUTE, START, caller, world } from '../fixture';
import { DEAD_LETTERS, services } from './fixture';

documented('AWS/SQS', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
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

documented('AWS/SQS, of real queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
  function queues() {
    const { clock, events, place, cloudWatch } = world();
    const sqs = new SqsService(clock, events, new Random(1), place, { shuffle: false });
    new ServiceMetrics(clock, events, cloudWatch, { queues: () => sqs.queues() });
    const maximum = (QueueName: string, name: string, minute: number): number | undefined => {
      const from = START + minute * MINUTE;
      return cloudWatch.metrics.find('AWS/SQS', name, { QueueName })?.aggregate(from, from + MINUTE, MINUTE)?.maximum;
    };
    return { clock, sqs, maximum };
  }

  test('the age leaves out a message of a standard queue that was received three times, and goes on with the next', async () => {
    const { clock, sqs, maximum } = queues();
    const queue = sqs.createQueue({ name: 'Orders' });
    queue.send({ body: 'poison' }, caller);
    await clock.advance(MINUTE);
    queue.send({ body: 'next' }, caller);
    for (let time = 0; time < 3; time++) {
      const [poison] = queue.receive(1);
      expect(poison.body).toBe('poison');
      await clock.advance(MINUTE);
    }
    const ages = [0, 1, 2, 3].map((minute) => maximum('Orders', 'ApproximateAgeOfOldestMessage', minute));
    expect(ages).toEqual([60, 120, 180, 180]);
  });

  test('FIFO queues have the number of message groups with messages in flight', async () => {
    const { clock, sqs, maximum } = queues();
    sqs.createQueue({ name: 'Orders' });
    const queue = sqs.createQueue({ name: 'Payments.fifo', fifo: true });
    const name = 'ApproximateNumberOfGroupsWithInflightMessages';
    for (const [body, messageGroupId] of [['1', 'a'], ['2', 'a'], ['3', 'b'], ['4', 'c']]) {
      queue.send({ body, messageGroupId, messageDeduplicationId: body }, caller);
    }
    const [first, second, third] = queue.receive(3, { visibilityTimeout: 600 });
    await clock.advance(MINUTE);
    queue.delete(first.receiptHandle);
    await clock.advance(MINUTE);
    queue.changeVisibility(second.receiptHandle, 0);
    await clock.advance(MINUTE);
    queue.delete(third.receiptHandle);
    await clock.advance(MINUTE);
    expect([0, 1, 2, 3].map((minute) => maximum('Payments.fifo', name, minute))).toEqual([2, 2, 1, 0]);
    expect(maximum('Orders', name, 0)).toBeUndefined();
  });
});

documented('AWS/SQS, of fair queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html', () => {
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
