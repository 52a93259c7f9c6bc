import { simulate, text } from './simulate';

describe('the bookkeeping of deliveries', () => {
  test('says which messages a filter policy kept away, by attributes or by body', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const [byAttributes, byBody] = [addQueue('attributes'), addQueue('body')];
    const { arn } = topic();
    subscribe(arn, 'attributes', { filterPolicy: { kind: ['order'] }, rawMessageDelivery: true });
    subscribe(arn, 'body', { filterPolicy: { kind: ['order'] }, filterPolicyScope: 'MessageBody', rawMessageDelivery: true });
    sns.publish(arn, { message: 'one', attributes: { kind: text('order') } });
    sns.publish(arn, { message: '{"kind":"order"}' });
    await clock.advance(0);
    expect([byAttributes.bodies, byBody.bodies]).toEqual([['one'], ['{"kind":"order"}']]);
    expect(actions()).toEqual(['published', 'published', 'delivered', 'filteredOut', 'filteredOut', 'delivered']);
  });

  test('fans a hundred thousand messages out to filtering subscriptions within seconds', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const { arn } = topic();
    const queues = ['a', 'b', 'c'].map((name, index) => {
      subscribe(arn, name, { rawMessageDelivery: true, filterPolicy: { n: [{ numeric: ['>=', index * 10] }], kind: [{ prefix: 'or' }] } });
      return addQueue(name);
    });
    const started = performance.now();
    for (let index = 0; index < 100_000; index++) {
      sns.publish(arn, { message: 'x', attributes: { n: { dataType: 'Number', stringValue: String(index % 20) }, kind: text('order') } });
    }
    await clock.advance(0);
    expect(queues.map(({ sent }) => sent.length)).toEqual([100_000, 50_000, 0]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('only the newest thousand mails are kept', async () => {
    const { sns, clock, topic } = simulate();
    const { arn } = topic();
    const mail = sns.subscribe({ topicArn: arn, protocol: 'email', endpoint: 'a@example.com' });
    for (let index = 0; index < 1_001; index++) sns.publish(arn, { message: `${index}` });
    await clock.advance(0);
    expect([mail.deliveries.length, mail.deliveries[0].body]).toEqual([1_000, '1']);
  });

  test('a failure of the simulator itself stops the clock, and the other messages are still delivered', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    queue.errors = [new Error('broken simulator')];
    const { arn } = topic();
    subscribe(arn, 'billing', { rawMessageDelivery: true });
    sns.publish(arn, { message: 'one' });
    sns.publish(arn, { message: 'two' });
    await expect(clock.advance(0)).rejects.toThrow('broken simulator');
    await clock.advance(0);
    expect(queue.bodies).toEqual(['two']);
  });
});
