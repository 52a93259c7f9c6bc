import type { Queue, QueueProperties } from '../../../simulator/sqs';
import { documented } from '../documented';
import { queues, receiveTimes } from './dead-letters';
import { Harness, bodies, day, minute, refusal, second, send, sendInGroup } from './harness';

documented('A redrive policy', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html', () => {
  test('moves a message at the receive that would exceed maxReceiveCount', async () => {
    const { harness, source, deadLetters } = queues({}, 2);
    const messageId = send(source, 'poison', { attributes: { kind: { dataType: 'String', stringValue: 'x' } }, traceHeader: 'Root=1' });
    await receiveTimes(harness, source, 2);
    expect(bodies(source.snapshot())).toEqual(['poison']);
    expect(source.receive(1)).toEqual([]);
    expect(source.size).toBe(0);
    const [dead] = deadLetters.snapshot();
    expect(dead).toMatchObject({
      messageId, body: 'poison', state: 'visible', attributes: { kind: { stringValue: 'x' } },
      systemAttributes: { AWSTraceHeader: 'Root=1', ApproximateReceiveCount: '2', DeadLetterQueueSourceArn: source.arn },
    });
  });

  test('gives out the next message in the receive that moves one', async () => {
    const { harness, source, deadLetters } = queues({}, 1);
    send(source, 'poison');
    await receiveTimes(harness, source, 1);
    send(source, 'good');
    expect(bodies(source.receive(1))).toEqual(['good']);
    expect(bodies(deadLetters.snapshot())).toEqual(['poison']);
  });

  test('lets the receive count go on in the dead-letter queue', async () => {
    const { harness, source, deadLetters } = queues({}, 3);
    send(source, 'poison');
    const firstReceive = String(harness.clock.now());
    await receiveTimes(harness, source, 4);
    expect(deadLetters.receive(1)[0].systemAttributes).toMatchObject({
      ApproximateReceiveCount: '4', ApproximateFirstReceiveTimestamp: firstReceive,
    });
  });

  test('does not move a message on from a dead-letter queue for the receives before it', async () => {
    const harness = new Harness();
    const last = harness.queue({ name: 'Last' });
    const middle = harness.queue({ name: 'Middle', redrivePolicy: { deadLetterTargetArn: last.arn, maxReceiveCount: 2 } });
    const source = harness.queue({ redrivePolicy: { deadLetterTargetArn: middle.arn, maxReceiveCount: 2 } });
    send(source, 'poison');
    await receiveTimes(harness, source, 3);
    expect(middle.receive(1)).toHaveLength(1);
    expect(last.size).toBe(0);
  });

  test('keeps the send time of a standard message, so that the dead-letter queue expires it from there', async () => {
    const { harness, source, deadLetters } = queues({ messageRetentionPeriod: 14 * 86_400 }, 1);
    const sentAt = harness.clock.now();
    send(source, 'old');
    await receiveTimes(harness, source, 1);
    await harness.clock.advance(3 * day);
    send(deadLetters, 'sent straight');
    source.receive(1);
    expect(deadLetters.snapshot().map(({ systemAttributes }) => systemAttributes.SentTimestamp)).toContain(String(sentAt));
    expect(bodies(deadLetters.snapshot())).toEqual(['sent straight', 'old']);
    await harness.clock.advance(day - 30 * second);
    expect(bodies(deadLetters.snapshot())).toEqual(['sent straight']);
    await harness.clock.advance(3 * day);
    expect(deadLetters.size).toBe(1);
    await harness.clock.advance(30 * second);
    expect(deadLetters.size).toBe(0);
  });

  test('expires moved messages in the order of their send times, whatever order they came in', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters', messageRetentionPeriod: 3600 });
    const policy = { redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 } };
    const sources = Array.from({ length: 9 }, (_, index) => harness.queue({ name: `Source${index}`, ...policy }));
    for (const source of sources) {
      send(source, source.name);
      source.receive(1, { visibilityTimeout: 0 });
      await harness.clock.advance(minute);
    }
    for (const index of [4, 8, 0, 6, 2, 7, 1, 5, 3]) sources[index].receive(1);
    expect(deadLetters.size).toBe(9);
    await harness.clock.advance(51 * minute);
    for (let left = 8; left >= 0; left--) {
      expect(deadLetters.size).toBe(left);
      expect(bodies(deadLetters.snapshot()).sort()).toEqual(sources.slice(9 - left).map(({ name }) => name));
      await harness.clock.advance(minute);
    }
  });

  test('gives a FIFO message a new send time and its message ID as deduplication ID', async () => {
    const { harness, source, deadLetters } = queues({ fifo: true }, 1);
    sendInGroup(source, 'g', 'poison', 'good');
    await receiveTimes(harness, source, 1);
    expect(bodies(source.receive(1))).toEqual(['good']);
    const [dead] = deadLetters.snapshot();
    expect(dead.systemAttributes).toMatchObject({
      SentTimestamp: String(harness.clock.now()), MessageGroupId: 'g', MessageDeduplicationId: dead.messageId,
    });
  });

  test('moves several poison messages of one group in one receive, in order', async () => {
    const { harness, source, deadLetters } = queues({ fifo: true }, 1);
    sendInGroup(source, 'g', 'a', 'b', 'c');
    source.receive(2);
    await harness.clock.advance(minute);
    expect(bodies(source.receive(10))).toEqual(['c']);
    expect(bodies(deadLetters.receive(10))).toEqual(['a', 'b']);
  });

  test('refuses a dead-letter queue that does not exist, is the source itself, or is of the other type', () => {
    const harness = new Harness();
    const standard = harness.queue({ name: 'Standard' });
    const fifo = harness.queue({ name: 'Fifo.fifo', fifo: true });
    const point = (queue: Queue, deadLetterTargetArn: string) => () => queue.update({ redrivePolicy: { deadLetterTargetArn, maxReceiveCount: 3 } });
    expect(refusal(point(standard, `${standard.arn}-missing`))).toMatch(/^InvalidParameterValue: .*does not exist/);
    expect(refusal(point(standard, standard.arn))).toMatch(/^InvalidParameterValue: .*its own dead-letter queue/);
    expect(refusal(point(standard, fifo.arn))).toMatch(/^InvalidParameterValue: .*same type, got a standard source and a FIFO/);
    expect(refusal(point(fifo, standard.arn))).toMatch(/^InvalidParameterValue: .*same type/);
    expect(standard.redrivePolicy).toBeUndefined();
  });

  test('obeys the redrive-allow policy of the dead-letter queue', () => {
    const harness = new Harness();
    const source = harness.queue();
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const attempt = (redriveAllowPolicy: QueueProperties['redriveAllowPolicy']): string => {
      deadLetters.update({ redriveAllowPolicy });
      return refusal(() => source.update({ redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 } }));
    };
    expect(attempt({ redrivePermission: 'denyAll' })).toMatch(/denyAll.*does not allow/);
    expect(attempt({ redrivePermission: 'byQueue', sourceQueueArns: [deadLetters.arn] })).toMatch(/byQueue.*does not allow/);
    expect(attempt({ redrivePermission: 'byQueue', sourceQueueArns: [source.arn] })).toBe('accepted');
    expect(attempt({ redrivePermission: 'allowAll' })).toBe('accepted');
    expect(attempt(undefined)).toBe('accepted');
  });
});

documented('A redrive policy', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html', () => {
  test.each([0, 1001, 1.5])('refuses a maxReceiveCount of %d', (maxReceiveCount) => {
    expect(refusal(() => queues({}, maxReceiveCount))).toBe(`InvalidParameterValue: 'maxReceiveCount' must be from 1 to 1000, got ${maxReceiveCount}`);
  });
});

documented('A redrive policy', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html', () => {
  test('starts the age of a message again in the dead-letter queue', async () => {
    const { harness, source, deadLetters } = queues({}, 5);
    send(source, 'poison');
    await receiveTimes(harness, source, 6);
    await harness.clock.advance(10 * second);
    expect(deadLetters.ageOfOldestMessage()).toBe(10 + 30);
  });
});
