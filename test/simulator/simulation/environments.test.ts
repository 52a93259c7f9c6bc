import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

const [own, other] = ['111122223333', '444455556666'];
const [europe, america] = ['eu-west-1', 'us-east-1'];

let app: App;
const stackIn = (id: string, region: string, account = own, props: object = {}): Stack => new Stack(app, id, { env: { account, region }, ...props });

beforeEach(() => { app = new App(); });

async function withSimulation<T>(act: (simulation: Simulation) => T | Promise<T>): Promise<T> {
  const simulation = await Simulation.start(app);
  try {
    return await act(simulation);
  } finally {
    await simulation.stop();
  }
}

documented('stacks of one name in several environments', 'https://docs.aws.amazon.com/cdk/v2/guide/environments.html', () => {
  beforeEach(() => {
    for (const region of [europe, america]) {
      const stack = stackIn(region, region, own, { stackName: 'Service' });
      new sqs.Queue(stack, 'Orders');
      new CfnOutput(stack, 'Region', { value: stack.region });
    }
  });

  test('are named with account and region before them', () => withSimulation((simulation) => {
    expect(simulation.queue(`${own}/${america}/Service/Orders`).arn).toContain(`:${america}:`);
    expect(simulation.outputs(`${own}/${europe}/Service`)).toEqual({ Region: europe });
  }));

  test('fail to be found without, and say how', () => withSimulation((simulation) => {
    expect(() => simulation.queue('Orders')).toThrow(`'Orders' names 2 resources: begin with account, region and stack, as in '${own}/${europe}/Service/Orders'`);
    expect(() => simulation.outputs('Service')).toThrow(`'Service' names 2 stacks: begin with account and region, as in '${own}/${europe}/Service'`);
  }));

  test('are updated and deleted each in its own', () => withSimulation(async (simulation) => {
    expect(await simulation.update(app)).toEqual({ [`${own}/${europe}/Service`]: [], [`${own}/${america}/Service`]: [] });
    await expect(simulation.destroy('Service')).rejects.toThrow(`'Service' names 2 stacks, in ${own}/${europe} and ${own}/${america}: give the ARN of one`);
    await simulation.destroy();
    expect(simulation.queues).toEqual([]);
  }));
});

documented('the roles of an account', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/disaster-recovery-resiliency.html', () => {
  test.each([
    [europe, america, own, 'already exists'],
    [europe, america, other, undefined],
  ])('are the same in %s and %s: a second of one name in the account %s', async (one, another, account, problem) => {
    stackIn('One', one);
    new iam.CfnRole(app.node.findChild('One'), 'Role', { roleName: 'worker', assumeRolePolicyDocument: { Statement: [] } });
    new iam.CfnRole(stackIn('Two', another, account), 'Role', { roleName: 'worker', assumeRolePolicyDocument: { Statement: [] } });
    const started = withSimulation(({ denials }) => denials);
    await (problem === undefined ? expect(started).resolves.toEqual([]) : expect(started).rejects.toThrow(problem));
  });
});

documented('the name of a bucket', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html', () => {
  test('can be had by one account alone', async () => {
    new s3.CfnBucket(stackIn('One', europe), 'Bucket', { bucketName: 'objects' });
    new s3.CfnBucket(stackIn('Two', america, other), 'Bucket', { bucketName: 'objects' });
    await expect(withSimulation(() => {})).rejects.toThrow('objects');
  });
});

documented('crossRegionReferences', 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib-readme.html', () => {
  const producing = (id = 'Producer'): Stack => stackIn(id, europe, own, { crossRegionReferences: true });
  const consuming = (queue: sqs.IQueue, id = 'Consumer'): void => {
    new CfnOutput(stackIn(id, america, own, { crossRegionReferences: true }), 'Arn', { value: queue.queueArn });
  };

  test('give a stack the values of another region', async () => {
    consuming(new sqs.Queue(producing(), 'Orders'));
    await withSimulation((simulation) => {
      expect(simulation.outputs('Consumer')).toEqual({ Arn: simulation.queue('Producer/Orders').arn });
    });
  });

  test('are parameters in the region of the stack that has them, until the other is deleted', async () => {
    consuming(new sqs.Queue(producing(), 'Orders'));
    const [, Name] = /resolve:ssm:([^}]+)/.exec(JSON.stringify(app.synth().getStackByName('Consumer').template))!;
    await withSimulation(async (simulation) => {
      const look = async (region: string): Promise<number> => (await fetch(simulation.endpoint, {
        method: 'POST', body: JSON.stringify({ Name }),
        headers: {
          'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AmazonSSM.GetParameter',
          'Authorization': `AWS4-HMAC-SHA256 Credential=key/20260105/${region}/ssm/aws4_request, SignedHeaders=host, Signature=0`,
        },
      })).status;
      expect([await look(america), await look(europe)]).toEqual([200, 400]);
      await simulation.destroy('Producer');
      expect(await look(america)).toBe(400);
    });
  });
});

test('a run over several environments is the same every time', async () => {
  for (const region of [europe, america]) new sqs.Queue(stackIn(region, region), 'Orders');
  const run = () => withSimulation(async (simulation) => {
    for (const queue of simulation.queues) for (let index = 0; index < 3; index++) await queue.send(String(index));
    return simulation.queues.map(({ arn, messages }) => ({ arn, messages: messages.map(({ messageId, body }) => [messageId, body]) }));
  });
  const first = await run();
  expect(await run()).toEqual(first);
  expect(new Set(first.flatMap(({ messages }) => messages.map(([id]) => id))).size).toBe(6);
});
