import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { main } from '../../cli/main';
import type { RunReport } from '../../cli/simulate/run';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));

function assembly(): string {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Jobs');
  const delay = new CfnParameter(stack, 'Delay', { type: 'Number', default: 0 });
  const queue = new Queue(stack, 'Work', {
    visibilityTimeout: Duration.seconds(60), deliveryDelay: Duration.seconds(delay.valueAsNumber),
    deadLetterQueue: { queue: new Queue(stack, 'DeadLetters'), maxReceiveCount: 2 },
  });
  new Queue(stack, 'Nobody');
  new Topic(stack, 'Orders').addSubscription(new SqsSubscription(queue));
  new Function(stack, 'Worker', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', timeout: Duration.seconds(10),
    code: Code.fromInline('exports.handler = async ({ Records }) => { if (Records[0].body.includes("poison")) throw new Error("poison"); };'),
  }).addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
  new Vpc(new Stack(app, 'Network'), 'Network', { maxAzs: 2, natGateways: 0 });
  return app.synth().directory;
}

const app = assembly();
const jobs = [app, '--stack', 'Jobs'];

function file(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return path;
}

async function simulate(...args: string[]): Promise<{ status: number; output: string; errors: string }> {
  let output = '';
  let errors = '';
  const status = await main(['simulate', ...args], {
    output: { write: (text) => { output += text; } }, errors: { write: (text) => { errors += text; } },
    untilStopped: () => Promise.reject(new Error('it went on')),
  });
  return { status, output, errors };
}

const reportIn = (path: string): RunReport => JSON.parse(readFileSync(path, 'utf8')) as RunReport;

describe('--advance', () => {
  const input = file('input.ndjson', [
    { queue: 'Work', body: 'job', at: 30 }, '', { topic: 'Orders', body: { order: 'poison' }, attributes: { kind: 'new' } }, { queue: 'Nobody', body: 1 },
  ]);

  test('sends the messages, lets the time pass, prints what became of them, and ends with status 0', async () => {
    const { status, output } = await simulate(...jobs, '--advance', '15m', '--input', input);
    expect(status).toBe(0);
    expect(output).toMatch(/2026-01-05 09:00:00 to 2026-01-05 09:15:00/);
    expect(output).toMatch(/1 messages published and 2 sent straight to queues:\n.* 1 deliveries processed, 0 filtered out by policy, 1 dead letters, 1 waiting/);
    expect(output).toContain('Every message is accounted for.');
  });

  test('writes the report as JSON, the same on every run', async () => {
    const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
    await simulate(...jobs, '--advance', '15m', '--input', input, '--json', first);
    await simulate(...jobs, '--advance', '15m', '--input', input, '--json', second);
    expect(readFileSync(first, 'utf8')).toBe(readFileSync(second, 'utf8'));
    expect(reportIn(first)).toMatchObject({ account: { processed: 1, deadLetters: 1, waiting: 1, missing: [] }, refused: [] });
  });

  test('ends with status 1 while a message is still on its way, and says where it is', async () => {
    const { status, output } = await simulate(...jobs, '--advance', '30s', '--input', input);
    expect(status).toBe(1);
    expect(output).toMatch(/2 messages are unaccounted for:\n {2}\S+ {2}received in Work/);
  });

  test('ends with status 1 when a message is refused, and says why', async () => {
    const { status, output } = await simulate(...jobs, '--advance', '1m', '--input', file('large.ndjson', [{ queue: 'Nobody', body: 'x'.repeat(2 ** 20 + 1) }]));
    expect(status).toBe(1);
    expect(output).toMatch(/line 1 was refused: .*1048576/);
  });

  test('--parameters gives values of the template, for all stacks or one', async () => {
    const json = join(folder, 'parameters.json');
    for (const [parameter, waiting] of [['Delay=900', 1], ['Jobs:Delay=900', 1], ['Delay=1', 0]] as const) {
      await simulate(...jobs, '--parameters', parameter, '--advance', '5m', '--json', json, '--input', file('one.ndjson', [{ queue: 'Work', body: 'job' }]));
      expect(reportIn(json).account.waiting).toBe(waiting);
    }
  });

  test('--faults lets go wrong what the file lists', async () => {
    const faults = join(folder, 'faults.json');
    writeFileSync(faults, JSON.stringify([{ kind: 'functionError', resource: 'Worker', times: 1 }]));
    const json = join(folder, 'faulty.json');
    const { status } = await simulate(...jobs, '--advance', '15m', '--faults', faults, '--json', json, '--input', file('one.ndjson', [{ queue: 'Work', body: 'job' }]));
    expect(status).toBe(0);
    expect(reportIn(json).functions).toEqual([expect.objectContaining({ name: 'Worker', invocations: 2, failures: 1 })]);
  });

  test('--leave-out-unmodelled lists what is left out in short; without it, it is named by the error', async () => {
    const { status, output } = await simulate(app, '--leave-out-unmodelled', '--advance', '1s');
    expect(status).toBe(0);
    expect(output).toMatch(/Left out, as the simulator does not model it:\n[^]* {2}AWS::EC2::Subnet +Network\/Network\/PublicSubnet1\/Subnet and 3 more\n/);

    const refused = await simulate(app, '--advance', '1s');
    expect(refused.status).toBe(2);
    expect(refused.errors).toMatch(/Network\/Resource: resource type 'AWS::EC2::VPC'[^]*--leave-out-unmodelled goes without them\.\n$/);
  });
});

