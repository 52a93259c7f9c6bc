import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';
import { queueArn } from './fakes';
import { simulate } from './simulate';

const arn = 'arn:aws:sns:eu-west-1:111122223333:orders.fifo';
const hour = 3_600_000;
const day = 24 * hour;
const iso = (at: number): string => new Date(at).toISOString();
const archived = { fifo: true, contentBasedDeduplication: true, archivePolicy: { MessageRetentionPeriod: '2' } };

/** A topic that archives for two days, with one message an hour of the first three. */
async function withArchive() {
  const simulation = simulate();
  const { sns, clock, topic, addQueue, call } = simulation;
  const start = clock.now();
  topic(archived);
  const queue = addQueue('ledger.fifo');
  for (const message of ['one', 'two', 'three']) {
    sns.publish(arn, { message, messageGroupId: 'g', attributes: { kind: { dataType: 'String', stringValue: message } } });
    await clock.advance(hour);
  }
  const subscribe = (replay: object | undefined, more: object = {}) => call('Subscribe', {
    TopicArn: arn, Protocol: 'sqs', Endpoint: queue.arn,
    Attributes: { RawMessageDelivery: 'true', ...(replay && { ReplayPolicy: JSON.stringify({ PointType: 'Timestamp', ...replay }) }), ...more },
  });
  const publish = (message: string) => sns.publish(arn, { message, messageGroupId: 'g' });
  const attributes = async (SubscriptionArn: unknown) => (await call('GetSubscriptionAttributes', { SubscriptionArn })).Attributes;
  return { ...simulation, start, queue, subscribeWith: subscribe, publish, attributes };
}

documented('The archive of a FIFO topic', 'https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html', () => {
  test('begins when its policy is set, and reaches back as far as the retention period', async () => {
    const { clock, call, start } = await withArchive();
    const attributes = async () => (await call('GetTopicAttributes', { TopicArn: arn })).Attributes;
    expect(await attributes()).toMatchObject({ ArchivePolicy: '{"MessageRetentionPeriod":"2"}', BeginningArchiveTime: iso(start) });
    await clock.advance(3 * day);
    expect(await attributes()).toMatchObject({ BeginningArchiveTime: iso(clock.now() - 2 * day) });
  });

  test('keeps what it has when its retention period changes', async () => {
    const { call, clock, start, queue, subscribeWith } = await withArchive();
    await call('SetTopicAttributes', { TopicArn: arn, AttributeName: 'ArchivePolicy', AttributeValue: '{"MessageRetentionPeriod":"5"}' });
    await clock.advance(4 * day);
    await subscribeWith({ StartingPoint: iso(start) });
    await clock.advance(0);
    expect(queue.bodies).toEqual(['one', 'two', 'three']);
  });

  test.each(['1', '365', 1, 365])('keeps messages for %j days', async (MessageRetentionPeriod) => {
    const { call } = simulate();
    const ArchivePolicy = JSON.stringify({ MessageRetentionPeriod });
    await call('CreateTopic', { Name: 'orders.fifo', Attributes: { FifoTopic: 'true', ArchivePolicy } });
    expect((await call('GetTopicAttributes', { TopicArn: arn })).Attributes).toMatchObject({ ArchivePolicy });
  });

  test.each(['0', '366', '1.5', 'long', '', null])('cannot keep messages for %j days', async (MessageRetentionPeriod) => {
    const { call, sns } = simulate();
    const Attributes = { FifoTopic: 'true', ArchivePolicy: JSON.stringify({ MessageRetentionPeriod }) };
    await expect(call('CreateTopic', { Name: 'orders.fifo', Attributes })).rejects.toMatchObject({
      code: 'InvalidParameter', message: expect.stringContaining(`must be from 1 to 365 days, got ${JSON.stringify(MessageRetentionPeriod)}`),
    });
    expect(sns.topics()).toEqual([]);
  });

  test('is for FIFO topics only, and knows no other member', () => {
    const { topic } = simulate();
    expect(() => topic({ archivePolicy: { MessageRetentionPeriod: '1' } })).toThrow('only FIFO topics have an archive');
    expect(() => topic({ fifo: true, archivePolicy: { MessageRetentionPeriod: '1', Format: 'json' } })).toThrow("'MessageRetentionPeriod' only, got Format");
  });

  test('protects its topic from deletion until an empty policy deletes the archive', async () => {
    const { call, sns } = await withArchive();
    const set = (AttributeValue: string) => call('SetTopicAttributes', { TopicArn: arn, AttributeName: 'ArchivePolicy', AttributeValue });
    await expect(call('DeleteTopic', { TopicArn: arn })).rejects.toMatchObject({ code: 'InvalidState', status: 400 });
    await expect(set('')).rejects.toMatchObject({ code: 'InvalidParameter' });
    await set('{"MessageRetentionPeriod":"30"}');
    expect(sns.topic(arn)!.archive!.policy).toEqual({ MessageRetentionPeriod: '30' });
    await set('{}');
    expect((await call('GetTopicAttributes', { TopicArn: arn })).Attributes).not.toHaveProperty('ArchivePolicy');
    await call('DeleteTopic', { TopicArn: arn });
    expect(sns.topics()).toEqual([]);
  });
});

