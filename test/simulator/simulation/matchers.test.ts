import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { messagingMatchers, Simulation } from '../../../simulator';
import '../../../simulator/matchers/register';

/** Orders → Billing (two receives, then BillingDeadLetters), whose clerk archives what has a total, and → Shipping for urgent ones. */
function shop(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const deadLetters = new Queue(stack, 'BillingDeadLetters');
  const billing = new Queue(stack, 'Billing', { visibilityTimeout: Duration.seconds(30), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 } });
  const orders = new Topic(stack, 'Orders');
  new Topic(stack, 'News');
  const shipping = new Queue(stack, 'Shipping');
  orders.addSubscription(new SqsSubscription(billing, { rawMessageDelivery: true }));
  orders.addSubscription(new SqsSubscription(shipping, {
    filterPolicy: { urgent: SubscriptionFilter.existsFilter() }, deadLetterQueue: new Queue(stack, 'ShippingUndelivered'),
  }));
  new Alarm(stack, 'DeadLetters', {
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
    threshold: 1, evaluationPeriods: 1,
  });
  new LambdaFunction(stack, 'Clerk', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 0') })
    .addEventSource(new SqsEventSource(billing));
  new Bucket(stack, 'Archive');
  return stack;
}

let simulation: Simulation;
let messageId: string;
let poison: string;

/** Escape codes aside: what a person reads. */
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

function failureOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    return plain((error as Error).message);
  }
  throw new Error('the check passes');
}

beforeAll(async () => {
  const clients: { s3?: S3Client } = {};
  simulation = await Simulation.start(shop(), {
    handlers: {
      Clerk: async (event) => {
        for (const { body } of (event as { Records: { body: string }[] }).Records) {
          if (!body.includes('total')) throw new TypeError('an order needs a total');
          await clients.s3!.send(new PutObjectCommand({ Bucket: simulation.bucket('Archive').name, Key: 'orders.json.gz', Body: gzipSync(JSON.stringify({ body })) }));
          await clients.s3!.send(new PutObjectCommand({ Bucket: simulation.bucket('Archive').name, Key: 'log', Body: 'stored one' }));
        }
      },
    },
  });
  clients.s3 = new S3Client({
    endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' }, forcePathStyle: true,
  });
  messageId = await simulation.topic('Orders').publish({ orderId: '1', total: 5, customer: { name: 'Bo', city: 'Rome' } });
  await simulation.advance(Duration.minutes(1));
  poison = await simulation.topic('Orders').publish({ orderId: '2' });
  await simulation.advance(Duration.minutes(3));
});

afterAll(() => simulation.stop());

describe('toHaveDelivered', () => {
  test('passes for a message by its ID, its body, a pattern, or some of its properties', () => {
    const orders = simulation.topic('Orders');
    expect(orders).toHaveDelivered(messageId);
    expect(orders).toHaveDelivered('{"orderId":"2"}');
    expect(orders).toHaveDelivered(/"city":"Rome"/);
    expect(orders).toHaveDelivered({ total: expect.any(Number), customer: { name: 'Bo' } }, { to: simulation.queue('Billing') });
    expect(orders).not.toHaveDelivered(messageId, { to: simulation.queue('Shipping') });
    expect(orders).not.toHaveDelivered({ customer: { name: 'Ann' } });
    expect(orders).not.toHaveDelivered({ customer: { name: 'Bo', street: undefined } });
    expect(simulation.topic('News')).not.toHaveDelivered(messageId);
  });

  test('fails with the path of the message that was not delivered', () => {
    expect(failureOf(() => expect(simulation.topic('Orders')).toHaveDelivered({ orderId: '2' }, { to: simulation.queue('Shipping') }))).toBe([
      'expect(Orders).toHaveDelivered(message)',
      '',
      'Expected: delivery to Shipping of {"orderId": "2"}',
      'Received: 1 message published, none delivered',
      '',
      String(simulation.trace(poison)),
    ].join('\n'));
  });

  test('fails without a path for what was never published, and with `.not` shows what was delivered', () => {
    expect(failureOf(() => expect(simulation.topic('Orders')).toHaveDelivered('no such order'))).toBe([
      'expect(Orders).toHaveDelivered(message)', '', 'Expected: delivery of "no such order"', 'Received: no messages published, none delivered',
    ].join('\n'));
    const failure = failureOf(() => expect(simulation.topic('Orders')).not.toHaveDelivered(messageId));
    expect(failure).toContain(`expect(Orders).not.toHaveDelivered(message)\n\nExpected: no delivery of "${messageId}"\nReceived: 1 message delivered\n`);
  });
});

