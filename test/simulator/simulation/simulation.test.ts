import { CloudWatchClient, GetDashboardCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Dashboard, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Subscription, SubscriptionFilter, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ArchiveTable, FanOutTopic, MessageArchive } from '../../../lib';
import { Simulation } from '../../../simulator';

const running: Simulation[] = [];

async function simulate(...args: Parameters<typeof Simulation.start>): Promise<Simulation> {
  const simulation = await Simulation.start(...args);
  running.push(simulation);
  return simulation;
}

afterEach(() => Promise.all(running.splice(0).map((simulation) => simulation.stop())));

const client = (simulation: Simulation) => ({
  endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

const inline = (scope: Construct, id: string, code: string): LambdaFunction => (
  new LambdaFunction(scope, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) })
);

describe('a stack of plain L2 constructs', () => {
  test('runs: queues, subscriptions with filters, and functions with inline code', async () => {
    const stack = new Stack(new App(), 'Plain');
    const deadLetters = new Queue(stack, 'DeadLetters');
    const queue = new Queue(stack, 'Work', { visibilityTimeout: Duration.minutes(1), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 } });
    const topic = new Topic(stack, 'News');
    topic.addSubscription(new SqsSubscription(queue, {
      rawMessageDelivery: true, filterPolicy: { kind: SubscriptionFilter.stringFilter({ allowlist: ['work'] }) },
    }));
    inline(stack, 'Worker', 'exports.handler = async (event) => { throw new Error(event.Records[0].body); };')
      .addEventSource(new SqsEventSource(queue));

    const simulation = await simulate(stack);
    await simulation.topic('News').publish('no work', { attributes: { kind: 'play' } });
    await simulation.topic('News').publish('work', { attributes: { kind: 'work' } });
    await simulation.advance(Duration.minutes(10));

    expect(simulation.queue('DeadLetters').messages.map(({ body }) => body)).toEqual(['work']);
    expect(simulation.function('Worker').tally).toMatchObject({ invocations: 2, failures: 2 });
  });

  test('a function subscribed to a topic is invoked, and again after an error', async () => {
    const stack = new Stack(new App(), 'Plain');
    const topic = new Topic(stack, 'News');
    topic.addSubscription(new LambdaSubscription(inline(stack, 'Reader', 'exports.handler = async () => { throw new Error("no"); };')));

    const simulation = await simulate(stack);
    await simulation.topic('News').publish('news');
    await simulation.advance(Duration.minutes(10));

    expect(simulation.function('Reader').tally).toMatchObject({ invocations: 3, failures: 3 });
  });

  test('shows what a mail address received, and fails for one that is not subscribed', async () => {
    const stack = new Stack(new App(), 'Plain');
    new Topic(stack, 'News').addSubscription(new EmailSubscription('reader@example.com'));

    const simulation = await simulate(stack);
    await simulation.topic('News').publish('news', { subject: 'Today' });
    await simulation.advance(1);

    expect(simulation.topic('News').deliveries('reader@example.com')).toMatchObject([{ subject: 'Today', body: 'news' }]);
    expect(() => simulation.topic('News').deliveries('other@example.com')).toThrow('\'other@example.com\' is not subscribed to \'News\'');
  });
});

