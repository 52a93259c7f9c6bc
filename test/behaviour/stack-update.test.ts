import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { referenceStack } from '../reference/set-up';
import { Simulation } from '../../simulator';

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
const stack = referenceStack();
let simulation: Simulation;

beforeAll(async () => {
  simulation = await Simulation.start(stack);
});

afterAll(() => simulation.stop());

test('an update of the reference stack without a change keeps every state', async () => {
  await simulation.queue('Billing/DeadLetterQueue').send('kept');
  await simulation.advance(Duration.minutes(5));
  expect(simulation.alarm('BillingAlarms/DeadLetters').state).toBe('ALARM');
  const arns = () => [...simulation.queues, ...simulation.topics, ...simulation.functions].map(({ arn }) => arn);
  const before = arns();
  const happened: unknown[] = [];
  for (const service of ['sqs', 'sns', 's3', 'lambda', 'cloudwatch'] as const) simulation.events.on(service, (event) => happened.push(event));

  expect(await simulation.update(stack)).toEqual({ OrderMessaging: [] });

  expect(happened).toEqual([]);
  expect(arns()).toEqual(before);
  expect(simulation.queue('Billing/DeadLetterQueue').messages.map(({ body }) => body)).toEqual(['kept']);
  expect(simulation.alarm('BillingAlarms/DeadLetters').state).toBe('ALARM');
});

test('a change of one construct changes its resources alone, in place', async () => {
  const before = simulation.queues.map(({ arn }) => arn);
  const { OrderMessaging: changes } = await simulation.update(referenceStack({ costTags: {
    application: 'order-messaging', environment: 'test', owner: 'billing', costCenter: '4711',
  } }));
  expect(changes.length).toBeGreaterThan(10);
  expect(changes.filter(({ action, replacement }) => action !== 'Modify' || replacement !== 'False')).toEqual([]);
  expect(new Set(changes.flatMap(({ properties }) => properties))).toEqual(new Set(['Tags']));
  expect(simulation.queues.map(({ arn }) => arn)).toEqual(before);
  expect(simulation.queue('Billing/DeadLetterQueue').messages.map(({ body }) => body)).toEqual(['kept']);
});

test('its destruction leaves only what is retained', async () => {
  const retained = simulation.queues.filter(({ path }) => path.endsWith('DeadLetterQueue')).map(({ url }) => url).sort();
  const archive = simulation.bucket('Archive').name;
  await simulation.destroy();
  expect([simulation.queues, simulation.topics, simulation.functions, simulation.buckets, simulation.alarms]).toEqual([[], [], [], [], []]);
  const client = { endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
  const { QueueUrls = [] } = await new SQSClient(client).send(new ListQueuesCommand());
  const { Buckets = [] } = await new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand());
  expect(retained.length).toBeGreaterThan(3);
  expect(QueueUrls.sort()).toEqual(retained);
  expect(Buckets.map(({ Name }) => Name)).toContain(archive);
  await expect(simulation.destroy('OrderMessaging')).rejects.toThrow('Stack with id OrderMessaging does not exist');
});
