import { type App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { DurableQueue, type DurableQueueProps, FanOutTopic, QueueAlarms, QueueConsumer, QueueSubscription } from '../../lib';
import { Simulation, type SimulationOptions } from '../../simulator';
import { environment, functionIn, keyIn, newApp } from '../lib/set-up';

const otherAccount = '444455556666';
let app: App;
let topics: Stack;
let topic: FanOutTopic;
let simulation: Simulation;

const stackIn = (id: string, env: object = {}): Stack => new Stack(app, id, { env: { ...environment, ...env } });

beforeEach(() => {
  app = newApp();
  topics = stackIn('Topics');
  topic = new FanOutTopic(topics, 'Orders', { topicName: 'orders' });
});

afterEach(() => simulation.stop());

function queueIn(stack: Stack, props: DurableQueueProps = {}): DurableQueue {
  return new DurableQueue(stack, 'Billing', { queueName: 'billing', ...props });
}

/** Publishes one order, and gives time to deliver it. */
async function publish(options: SimulationOptions = {}): Promise<void> {
  simulation = await Simulation.start(app, options);
  await simulation.topic('Orders').publish({ orderId: '1' });
  await simulation.advance(Duration.minutes(1));
}

const billing = (): string[] => simulation.queue('Billing').messages.map(({ body }) => body);
const order = '{"orderId":"1"}';

/** Takes the statements that allow something to SNS out of a policy, as if nobody had written them. */
function withoutSns(stack: Stack, type: string, document: string): void {
  for (const resource of stack.node.findAll()) {
    const { cfnResourceType, [document]: policy } = resource as unknown as { cfnResourceType?: string; [document: string]: unknown };
    if (cfnResourceType !== type) continue;
    const { Statement } = (stack.resolve(policy) as { Statement: { Effect: string; Principal?: { Service?: string } }[] });
    (resource as unknown as { addPropertyOverride(path: string, value: unknown): void }).addPropertyOverride(
      `${document.charAt(0).toUpperCase()}${document.slice(1)}.Statement`,
      Statement.filter(({ Effect, Principal }) => Effect !== 'Allow' || !Principal?.Service?.startsWith('sns.')),
    );
  }
}

describe('A queue in another region', () => {
  const subscribe = (region: string, props: DurableQueueProps = {}): Stack => {
    const queues = stackIn('Queues', { region });
    topic.addQueue('Billing', queueIn(queues, props), { deadLetterEncryptionKey: props.encryptionKey && keyIn(topics) });
    return queues;
  };

  test('gets what is published, and keeps its own account and region', async () => {
    subscribe('us-east-1');
    await publish();
    expect(billing()).toEqual([order]);
    expect(simulation.queue('Billing').arn).toBe('arn:aws:sqs:us-east-1:111122223333:billing');
    expect(simulation.denials).toEqual([]);
  });

  test('gets it from the regional principal where its region is opted in to', async () => {
    subscribe('ap-east-1');
    await publish();
    expect(billing()).toEqual([order]);
  });

  test('leaves it in the subscription\'s dead-letter queue, in the topic\'s region, where its policy does not let SNS send', async () => {
    withoutSns(subscribe('ap-east-1'), 'AWS::SQS::QueuePolicy', 'policyDocument');
    await publish();
    expect(billing()).toEqual([]);
    expect(simulation.queue('Orders/Billing/DeadLetterQueue').arn).toContain(':eu-west-1:');
    expect(simulation.queue('Orders/Billing/DeadLetterQueue').messages.map(({ body }) => body)).toEqual([order]);
    expect(simulation.denials).toEqual([expect.objectContaining({
      principal: 'sns.ap-east-1.amazonaws.com', action: 'sqs:SendMessage', resource: 'arn:aws:sqs:ap-east-1:111122223333:billing',
    })]);
  });

  test('is followed by one ledger and one trace over both regions', async () => {
    subscribe('us-east-1');
    await publish();
    const [{ messageId, deliveries }] = simulation.ledger.published();
    expect(deliveries).toEqual([expect.objectContaining({ outcome: 'delivered', to: 'arn:aws:sqs:us-east-1:111122223333:billing' })]);
    expect(simulation.trace(messageId).toString()).toContain('Billing');
  });

  test('is polled there by its consumer, whose alarm looks at the metrics of its region', async () => {
    const queues = stackIn('Queues', { region: 'us-east-1' });
    const queue = queueIn(queues);
    new QueueAlarms(queues, 'Alarms', { queue });
    const handler = functionIn(queues, 'Function', { timeout: Duration.seconds(10) });
    new QueueConsumer(queues, 'Consumer', { queue, handler });
    topic.addQueue('Billing', queue);
    await publish({ handlers: { Function: () => { throw new Error('poison'); } } });
    await simulation.advance(Duration.hours(1));
    expect(simulation.queue('Billing/DeadLetterQueue').messages).toHaveLength(1);
    expect(simulation.alarm('Alarms/DeadLetters').state).toBe('ALARM');
  });
});

describe('A queue in another account', () => {
  const subscribe = (props: (stack: Stack) => DurableQueueProps = () => ({})): Stack => {
    const queues = stackIn('Queues', { account: otherAccount });
    topic.addQueue('Billing', queueIn(queues, props(queues)));
    return queues;
  };
  const encrypted = (stack: Stack): DurableQueueProps => ({ encryptionKey: keyIn(stack) });

  test('is confirmed by its own account\'s subscription, and gets what is published', async () => {
    subscribe();
    await publish();
    expect(billing()).toEqual([order]);
    expect(simulation.queue('Billing').arn).toBe('arn:aws:sqs:eu-west-1:444455556666:billing');
    expect(simulation.denials).toEqual([]);
  });

  test('gets it with a customer key of its account', async () => {
    subscribe(encrypted);
    await publish();
    expect(billing()).toEqual([order]);
  });

  test('does not get it where its policy does not let SNS send', async () => {
    withoutSns(subscribe(), 'AWS::SQS::QueuePolicy', 'policyDocument');
    await publish();
    expect(billing()).toEqual([]);
    expect(simulation.denials).toContainEqual(expect.objectContaining({ principal: 'sns.amazonaws.com', resource: simulation.queue('Billing').arn }));
  });

  test('does not get it where the key of its account does not let SNS encrypt', async () => {
    withoutSns(subscribe(encrypted), 'AWS::KMS::Key', 'keyPolicy');
    await publish();
    expect(billing()).toEqual([]);
    expect(simulation.denials).toContainEqual(expect.objectContaining({
      principal: 'sns.amazonaws.com', action: 'kms:GenerateDataKey', resource: expect.stringContaining(':kms:eu-west-1:444455556666:key/') as string,
    }));
  });

  test('cannot be subscribed where the topic\'s policy does not let its account', async () => {
    subscribe();
    (topics.node.findAll().find((one) => one instanceof sns.CfnTopicPolicy)!).addPropertyOverride('PolicyDocument.Statement', []);
    simulation = await Simulation.start();
    await expect(Simulation.start(app)).rejects.toThrow('444455556666 is not authorized to perform sns:Subscribe on arn:aws:sns:eu-west-1:111122223333:orders');
  });

  test('in another region, too, is subscribed from a stack between, which has the dead-letter queue', async () => {
    const queue = queueIn(stackIn('Queues', { account: otherAccount, region: 'us-east-1' }));
    new QueueSubscription(stackIn('Between', { account: otherAccount }), 'Subscription', { topic: topic.topic, queue });
    await publish();
    expect(billing()).toEqual([order]);
    expect(simulation.queue('Subscription/DeadLetterQueue').arn).toMatch(/^arn:aws:sqs:eu-west-1:444455556666:/);
  });
});

describe('A function of another account', () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:444455556666:function:worker';
  const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:billing';
  const polling = { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], resources: [queueArn] };
  let events: unknown[];
  let handler: lambda.Function;

  beforeEach(() => {
    events = [];
    const functions = stackIn('Functions', { account: otherAccount });
    functions.addStackDependency(topics);
    handler = functionIn(functions, 'Function', { functionName: 'worker', timeout: Duration.seconds(5) });
  });

  const run = (): Promise<void> => publish({ handlers: { Function: (event) => { events.push(event); } } });

  /** Lets the function poll a queue that is subscribed in the account of the topic. */
  function poll(byOwner: boolean, byRole: boolean): void {
    const queue = queueIn(topics);
    topic.addQueue('Billing', queue, { rawMessageDelivery: true });
    const principals = [new iam.AccountPrincipal(otherAccount)];
    if (byOwner) queue.queue.addToResourcePolicy(new iam.PolicyStatement({ ...polling, principals }));
    if (byRole) handler.addToRolePolicy(new iam.PolicyStatement(polling));
    const mapping = new lambda.EventSourceMapping(handler.stack, 'Mapping', { target: handler, eventSourceArn: queueArn });
    mapping.node.addDependency(handler.role!);
  }

  function subscribe(): void {
    topic.topic.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.AccountPrincipal(otherAccount)], actions: ['sns:Subscribe'], resources: [topic.topicArn],
      conditions: { StringEquals: { 'sns:Protocol': 'lambda', 'sns:Endpoint': functionArn } },
    }));
    sns.Topic.fromTopicArn(handler.stack, 'Orders', 'arn:aws:sns:eu-west-1:111122223333:orders').addSubscription(new LambdaSubscription(handler));
  }

  test('is invoked for a topic where its own policy lets SNS', async () => {
    subscribe();
    await run();
    expect(events).toEqual([{ Records: [expect.objectContaining({ EventSource: 'aws:sns' })] }]);
    expect(simulation.function('Function').arn).toBe(functionArn);
  });

  test('is not invoked where its policy does not', async () => {
    subscribe();
    for (const one of handler.stack.node.findAll()) if (one instanceof lambda.CfnPermission) one.node.scope!.node.tryRemoveChild(one.node.id);
    await run();
    expect(events).toEqual([]);
    expect(simulation.denials).toEqual([expect.objectContaining({ action: 'lambda:InvokeFunction', resource: functionArn })]);
  });

  test('polls a queue where the policies of its role and of the queue both let it', async () => {
    poll(true, true);
    await run();
    expect(events).toEqual([{ Records: [expect.objectContaining({ body: order, eventSourceARN: queueArn })] }]);
    expect(billing()).toEqual([]);
  });

  test.each([
    ['the queue', false, true, 'no policy of the resource, which is another account\'s, allows it'],
    ['its role', true, false, 'no policy of the role allows it, and the resource is another account\'s'],
  ])('fails to poll it where the policy of %s does not', async (_whose, byOwner, byRole, reason) => {
    simulation = await Simulation.start();
    poll(byOwner, byRole);
    await expect(Simulation.start(app)).rejects.toThrow(`is not authorized to perform sqs:ReceiveMessage on ${queueArn}: ${reason}`);
  });
});

