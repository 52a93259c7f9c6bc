import { App, CfnOutput, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Alias, Code, DockerImageCode, DockerImageFunction, Function, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, KinesisEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Simulation } from '../../../simulator';

/** A shop as people build it: a web interface, a network, streams, workflows, and messaging among all that. */
function shop(queueProps: object = {}): Stack {
  const stack = new Stack(new App(), 'Shop');
  const network = new Vpc(stack, 'Network', { maxAzs: 2, natGateways: 0 });
  const secret = new Secret(stack, 'Key', { secretStringValue: SecretValue.unsafePlainText('x') });
  const workflow = new StateMachine(stack, 'Workflow', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Start')) });
  const queue = new Queue(stack, 'Jobs', { deadLetterQueue: { queue: new Queue(stack, 'DeadLetters'), maxReceiveCount: 1 }, ...queueProps });
  const worker = new Function(stack, 'Worker', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', timeout: Duration.seconds(5), vpc: network, allowPublicSubnet: true,
    vpcSubnets: { subnets: network.publicSubnets },
    code: Code.fromInline(`exports.handler = async () => {
      const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body: '{}', headers: {
        'X-Amz-Target': 'secretsmanager.GetSecretValue', 'Content-Type': 'application/x-amz-json-1.1' } });
      console.log(response.status, await response.text());
    };`),
    environment: { SECRET: secret.secretArn, WORKFLOW: workflow.stateMachineArn, VPC: network.vpcId },
  });
  secret.grantRead(worker);
  workflow.grantStartExecution(worker);
  worker.addEventSource(new SqsEventSource(queue));
  const table = new Table(stack, 'Stock', { partitionKey: { name: 'id', type: AttributeType.STRING }, stream: StreamViewType.NEW_IMAGE });
  worker.addEventSource(new DynamoEventSource(table, { startingPosition: StartingPosition.LATEST }));
  const clicks = new Stream(stack, 'Clicks');
  new Alias(stack, 'Live', { aliasName: 'live', version: worker.currentVersion }).addEventSource(new KinesisEventSource(clicks, { startingPosition: StartingPosition.LATEST }));
  new DockerImageFunction(stack, 'Painter', { code: DockerImageCode.fromEcr(Repository.fromRepositoryName(stack, 'Images', 'images')) });
  const api = new LambdaRestApi(stack, 'Api', { handler: worker });
  new Bucket(stack, 'Uploads', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true, transferAcceleration: true });
  new CfnOutput(stack, 'ApiUrl', { value: api.url });
  new CfnOutput(stack, 'ClicksArn', { value: clicks.streamArn });
  new CfnOutput(stack, 'WorkflowArn', { value: workflow.stateMachineArn });
  return stack;
}

const wholeShop = shop();
let simulation: Simulation;
beforeAll(async () => { simulation = await Simulation.start(wholeShop, { unmodelled: 'leaveOut' }); });
afterAll(() => simulation.stop());

test('without the option, what is not modelled is refused', async () => {
  await expect(Simulation.start(wholeShop)).rejects.toThrow(/stack 'Shop' has what the simulator does not model:[^]*'AWS::EC2::VPC'/);
});

test('a resource of a type that is not modelled is left out and listed with its path', () => {
  expect(simulation.leftOut).toContainEqual({ stackName: 'Shop', path: 'Network/Resource', type: 'AWS::EC2::VPC' });
  expect(simulation.leftOut.map(({ type }) => type)).toEqual(expect.arrayContaining(['AWS::ApiGateway::RestApi', 'AWS::Lambda::Alias']));
});

test('a property that is not modelled is ignored and listed by its name', () => {
  expect(simulation.leftOut).toContainEqual({ stackName: 'Shop', path: 'Worker/Resource', type: 'AWS::Lambda::Function', property: 'VpcConfig' });
  expect(simulation.bucket('Uploads').objects).toEqual([]);
});

test('an event source mapping of a source that is not modelled is left out with the reason', () => {
  const mappings = simulation.leftOut.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
  expect(mappings.filter(({ reason }) => reason?.includes("'EventSourceArn' must name a queue, the source that is modelled"))).toHaveLength(2);
});

test('Ref gives a name, Fn::GetAtt of an ARN an ARN of the service, and text that joins them holds together', () => {
  const { ApiUrl, ClicksArn, WorkflowArn } = simulation.outputs('Shop');
  expect(ClicksArn).toMatch(/^arn:aws:kinesis:us-east-1:000000000000:stream\/Shop-Clicks/);
  expect(WorkflowArn).toMatch(/^arn:aws:states:us-east-1:000000000000:stateMachine:Shop-Workflow/);
  expect(ApiUrl).toMatch(/^https:\/\/Shop-Api\w+-\w+\.execute-api\.us-east-1\.amazonaws\.com\//);
});

test('what is modelled runs, and a call to a service that is left out gets a clear error', async () => {
  await simulation.queue('Jobs').send('job');
  await simulation.advance(Duration.minutes(1));
  expect(simulation.queue('Jobs').tally.deleted).toBe(1);
  expect(simulation.function('Worker').logs.join()).toContain('The simulator serves no API for the target secretsmanager.GetSecretValue');
});

test('a function of a container image runs with a handler that is supplied, and fails with the reason without one', async () => {
  const failing = simulation.function('Painter').invoke({});
  await simulation.advance(1000);
  expect((await failing).error!.message).toContain('has no code that the simulator can load');

  simulation.function('Painter').handler = () => Promise.resolve('painted');
  const result = simulation.function('Painter').invoke({});
  await simulation.advance(1000);
  expect((await result).payload).toBe('painted');
});

test('what AWS would refuse is refused all the same', async () => {
  const stack = shop();
  (stack.node.findChild('Jobs').node.defaultChild as CfnQueue).visibilityTimeout = 172_800;
  await expect(Simulation.start(stack, { unmodelled: 'leaveOut' }))
    .rejects.toThrow(/Shop\/Jobs\/Resource \(AWS::SQS::Queue\) cannot be created: .*VisibilityTimeout/);
});

test('an update and its end leave out the same', async () => {
  const own = await Simulation.start(wholeShop, { unmodelled: 'leaveOut' });
  const { Shop: none } = await own.update(wholeShop);
  expect(none).toEqual([]);
  const { Shop: changes } = await own.update(shop({ visibilityTimeout: Duration.minutes(2) }));
  expect(changes.map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^Jobs/)]);
  await own.destroy();
  expect(own.leftOut).toEqual([]);
  await own.stop();
});

test('only the stacks that are named, and those that they depend on, are created', async () => {
  const app = new App();
  const [network, orders, other] = ['Network', 'Orders', 'Other'].map((name) => new Stack(app, name));
  const shared = new Queue(network, 'Shared');
  new Queue(other, 'Alone');
  new Queue(orders, 'Work', { deadLetterQueue: { queue: shared, maxReceiveCount: 3 } });

  const own = await Simulation.start(app, { stacks: ['Orders'] });
  expect(own.queues.map(({ path }) => path)).toEqual(['Shared', 'Work']);
  await own.stop();
  await expect(Simulation.start(app, { stacks: ['Order'] })).rejects.toThrow("no stack is called 'Order'; there are: Network, Orders, Other");
});
