import { documented } from '../documented';
import { queueArn } from './fakes';
import { simulate } from './simulate';

const arn = 'arn:aws:sns:eu-west-1:111122223333:orders';
const subscription = (Attributes?: object) => ({ TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn('billing'), Attributes });

documented('Subscriptions', 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html', () => {
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
    [{ DeliveryPolicy: '{}' }, '\'DeliveryPolicy\' is unknown to the simulator'],
  ])('are refused with %j, and nothing is left', async (attributes, reason) => {
    const { call, sns } = simulate();
    sns.createTopic({ name: 'orders' });
    await expect(call('Subscribe', subscription(attributes))).rejects.toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining(reason) });
    expect(sns.subscriptions()).toEqual([]);
  });
});

documented('Subscriptions', 'https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html', () => {
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
});

documented('Subscriptions', 'https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html', () => {
  test.each([['x', 'at least 6 elements, not 1'], [arn, 'SubscriptionId']])('are not unsubscribed by %s', async (SubscriptionArn, reason) => {
    await expect(simulate().call('Unsubscribe', { SubscriptionArn })).rejects.toThrow(reason);
  });
});

documented('Subscriptions', 'https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html', () => {
  test.each(['ListSubscriptions', 'ListSubscriptionsByTopic'])('are listed by %s in pages of a hundred', async (operation) => {
    const { call, subscribe, topic } = simulate();
    topic();
    for (let index = 0; index < 101; index++) subscribe(arn, `queue-${index}`);
    const first = await call(operation, { TopicArn: arn });
    expect(first).toMatchObject({ Subscriptions: { length: 100 }, NextToken: expect.any(String) });
    const second = await call(operation, { TopicArn: arn, NextToken: first.NextToken });
    expect(second).toEqual({ Subscriptions: [expect.objectContaining({ Endpoint: queueArn('queue-100') })] });
    await expect(call(operation, { TopicArn: arn, NextToken: '-1' })).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  test('of a topic that does not exist are not listed', async () => {
    await expect(simulate().call('ListSubscriptionsByTopic', { TopicArn: arn })).rejects.toMatchObject({ code: 'NotFound', status: 404 });
  });
});

documented('Subscriptions', 'https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html', () => {
  test.each([
    ['Protocol', 'lambda', 'AttributeName'], ['FilterPolicyScope', 'Everything', 'FilterPolicyScope: Invalid value [Everything]'],
    ['RawMessageDelivery', 'yes', 'Must be true or false'], ['RedrivePolicy', '{"deadLetterTargetArn":"x"}', 'deadLetterTargetArn is an invalid arn'],
    ['FilterPolicy', '{"a":"b"}', 'must be an object or an array'], ['ReplayPolicy', '{"PointType":"Timestamp"}', 'only a FIFO topic with an ArchivePolicy'],
  ])('refuse the attribute %s=%s', async (AttributeName, AttributeValue, reason) => {
    const { call, subscribe, topic } = simulate();
    topic();
    const { arn: SubscriptionArn } = subscribe(arn, 'billing');
    await expect(call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue }))
      .rejects.toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining(reason) });
    await expect(call('SetSubscriptionAttributes', { SubscriptionArn: `${SubscriptionArn}x`, AttributeName, AttributeValue }))
      .rejects.toMatchObject({ code: 'NotFound', status: 404 });
  });
});
