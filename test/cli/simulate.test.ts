import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { main } from '../../cli/main';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));

function assembly(): string {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Jobs');
  const deadLetterQueue = new Queue(stack, 'DeadLetterQueue');
  const queue = new Queue(stack, 'Work', {
    visibilityTimeout: Duration.seconds(1), deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 1 },
  });
  new Function(stack, 'Worker', {
    runtime: Runtime.PYTHON_3_13, handler: 'index.handler', timeout: Duration.seconds(1), code: Code.fromInline('def handler(event, context): pass'),
  }).addEventSource(new SqsEventSource(queue));
  return app.synth().directory;
}

const jobs = assembly();

interface Ended {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

async function simulate(args: readonly string[], whileServing: (endpoint: string, output: () => string) => Promise<void> = () => Promise.resolve()): Promise<Ended> {
  let output = '';
  let errors = '';
  const status = await main(['simulate', ...args], {
    output: { write: (text) => { output += text; } },
    errors: { write: (text) => { errors += text; } },
    untilStopped: () => whileServing(/AWS_ENDPOINT_URL=(\S+)/.exec(output)![1], () => output),
  });
  return { status, output, errors };
}

function handlers(name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempts = 0; attempts < 200 && !await holds(); attempts++) await new Promise((resolve) => { setTimeout(resolve, 25); });
}

test('names every queue and function by its construct path, with what a client needs to address it', async () => {
  const { status, output } = await simulate([jobs, '--port', '0']);
  expect(status).toBe(0);
  expect(output).toMatch(/^ {2}Work +http:\/\/127\.0\.0\.1:\d+\/000000000000\/Jobs-Work/m);
  expect(output).toMatch(/^ {2}Worker +Jobs-Worker/m);
  expect(output).toContain('Stopped.');
});

test('a function in another runtime is run by the handler of the module, in real time', async () => {
  const module = handlers('handlers.cjs', 'const received = []; exports["Worker"] = async ({ Records }) => { globalThis.received = Records[0].body; };');
  const { status } = await simulate([jobs, '--port', '0', '--handlers', module], async (endpoint) => {
    await send(endpoint, 'job 1');
    await until(() => 'received' in globalThis);
  });
  expect(status).toBe(0);
  expect((globalThis as { received?: string }).received).toBe('job 1');
});

test('a function without a handler fails with the reason, and its message is told of when it becomes a dead letter', async () => {
  const { output } = await simulate([jobs, '--port', '0'], async (endpoint, soFar) => {
    await send(endpoint, 'job 2');
    await until(() => soFar().includes('moved from Work to DeadLetterQueue'));
    expect(await receive(endpoint, 'DeadLetterQueue', soFar())).toBe('job 2');
  });
  expect(output).toMatch(/\d\d:\d\d:\d\d {2}function Worker failed: .*python3\.13/);
  expect(output).toMatch(/message \S+ moved from Work to DeadLetterQueue \(receive count 1\)/);
});

test.each([
  [['--port', '70000'], "error: option '--port <number>' argument '70000' is invalid. It must be a whole number from 0 to 65535."],
  [['--seed', 'x'], "error: option '--seed <number>' argument 'x' is invalid. It must be a whole number from 0 to 2147483647."],
  [['--unknown'], "error: unknown option '--unknown'"],
  [['a', 'b'], "error: too many arguments for 'simulate'. Expected 1 argument but got 2."],
])('fails with one line and status 2 when given %j', async (args, message) => {
  const { status, errors } = await simulate(args);
  expect({ status, errors: errors.trim() }).toEqual({ status: 2, errors: message });
});

test('fails with one line when the folder is no cloud assembly', async () => {
  const { status, errors } = await simulate([folder, '--port', '0']);
  expect({ status, errors }).toEqual({
    status: 2, errors: `error: '${folder}' is not a cloud assembly: it has no manifest.json (run cdk synth)\n`,
  });
});

test.each([
  ['missing.cjs', undefined, "error: '--handlers' must be a module that can be loaded, got '"],
  ['wrong.cjs', 'exports.Worker = 1;', "error: '--handlers' must export functions by construct path, got 'Worker': number"],
  ['unknown.cjs', 'exports.Nobody = () => {};', "error: no AWS::Lambda::Function at 'Nobody'; there are: Worker"],
])('fails with one line when the module of handlers is %s', async (name, source, message) => {
  const file = source === undefined ? join(folder, name) : handlers(name, source);
  const { status, errors } = await simulate([jobs, '--port', '0', '--handlers', file]);
  expect(status).toBe(2);
  expect(errors).toContain(message);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

test('help is asked for with --help, and status 0', async () => {
  const { status, output } = await simulate(['--help']);
  expect(status).toBe(0);
  expect(output).toContain('Usage: cdk-messaging simulate [options] [assembly]');
});

const client = (endpoint: string): SQSClient =>
  new SQSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });

async function send(endpoint: string, body: string): Promise<void> {
  const { QueueUrls } = await (await fetch(endpoint, {
    method: 'POST', body: '{}',
    headers: { 'X-Amz-Target': 'AmazonSQS.ListQueues', 'Content-Type': 'application/x-amz-json-1.0' },
  })).json() as { QueueUrls: string[] };
  await client(endpoint).send(new SendMessageCommand({ QueueUrl: QueueUrls.find((url) => url.includes('Jobs-Work')), MessageBody: body }));
}

async function receive(endpoint: string, path: string, output: string): Promise<string | undefined> {
  const [, url] = new RegExp(`^ {2}${path} +(\\S+)`, 'm').exec(output)!;
  const { Messages } = await client(endpoint).send(new ReceiveMessageCommand({ QueueUrl: url }));
  return Messages?.[0].Body;
}
