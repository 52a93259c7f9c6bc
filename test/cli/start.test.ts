import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { start } from '../../cli/start';
import { DeploymentError } from '../../cli/start/deploy';
import type { Report } from '../../cli/start/report';
import { order, referenceStack } from '../reference/set-up';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
const assembly = (referenceStack().node.root as unknown as { synth(): CloudAssembly }).synth().directory;

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const sample = file('sample.ndjson', [order(), order(), order({ total: -1 })].map((one) => `${JSON.stringify(one)}\n`).join(''));

interface Run {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

async function run(args: readonly string[], options: { isTTY?: boolean } = {}): Promise<Run> {
  let output = '';
  let errors = '';
  const status = await start(args, {
    deploy: (simulation) => simulation.update(assembly),
    sample,
    output: { write: (text) => { output += text; }, isTTY: options.isTTY },
    errors: { write: (text) => { errors += text; } },
    untilStopped: () => Promise.reject(new Error('it went on after the report')),
  });
  return { status, output, errors };
}

const reportOf = (path: string): Report => JSON.parse(readFileSync(path, 'utf8')) as Report;

test('--once ends after the report, with status 0 when every message is accounted for', async () => {
  const { status, output } = await run(['--once']);
  expect(status).toBe(0);
  expect(output).toContain('Every message is accounted for.');
  expect(output).toMatch(/^ +Billing +\d/m);
});

test('colours and rewritten lines are for terminals only', async () => {
  const noColour = process.env.NO_COLOR;
  delete process.env.NO_COLOR;
  try {
    expect((await run(['--once'])).output).not.toContain('\u001b');
    expect((await run(['--once'], { isTTY: true })).output).toContain('\u001b[1m');
  } finally {
    if (noColour !== undefined) process.env.NO_COLOR = noColour;
  }
});

test('--json writes the report, the same on every run', async () => {
  const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
  await run(['--once', '--json', first]);
  await run(['--once', '--json', second]);
  expect(readFileSync(first, 'utf8')).toBe(readFileSync(second, 'utf8'));

  const report = reportOf(first);
  expect(report.input).toMatchObject({ orders: 3, published: 3 });
  expect(report.queues.find(({ name }) => name === 'Billing')).toMatchObject({ sent: 6, deadLetters: 1, inFlight: 0 });
  expect(report.queues.find(({ name }) => name === 'Reports')).toMatchObject({ deleted: 4, deadLetters: 1 });
  expect(report.alarms.find(({ name }) => name === 'BillingAlarms/DeadLetters')).toMatchObject({ state: 'ALARM' });
  expect(report.account.missing).toEqual([]);
});

test('--input publishes the file, and reports the lines that are not as they should be', async () => {
  const json = join(folder, 'defects.json');
  const input = file('defects.ndjson', Buffer.concat([
    Buffer.from(`${JSON.stringify(order())}\r\n\nnot JSON\n`),
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    Buffer.from(`"${'x'.repeat(300_000)}"\n`),
    Buffer.from(JSON.stringify(order())),
  ]));
  const { status, output } = await run(['--once', '--input', input, '--json', json]);

  expect(status).toBe(0);
  expect(output).toContain('line 3 is not JSON; published as it is');
  expect(output).toContain('line 5 was refused by SNS');
  expect(reportOf(json).input).toMatchObject({
    orders: 5, published: 4,
    defects: [{ line: 3, defect: 'is not JSON' }, { line: 4, defect: 'is not UTF-8, what cannot be read became U+FFFD' }],
    refused: [{ number: 5 }],
  });
});

test('the report shows the first twenty lines that are not as they should be, and how many more there are', async () => {
  const input = file('many.ndjson', `${'not JSON\n'.repeat(25)}`);
  const { output } = await run(['--once', '--input', input]);
  expect(output.match(/is not JSON; published as it is/g)).toHaveLength(20);
  expect(output).toContain('… and 5 more; --json FILE writes all of them');
});

test.each<[string, readonly string[], RegExp]>([
  ['a file that is missing', ['--once', '--input', join(folder, 'nowhere.ndjson')], /^error: '--input' must be a file that exists, got '.*nowhere.ndjson'\n$/],
  ['a folder instead of a file', ['--once', '--input', folder], /^error: '--input' must be a file that exists/],
  ['a file without orders', ['--once', '--input', file('empty.ndjson', '\n\n')], /^error: '--input' must hold at least one order/],
  ['a report that cannot be written', ['--once', '--json', join(folder, 'no', 'report.json')], /^error: '--json' must be a file that can be written, got '.*' \(ENOENT\)\n$/],
  ['an unknown option', ['--twice'], /^error: unknown option '--twice'\n/],
  ['a port that is no number', ['--port', 'http'], /^error: option '--port <number>' argument 'http' is invalid. It must be a number from 0 to 65535.\n$/],
  ['a port out of range', ['--port', '65536'], /^error: .*'65536' is invalid/],
  ['an option without its value', ['--input'], /^error: option '--input <file>' argument missing\n$/],
  ['an argument', ['orders.ndjson'], /^error: too many arguments/],
])('%s is one clear line and status 2', async (_what, args, message) => {
  const { status, errors } = await run(args);
  expect(status).toBe(2);
  expect(errors).toMatch(message);
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
});

test('a port that is taken is one clear line and status 2', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { status, errors } = await run(['--once', '--port', String(port)]).finally(() => server.close());
  expect({ status, errors }).toEqual({ status: 2, errors: `error: port ${port} is taken; choose another with --port\n` });
});

test('a deployment that fails is said in its own words, with status 1, and nothing is served any more', async () => {
  let endpoint = '';
  let errors = '';
  const status = await start(['--once'], {
    deploy: (simulation) => {
      endpoint = simulation.endpoint;
      return Promise.reject(new DeploymentError('cdk deploy ended with status 3:\nwhy'));
    },
    sample, output: { write: () => undefined }, errors: { write: (text) => { errors += text; } }, untilStopped: () => Promise.resolve(),
  });
  expect({ status, errors }).toEqual({ status: 1, errors: 'error: cdk deploy ended with status 3:\nwhy\n' });
  await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
});

test('--help shows every option and ends with status 0', async () => {
  const { status, output } = await run(['--help']);
  expect(status).toBe(0);
  for (const option of ['--once', '--json', '--input', '--port']) expect(output).toContain(option);
});

test('without --once it goes on serving in real time, with handlers that run, until it is stopped', async () => {
  let shown = '';
  const work = async (): Promise<void> => {
    const endpoint = /Serving at (\S+):/.exec(shown)![1];
    const client = new SQSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
    const QueueUrl = QueueUrls.find((url) => /-Reports[0-9A-F]/.test(url));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ reportId: 'served', kind: 'stock', date: '2026-01-05' }) }));
    const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets.find(({ Name }) => Name!.includes('-documents'))!.Name;
    for (let tries = 0; tries < 200; tries++) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'reports/served' }));
      if (Contents.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the report was not written');
  };
  const status = await start(['--port', '0'], {
    deploy: (simulation) => simulation.update(assembly), sample, untilStopped: work,
    output: { write: (text) => { shown += text; } }, errors: { write: (text) => { shown += text; } },
  });
  expect(status).toBe(0);
  expect(shown).toContain('$aws sqs receive-message --queue-url http://127.0.0.1:');
  expect(shown).toMatch(/Stopped\.\n$/);
});
