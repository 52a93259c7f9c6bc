import { gunzipSync } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import { Simulation } from '../../simulator';
import { order, referenceStack } from './set-up';

let simulation: Simulation;
const assembly = referenceStack().node.root as never;

beforeEach(async () => {
  simulation = await Simulation.start(assembly);
});

afterEach(async () => {
  expect(simulation.denials).toEqual([]);
  await simulation.stop();
});

const publish = (message: object | string, eventType?: string) => (
  simulation.topic('Orders').publish(message, { attributes: eventType === undefined ? { channel: 'shop' } : { channel: 'shop', eventType } })
);

interface ArchivedMessage {
  readonly messageId: string;
  readonly body: string;
}

const archived = (): ArchivedMessage[] => simulation.bucket('Archive').objects.flatMap(({ body }) => (
  gunzipSync(body).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as ArchivedMessage)
));

test('an order is billed, paid in order, shipped and archived', async () => {
  await publish(order({ orderId: 'order-paid' }), 'OrderPlaced');
  await simulation.advance(Duration.minutes(5));

  expect(simulation.queue('Billing').tally).toMatchObject({ sent: 1, deleted: 1 });
  expect(simulation.queue('Payments').tally).toMatchObject({ sent: 1, deleted: 1 });
  expect(simulation.queue('Shipping').tally).toMatchObject({ sent: 1, deleted: 1 });
  expect(archived().map(({ body }) => (JSON.parse(body) as { orderId: string }).orderId)).toEqual(['order-paid', 'order-paid', 'order-paid']);
});

test('a poison order ends in the dead-letter queue and raises its alarm', async () => {
  await publish({ orderId: '1', total: 'not a number' }, 'OrderPlaced');
  await simulation.advance(Duration.hours(1));

  expect(simulation.queue('Billing/DeadLetterQueue').messages).toHaveLength(1);
  expect(simulation.alarm('BillingAlarms/DeadLetters').state).toBe('ALARM');
});

test('a poison order takes no good one with it, though they share a batch', async () => {
  await publish(order({ orderId: 'good-1' }), 'OrderPlaced');
  await publish('not JSON');
  await publish(order({ orderId: 'good-2' }), 'OrderPlaced');
  await simulation.advance(Duration.hours(1));

  const [deadLetter, ...others] = simulation.queue('Billing/DeadLetterQueue').messages;
  expect(others).toEqual([]);
  expect(deadLetter.body).toBe('not JSON');
  expect(simulation.queue('Shipping').tally.deleted).toBe(2);
});

test.each([
  ['an unknown event type', order({ eventType: 'OrderEaten' }), 'OrderEaten'],
  ['a negative total', order({ total: -1 }), 'OrderPlaced'],
  ['no items', order({ items: [], total: 0 }), 'OrderPlaced'],
  ['no JSON', '<order/>', undefined],
])('an order with %s becomes a dead letter of billing', async (_what, message, eventType) => {
  await publish(message, eventType);
  await simulation.advance(Duration.hours(1));

  expect(simulation.queue('Billing/DeadLetterQueue').messages).toHaveLength(1);
});

test('an order without any message attribute passes no filter policy, and is archived all the same', async () => {
  await simulation.topic('Orders').publish(order());
  await simulation.advance(Duration.minutes(5));

  expect(simulation.topic('Orders').tally).toMatchObject({ delivered: 1, filteredOut: 2 });
  expect(archived()).toHaveLength(1);
});

test('an event that no consumer wants is filtered out, and archived all the same', async () => {
  await publish(order({ eventType: 'OrderViewed' }), 'OrderViewed');
  await simulation.advance(Duration.minutes(5));

  expect(simulation.topic('Orders').tally).toMatchObject({ published: 1, delivered: 1, filteredOut: 2 });
  expect(archived()).toHaveLength(1);
});

