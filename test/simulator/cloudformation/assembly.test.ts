import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { readAssembly } from '../../../simulator/cloudformation/assembly';

test('reads every stack, dependencies first, with construct paths relative to the stack', () => {
  const app = new App();
  const consumer = new Stack(app, 'Consumer');
  const producer = new Stack(app, 'Producer');
  const queue = new Queue(producer, 'Orders');
  new CfnOutput(consumer, 'Arn', { value: queue.queueArn });
  consumer.addStackDependency(producer);

  const stacks = readAssembly(app.synth().directory);

  expect(stacks.map(({ name }) => name)).toEqual(['Producer', 'Consumer']);
  const logicalId = producer.getLogicalId(queue.node.defaultChild as never);
  expect(stacks[0].paths.get(logicalId)).toBe('Orders/Resource');
});

test('reads stacks inside stages, under the name they are deployed with', () => {
  const app = new App();
  const stack = new Stack(new Stage(app, 'Production'), 'Shop');
  new Queue(stack, 'Orders');

  const stacks = readAssembly(app.synth().directory);

  expect(stacks.map(({ name }) => name)).toEqual(['Production-Shop']);
  expect([...stacks[0].paths.values()]).toContain('Orders/Resource');
});

test('reads the paths of a stack whose name is not its path', () => {
  const app = new App();
  new Queue(new Stack(app, 'Shop', { stackName: 'the-shop' }), 'Orders');

  const [{ name, paths }] = readAssembly(app.synth().directory);

  expect(name).toBe('the-shop');
  expect([...paths.values()]).toContain('Orders/Resource');
});

test('finds the folder of an asset by its object key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asset-'));
  writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => {};');
  const app = new App();
  new LambdaFunction(new Stack(app, 'Shop'), 'Function', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(folder),
  });

  const [{ assets, template }] = readAssembly(app.synth().directory);

  const { Code: { S3Key } } = Object.values(template.Resources!).find(({ Type }) => Type === 'AWS::Lambda::Function')!
    .Properties as { Code: { S3Key: string } };
  expect(assets.get(S3Key)).toMatch(/asset\.[0-9a-f]{64}$/);
});

test('fails for a folder that is no cloud assembly', () => {
  expect(() => readAssembly(tmpdir())).toThrow('is not a cloud assembly: it has no manifest.json');
});
