import { documented } from '../documented';
import { simulate } from './simulate';

const arn = 'arn:aws:sns:eu-west-1:111122223333:orders';

documented('Topics', 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html', () => {
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
});

documented('Topics', 'https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html', () => {
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
});

documented('Topics', 'https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html', () => {
  test('are listed by pages of a hundred', async () => {
    const { call, sns } = simulate();
    for (let index = 0; index < 101; index++) sns.createTopic({ name: `topic-${index}` });
    const first = await call('ListTopics');
    const second = await call('ListTopics', { NextToken: first.NextToken });
    expect([(first.Topics as object[]).length, second]).toEqual([100, { Topics: [{ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:topic-100' }] }]);
    await expect(call('ListTopics', { NextToken: 'x' })).rejects.toThrow('NextToken');
  });
});

documented('Topics', 'https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html', () => {
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
