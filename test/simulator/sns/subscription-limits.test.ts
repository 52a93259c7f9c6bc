import type { SubscriptionProperties, TopicProperties } from '../../../simulator/sns';
import { documented } from '../documented';
import { functionArn, queueArn } from './fakes';
import { simulate, text } from './simulate';

documented('Topics are refused', 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html', () => {
  test.each<[string, TopicProperties]>([
    ['Topic Name', { name: '' }],
    ['Topic Name', { name: 'x'.repeat(257) }],
    ['Topic Name', { name: 'a b' }],
    ['Topic Name', { name: 'orders.fifo' }],
    ['Topic Name', { name: 'orders', fifo: true }],
    ['FIFO topics only', { name: 'orders', contentBasedDeduplication: true }],
    ['FIFO topics only', { name: 'orders', fifoThroughputScope: 'Topic' }],
    ['SignatureVersion: Invalid value [3]', { name: 'orders', signatureVersion: '3' }],
    ['TracingConfig: Invalid value [On]', { name: 'orders', tracingConfig: 'On' }],
    ['must be from 1024 to 1048576, got 1023', { name: 'orders', maximumMessageSize: 1_023 }],
    ['must be from 1024 to 1048576, got 1048577', { name: 'orders', maximumMessageSize: 1_048_577 }],
  ])('%s: a topic', (reason, properties) => {
    const { sns } = simulate();
    expect(() => sns.createTopic(properties)).toThrow(reason);
    expect(sns.topics()).toEqual([]);
  });

  test('Topic already exists: a topic of the same name', () => {
    const { topic } = simulate();
    topic();
    expect(() => topic()).toThrow('Topic already exists');
  });

  test('but not a topic with a name of 256 characters, nor a hundred queues and functions for messages above 256 KiB', () => {
    const { sns, subscribe } = simulate();
    const { arn } = sns.createTopic({ name: 'x'.repeat(256), maximumMessageSize: 262_145 });
    sns.subscribe({ topicArn: arn, protocol: 'lambda', endpoint: functionArn('handler') });
    for (let index = 1; index < 100; index++) subscribe(arn, `queue-${index}`);
    expect(() => subscribe(arn, 'queue-100')).toThrow('at most 100 subscriptions');
    expect(sns.topic(arn)!.subscriptions).toHaveLength(100);
  });

  test('but not a size of 256 KiB where a mail address is subscribed', () => {
    const { sns, topic } = simulate();
    const created = topic();
    sns.subscribe({ topicArn: created.arn, protocol: 'email', endpoint: 'a@example.com' });
    created.maximumMessageSize = 262_144;
    expect(created.maximumMessageSize).toBe(262_144);
  });

  test('a size above 256 KiB when a mail address is subscribed', () => {
    const { sns, topic } = simulate();
    const created = topic();
    sns.subscribe({ topicArn: created.arn, protocol: 'email', endpoint: 'a@example.com' });
    expect(() => { created.maximumMessageSize = 262_145; }).toThrow('can\'t deliver to \'email\'');
    expect(created.maximumMessageSize).toBe(262_144);
  });
});

documented('Subscriptions', 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html', () => {
  test.each<[string, Partial<SubscriptionProperties>, Partial<TopicProperties>?]>([
    ['FIFO SQS Queues can not be subscribed to standard SNS topics', { endpoint: queueArn('billing.fifo') }],
    ['FIFO topics deliver to queues only', { protocol: 'email', endpoint: 'a@example.com' }, { fifo: true }],
    ['does not support this protocol string: carrier-pigeon', { protocol: 'carrier-pigeon' }],
    ['\'application\' is not modelled', { protocol: 'application' }],
    ['SQS endpoint ARN', { endpoint: 'http://localhost/111122223333/billing' }],
    ['Lambda endpoint ARN', { protocol: 'lambda' }],
    ['Email address', { protocol: 'email', endpoint: 'nobody' }],
    ['Invalid SMS endpoint: +1a', { protocol: 'sms', endpoint: '+1a' }],
    ['must match the specified protocol', { protocol: 'https', endpoint: 'http://example.com' }],
    ['does not support raw message delivery', { protocol: 'email', endpoint: 'a@example.com', rawMessageDelivery: true }],
    ['deadLetterTargetArn is an invalid arn', { redrivePolicy: { deadLetterTargetArn: 'dead' } }],
    ['must use a standard queue as DLQ', { redrivePolicy: { deadLetterTargetArn: queueArn('dead.fifo') } }],
    ['must use a FIFO queue as DLQ', { endpoint: queueArn('b.fifo'), redrivePolicy: { deadLetterTargetArn: queueArn('dead') } }, { fifo: true }],
    ['FilterPolicy: Empty arrays are not allowed', { filterPolicy: { a: [] } }],
    ['FilterPolicyScope: Invalid value [Message]', { filterPolicyScope: 'Message' as 'MessageBody' }],
    ['can\'t deliver to \'email\'', { protocol: 'email', endpoint: 'a@example.com' }, { maximumMessageSize: 1_048_576 }],
  ])('%s: a subscription', (reason, properties, ...topics) => {
    const { sns, topic, subscribe } = simulate();
    const created = topic(topics[0]);
    expect(() => subscribe(created.arn, 'billing', properties)).toThrow(expect.objectContaining({ code: 'InvalidParameter' }));
    expect(() => subscribe(created.arn, 'billing', properties)).toThrow(reason);
    expect([created.subscriptions, sns.subscriptions()]).toEqual([[], []]);
  });

  test('but subscribing an endpoint again in the same way gives the same subscription', () => {
    const { topic, subscribe } = simulate();
    const created = topic();
    const first = subscribe(created.arn, 'billing', { filterPolicy: { a: ['x'] } });
    expect(subscribe(created.arn, 'billing', { filterPolicy: { a: ['x'] } })).toBe(first);
    expect(() => subscribe(created.arn, 'billing', { filterPolicy: { a: ['y'] } })).toThrow('already exists with different attributes');
    expect(created.subscriptions).toEqual([first]);
  });

  test('a malformed filter policy leaves the present one in force', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic();
    const subscription = subscribe(arn, 'billing', { filterPolicy: { a: ['x'] } });
    expect(() => subscription.filterBy({ a: 'x' })).toThrow('must be an object or an array');
    sns.publish(arn, { message: 'x', attributes: { a: text('y') } });
    await clock.advance(0);
    expect([subscription.filterPolicy, queue.sent.length]).toEqual([{ a: ['x'] }, 0]);
  });
});

documented('Topics', 'https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html', () => {
  test('deleting a topic deletes its subscriptions', () => {
    const { sns, topic, subscribe } = simulate();
    const { arn } = topic();
    subscribe(arn, 'billing');
    sns.deleteTopic(arn);
    sns.deleteTopic(arn);
    expect([sns.topic(arn), sns.subscriptions()]).toEqual([undefined, []]);
  });
});
