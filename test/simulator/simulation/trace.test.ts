import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { inspect } from 'node:util';
import { Simulation, type TraceStep } from '../../../simulator';

/** Orders are fanned out to billing, which fails on those without a total, and to shipping, which wants the urgent ones alone. */
function shop(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const consumer = (id: string): LambdaFunction => (
    new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 0') })
  );
  const orders = new Topic(stack, 'Orders');
  const invoices = new Topic(stack, 'Invoices');
  const deadLetters = new Queue(stack, 'BillingDeadLetters');
  const billing = new Queue(stack, 'Billing', { visibilityTimeout: Duration.seconds(30), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 } });
  const shipping = new Queue(stack, 'Shipping');
  orders.addSubscription(new SqsSubscription(billing, { rawMessageDelivery: true }));
  orders.addSubscription(new SqsSubscription(shipping, { filterPolicy: { urgent: SubscriptionFilter.existsFilter() } }));
  invoices.addSubscription(new LambdaSubscription(consumer('Mailer')));
  const clerk = consumer('Clerk');
  clerk.addEventSource(new SqsEventSource(billing));
  const archive = new Bucket(stack, 'Archive');
  invoices.grantPublish(clerk);
  archive.grantPut(clerk);
  return stack;
}

const steps = (list: readonly TraceStep[]): string[] => list.map(({ elapsed, action, resource }) => `${elapsed} ${action} ${resource}`);

// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
describe('the trace of a message', () => {
  let simulation: Simulation;

  beforeAll(async () => {
    const clients: { sns?: SNSClient; s3?: S3Client } = {};
    let invoices = '';
    let bucket = '';
    simulation = await Simulation.start(shop(), {
      handlers: {
        Mailer: () => undefined,
        Clerk: async (event) => {
          const order = JSON.parse((event as { Records: { body: string }[] }).Records[0].body) as { id: number; total?: number };
          if (order.total === undefined) throw new TypeError('an order needs a total');
          await clients.s3!.send(new PutObjectCommand({ Bucket: bucket, Key: `orders/${order.id}`, Body: JSON.stringify(order) }));
          await clients.sns!.send(new PublishCommand({ TopicArn: invoices, Message: `invoice of order ${order.id}` }));
        },
      },
    });
    const settings = { endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
    clients.sns = new SNSClient(settings);
    clients.s3 = new S3Client({ ...settings, forcePathStyle: true });
    invoices = simulation.topic('Invoices').arn;
    bucket = simulation.bucket('Archive').name;
  });

  afterAll(() => simulation.stop());

  test('follows it over the topic, the queues, the function, and on to what the function wrote and published', async () => {
    const messageId = await simulation.topic('Orders').publish({ id: 1, total: 5 });
    await simulation.advance(Duration.minutes(1));
    const trace = simulation.trace(messageId);

    expect(steps(trace.steps)).toEqual([
      '0 published Orders', '0 delivered Billing', '0 sent Billing', '0 filteredOut Shipping', '0 received Billing',
      '0 archived Archive', '0 published Invoices', '0 delivered Mailer', '100 processed Clerk', '100 processed Mailer', '100 deleted Billing',
    ]);
    expect(trace.steps.find(({ action }) => action === 'archived')).toMatchObject({ key: 'orders/1' });
    expect(trace.steps.find(({ resource }) => resource === 'Invoices')).toMatchObject({ by: 'Clerk' });
  });

  test('shows each attempt with the error of the invocation, and the move to the dead-letter queue; as text it is a table', async () => {
    const messageId = await simulation.topic('Orders').publish({ id: 2 });
    await simulation.advance(Duration.minutes(2));
    const billed = simulation.trace(messageId).steps.find(({ action }) => action === 'delivered')!.newMessageId!;

    expect(String(simulation.trace(messageId))).toBe([
      `message ${messageId}, from 2026-01-05T09:01:00.000Z`,
      '  +00:00:00.000  published    Orders',
      `  +00:00:00.000  delivered    Billing   as ${billed}`,
      '  +00:00:00.000  sent         Billing',
      '  +00:00:00.000  filteredOut  Shipping  NoMessageAttributes',
      '  +00:00:00.000  received     Billing   receive 1',
      '  +00:00:00.100  failed       Clerk     TypeError: an order needs a total',
      '  +00:00:30.000  returned     Billing',
      '  +00:00:30.000  received     Billing   receive 2',
      '  +00:00:30.100  failed       Clerk     TypeError: an order needs a total',
      '  +00:01:00.000  returned     Billing',
      '  +00:01:00.000  moved        Billing   → BillingDeadLetters',
    ].join('\n'));
    expect(inspect(simulation.trace(messageId))).toBe(String(simulation.trace(messageId)));
  });

  test('of a message in a queue begins with its publishing, without the topic\'s other deliveries', async () => {
    const messageId = await simulation.topic('Orders').publish({ id: 3, total: 1 }, { attributes: { urgent: 'yes' } });
    await simulation.advance(Duration.minutes(1));
    const [shipped] = simulation.queue('Shipping').messages;

    expect(simulation.trace(messageId).steps).toContainEqual(expect.objectContaining({ action: 'delivered', newMessageId: shipped.messageId }));
    expect(steps(simulation.trace(shipped.messageId).steps)).toEqual(['0 published Orders', '0 delivered Shipping', '0 sent Shipping']);
  });

  test('goes on when a message move task brings the message back under a new ID', async () => {
    const messageId = await simulation.queue('Billing').send({ id: 4 });
    await simulation.advance(Duration.minutes(2));
    const sqs = new SQSClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: simulation.queue('BillingDeadLetters').arn }));
    await simulation.advance(Duration.seconds(10));

    const trace = simulation.trace(messageId);
    const back = trace.steps.find(({ action }) => action === 'movedBack')!;
    expect(back).toMatchObject({ resource: 'BillingDeadLetters', to: 'Billing' });
    expect(steps(trace.steps.slice(trace.steps.indexOf(back) + 1))).toEqual(['120000 received Billing', '120100 failed Clerk']);
    // from the new ID, the whole way that led to it
    expect(simulation.trace(back.newMessageId!).steps).toEqual(trace.steps);
  });

  test('of what a batch failed on alone names the function\'s report', async () => {
    const stack = new Stack(new App(), 'Batch');
    const queue = new Queue(stack, 'Work');
    new LambdaFunction(stack, 'Worker', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 0') })
      .addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    const batches = await Simulation.start(stack, {
      handlers: {
        Worker: (event) => ({
          batchItemFailures: (event as { Records: { body: string; messageId: string }[] }).Records
            .filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })),
        }),
      },
    });
    const [good, bad] = [await batches.queue('Work').send('good'), await batches.queue('Work').send('bad')];
    await batches.advance(Duration.seconds(1));

    expect(steps(batches.trace(good).steps)).toEqual(['0 sent Work', '0 received Work', '100 processed Worker', '100 deleted Work']);
    expect(batches.trace(bad).steps.at(-1)).toMatchObject({ action: 'failed', reason: 'the function reported it in batchItemFailures' });
    await batches.stop();
  });

  test('fails for an ID that no topic or queue accepted', () => {
    expect(() => simulation.trace('nothing')).toThrow("no message 'nothing' in this simulation: no topic or queue accepted it");
  });
});
