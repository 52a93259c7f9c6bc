import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { context, order, orderBody, sqsEvent, sqsRecord } from './factories';

const root = join(__dirname, '../..');
const handlers = readdirSync(join(root, 'lambda')).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -'.ts'.length));

interface Call { method: string; path: string; body: Buffer }

/** What AWS would answer, for S3's GET and PUT and for PublishBatch, which is answered in full. */
let calls: Call[] = [];
let stored = '';
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = { method: request.method!, path: request.url!, body: Buffer.concat(chunks) };
      calls.push(call);
      if (call.method === 'POST') {
        const ids = [...new URLSearchParams(call.body.toString())].filter(([name]) => name.endsWith('.Id')).map(([, id]) => id);
        response.setHeader('Content-Type', 'text/xml');
        response.end(`<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful>${
          ids.map((id) => `<member><Id>${id}</Id><MessageId>m-${id}</MessageId></member>`).join('')
        }</Successful></PublishBatchResult></PublishBatchResponse>`);
      } else {
        response.end(call.method === 'GET' ? stored : '');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => { calls = []; });

const deployed = {
  ARCHIVE_BUCKET: 'archive', ARCHIVE_PREFIX: 'orders', DOCUMENTS_BUCKET: 'documents',
  ORDERS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:Orders', PAYMENTS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:Payments.fifo',
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/Orders', MAX_REDRIVES: '3', DELAY_SECONDS: '300',
  QUARANTINE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/Quarantine',
};

/** Invokes the bundle as Lambda would: in a process of its own that knows nothing but its environment. */
function invoke(name: string, event: SQSEvent, environment: Record<string, string> = deployed): Promise<{
  status: number | null; response?: SQSBatchResponse; logs: Record<string, unknown>[]; stderr: string;
}> {
  const script = `
    const { handler } = require(process.argv[1]);
    const { event, context } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    handler(event, context).then((response) => console.log(JSON.stringify({ response })));`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', script, join(root, 'assets', name)], {
      env: {
        AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
    child.on('error', reject);
    child.on('close', (status) => {
      const lines = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
      const response = lines.find((line) => 'response' in line)?.response as SQSBatchResponse | undefined;
      resolve({ status, response, logs: lines.filter((line) => !('response' in line)), stderr });
    });
    child.stdin.end(JSON.stringify({ event, context }));
  });
}

const published = (): Record<string, string> => Object.fromEntries(new URLSearchParams(calls[0].body.toString()));

