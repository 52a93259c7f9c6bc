import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DurableQueue, FanOutTopic, type QueueSubscriptionOptions } from '../../lib';
import { Simulation } from '../../simulator';
import { newStack } from '../lib/set-up';

let simulation: Simulation;

async function start(stack: Stack): Promise<void> {
  simulation = await Simulation.start(stack);
}

afterEach(async () => {
  expect(simulation.denials).toEqual([]);
  await simulation.stop();
});

const bodies = (path: string): string[] => simulation.queue(path).messages.map(({ body }) => body);

describe('A topic with a queue for each filter policy', () => {
  const attribute = (...conditions: unknown[]): QueueSubscriptionOptions => ({ filterPolicy: { kind: new sns.SubscriptionFilter(conditions) } });
  const price = (...conditions: unknown[]): QueueSubscriptionOptions => ({ filterPolicy: { price: new sns.SubscriptionFilter(conditions) } });
  const subscriptions: Record<string, QueueSubscriptionOptions> = {
    Everything: {},
    Equal: attribute('placed'),
    EqualIgnoringCase: attribute({ 'equals-ignore-case': 'PLACED' }),
    Prefix: attribute({ prefix: 'pl' }),
    Suffix: attribute({ suffix: 'ed' }),
    AnythingBut: attribute({ 'anything-but': ['placed'] }),
    AnythingButPrefix: attribute({ 'anything-but': { prefix: 'pl' } }),
    There: price({ exists: true }),
    NotThere: price({ exists: false }),
    Between: price({ numeric: ['>=', 10, '<', 20] }),
    Address: { filterPolicy: { address: new sns.SubscriptionFilter([{ cidr: '10.0.0.0/8' }]) } },
    And: { filterPolicy: { kind: new sns.SubscriptionFilter(['placed']), price: new sns.SubscriptionFilter([{ numeric: ['>', 100] }]) } },
    Or: { filterPolicy: { $or: new sns.SubscriptionFilter([{ kind: ['shipped'] }, { price: [{ numeric: ['=', 15] }] }]) } },
    Body: {
      filterPolicyWithMessageBody: { order: sns.FilterOrPolicy.policy({ total: sns.FilterOrPolicy.filter(new sns.SubscriptionFilter([{ numeric: ['>', 5] }])) }) },
    },
  };

  const shop = new FanOutTopic(newStack(), 'Shop');
  for (const [id, options] of Object.entries(subscriptions)) shop.addQueue(id, new DurableQueue(shop.topic.stack, `${id}Queue`), options);

  test.each<[string, Record<string, string | number>, object, string[]]>([
    ['placed at 15', { kind: 'placed', price: 15 }, {}, ['Equal', 'EqualIgnoringCase', 'Prefix', 'Suffix', 'There', 'Between', 'Or']],
    ['placed at 150', { kind: 'placed', price: 150 }, {}, ['Equal', 'EqualIgnoringCase', 'Prefix', 'Suffix', 'There', 'And']],
    ['shipped, without a price', { kind: 'shipped' }, {}, ['Suffix', 'AnythingBut', 'AnythingButPrefix', 'NotThere', 'Or']],
    ['Placed with a capital at 20', { kind: 'Placed', price: 20 }, {}, ['EqualIgnoringCase', 'Suffix', 'AnythingBut', 'AnythingButPrefix', 'There']],
    ['from inside the network', { address: '10.1.2.3' }, {}, ['NotThere', 'Address']],
    ['without attributes, with a total in its body', {}, { order: { total: 6 } }, ['Body']],
    ['without attributes, with too low a total in its body', {}, { order: { total: 5 } }, []],
  ])('delivers a message %s to the queues whose policies it passes, and to no other', async (_what, attributes, message, expected) => {
    await start(shop.topic.stack);
    await simulation.topic('Shop').publish(message, { attributes });
    await simulation.advance(Duration.seconds(5));

    const reached = Object.keys(subscriptions).filter((id) => simulation.queue(`${id}Queue`).messages.length > 0);
    expect(reached).toEqual(['Everything', ...expected]);
    expect(simulation.topic('Shop').tally).toMatchObject({ filteredOut: Object.keys(subscriptions).length - reached.length });
  });
});

// https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
test('A queue gets a message as it was published, with its attributes, and in an envelope when it asks for that', async () => {
  const stack = newStack();
  const orders = new FanOutTopic(stack, 'Orders');
  for (const [id, rawMessageDelivery] of [['Raw', undefined], ['Enveloped', false]] as const) {
    orders.addQueue(id, new DurableQueue(stack, id), { rawMessageDelivery });
  }
  await start(stack);
  await simulation.topic('Orders').publish('order', { attributes: { kind: 'placed' } });
  await simulation.advance(Duration.seconds(5));

  expect(simulation.queue('Raw').messages).toEqual([expect.objectContaining({ body: 'order', attributes: { kind: { dataType: 'String', stringValue: 'placed' } } })]);
  expect(simulation.queue('Enveloped').messages).toEqual([expect.objectContaining({ attributes: {} })]);
  expect(JSON.parse(bodies('Enveloped')[0])).toMatchObject({
    Type: 'Notification', Message: 'order', MessageAttributes: { kind: { Type: 'String', Value: 'placed' } },
  });
});

test('A FIFO topic keeps the order of each message group in its FIFO queue, and leaves out what was published twice', async () => {
  const stack = newStack();
  const payments = new FanOutTopic(stack, 'Payments', { fifo: true, contentBasedDeduplication: true });
  payments.addQueue('Ledger', new DurableQueue(stack, 'Ledger', { fifo: true, deadLettersBreakOrder: true }));
  await start(stack);

  for (const step of ['1', '2', '2', '3']) {
    for (const customer of ['a', 'b']) await simulation.topic('Payments').publish(`${customer}${step}`, { messageGroupId: customer });
  }
  await simulation.advance(Duration.seconds(5));

  for (const customer of ['a', 'b']) {
    expect(bodies('Ledger').filter((body) => body.startsWith(customer))).toEqual(['1', '2', '3'].map((step) => `${customer}${step}`));
  }
});

test('A message for a queue that is gone lands in the dead-letter queue of its subscription, and reaches the other queue', async () => {
  const stack = newStack();
  const orders = new FanOutTopic(stack, 'Orders');
  for (const id of ['Billing', 'Shipping']) orders.addQueue(id, new DurableQueue(stack, id));
  await start(stack);
  const client = new SQSClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await client.send(new DeleteQueueCommand({ QueueUrl: simulation.queue('Billing').url }));
  client.destroy();

  await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.hours(1));

  expect(bodies('Orders/Billing/DeadLetterQueue')).toEqual(['order']);
  expect(bodies('Orders/Shipping/DeadLetterQueue')).toEqual([]);
  expect(bodies('Shipping')).toEqual(['order']);
});