documented('A replay', 'https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html', () => {
  test('delivers archived messages in order as soon as the subscription is made, and then what is published', async () => {
    const { clock, start, queue, subscribeWith, publish } = await withArchive();
    await subscribeWith({ StartingPoint: iso(start + hour) });
    publish('four');
    await clock.advance(0);
    expect(queue.bodies).toEqual(['two', 'three', 'four']);
  });

  test('gives each message its ID, sequence number and time of publishing again, and marks it as replayed', async () => {
    const { clock, sns, start, queue, snsEvents } = await withArchive();
    sns.subscribe({ topicArn: arn, protocol: 'sqs', endpoint: queue.arn, replayPolicy: { PointType: 'Timestamp', StartingPoint: iso(start) } });
    sns.publish(arn, { message: 'new', messageGroupId: 'g' });
    await clock.advance(0);
    const published = snsEvents.filter(({ action }) => action === 'published');
    const envelopes = queue.bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
    expect(envelopes.map(({ MessageId }) => MessageId)).toEqual(published.map(({ messageId }) => messageId));
    expect(envelopes.map(({ Timestamp }) => Timestamp)).toEqual(published.map(({ at }) => iso(at)));
    expect(envelopes.map(({ SequenceNumber }) => Number(String(SequenceNumber).slice(-3)))).toEqual([1, 2, 3, 4]);
    expect(envelopes.map(({ Replayed }) => Replayed)).toEqual([true, true, true, undefined]);
  });

  test('passes the filter policy of its subscription', async () => {
    const { clock, start, queue, subscribeWith } = await withArchive();
    await subscribeWith({ StartingPoint: iso(start) }, { FilterPolicy: '{"kind":["one","three"]}' });
    await clock.advance(0);
    expect(queue.bodies).toEqual(['one', 'three']);
  });

  test('to an end is followed by nothing that is published after it', async () => {
    const { clock, start, queue, subscribeWith, publish } = await withArchive();
    await subscribeWith({ StartingPoint: iso(start), EndingPoint: iso(start + hour) });
    publish('four');
    await clock.advance(day);
    expect(queue.bodies).toEqual(['one', 'two']);
  });

  test('to an end that is still to come takes what is published until then', async () => {
    const { clock, queue, subscribeWith, publish, attributes } = await withArchive();
    const { SubscriptionArn } = await subscribeWith({ StartingPoint: iso(clock.now() - hour), EndingPoint: iso(clock.now() + hour) });
    await clock.advance(hour);
    publish('in time');
    expect(await attributes(SubscriptionArn)).toMatchObject({ ReplayStatus: 'Completed' });
    await clock.advance(1);
    publish('too late');
    await clock.advance(0);
    expect(queue.bodies).toEqual(['three', 'in time']);
  });

  test('of an existing subscription is set as an attribute, and ended by an empty policy', async () => {
    const { clock, call, start, queue, subscribeWith, publish, attributes } = await withArchive();
    const { SubscriptionArn } = await subscribeWith(undefined);
    const set = (AttributeValue: string) => call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName: 'ReplayPolicy', AttributeValue });
    expect(await attributes(SubscriptionArn)).not.toHaveProperty('ReplayStatus');
    await set(JSON.stringify({ PointType: 'Timestamp', StartingPoint: iso(start), EndingPoint: iso(start + 1) }));
    publish('left out');
    await clock.advance(1);
    await set('{}');
    expect(await attributes(SubscriptionArn)).not.toHaveProperty('ReplayPolicy');
    publish('taken');
    await clock.advance(0);
    expect(queue.bodies).toEqual(['one', 'taken']);
  });

  test.each<[string, object]>([
    ["'StartingPoint' must be from the BeginningArchiveTime", { StartingPoint: '2026-01-05T08:59:59.999Z' }],
    ["'StartingPoint' must be from the BeginningArchiveTime", { StartingPoint: '2026-01-05T12:00:00.001Z' }],
    ["'EndingPoint' must be later than the 'StartingPoint'", { StartingPoint: '2026-01-05T10:00:00Z', EndingPoint: '2026-01-05T10:00:00Z' }],
    ["'StartingPoint' must be a time like", {}],
    ["'StartingPoint' must be a time like", { StartingPoint: 'yesterday' }],
    ["'EndingPoint' must be a time like", { StartingPoint: '2026-01-05T10:00:00Z', EndingPoint: 5 }],
    ["'PointType' must be Timestamp, got Sequence", { PointType: 'Sequence', StartingPoint: '2026-01-05T10:00:00Z' }],
    ["'Speed' must be left out", { StartingPoint: '2026-01-05T10:00:00Z', Speed: 2 }],
  ])('fails with "%s", and leaves no subscription', async (message, replay) => {
    const { sns, subscribeWith } = await withArchive();
    await expect(subscribeWith(replay)).rejects.toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining(message) });
    expect(sns.subscriptions()).toEqual([]);
  });

  test('makes a subscription another one: to subscribe the endpoint again without it fails', async () => {
    const { start, subscribeWith } = await withArchive();
    const { SubscriptionArn } = await subscribeWith({ StartingPoint: iso(start) });
    expect(await subscribeWith({ StartingPoint: iso(start) })).toEqual({ SubscriptionArn });
    await expect(subscribeWith(undefined)).rejects.toThrow('already exists with different attributes');
  });

  test('fails on a topic without an archive', () => {
    const { subscribe, topic } = simulate();
    const { arn: topicArn } = topic({ fifo: true });
    expect(() => subscribe(topicArn, 'ledger.fifo', { endpoint: queueArn('ledger.fifo'), replayPolicy: { PointType: 'Timestamp' } }))
      .toThrow('only a FIFO topic with an ArchivePolicy');
  });
});

