import { ServiceError } from '../../../simulator/contracts';
import { documented } from '../documented';
import { simulate } from './simulate';

const fifo = { fifo: true, contentBasedDeduplication: true };

documented('FIFO topics', 'https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html', () => {
  test('deliver in order, with group, deduplication ID and growing sequence numbers, in unsigned envelopes', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo');
    const results = ['one', 'two', 'three'].map((message) => sns.publish(arn, { message, messageGroupId: 'g', messageDeduplicationId: `id-${message}` }));
    await clock.advance(0);
    expect(queue.sent.map(({ message }) => [message.messageGroupId, message.messageDeduplicationId, (JSON.parse(message.body) as { Message: string }).Message]))
      .toEqual([['g', 'id-one', 'one'], ['g', 'id-two', 'two'], ['g', 'id-three', 'three']]);
    const numbers = results.map(({ sequenceNumber }) => sequenceNumber!);
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers).size).toBe(3);
    expect(numbers[0]).toMatch(/^\d{20}$/);
    const envelope = JSON.parse(queue.bodies[0]);
    expect(envelope.SequenceNumber).toBe(numbers[0]);
    expect(Object.keys(envelope).filter((key) => key.startsWith('Sign'))).toEqual([]);
  });

  test('deliver to standard queues without group and deduplication ID', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('standard');
    const { arn } = topic(fifo);
    subscribe(arn, 'standard');
    sns.publish(arn, { message: 'x', messageGroupId: 'g' });
    await clock.advance(0);
    expect(queue.sent[0].message).toMatchObject({ messageGroupId: undefined, messageDeduplicationId: undefined });
  });
});

documented('FIFO topics', 'https://docs.aws.amazon.com/sns/latest/dg/fifo-message-grouping.html', () => {
  test('keep a group in order while one of its messages is retried, and the other groups moving', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    queue.errors = Array.from({ length: 5 }, () => new ServiceError('InternalError', 'try again', 500));
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo', { rawMessageDelivery: true });
    for (const [message, messageGroupId] of [['a1', 'a'], ['a2', 'a'], ['b1', 'b'], ['a3', 'a']]) sns.publish(arn, { message, messageGroupId });
    await clock.advance(60_000);
    const bodies = queue.bodies;
    expect(bodies.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(bodies).toContain('b1');
  });

  test('go on with a group after its message ended in the dead-letter queue', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const [queue, dead] = [addQueue('billing.fifo'), addQueue('dead.fifo')];
    queue.errors = [new ServiceError('InternalError', 'try again', 500), new ServiceError('AccessDenied', 'no', 403)];
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo', { rawMessageDelivery: true, redrivePolicy: { deadLetterTargetArn: dead.arn } });
    for (const message of ['a1', 'a2']) sns.publish(arn, { message, messageGroupId: 'a' });
    await clock.advance(0);
    expect([dead.bodies, queue.bodies]).toEqual([['a1'], ['a2']]);
    expect(dead.sent[0].message).toMatchObject({ messageGroupId: 'a', messageDeduplicationId: expect.any(String) });
  });
});

documented('FIFO topics', 'https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html', () => {
  test('take the SHA-256 of the body as deduplication ID where that is on', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo');
    sns.publish(arn, { message: 'hello', messageGroupId: 'g' });
    await clock.advance(0);
    expect(queue.sent[0].message.messageDeduplicationId).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  });

  test('deliver a repeated ID once within five minutes, and answer as the first time', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const queue = addQueue('billing.fifo');
    const created = topic(fifo);
    subscribe(created.arn, 'billing.fifo');
    const message = { message: 'x', messageGroupId: 'g', messageDeduplicationId: 'same' };
    const first = sns.publish(created.arn, message);
    await clock.advance(299_999);
    expect(sns.publish(created.arn, message)).toEqual(first);
    expect(created.publishedCount).toBe(1);
    await clock.advance(1);
    expect(sns.publish(created.arn, message)).not.toEqual(first);
    await clock.advance(0);
    expect(queue.sent).toHaveLength(2);
    expect(actions()).toEqual(['published', 'delivered', 'deduplicated', 'published', 'delivered']);
  });

  test.each([['Topic', 1], ['MessageGroup', 2], [undefined, 1]] as const)('deduplicate within the scope %s', async (scope, deliveries) => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    const { arn } = topic({ ...fifo, fifoThroughputScope: scope });
    subscribe(arn, 'billing.fifo');
    for (const messageGroupId of ['a', 'b']) sns.publish(arn, { message: 'x', messageGroupId, messageDeduplicationId: 'same' });
    await clock.advance(0);
    expect(queue.sent).toHaveLength(deliveries);
  });
});
