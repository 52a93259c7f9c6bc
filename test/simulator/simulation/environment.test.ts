import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

/** The ARNs of the queues of stacks, each with the environment that the app gives it. */
async function arnsOf(...environments: ({ account?: string; region?: string } | undefined)[]): Promise<string[]> {
  const app = new App();
  environments.forEach((env, index) => {
    const stack = new Stack(app, `Stack${index}`, { env });
    new CfnOutput(stack, 'Place', { value: `${stack.account} ${stack.region}` });
    new Queue(stack, 'Orders');
  });
  const simulation = await Simulation.start(app);
  const arns = environments.map((_env, index) => simulation.queue(`Stack${index}/Orders`).arn);
  await simulation.stop();
  return arns.map((arn) => arn.split(':').slice(3, 5).join(' '));
}

documented('the environment of stacks', 'https://docs.aws.amazon.com/cdk/v2/guide/environments.html', () => {
  test('is the simulator\'s own where the app leaves it open', async () => {
    expect(await arnsOf(undefined)).toEqual(['us-east-1 000000000000']);
  });

  test('is what the app names, so that policies that name the account hold', async () => {
    expect(await arnsOf({ account: '111122223333', region: 'eu-west-1' })).toEqual(['eu-west-1 111122223333']);
  });

  test('is what one stack names where the others leave it open', async () => {
    expect(await arnsOf(undefined, { account: '111122223333' }, { region: 'eu-west-1' })).toEqual(Array(3).fill('eu-west-1 111122223333'));
  });

  test('is that of each stack, side by side', async () => {
    const shared = { account: '111122223333' };
    expect(await arnsOf({ ...shared, region: 'eu-west-1' }, { ...shared, region: 'eu-central-1' }, { account: '999900001111', region: 'eu-west-1' }))
      .toEqual(['eu-west-1 111122223333', 'eu-central-1 111122223333', 'eu-west-1 999900001111']);
  });

  test('is the account and the region of the first that names them, for a stack that names none', async () => {
    expect(await arnsOf(undefined, { account: '111122223333' }, { account: '999900001111', region: 'eu-west-1' }, { region: 'eu-central-1' })).toEqual([
      'eu-west-1 111122223333', 'eu-west-1 111122223333', 'eu-west-1 999900001111', 'eu-central-1 111122223333',
    ]);
  });
});