describe('What has to be of one region', () => {
  beforeEach(async () => { simulation = await Simulation.start(); });

  test('is the topic of an alarm: its alarm is refused', async () => {
    const alarms = stackIn('Alarms', { region: 'us-east-1' });
    new QueueAlarms(alarms, 'Alarms', { queue: queueIn(alarms) });
    for (const one of alarms.node.findAll()) {
      if (one instanceof cloudwatch.CfnAlarm) one.alarmActions = ['arn:aws:sns:eu-west-1:111122223333:orders'];
    }
    await expect(Simulation.start(app)).rejects.toThrow('Invalid region eu-west-1 specified. Only us-east-1 is supported.');
  });

  test('is the queue that a bucket notifies: its notification is refused', async () => {
    const buckets = stackIn('Buckets', { region: 'us-east-1' });
    queueIn(topics).queue.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')], actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-west-1:111122223333:billing'],
    }));
    new s3.CfnBucket(buckets, 'Bucket', {
      notificationConfiguration: { queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: 'arn:aws:sqs:eu-west-1:111122223333:billing' }] },
    });
    buckets.addStackDependency(topics);
    await expect(Simulation.start(app)).rejects.toThrow('Unable to validate the following destination configurations');
  });

  test('is the dead-letter queue of a subscription: the subscription is refused', async () => {
    queueIn(stackIn('Queues', { region: 'us-east-1' }));
    new sns.CfnSubscription(topics, 'Subscription', {
      topicArn: topic.topicArn, protocol: 'sqs', endpoint: 'arn:aws:sqs:us-east-1:111122223333:billing',
      redrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:111122223333:billing' },
    });
    await expect(Simulation.start(app)).rejects.toThrow('RedrivePolicy: the dead-letter queue must be in the account 111122223333 and the region eu-west-1');
  });
});