describe('toHaveProcessed', () => {
  test('passes for a function that ended without an error, and for the queue from which it was deleted', () => {
    expect(simulation.function('Clerk')).toHaveProcessed(messageId);
    expect(simulation.queue('Billing')).toHaveProcessed({ orderId: '1' });
    expect(simulation.function('Clerk')).not.toHaveProcessed(poison);
    expect(simulation.queue('Billing')).not.toHaveProcessed(poison);
    expect(simulation.queue('Shipping')).not.toHaveProcessed(messageId);
  });

  test('fails with the error that the function threw', () => {
    const failure = failureOf(() => expect(simulation.function('Clerk')).toHaveProcessed({ orderId: '2' }));
    expect(failure).toMatch(/^expect\(Clerk\)\.toHaveProcessed\(message\)\n\nExpected: to process \{"orderId": "2"\}\nReceived: 2 messages like this, none processed here/);
    expect(failure).toContain('+00:00:00.100  failed       Clerk     TypeError: an order needs a total');
    expect(failure).toContain('moved        Billing   → BillingDeadLetters');
    expect(failureOf(() => expect(simulation.function('Clerk')).not.toHaveProcessed(messageId))).toContain('Expected: not to process');
  });
});

describe('toHaveDeadLetters', () => {
  test('counts what a queue gave up, what a topic could not deliver, and everything of a simulation', async () => {
    expect(simulation.queue('Billing')).toHaveDeadLetters();
    expect(simulation.queue('Billing')).toHaveDeadLetters(1);
    expect(simulation.queue('Billing')).not.toHaveDeadLetters(2);
    expect(simulation.queue('Shipping')).toHaveDeadLetters(0);
    expect(simulation.topic('Orders')).not.toHaveDeadLetters();

    const other = await Simulation.start(shop(), { faults: [{ kind: 'deliveryFailure', resource: 'Shipping', status: 400 }], handlers: { Clerk: () => undefined } });
    expect(other).not.toHaveDeadLetters();
    await other.topic('Orders').publish('urgent total', { attributes: { urgent: 'yes' } });
    await other.advance(Duration.seconds(1));
    expect(other.topic('Orders')).toHaveDeadLetters(1);
    expect(other).toHaveDeadLetters(1);
    await other.stop();
  });

  test('fails with the path of each dead letter', () => {
    const [letter] = simulation.queue('BillingDeadLetters').messages;
    expect(failureOf(() => expect(simulation).not.toHaveDeadLetters())).toBe([
      'expect(simulation).not.toHaveDeadLetters()', '', 'Expected: not any dead letters', 'Received: 1', '', String(simulation.trace(letter.messageId)),
    ].join('\n'));
    expect(failureOf(() => expect(simulation.queue('Billing')).toHaveDeadLetters(2))).toContain('Expected: 2 dead letters\nReceived: 1\n');
    expect(failureOf(() => expect(simulation.queue('Shipping')).toHaveDeadLetters())).toContain('Expected: any dead letters\nReceived: 0');
    expect(() => expect(simulation).toHaveDeadLetters(-1)).toThrow("toHaveDeadLetters: 'count' must be a whole number from 0, got -1");
  });
});