test('payments of a customer are taken in the order of their requests', async () => {
  const taken: string[] = [];
  simulation.function('PaymentsFunction').handler = (event) => {
    for (const { body } of (event as { Records: { body: string }[] }).Records) taken.push((JSON.parse(body) as { orderId: string }).orderId);
    return { batchItemFailures: [] };
  };
  const orderIds = Array.from({ length: 20 }, (_, index) => `order-${index}`);
  for (const orderId of orderIds) {
    await simulation.topic('PaymentRequests').publish({ orderId }, { messageGroupId: 'customer-1', messageDeduplicationId: orderId });
  }
  await simulation.advance(Duration.minutes(5));

  expect(taken).toEqual(orderIds);
});

test('a report job is worked on and its report written', async () => {
  await simulation.queue('Reports').send({ reportId: 'report-1', kind: 'daily-sales', date: '2026-01-04' });
  await simulation.advance(Duration.minutes(5));

  expect(simulation.bucket('Documents').objects.map(({ key }) => key)).toEqual(['reports/report-1.json']);
});

test('a report job that fails is archived from its dead-letter queue, and its alarm is raised and ends', async () => {
  const messageId = await simulation.queue('Reports').send({ reportId: 'report-1', kind: 'horoscope' });
  await simulation.advance(Duration.hours(1));

  expect(archived().map((message) => message.messageId)).toEqual([messageId]);
  expect(simulation.queue('Reports/DeadLetterQueue').messages).toEqual([]);
  expect(simulation.alarm('ReportsAlarms/DeadLetters').history.map(({ to }) => to)).toEqual(['OK', 'ALARM', 'OK']);
});

test('an upload is read, and its orders are published', async () => {
  simulation.bucket('Documents').put('incoming/orders.ndjson', `${JSON.stringify(order({ orderId: 'uploaded' }))}\n`);
  await simulation.advance(Duration.minutes(10));

  expect(simulation.queue('Shipping').tally.deleted).toBe(1);
});

test('a line of an upload that is no order becomes a dead letter of billing', async () => {
  simulation.bucket('Documents').put('incoming/orders.ndjson', `${JSON.stringify(order())}\nno order\n`);
  await simulation.advance(Duration.hours(1));

  expect(simulation.queue('Billing/DeadLetterQueue').messages.map(({ body }) => body)).toEqual(['no order']);
});

test('an object elsewhere in the bucket notifies nobody', async () => {
  const before = simulation.queue('Uploads').tally.sent;
  simulation.bucket('Documents').put('outgoing/orders.ndjson', '{}');
  await simulation.advance(Duration.minutes(1));

  expect(simulation.queue('Uploads').tally.sent).toBe(before);
});

test('an alarm is mailed to those who are to be notified', async () => {
  const mailed = await Simulation.start(referenceStack({ alarmEmailAddresses: ['oncall@example.com'] }));
  await mailed.topic('Orders').publish('not JSON', { attributes: { channel: 'shop' } });
  await mailed.advance(Duration.hours(1));

  const subjects = mailed.topic('AlarmTopic').deliveries('oncall@example.com').map(({ subject }) => subject);
  expect(subjects).toContainEqual(expect.stringMatching(/^ALARM: .*BillingAlarms/));
  await mailed.stop();
});

test('the same scenario gives the same events on every run', async () => {
  const run = async (): Promise<string> => {
    const one = await Simulation.start(assembly);
    const seen: string[] = [];
    for (const service of ['sqs', 'sns', 'lambda', 's3', 'cloudwatch'] as const) {
      one.events.on(service, (event) => seen.push(JSON.stringify(event)));
    }
    for (const eventType of ['OrderPlaced', 'OrderCancelled', 'OrderViewed', 'Nonsense']) {
      await one.topic('Orders').publish(order({ orderId: eventType, eventType }), { attributes: { eventType } });
    }
    await one.advance(Duration.hours(1));
    await one.stop();
    return seen.join('\n').replaceAll(one.endpoint, 'http://endpoint'); // the port, in SNS's envelope, is any that is free
  };
  const first = await run();
  expect(first.length).toBeGreaterThan(1000);
  expect(await run()).toBe(first);
});