documented('ReplayStatus', 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html', () => {
  test.each<[string, number | undefined, string]>([
    ['has no end', undefined, 'Completed'], ['ends in the past', -1, 'Completed'], ['ends in the future', hour, 'In progress'],
  ])('is Pending, and after the delivery of the archived messages of a replay that %s: %j', async (_case, end, status) => {
    const { clock, start, subscribeWith, attributes } = await withArchive();
    const { SubscriptionArn } = await subscribeWith({
      StartingPoint: iso(start), ...(end !== undefined && { EndingPoint: iso(clock.now() + end) }),
    });
    expect(await attributes(SubscriptionArn)).toMatchObject({ ReplayStatus: 'Pending' });
    await clock.advance(1);
    expect(await attributes(SubscriptionArn)).toMatchObject({ ReplayStatus: status });
  });
});

documented('A stack with an archive', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-topic.html', () => {
  const shop = (messageRetentionPeriodInDays?: number, replayPolicy?: object, filterPolicy?: object): Stack => {
    const stack = new Stack(new App(), 'Shop');
    const topic = new Topic(stack, 'Orders', { fifo: true, contentBasedDeduplication: true, messageRetentionPeriodInDays });
    topic.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const queue = new Queue(stack, 'Ledger', { fifo: true });
    queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com'));
    new CfnSubscription(stack, 'Subscription', {
      topicArn: topic.topicArn, protocol: 'sqs', endpoint: queue.queueArn, rawMessageDelivery: true, replayPolicy, filterPolicy,
    });
    return stack;
  };

  test('replays when the policy of its subscription changes, and only then', async () => {
    const simulation = await Simulation.start(shop(7));
    await simulation.topic('Orders').publish('one', { messageGroupId: 'g', attributes: { kind: 'order' } });
    await simulation.advance(Duration.minutes(10));
    const replayPolicy = { PointType: 'Timestamp', StartingPoint: iso(simulation.now.getTime() - 600_000) };
    await simulation.update(shop(7, replayPolicy));
    await simulation.advance(Duration.minutes(10));
    await simulation.update(shop(7, replayPolicy, { kind: [{ exists: false }, 'order'] }));
    await simulation.advance(0);
    expect(simulation.queue('Ledger').messages.map(({ body }) => body)).toEqual(['one', 'one']);
    await simulation.stop();
  });

  test('cannot be destroyed until an update took the archive policy away', async () => {
    const kept = await Simulation.start(shop(7));
    await expect(kept.destroy()).rejects.toThrow('Cannot delete a topic with an ArchivePolicy');
    await kept.stop();
    const given = await Simulation.start(shop(7));
    await given.update(shop());
    await given.destroy();
    expect(given.topics).toEqual([]);
    await given.stop();
  });
});