test.each<[string[], string | RegExp]>([
  [['--advance', '5'], /argument '5' is invalid\. It must be from 1s to 366d/],
  [['--advance', '0s'], /argument '0s' is invalid/],
  [['--input', 'any'], "'--input' needs '--advance'"],
  [['--json', 'any'], "'--json' needs '--advance'"],
  [['--parameters', 'Delay'], /argument 'Delay' is invalid\. It must be Name=Value or Stack:Name=Value\./],
  [['--parameters', 'Dealy=1', '--advance', '1s'], "no stack has a parameter 'Dealy'"],
  [['--stack', 'Job', '--advance', '1s'], "no stack is called 'Job'; there are: Jobs, Network"],
  [['--faults', join(folder, 'none.json'), '--advance', '1s'], /'--faults': 'faults' must name a JSON file with a list of faults: .*ENOENT/],
  [['--faults', file('wrong.json', [[{ kind: 'functionError', resource: 'Nobody' }]]), '--advance', '1s'], /'--faults': .*fault 1: .*'Nobody'/],
  [['--advance', '1s', '--json', join(folder, 'no', 'folder.json')], /'--json' must be a file that can be written, got '.*' \(ENOENT\)/],
  [['--advance', '1s', '--input', join(folder, 'none.ndjson')], /'--input' must be a file that can be read, got '.*' \(ENOENT\)/],
  [['--advance', '1s', '--input', file('empty.ndjson', [''])], /'--input' must hold at least one message/],
  ...([
    ['no JSON', 'must be JSON'], [[], 'must be an object'], [{ body: 1 }, "must name either a 'queue' or a 'topic'"],
    [{ queue: 'Work', topic: 'Orders', body: 1 }, "must name either a 'queue' or a 'topic'"], [{ queue: 'Work' }, "must have a 'body'"],
    [{ queue: 'Work', body: 1, delay: 1 }, "has 'delay', which is none of queue, topic, body"],
    [{ queue: 'Work', body: 1, at: 2 }, "must have 'at' from 0 to 1 seconds, got 2"],
    [{ queue: 'Work', body: 1, groupId: 1 }, "must have a text as 'groupId'"],
    [{ queue: 'Work', body: 1, deduplicationId: 1 }, "must have a text as 'deduplicationId'"],
    [{ queue: 'Work', body: 1, attributes: { a: {} } }, "must have texts, numbers or lists of texts as 'attributes'"],
  ] as const).map(([line, problem], index): [string[], string] => (
    [['--advance', '1s', '--input', file(`wrong-${index}.ndjson`, [line])], `line 1 of '--input' ${problem}`]
  )),
  [['--advance', '1s', '--input', file('nobody.ndjson', [{ queue: 'Wrok', body: 1 }])], /line 1 of '--input': no AWS::SQS::Queue at 'Wrok'; there are: DeadLetters, Work, Nobody/],
])('%j is one clear line and status 2', async (args, message) => {
  const { status, errors } = await simulate(...(args.includes('--stack') ? [app] : jobs), ...args);
  expect(status).toBe(2);
  expect(errors).toMatch(message);
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
});

/** Synthesized by its app.py; the manifest's report on feature flags and the tree of constructs are left out. */
describe('the cloud assembly of a Python app', () => {
  const python = join(__dirname, 'python-app');
  const order = (total: number): object => ({ topic: 'Orders', body: { orderId: 'one', total } });

  test('runs, with a handler that is supplied for its Python function', async () => {
    const handlers = file('handlers.cjs', [`exports.Invoicer = async ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => JSON.parse(body).total < 0).map(({ messageId }) => ({ itemIdentifier: messageId })),
    });`]);
    const { status, output } = await simulate(
      join(python, 'assembly'), '--handlers', handlers, '--advance', '1h', '--input', file('orders.ndjson', [order(10), order(-1)]),
    );
    expect(status).toBe(0);
    expect(output).toContain('1 deliveries processed, 0 filtered out by policy, 1 dead letters');
  });

  test('without that handler, the function fails with an error that names --handlers', async () => {
    let output = '';
    await main(['simulate', join(python, 'assembly'), '--port', '0'], {
      output: { write: (text) => { output += text; } }, errors: { write: () => undefined },
      untilStopped: async () => {
        const [, topic] = /(arn:aws:sns:\S+)/.exec(output)!;
        const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(output)![1];
        await fetch(endpoint, { method: 'POST', body: new URLSearchParams({ Action: 'Publish', TopicArn: topic, Message: '{}' }) });
        for (let tries = 0; tries < 200 && !output.includes('failed'); tries++) await new Promise((resolve) => { setTimeout(resolve, 20); });
      },
    });
    expect(output).toMatch(/function Invoicer failed: .*not 'python3\.13': give '\S+' a handler of this process by the option 'handlers', '--handlers'/);
  });

  const available = spawnSync('python3', ['-c', 'import aws_cdk'], { encoding: 'utf8' });
  const reason = available.error ? 'there is no python3' : 'python3 has no aws-cdk-lib';
  (available.status === 0 ? test : test.skip)(
    available.status === 0 ? 'is what its app.py synthesizes' : `is what its app.py synthesizes (skipped: ${reason})`,
    () => {
      const own = mkdtempSync(join(tmpdir(), 'python-'));
      cpSync(python, own, { recursive: true });
      execFileSync('python3', ['app.py'], { cwd: own, env: { ...process.env, CDK_OUTDIR: join(own, 'cdk.out') }, stdio: 'ignore' });
      const template = (path: string): unknown => JSON.parse(readFileSync(join(path, 'Invoicing.template.json'), 'utf8'));
      expect(template(join(own, 'cdk.out'))).toEqual(template(join(python, 'assembly')));
    },
  );
});
