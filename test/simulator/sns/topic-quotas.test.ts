import { documented } from '../documented';
import { simulate } from './simulate';

const arn = 'arn:aws:sns:eu-west-1:111122223333:orders';
const day = 24 * 3_600_000;

documented('A topic', 'https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html', () => {
  test('has at most 200 filter policies, and as many subscriptions without one as it likes', async () => {
    const { call, subscribe, topic } = simulate();
    const created = topic();
    for (let index = 0; index < 200; index++) subscribe(arn, `queue-${index}`, { filterPolicy: { kind: [`${index}`] } });
    const { arn: SubscriptionArn } = subscribe(arn, 'unfiltered');
    const refused = { code: 'FilterPolicyLimitExceeded', status: 403 };
    await expect(call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{"a":["b"]}' }))
      .rejects.toMatchObject(refused);
    expect(() => subscribe(arn, 'one-more', { filterPolicy: { kind: ['x'] } })).toThrow(expect.objectContaining(refused));
    expect(created.subscriptions).toHaveLength(201);
    created.subscriptions[0].filterBy({ kind: ['another'] });
    created.subscriptions[0].filterBy(undefined);
    await call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{"a":["b"]}' });
  });
});

documented('A FIFO topic', 'https://docs.aws.amazon.com/general/latest/gr/sns.html', () => {
  test('has at most 100 subscriptions', () => {
    const { subscribe, topic } = simulate();
    const { arn: fifo } = topic({ fifo: true });
    for (let index = 0; index < 100; index++) subscribe(fifo, `queue-${index}.fifo`);
    expect(() => subscribe(fifo, 'queue-100.fifo')).toThrow(expect.objectContaining({ code: 'SubscriptionLimitExceeded', status: 403 }));
  });
});

documented('The policy of a topic', 'https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html', () => {
  const permission = { TopicArn: arn, Label: 'others', AWSAccountId: ['210987654321'], ActionName: ['Publish'] };

  test('is given a statement for the actions of other accounts, beside those that it has', async () => {
    const { call, topic } = simulate();
    const { policy, ...created } = topic();
    expect(policy).toBeUndefined();
    await call('AddPermission', permission);
    const { Attributes } = await call('GetTopicAttributes', { TopicArn: created.arn });
    expect((JSON.parse((Attributes as { Policy: string }).Policy) as { Statement: object[] }).Statement).toEqual([
      expect.objectContaining({ Sid: '__default_statement_ID' }),
      { Sid: 'others', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::210987654321:root'] }, Action: ['SNS:Publish'], Resource: arn },
    ]);
  });

  test.each<[string, object]>([
    ['Statement already exists', {}],
    ['action out of service scope', { Label: 'x', ActionName: ['SendMessage'] }],
    ['ActionName Reason: no value', { Label: 'x', ActionName: [] }],
    ['AWSAccountId Reason: must be account IDs of 12 digits, got ["me"]', { Label: 'x', AWSAccountId: ['me'] }],
    ['AWSAccountId Reason: must be account IDs of 12 digits, got []', { Label: 'x', AWSAccountId: [] }],
    ['AWSAccountId Reason: must be a list of texts', { Label: 'x', AWSAccountId: '210987654321' }],
    ['Label Reason: no value', { Label: undefined }],
  ])('fails with "%s"', async (message, more) => {
    const { call, topic } = simulate();
    topic();
    await call('AddPermission', permission);
    await expect(call('AddPermission', { ...permission, ...more })).rejects.toMatchObject({ code: 'InvalidParameter', message: expect.stringContaining(message) });
  });
});

documented('A statement', 'https://docs.aws.amazon.com/sns/latest/api/API_RemovePermission.html', () => {
  test('is removed by its label, and the others stay', async () => {
    const { call, sns, topic } = simulate();
    topic({ policy: { Version: '2012-10-17', Statement: { Sid: 'own' } } });
    await call('AddPermission', { TopicArn: arn, Label: 'others', AWSAccountId: ['210987654321'], ActionName: ['Publish'] });
    await call('RemovePermission', { TopicArn: arn, Label: 'others' });
    await call('RemovePermission', { TopicArn: arn, Label: 'unknown' });
    expect(sns.topic(arn)!.policy).toEqual({ Version: '2012-10-17', Statement: [{ Sid: 'own' }] });
  });
});

documented('A topic without a policy of its own', 'https://docs.aws.amazon.com/sns/latest/api/API_RemovePermission.html', () => {
  test('has none after a label was removed that it does not have', async () => {
    const { call, sns, topic } = simulate();
    topic();
    await call('RemovePermission', { TopicArn: arn, Label: 'unknown' });
    expect(sns.topic(arn)!.policy).toBeUndefined();
  });
});

documented('The token of a confirmation', 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html', () => {
  test.each<[string, number, boolean]>([['two days', 2 * day, true], ['longer than two days', 2 * day + 1, false]])('is valid after %s: %#', async (_time, age, valid) => {
    const { call, clock, sns, topic } = simulate();
    topic();
    const pending = sns.subscribe({ topicArn: arn, protocol: 'email', endpoint: 'a@example.com', confirmed: false });
    await clock.advance(age);
    const answer = call('ConfirmSubscription', { TopicArn: arn, Token: pending.confirmationToken });
    if (valid) await expect(answer).resolves.toEqual({ SubscriptionArn: pending.arn });
    else await expect(answer).rejects.toMatchObject({ code: 'InvalidParameter' });
    expect(pending.pendingConfirmation).toBe(!valid);
  });
});

documented('Data protection', 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html', () => {
  test('is refused by name, since the simulator does not model it', async () => {
    const { call, sns, topic } = simulate();
    await expect(call('CreateTopic', { Name: 'orders', DataProtectionPolicy: '{}' })).rejects.toThrow('data protection is not modelled by the simulator');
    expect(sns.topics()).toEqual([]);
    topic();
    for (const operation of ['PutDataProtectionPolicy', 'GetDataProtectionPolicy']) {
      await expect(call(operation, { ResourceArn: arn, DataProtectionPolicy: '{}' })).rejects.toMatchObject({ code: 'InvalidAction', message: expect.stringContaining(operation) });
    }
  });
});

documented('A delivery policy', 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html', () => {
  test('is refused by name, since the simulator calls no URL', async () => {
    const { call, subscribe, topic } = simulate();
    topic();
    const { arn: SubscriptionArn } = subscribe(arn, 'billing');
    const attribute = { AttributeName: 'DeliveryPolicy', AttributeValue: '{}' };
    await expect(call('SetTopicAttributes', { TopicArn: arn, ...attribute })).rejects.toThrow("'DeliveryPolicy' is not modelled by the simulator");
    await expect(call('SetSubscriptionAttributes', { SubscriptionArn, ...attribute })).rejects.toThrow("'DeliveryPolicy' is not modelled by the simulator");
  });
});
