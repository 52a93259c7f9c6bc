import * as fc from 'fast-check';
import { form, raw, rawBytes, type RawRequest } from './fixture';
import { serveReal, type RealServices } from './real-services';

/** Kept: a run that fails can be repeated. */
const parameters = { seed: 20260107, numRuns: 300 };

let real: RealServices;

beforeAll(async () => {
  real = await serveReal();
  await raw(real.served.port, { method: 'PUT', path: '/archive' });
  await raw(real.served.port, { headers: { 'x-amz-target': 'AmazonSQS.CreateQueue' }, body: '{"QueueName":"orders"}' });
});

afterAll(() => real.served.server.close());

const sqsActions = ['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'CreateQueue', 'SetQueueAttributes', 'DeleteMessageBatch', 'TagQueue', 'ListQueues'];
const snsActions = ['Publish', 'PublishBatch', 'Subscribe', 'CreateTopic', 'SetSubscriptionAttributes', 'TagResource', 'ListTopics'];
const cloudWatchActions = ['PutMetricData', 'PutMetricAlarm', 'GetMetricData', 'DescribeAlarms', 'SetAlarmState', 'PutCompositeAlarm', 'ListMetrics'];
const members = [
  'QueueUrl', 'QueueName', 'MessageBody', 'DelaySeconds', 'MessageAttributes', 'Entries', 'Attributes', 'Tags', 'TopicArn', 'Message', 'Protocol', 'Endpoint',
  'Namespace', 'MetricData', 'MetricDataQueries', 'StartTime', 'Dimensions', 'AlarmName', 'Threshold', 'Period', '__proto__', 'constructor', 'toString',
];
const member = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...members) }, fc.string());
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('http://127.0.0.1/000000000000/orders', 'orders', 'All', '0', '-1', '1e999', 'NaN', '{}', '%', ''),
);
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 4 }));
const isLegal = (name: string): boolean => /^[\x21-\x7e]+$/.test(name);

const json: fc.Arbitrary<RawRequest> = fc.record({
  service: fc.constantFrom(...sqsActions.map((each) => `AmazonSQS.${each}`), ...cloudWatchActions.map((each) => `GraniteServiceVersion20100801.${each}`)),
  body: fc.oneof(
    { weight: 3, arbitrary: fc.dictionary(member, value, { maxKeys: 6 }).map((input) => JSON.stringify({ QueueUrl: 'http://x/000000000000/orders', ...input })) },
    fc.json(), fc.string(),
  ),
}).map(({ service, body }) => ({ headers: { 'x-amz-target': service }, body }));

const step = fc.constantFrom(
  '1', '2', 'x', '-1', 'member', 'entry', 'Name', 'Value', 'key', 'value', 'Attribute', 'MessageAttribute', 'Dimensions', 'DataType',
  'StringValue', 'SendMessageBatchRequestEntry', '__proto__',
);
const query: fc.Arbitrary<RawRequest> = fc.record({
  action: fc.constantFrom(...sqsActions, ...snsActions, ...cloudWatchActions),
  pairs: fc.array(fc.tuple(fc.oneof(member, fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join('.'))), text), { maxLength: 8 }),
  noise: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, fc.string()),
  path: fc.constantFrom('/', '/000000000000/orders', '/nowhere'),
}).map(({ action, pairs, noise, path }) => ({ path, headers: form, body: `Action=${action}&${new URLSearchParams(pairs).toString()}&${noise}` }));

const rest: fc.Arbitrary<RawRequest> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'),
  path: fc.oneof(
    fc.constantFrom('/', '/archive', '/archive/k', '/archive?delete', '/archive?list-type=2', '/archive/k?uploads', '/archive/k?uploadId=x&partNumber=1'),
    fc.array(fc.string({ unit: fc.constantFrom('a', '%', '/', '?', '&', '=', '.', '2', 'F', '_'), maxLength: 20 })).map((parts) => `/${parts.join('/')}`),
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      'range', 'if-match', 'if-modified-since', 'x-amz-copy-source', 'x-amz-content-sha256', 'content-encoding', 'content-md5',
      'x-amz-meta-a', 'x-amz-checksum-crc32', 'authorization', 'x-amz-decoded-content-length',
    ),
    fc.oneof(fc.constantFrom('bytes=0-', 'bytes=5-1', '/archive/k', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'aws-chunked', '*'), fc.string().filter(isLegal)),
  ),
  body: fc.oneof(fc.string(), fc.constantFrom('<Delete><Object><Key>k</Key></Object></Delete>', '5\r\nhello\r\n0\r\n\r\n', '<Delete>', '<a b="')),
});

describe('whatever is asked', () => {
  test.each([['AWS JSON', json], ['AWS query', query], ['S3 REST', rest]])('in %s is answered, and never a fault of the simulator', async (_kind, requests) => {
    await fc.assert(fc.asyncProperty(requests, async (request) => {
      const errors = real.served.errors.length;
      const { status, headers } = await raw(real.served.port, request);
      expect(real.served.errors.slice(errors)).toEqual([]);
      expect(status).not.toBe(500);
      expect(headers['x-amzn-requestid']).toBeTruthy();
    }), parameters);
  });

  test('in no protocol at all ends nothing', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await rawBytes(real.served.port, Buffer.concat([Buffer.from('POST / HTTP/1.1\r\n'), bytes, Buffer.from('\r\n\r\n')]), 20);
      expect((await raw(real.served.port, { method: 'GET', path: '/_simulator/health' })).status).toBe(200);
    }), { ...parameters, numRuns: 50 });
  });
});
