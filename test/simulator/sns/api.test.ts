import { SnsService } from '../../../simulator/sns';
import { place, queueArn, surroundings } from './fakes';

const caller = { principal: place.account };
const arn = 'arn:aws:sns:eu-west-1:111122223333:orders';

function simulate() {
  const around = surroundings();
  const sns = new SnsService(around.clock, around.events, around.random, place, around.directory);
  return { ...around, sns, call: (operation: string, input: Record<string, unknown> = {}) => sns.call(operation, input, caller) };
}

describe('topics by the API', () => {
  test('are created once, listed, described, changed and deleted', async () => {
    const { call } = simulate();
    const input = { Name: 'orders', Attributes: { DisplayName: 'Orders' }, Tags: [{ Key: 'team', Value: 'shop' }] };
    expect(await call('CreateTopic', input)).toEqual({ TopicArn: arn });
    expect(await call('CreateTopic', input)).toEqual({ TopicArn: arn });
    expect(await call('ListTopics')).toEqual({ Topics: [{ TopicArn: arn }] });
    await call('SetTopicAttributes', { TopicArn: arn, AttributeName: 'KmsMasterKeyId', AttributeValue: 'alias/key' });
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: arn });
    expect(Attributes).toMatchObject({
      TopicArn: arn, Owner: '111122223333', DisplayName: 'Orders', KmsMasterKeyId: 'alias/key', SubscriptionsConfirmed: '0', SignatureVersion: '1',
    });
    expect(Attributes).not.toHaveProperty('FifoTopic');
    await call('DeleteTopic', { TopicArn: arn });
    await call('DeleteTopic', { TopicArn: arn });
    await expect(call('GetTopicAttributes', { TopicArn: arn })).rejects.toMatchObject({ code: 'NotFound', status: 404 });
  });

  test('are refused a second time with other attributes or tags', async () => {
    const { call } = simulate();
    await call('CreateTopic', { Name: 'orders' });
    await expect(call('CreateTopic', { Name: 'orders', Attributes: { DisplayName: 'Other' } })).rejects.toThrow('different attributes');
    await expect(call('CreateTopic', { Name: 'orders', Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toThrow('different tags');
  });

  test('of FIFO type say so', async () => {
    const { call } = simulate();
    const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true', FifoThroughputScope: 'MessageGroup' };
    const { TopicArn } = await call('CreateTopic', { Name: 'orders.fifo', Attributes });
    expect((await call('GetTopicAttributes', { TopicArn })).Attributes).toMatchObject(Attributes);
    await call('SetTopicAttributes', { TopicArn, AttributeName: 'ContentBasedDeduplication', AttributeValue: 'false' });
    await expect(call('SetTopicAttributes', { TopicArn, AttributeName: 'FifoThroughputScope', AttributeValue: 'Group' }))
      .rejects.toThrow('Must be Topic or MessageGroup');
    expect((await call('GetTopicAttributes', { TopicArn })).Attributes).toMatchObject({ ContentBasedDeduplication: 'false' });
  });

  test.each([
    ['SignatureVersion', '2'], ['TracingConfig', 'Active'], ['MaximumMessageSize', '1024'], ['Policy', '{"Statement":[]}'],
  ])('take the attribute %s=%s', async (AttributeName, AttributeValue) => {
    const { call } = simulate();
    await call('CreateTopic', { Name: 'orders' });
    await call('SetTopicAttributes', { TopicArn: arn, AttributeName, AttributeValue });
    expect((await call('GetTopicAttributes', { TopicArn: arn })).Attributes).toMatchObject({ [AttributeName]: AttributeValue });
  });

  test.each([
    ['FifoTopic', 'true', 'AttributeName'], ['SignatureVersion', '3', 'Must be 1 or 2'], ['TracingConfig', 'On', 'PassThrough or Active'],
    ['ContentBasedDeduplication', 'true', 'for FIFO topics only'], ['Policy', '{', 'failed to parse JSON'], ['MaximumMessageSize', 'big', 'got NaN'],
  ])('refuse the attribute %s=%s', async (AttributeName, AttributeValue, reason) => {
    const { call } = simulate();
    await call('CreateTopic', { Name: 'orders' });
    await expect(call('SetTopicAttributes', { TopicArn: arn, AttributeName, AttributeValue })).rejects.toThrow(reason);
  });

  test('are listed by pages of a hundred', async () => {
    const { call, sns } = simulate();
    for (let index = 0; index < 101; index++) sns.createTopic({ name: `topic-${index}` });
    const first = await call('ListTopics');
    const second = await call('ListTopics', { NextToken: first.NextToken });
    expect([(first.Topics as object[]).length, second]).toEqual([100, { Topics: [{ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:topic-100' }] }]);
    await expect(call('ListTopics', { NextToken: 'x' })).rejects.toThrow('NextToken');
  });

  test('are tagged and untagged', async () => {
    const { call } = simulate();
    await call('CreateTopic', { Name: 'orders', Tags: [{ Key: 'a', Value: '1' }] });
    await call('TagResource', { ResourceArn: arn, Tags: [{ Key: 'b', Value: '2' }] });
    await call('UntagResource', { ResourceArn: arn, TagKeys: ['a'] });
    expect(await call('ListTagsForResource', { ResourceArn: arn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
    await expect(call('TagResource', { ResourceArn: arn, Tags: [{ Key: 'c', Value: '' }, { Key: 'c', Value: '' }] })).rejects.toThrow('Duplicated');
    const fortyNine = Array.from({ length: 49 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await call('TagResource', { ResourceArn: arn, Tags: fortyNine });
    const fifty = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await expect(call('TagResource', { ResourceArn: arn, Tags: fifty })).rejects.toMatchObject({ code: 'TagLimitExceeded' });
    await expect(call('ListTagsForResource', { ResourceArn: `${arn}x` })).rejects.toMatchObject({ code: 'ResourceNotFound', status: 404 });
  });
});

describe('subscriptions by the API', () => {
  const subscription = (Attributes?: object) => ({ TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn('billing'), Attributes });

  test('are made with attributes, described, changed and removed', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders' });
    const attributes = {
      FilterPolicy: '{"detail":{"kind":["order"]}}', FilterPolicyScope: 'MessageBody', RawMessageDelivery: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }),
    };
    const { SubscriptionArn } = await call('Subscribe', subscription(attributes));
    expect((await call('GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toEqual({
      SubscriptionArn, TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn('billing'), Owner: '111122223333',
      PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'true', ...attributes,
    });
    const listed = [{ SubscriptionArn, Owner: '111122223333', Protocol: 'sqs', Endpoint: queueArn('billing'), TopicArn: arn }];
    expect(await call('ListSubscriptions')).toEqual({ Subscriptions: listed });
    expect(await call('ListSubscriptionsByTopic', { TopicArn: arn })).toEqual({ Subscriptions: listed });
    const set = (AttributeName: string, AttributeValue: string) => call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
    await set('FilterPolicy', '');
    await set('RedrivePolicy', '');
    await set('RawMessageDelivery', 'false');
    await set('FilterPolicyScope', 'MessageAttributes');
    const { Attributes } = await call('GetSubscriptionAttributes', { SubscriptionArn });
    expect(Attributes).toMatchObject({ RawMessageDelivery: 'false' });
    expect(Object.keys(Attributes as object)).not.toEqual(expect.arrayContaining(['FilterPolicy', 'RedrivePolicy']));
    await call('Unsubscribe', { SubscriptionArn });
    await call('Unsubscribe', { SubscriptionArn });
    await expect(call('GetSubscriptionAttributes', { SubscriptionArn })).rejects.toMatchObject({ code: 'NotFound', status: 404 });
    expect((await call('GetTopicAttributes', { TopicArn: arn })).Attributes).toMatchObject({ SubscriptionsDeleted: '1' });
  });

  test.each([
    [{ FilterPolicy: '{"a":[{"suffix":1}]}' }, 'Invalid parameter: FilterPolicy: suffix match pattern must be a string'],
    [{ FilterPolicy: 'x' }, 'FilterPolicy: failed to parse JSON'],
    [{ FilterPolicy: '[]' }, 'FilterPolicy: must be a JSON object'],
    [{ FilterPolicy: 'null' }, 'FilterPolicy: must be a JSON object'],
    [{ RawMessageDelivery: 'maybe' }, 'RawMessageDelivery: Invalid value [maybe]. Must be true or false.'],
    [{ ReplayPolicy: '{}' }, '\'ReplayPolicy\' is unknown to the simulator'],
  ])('are refused with %j, and nothing is left', async (attributes, reason) => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders' });
    await expect(call('Subscribe', subscription(attributes))).rejects.toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining(reason) });
    expect(sns.subscriptions()).toEqual([]);
  });

  test('that wait for their owner are confirmed by the token', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders' });
    const pending = sns.subscribe({ topicArn: arn, protocol: 'email', endpoint: 'a@example.com', confirmed: false });
    const again = { TopicArn: arn, Protocol: 'email', Endpoint: 'a@example.com' };
    expect(await call('Subscribe', again)).toEqual({ SubscriptionArn: 'pending confirmation' });
    expect(await call('Subscribe', { ...again, ReturnSubscriptionArn: 'true' })).toEqual({ SubscriptionArn: pending.arn });
    expect(await call('ListSubscriptions')).toMatchObject({ Subscriptions: [{ SubscriptionArn: 'PendingConfirmation' }] });
    expect((await call('GetTopicAttributes', { TopicArn: arn })).Attributes).toMatchObject({ SubscriptionsPending: '1', SubscriptionsConfirmed: '0' });
    await expect(call('ConfirmSubscription', { TopicArn: arn, Token: 'x' })).rejects.toThrow('Token');
    expect(await call('ConfirmSubscription', { TopicArn: arn, Token: pending.confirmationToken })).toEqual({ SubscriptionArn: pending.arn });
    expect(pending.pendingConfirmation).toBe(false);
  });

  test.each([['x', 'at least 6 elements, not 1'], [arn, 'SubscriptionId']])('are not unsubscribed by %s', async (SubscriptionArn, reason) => {
    await expect(simulate().call('Unsubscribe', { SubscriptionArn })).rejects.toThrow(reason);
  });
});

describe('publishing by the API', () => {
  test('takes attributes, with bytes as base64 text or as they are', async () => {
    const { call, sns, clock, addQueue } = simulate();
    const queue = addQueue('billing');
    sns.createTopic({ name: 'orders' });
    sns.subscribe({ topicArn: arn, protocol: 'sqs', endpoint: queue.arn, rawMessageDelivery: true });
    const { MessageId } = await call('Publish', {
      TopicArn: arn, Message: 'hello', MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' }, base64: { DataType: 'Binary', BinaryValue: 'AgME' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
      },
    });
    await clock.advance(0);
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(queue.sent[0].message).toMatchObject({
      body: 'hello',
      attributes: {
        kind: { dataType: 'String', stringValue: 'order' }, base64: { binaryValue: Buffer.from([2, 3, 4]) }, bytes: { binaryValue: Buffer.from([2, 3, 4]) },
      },
    });
  });

  test('answers with the sequence number of a FIFO topic', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders.fifo', fifo: true });
    expect(await call('Publish', { TargetArn: `${arn}.fifo`, Message: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' }))
      .toEqual({ MessageId: expect.any(String), SequenceNumber: expect.stringMatching(/^\d{20}$/) });
  });

  test('tells for each message of a batch what became of it', async () => {
    const { call, sns, clock, addQueue } = simulate();
    const queue = addQueue('billing');
    sns.createTopic({ name: 'orders' });
    sns.subscribe({ topicArn: arn, protocol: 'sqs', endpoint: queue.arn, rawMessageDelivery: true });
    const PublishBatchRequestEntries = [{ Id: 'a', Message: 'one' }, { Id: 'b', Message: '' }, { Id: 'c', Message: 'three' }];
    const result = await call('PublishBatch', { TopicArn: arn, PublishBatchRequestEntries });
    await clock.advance(0);
    expect(result).toEqual({
      Successful: [{ Id: 'a', MessageId: expect.any(String) }, { Id: 'c', MessageId: expect.any(String) }],
      Failed: [{ Id: 'b', Code: 'InvalidParameter', Message: 'Invalid parameter: Empty message', SenderFault: true }],
    });
    expect(queue.bodies).toEqual(['one', 'three']);
  });

  test('gives each message of a batch to a FIFO topic its sequence number', async () => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders.fifo', fifo: true });
    const PublishBatchRequestEntries = [{ Id: 'a', Message: 'one', MessageGroupId: 'g', MessageDeduplicationId: 'd' }];
    const { Successful } = await call('PublishBatch', { TopicArn: `${arn}.fifo`, PublishBatchRequestEntries });
    expect(Successful).toEqual([{ Id: 'a', MessageId: expect.any(String), SequenceNumber: expect.stringMatching(/^\d{20}$/) }]);
  });

  const entries = (count: number, size = 1) => Array.from({ length: count }, (_, index) => ({ Id: `id-${index}`, Message: 'x'.repeat(size) }));
  test.each<[string, object[]]>([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', entries(11)],
    ['BatchEntryIdsNotDistinct', [{ Id: 'a', Message: 'x' }, { Id: 'a', Message: 'y' }]],
    ['InvalidBatchEntryId', [{ Id: 'a.b', Message: 'x' }]],
    ['InvalidBatchEntryId', [{ Id: 'a'.repeat(81), Message: 'x' }]],
    ['InvalidBatchEntryId', [{ Message: 'x' }]],
    ['BatchRequestTooLong', entries(2, 131_073)],
  ])('refuses a batch as a whole: %s', async (code, PublishBatchRequestEntries) => {
    const { call, sns, snsEvents } = simulate();
    sns.createTopic({ name: 'orders' });
    await expect(call('PublishBatch', { TopicArn: arn, PublishBatchRequestEntries })).rejects.toMatchObject({ code });
    expect(snsEvents).toEqual([]);
  });

  test('refuses by name what the simulator has not', async () => {
    const { call } = simulate();
    await expect(call('Publish', { PhoneNumber: '+15550100', Message: 'x' })).rejects.toThrow('PhoneNumber');
    await expect(call('Publish', { TargetArn: 'arn:aws:sns:eu-west-1:111122223333:endpoint/APNS/app:1', Message: 'x' })).rejects.toThrow('mobile devices');
    await expect(call('CreatePlatformApplication')).rejects.toMatchObject({ code: 'InvalidAction', message: expect.stringContaining('CreatePlatformApplication') });
    await expect(call('toString')).rejects.toMatchObject({ code: 'InvalidAction' });
    await expect(call('Publish', { Message: 'x' })).rejects.toThrow('TopicArn Reason: no value');
    await expect(call('Publish', { TopicArn: arn, Message: 5 })).rejects.toThrow('Message Reason: must be text');
  });
});