describe('toHaveArchived', () => {
  test('passes for an object, compressed or not, that a function wrote from the message', () => {
    expect(simulation.bucket('Archive')).toHaveArchived(messageId);
    expect(simulation.bucket('Archive')).toHaveArchived({ orderId: '1' });
    expect(simulation.bucket('Archive')).not.toHaveArchived(poison);
  });

  test('fails with the path of the message, with `.not` with the keys, and not for an object that is gone or says nothing of it', () => {
    const failure = failureOf(() => expect(simulation.bucket('Archive')).toHaveArchived(poison));
    expect(failure).toContain(`Expected: an object with "${poison}"\nReceived: 1 message like this, in none of 2 objects\n\nmessage ${poison}`);
    expect(failureOf(() => expect(simulation.bucket('Archive')).not.toHaveArchived(messageId))).toContain('Received: ["orders.json.gz"]');
  });
});

describe('toBeEmpty', () => {
  test('passes for a queue without messages', () => {
    expect(simulation.queue('Billing')).toBeEmpty();
    expect(simulation.queue('BillingDeadLetters')).not.toBeEmpty();
    expect(simulation.bucket('Archive')).not.toBeEmpty();
  });

  test('fails with the bodies and the paths of the messages', () => {
    const [letter] = simulation.queue('BillingDeadLetters').messages;
    expect(failureOf(() => expect(simulation.queue('BillingDeadLetters')).toBeEmpty())).toBe([
      'expect(BillingDeadLetters).toBeEmpty()', '', 'Expected: to be empty', 'Received: ["{\\"orderId\\":\\"2\\"}"]', '',
      String(simulation.trace(letter.messageId)),
    ].join('\n'));
    expect(failureOf(() => expect(simulation.queue('Billing')).not.toBeEmpty())).toContain('Expected: not to be empty\nReceived: []');
    expect(failureOf(() => expect(simulation.bucket('Archive')).toBeEmpty())).toContain('Received: ["log", "orders.json.gz"]');
  });
});

describe('toBeInAlarm', () => {
  test('passes for the state ALARM, and fails with the reason and the history', async () => {
    expect(simulation.alarm('DeadLetters')).toBeInAlarm();
    expect(failureOf(() => expect(simulation.alarm('DeadLetters')).not.toBeInAlarm())).toMatch(
      /^expect\(DeadLetters\)\.not\.toBeInAlarm\(\)\n\nExpected: not ALARM\nReceived: "ALARM": Threshold Crossed.*\nHistory: {2}2026-01-05T09:0\d:\d\d\.\d{3}Z /s,
    );
    const quiet = await Simulation.start(shop());
    expect(quiet.alarm('DeadLetters')).not.toBeInAlarm();
    expect(failureOf(() => expect(quiet.alarm('DeadLetters')).toBeInAlarm())).toMatch(/Expected: ALARM\nReceived: "INSUFFICIENT_DATA": /);
    await quiet.stop();
  });
});

test('A matcher on something that it is not for says what it is for', () => {
  expect(() => expect(simulation.queue('Billing')).toBeInAlarm()).toThrow('toBeInAlarm expects simulation.alarm(…), got simulation.queue(…)');
  expect(() => expect(simulation.topic('Orders')).not.toBeEmpty()).toThrow('toBeEmpty expects simulation.queue(…) or simulation.bucket(…), got simulation.topic(…)');
  expect(() => expect(undefined).toHaveDeadLetters()).toThrow('toHaveDeadLetters expects simulation.queue(…) or simulation.topic(…), got undefined');
});

test('A failure about many messages shows three paths and how many more there are', async () => {
  const crowd = await Simulation.start(shop());
  for (let number = 0; number < 5; number++) await crowd.queue('Shipping').send(`order ${number}`);
  const failure = failureOf(() => expect(crowd.queue('Shipping')).toBeEmpty());
  expect(failure.match(/^message /gm)).toHaveLength(3);
  expect(failure).toMatch(/\nand 2 more messages$/);
  await crowd.stop();
});

test('Printing or comparing a resource does not show the whole simulation', () => {
  expect(Object.keys(simulation.queue('Billing'))).not.toContain('simulation');
  expect(Object.keys(messagingMatchers)).toEqual(['toHaveDelivered', 'toHaveProcessed', 'toHaveDeadLetters', 'toHaveArchived', 'toBeEmpty', 'toBeInAlarm']);
});