describe('what can be simulated', () => {
  test('an app with several stacks: each resource by its path, with the stack where it is ambiguous', async () => {
    const app = new App();
    for (const name of ['One', 'Two']) new Queue(new Stack(app, name), 'Work');
    new Queue(app.node.findChild('Two'), 'Only');

    const simulation = await simulate(app);

    expect(simulation.queue('Two/Work').name).toMatch(/^Two-/);
    expect(simulation.queue('Only').name).toMatch(/^Two-/);
    expect(() => simulation.queue('Work')).toThrow('\'Work\' names 2 resources: begin with the stack, as in \'One/Work\'');
  });

  test('a stack with an archive that Athena can query', async () => {
    const stack = new Stack(new App(), 'Shop');
    const archive = new MessageArchive(stack, 'Archive', { handlerCode: Code.fromInline('exports.handler = async () => {};') });
    new ArchiveTable(stack, 'Table', { archive });
    archive.addTopic('News', new FanOutTopic(stack, 'News'));
    expect((await simulate(stack)).bucket('Archive').objects).toEqual([]);
  });

  test('one stack of an app with the stacks that it depends on, and no others', async () => {
    const app = new App();
    const producer = new Stack(app, 'Producer');
    const consumer = new Stack(app, 'Consumer');
    const topic = new Topic(producer, 'News');
    const queue = new Queue(consumer, 'Work');
    queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com'));
    new Subscription(consumer, 'Reading', { topic, protocol: SubscriptionProtocol.SQS, endpoint: queue.queueArn, rawMessageDelivery: true });
    new Queue(new Stack(app, 'Unrelated'), 'Other');

    const simulation = await simulate(consumer);
    await simulation.topic('News').publish('news');
    await simulation.advance(1);

    expect(simulation.queue('Work').messages.map(({ body }) => body)).toEqual(['news']);
    expect(simulation.queues.map(({ path }) => path)).toEqual(['Work']);
  });

  test('a stage', async () => {
    const stage = new Stage(new App(), 'Production');
    new Queue(new Stack(stage, 'Shop'), 'Work');
    expect((await simulate(stage)).queue('Work').name).toMatch(/^Production-Shop-/);
  });

  test('the folder of a cloud assembly', async () => {
    const app = new App();
    new Queue(new Stack(app, 'Shop'), 'Work');
    expect((await simulate(app.synth().directory)).queue('Work').depth).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('nothing that is in no App', async () => {
    class Root extends Construct {
      constructor() {
        super(undefined as never, '');
      }
    }
    await expect(Simulation.start(new Root())).rejects.toThrow('only what can be synthesized can be simulated');
  });

  test('nothing with a resource type that is not modelled', async () => {
    const stack = new Stack(new App(), 'Network');
    new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
    await expect(Simulation.start(stack)).rejects.toThrow(/stack 'Network' has what the simulator does not model:\n {2}- Vpc\/Resource: resource type 'AWS::EC2::VPC'/);
  });
});

describe('a running simulation', () => {
  const shop = (): Stack => {
    const stack = new Stack(new App(), 'Shop');
    const queue = new Queue(stack, 'Work', { visibilityTimeout: Duration.seconds(30) });
    new CfnOutput(stack, 'WorkUrl', { value: queue.queueUrl });
    return stack;
  };

  test('fails for a resource that does not exist, and names those that do', async () => {
    const simulation = await simulate(shop());
    expect(() => simulation.queue('Wrok')).toThrow('no AWS::SQS::Queue at \'Wrok\'; there are: Work');
    expect(() => simulation.topic('Work')).toThrow('no AWS::SNS::Topic at \'Work\'; there are: none');
  });

  test('has the outputs of its stacks', async () => {
    const simulation = await simulate(shop());
    expect(simulation.outputs('Shop')).toEqual({ WorkUrl: simulation.queue('Work').url });
    expect(() => simulation.outputs('Other')).toThrow('no stack \'Other\' in this simulation, only \'Shop\'');
  });

  test('starts at the moment and with the seed that it is given', async () => {
    const [one, same, other] = [
      await simulate(shop(), { seed: 7, startTime: new Date('2030-01-01T00:00:00Z') }),
      await simulate(shop(), { seed: 7 }),
      await simulate(shop(), { seed: 8 }),
    ];
    expect(one.now.toISOString()).toBe('2030-01-01T00:00:00.000Z');
    expect(same.now.toISOString()).toBe('2026-01-05T09:00:00.000Z');
    expect(same.queue('Work').name).toBe(one.queue('Work').name);
    expect(other.queue('Work').name).not.toBe(one.queue('Work').name);
  });

  test('rejects what AWS would refuse', async () => {
    const simulation = await simulate(shop());
    await expect(simulation.queue('Work').send('')).rejects.toThrow();
    await expect(simulation.queue('Work').send('late', { delaySeconds: 901 })).rejects.toThrow(/DelaySeconds/);
  });

  test('answers SDK clients with the state that the test sees, at the test\'s own time', async () => {
    const simulation = await simulate(shop());
    await simulation.queue('Work').send({ order: 1 }, { attributes: { size: 3, colours: 'red' } });
    const sqs = new SQSClient(client(simulation));
    const receive = async () => (await sqs.send(new ReceiveMessageCommand({
      QueueUrl: simulation.queue('Work').url, MessageAttributeNames: ['All'], WaitTimeSeconds: 0,
    }))).Messages?.map(({ Body, MessageAttributes }) => ({ Body, size: MessageAttributes?.size?.StringValue }));

    expect(await receive()).toEqual([{ Body: '{"order":1}', size: '3' }]);
    expect(await receive()).toBeUndefined();
    await simulation.advance(Duration.seconds(31));
    expect(await receive()).toHaveLength(1);
  });

  test('publishes the metrics of its services', async () => {
    const simulation = await simulate(shop());
    const { name } = simulation.queue('Work');
    await simulation.queue('Work').send('one');
    const from = simulation.now;
    await simulation.advance(Duration.minutes(3));
    const { Datapoints } = await new CloudWatchClient(client(simulation)).send(new GetMetricStatisticsCommand({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: [{ Name: 'QueueName', Value: name }],
      StartTime: from, EndTime: simulation.now, Period: 60, Statistics: ['Maximum'],
    }));
    expect(Datapoints?.map(({ Maximum }) => Maximum)).toEqual([1, 1, 1]);
  });

  test('keeps dashboards', async () => {
    const stack = new Stack(new App(), 'Plain');
    new Dashboard(stack, 'Overview', { dashboardName: 'overview' }).addWidgets(new TextWidget({ markdown: 'All is well' }));
    const simulation = await simulate(stack);
    const { DashboardBody } = await new CloudWatchClient(client(simulation)).send(new GetDashboardCommand({ DashboardName: 'overview' }));
    expect(DashboardBody).toContain('All is well');
  });

  test('counts why a filter policy left a message out', async () => {
    const stack = new Stack(new App(), 'Plain');
    const topic = new Topic(stack, 'News');
    topic.addSubscription(new SqsSubscription(new Queue(stack, 'Work'), { filterPolicy: { kind: SubscriptionFilter.existsFilter() } }));
    const simulation = await simulate(stack);
    const reasons: (string | undefined)[] = [];
    simulation.events.on('sns', ({ action, reason }) => { if (action === 'filteredOut') reasons.push(reason); });
    await simulation.topic('News').publish('news');
    await simulation.topic('News').publish('news', { attributes: { other: 'x' } });
    await simulation.topic('News').publish('news', { attributes: { kind: 'x' } });
    await simulation.advance(1);
    expect(reasons).toEqual(['NoMessageAttributes', 'MessageAttributes']);
  });

  test('runs a handler of the test in place of the function\'s code', async () => {
    const stack = new Stack(new App(), 'Plain');
    const queue = new Queue(stack, 'Work', { visibilityTimeout: Duration.minutes(1) });
    inline(stack, 'Worker', 'exports.handler = async () => { throw new Error("not this one"); };').addEventSource(new SqsEventSource(queue));
    const handler = jest.fn();
    const simulation = await simulate(stack, { handlers: { Worker: handler }, invocationDuration: 2_000 });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(1));

    expect(handler).toHaveBeenCalledTimes(1);
    expect(simulation.queue('Work').tally).toMatchObject({ sent: 1, received: 1, deleted: 1 });
    expect(simulation.function('Worker').tally.longestDuration).toBe(2_000);
  });

  test('fails at the start for a handler of a function that does not exist', async () => {
    await expect(Simulation.start(shop(), { handlers: { Worker: () => undefined } })).rejects.toThrow('no AWS::Lambda::Function at \'Worker\'');
  });
});
