import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { deployWithCommandLine, DeploymentError, simulatorEnvironment } from '../../cli/start/deploy';
import { Simulation } from '../../simulator';

/*
 * The CDK's own command line, unmodified, against the simulator.
 * https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-deploy.html
 * https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-diff.html
 * https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-destroy.html
 */

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const program = join(__dirname, '../../node_modules/aws-cdk/bin/cdk');
const code = join(folder, 'worker');
mkdirSync(code);
writeFileSync(join(code, 'index.js'), 'exports.handler = async ({ Records }) => { console.log("worked on", Records[0].body); };\n');

/** A queue in one stack, the function that works on it in another. */
function assembly(name: string, { visibilityTimeout = 30, deliveryDelay = 0 } = {}): string {
  const app = new App({
    outdir: join(folder, name),
    context: { 'aws:cdk:enable-path-metadata': true, '@aws-cdk/core:defaultCrossStackReferences': 'strong' },
  });
  const queue = new Queue(new Stack(app, 'Queues'), 'Jobs', {
    visibilityTimeout: Duration.seconds(visibilityTimeout), deliveryDelay: Duration.seconds(deliveryDelay),
  });
  const workers = new Stack(app, 'Workers');
  const worker = new Function(workers, 'Worker', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(code), timeout: Duration.seconds(5),
  });
  worker.addEventSource(new SqsEventSource(queue));
  new CfnOutput(workers, 'WorkerName', { value: worker.functionName });
  return app.synth().directory;
}

let simulation: Simulation;

beforeAll(async () => {
  simulation = await Simulation.start();
});

afterAll(() => simulation.stop());

function cdk(...args: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args, '--ci', '--no-color', '--no-notices'], {
      cwd: folder, env: simulatorEnvironment(simulation.endpoint, process.env),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { output += text.toString(); });
    child.once('error', reject);
    child.once('close', (status) => { resolve({ status, output }); });
  });
}

test('cdk deploy, diff, deploy of a change and destroy work as on AWS', async () => {
  const steps: string[] = [];
  await deployWithCommandLine(assembly('first'), { program, endpoint: simulation.endpoint }, (step, share) => {
    if (share !== undefined) steps.push(`${step} ${share}`);
  });
  expect(steps.at(-1)).toBe('Deploying it with cdk deploy 1');

  // found by construct path, and the function runs what was uploaded
  await simulation.queue('Jobs').send('the first job');
  await simulation.advance(Duration.minutes(1));
  expect(simulation.function('Workers/Worker').logs.join('\n')).toContain('worked on the first job');
  expect(simulation.outputs('Workers')).toEqual({ WorkerName: simulation.function('Worker').name });

  const changed = assembly('changed', { visibilityTimeout: 60, deliveryDelay: 5 });
  const diff = await cdk('diff', '--app', changed);
  expect(diff.output).toMatch(/VisibilityTimeout\n.*\[-\] 30\n.*\[\+\] 60\n/);
  expect(diff.output).toContain('Number of stacks with differences: 1');

  await simulation.queue('Jobs').send('kept', { delaySeconds: 900 });
  const update = await cdk('deploy', '--all', '--app', changed, '--require-approval', 'never');
  expect(update).toMatchObject({ status: 0, output: expect.stringMatching(/Queues \| .* UPDATE_COMPLETE +\| AWS::SQS::Queue +\| Jobs/) as string });
  expect(update.output).toContain('✅  Workers (no changes)');
  expect(simulation.queue('Jobs').messages).toMatchObject([{ body: 'kept' }]);

  const destroy = await cdk('destroy', '--all', '--force', '--app', changed);
  expect(destroy.output).toContain('Queues: destroyed');
  expect(simulation.queues).toEqual([]);
  expect(simulation.functions).toEqual([]);
}, 120_000);

test('a deployment that fails is rolled back, and the command line shows the reason', async () => {
  const app = new App({ outdir: join(folder, 'broken'), context: { 'aws:cdk:enable-path-metadata': true } });
  const queue = new Queue(new Stack(app, 'Broken'), 'Jobs');
  (queue.node.defaultChild as CfnQueue).addPropertyOverride('DelaySeconds', 901); // behind the back of the construct's validation

  const deployment = deployWithCommandLine(app.synth().directory, { program, endpoint: simulation.endpoint }, () => {});
  await expect(deployment).rejects.toThrow(DeploymentError);
  await expect(deployment).rejects.toThrow(/CREATE_FAILED +\| AWS::SQS::Queue +\| Jobs[^]*DelaySeconds/);
  expect(simulation.queues).toEqual([]);
}, 120_000);

test('the user\'s own account, proxy and CDK settings have no say in what is deployed to the simulator', () => {
  const environment = simulatorEnvironment('http://127.0.0.1:1', {
    PATH: '/bin', AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 'token', AWS_ENDPOINT_URL_S3: 'https://example.com', https_proxy: 'http://proxy', CDK_OUTDIR: 'x',
  });
  expect(environment).toMatchObject({ PATH: '/bin', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'simulator' });
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'https_proxy', 'CDK_OUTDIR']) expect(environment).not.toHaveProperty(name);
});
