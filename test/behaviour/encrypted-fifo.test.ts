import { gunzipSync } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Simulation } from '../../simulator';
import { newApp } from '../lib/set-up';
import { EncryptedFifoStack } from '../permissions/encrypted-fifo-stack';

let simulation: Simulation;

/** Without an account and region of its own, so that the simulation's are those in its policies. */
const encryptedStack = (): EncryptedFifoStack => new EncryptedFifoStack(newApp(), 'Encrypted', {});

beforeEach(async () => {
  simulation = await Simulation.start(encryptedStack());
});

afterEach(() => simulation.stop());

test('with one customer key and FIFO throughout, a message reaches every queue of its topic and the archive', async () => {
  await simulation.topic('Orders').publish({ orderId: '1' }, { messageGroupId: 'customer-1' });
  await simulation.advance(Duration.minutes(5));

  for (const name of ['Billing', 'Shipping']) expect(simulation.queue(name).tally).toMatchObject({ sent: 1, deleted: 1 });
  const archived = simulation.bucket('Archive').objects.map(({ body }) => gunzipSync(body).toString());
  expect(archived.join()).toContain('"body":"{\\"orderId\\":\\"1\\"}"');
});

test('with one customer key and FIFO throughout, an upload reaches its queue', async () => {
  simulation.bucket('Documents').put('orders.ndjson', '{}');
  await simulation.advance(Duration.minutes(5));

  expect(simulation.queue('Uploads').tally.deleted).toBeGreaterThanOrEqual(1);
  expect(simulation.queue('Uploads').messages).toEqual([]);
});

test('with one customer key and FIFO throughout, a poison message is archived from its dead-letter queue and raises its alarm', async () => {
  simulation.function('BillingFunction').handler = () => { throw new Error('poison'); };
  await simulation.topic('Orders').publish({ orderId: '1' }, { messageGroupId: 'customer-1' });
  await simulation.advance(Duration.hours(1));

  expect(simulation.queue('Billing/DeadLetterQueue').tally).toMatchObject({ deleted: 1 });
  expect(simulation.alarm('BillingAlarms/DeadLetters').history.map(({ to }) => to)).toContain('ALARM');
});

test('a key that does not let SNS in stops what a topic delivers', async () => {
  const stack = encryptedStack();
  const statement = (principal: iam.IPrincipal, action: string): iam.PolicyStatement => (
    new iam.PolicyStatement({ principals: [principal], actions: [action], resources: ['*'] }));
  (stack.key.node.defaultChild as kms.CfnKey).keyPolicy = new iam.PolicyDocument({
    statements: [statement(new iam.AccountRootPrincipal(), 'kms:*'), statement(new iam.ServicePrincipal('s3.amazonaws.com'), 'kms:*')],
  });
  const locked = await Simulation.start(stack);
  await locked.topic('Orders').publish({ orderId: '1' }, { messageGroupId: 'customer-1' });
  await locked.advance(Duration.hours(1));

  expect(locked.topic('Orders').tally).toMatchObject({ published: 1, delivered: 0 });
  expect(locked.queue('Billing').tally.sent).toBe(0);
  await locked.stop();
});