describe('the bundle of', () => {
  test('every handler is smaller than 600 kB, and of shipping, which calls nothing, than 80 kB', () => {
    const sizes = Object.fromEntries(handlers.map((name) => [name, statSync(join(root, 'assets', name, 'index.js')).size]));
    expect(Object.keys(sizes).sort()).toEqual(['archiver', 'billing', 'payments', 'redriver', 'reports', 'shipping', 'uploads']);
    expect(Math.max(...Object.values(sizes))).toBeLessThan(600_000);
    expect(sizes.shipping).toBeLessThan(80_000);
  });

  test('the archiver writes to S3', async () => {
    const { response, stderr } = await invoke('archiver', sqsEvent(sqsRecord({ body: 'hello' })));
    expect({ response, stderr }).toEqual({ response: { batchItemFailures: [] }, stderr: '' });
    expect(calls).toHaveLength(1);
    expect(decodeURIComponent(calls[0].path))
      .toMatch(/^\/archive\/orders\/year=2026\/month=01\/day=05\/hour=09\/[0-9a-f]{32}\.ndjson\.gz\?/);
    expect(JSON.parse(gunzipSync(calls[0].body).toString())).toMatchObject({ body: 'hello' });
  });

  test('billing publishes payments in one call, and says why it rejects a message without quoting it', async () => {
    const { response, logs, stderr } = await invoke('billing', sqsEvent(
      sqsRecord({ messageId: 'a', body: orderBody() }),
      sqsRecord({ messageId: 'poison', body: orderBody({ total: 'Zelislawa' }) }),
      sqsRecord({ messageId: 'b', body: orderBody({ orderId: 'O-2' }) }),
    ));
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'poison' }] });
    expect(calls).toHaveLength(1);
    expect(published()).toMatchObject({
      Action: 'PublishBatch', TopicArn: deployed.PAYMENTS_TOPIC_ARN,
      'PublishBatchRequestEntries.member.1.MessageGroupId': 'C-1', 'PublishBatchRequestEntries.member.2.MessageGroupId': 'C-1',
    });
    expect(JSON.parse(stderr)).toMatchObject({
      level: 'ERROR', message: 'Message failed', messageId: 'poison', error: { name: 'MalformedMessageError' },
    });
    expect(logs.map(({ message, orderId }) => [message, orderId])).toEqual([['Payment requested', 'O-1'], ['Payment requested', 'O-2']]);
    expect(JSON.stringify(logs) + stderr).not.toContain('Zelislawa');
  });

  test('billing and payments hand an order on until shipping has it', async () => {
    await invoke('billing', sqsEvent(sqsRecord({ body: orderBody() })));
    const payment = published()['PublishBatchRequestEntries.member.1.Message'];
    calls = [];
    await invoke('payments', sqsEvent(sqsRecord({ body: payment, attributes: { MessageGroupId: 'C-1' } })));
    expect(published()).toMatchObject({
      TopicArn: deployed.ORDERS_TOPIC_ARN,
      'PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name': 'eventType',
      'PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.StringValue': 'OrderPaid',
    });
    const paid = published()['PublishBatchRequestEntries.member.1.Message'];
    const { response, logs } = await invoke('shipping', sqsEvent(sqsRecord({ body: paid })));
    expect(response).toEqual({ batchItemFailures: [] });
    expect(logs).toEqual([expect.objectContaining({ message: 'Shipment sent', orderId: 'O-1', pieces: 3 })]);
  });

  test('reports writes a document', async () => {
    const { response } = await invoke('reports', sqsEvent(sqsRecord({ body: '{"reportId":"R-1","kind":"stock","date":"2026-01-04"}' })));
    expect(response).toEqual({ batchItemFailures: [] });
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([expect.stringMatching(/^PUT \/documents\/reports\/R-1\.json\?/)]);
    expect(JSON.parse(calls[0].body.toString())).toMatchObject({ reportId: 'R-1', title: 'Stock at the end of the day' });
  });

  test('uploads reads an object and publishes its lines', async () => {
    stored = `${JSON.stringify(order())}\nnot an order\n`;
    const { response } = await invoke('uploads', sqsEvent(sqsRecord({ body: JSON.stringify({ Records: [{
      eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'documents' }, object: { key: 'incoming/1.ndjson' } },
    }] }) })));
    expect(response).toEqual({ batchItemFailures: [] });
    expect(calls.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual(['GET /documents/incoming/1.ndjson', 'POST /']);
    const entries = new URLSearchParams(calls[1].body.toString());
    expect(entries.get('PublishBatchRequestEntries.member.2.Message')).toBe('not an order');
    expect(entries.get('PublishBatchRequestEntries.member.2.MessageAttributes.entry.1.Name')).toBe('channel');
    expect(entries.get('PublishBatchRequestEntries.member.2.MessageAttributes.entry.2.Name')).toBeNull();
  });

  test.each([
    ['archiver', 'ARCHIVE_BUCKET'], ['billing', 'PAYMENTS_TOPIC_ARN'], ['payments', 'ORDERS_TOPIC_ARN'], ['reports', 'DOCUMENTS_BUCKET'],
    ['uploads', 'ORDERS_TOPIC_ARN'], ['redriver', 'QUEUE_URL'], ['redriver', 'QUARANTINE_URL'], ['redriver', 'MAX_REDRIVES'],
    ['redriver', 'DELAY_SECONDS'],
  ])('%s does not start without %s', async (name, variable) => {
    const { status, stderr } = await invoke(name, sqsEvent(), { ...deployed, [variable]: '' });
    expect(status).not.toBe(0);
    expect(stderr).toContain(`MissingEnvironmentVariableError: The environment variable '${variable}' must be set`);
  });
});
