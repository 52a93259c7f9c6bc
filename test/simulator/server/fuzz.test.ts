import * as fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { raw, rawBytes, type RawResponse } from './fixture';
import { serveReal, type RealServices } from './real-services';
import { fuzzedRequests, type ErrorForm, type FuzzedRequest } from './requests';

// Where AWS states the forms of errors:
// SQS  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
//      https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
// SNS  https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
// S3   https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// Lambda https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

/** Kept: a run that fails can be repeated. */
const seed = 20260107;
/** Requests in flight together. */
const TOGETHER = 50;
const REQUESTS = 10_000;

let real: RealServices;
const agent = new Agent({ keepAlive: true, maxSockets: TOGETHER });

beforeAll(async () => {
  real = await serveReal();
  await raw(real.served.port, { method: 'PUT', path: '/archive' });
  await raw(real.served.port, { headers: { 'x-amz-target': 'AmazonSQS.CreateQueue' }, body: '{"QueueName":"orders"}' });
});

afterAll(async () => {
  agent.destroy();
  await real.served.server.close();
});

const healthy = async () => (await raw(real.served.port, { method: 'GET', path: '/_simulator/health' })).status;

const xml = new XMLParser();
const json = (body: string): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

/** What is not as AWS has it in an error, by the form that its protocol has. */
const defects: Readonly<Record<ErrorForm, (response: RawResponse) => unknown>> = {
  json: ({ headers, body }) => {
    const { __type, message } = json(body);
    if (headers['content-type'] !== 'application/x-amz-json-1.0') return headers['content-type'];
    return /^(com\.amazonaws\.(sqs|cloudwatch)#)?[A-Za-z0-9.]+$/.test(String(__type)) && typeof message === 'string' ? undefined : body;
  },
  query: ({ headers, body }) => {
    const { ErrorResponse } = xml.parse(body, true) as { ErrorResponse?: { Error: Record<string, unknown>; RequestId: unknown } };
    if (headers['content-type'] !== 'text/xml' || !ErrorResponse?.RequestId) return body;
    return ErrorResponse.Error.Type === 'Sender' && ErrorResponse.Error.Code && ErrorResponse.Error.Message !== undefined ? undefined : body;
  },
  s3: ({ headers, body }) => {
    if (body === '') return undefined;
    const { Error: error } = xml.parse(body, true) as { Error?: Record<string, unknown> };
    return headers['content-type'] === 'application/xml' && error?.Code && error.Message !== undefined && error.RequestId ? undefined : body;
  },
  lambda: ({ headers, body }) => (headers['x-amzn-errortype'] && json(body).Type === 'User' ? undefined : body),
  guard: ({ status, body }) => (status === 403 && body.includes('must be a loopback address') ? undefined : body),
};

/** Why the answer is none that AWS would give; undefined where it may be one. */
function defect({ form, method }: FuzzedRequest, response: RawResponse): unknown {
  const { status, headers } = response;
  if (status >= 500 && status !== 501) return response;
  if (form !== 'guard' && !headers['x-amzn-requestid'] && !headers['x-amz-request-id']) return headers;
  if (status < 400) return form === 'guard' ? status : undefined;
  if (method === 'HEAD') return response.body || undefined;
  return defects[form](response);
}

describe('whatever is asked', () => {
  test('is answered in the form of its protocol, and never a fault of the simulator', async () => {
    const errors = real.served.errors;
    const many = fc.array(fuzzedRequests, { minLength: TOGETHER, maxLength: TOGETHER });
    await fc.assert(fc.asyncProperty(many, async (requests) => {
      errors.length = 0;
      const found = await Promise.all(requests.map(async (request) => defect(request, await raw(real.served.port, request, agent))));
      expect(errors).toEqual([]);
      expect(found.filter((one) => one !== undefined)).toEqual([]);
    }), { seed, numRuns: REQUESTS / TOGETHER, endOnFailure: false });
    expect(await healthy()).toBe(200);
  }, 30_000);

  test('in no protocol at all ends nothing', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await rawBytes(real.served.port, Buffer.concat([Buffer.from('POST / HTTP/1.1\r\n'), bytes, Buffer.from('\r\n\r\n')]), 20);
      expect(await healthy()).toBe(200);
    }), { seed, numRuns: 50 });
  });

  test.each([
    ['a chunk that is cut off', 'transfer-encoding: chunked\r\n\r\n5\r\nhel'],
    ['a chunk whose length is no number', 'transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n'],
    ['a body shorter than announced', 'content-length: 100\r\n\r\n{}'],
    ['two lengths', 'content-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['a negative length', 'content-length: -1\r\n\r\n{}'],
    ['headers without an end', `x-amz-meta-a: ${'a'.repeat(100_000)}`],
  ])('with %s, and then gone, ends nothing', async (_kind, rest) => {
    const errors = real.served.errors.length;
    await new Promise<void>((resolve) => {
      const socket = connect(real.served.port, '127.0.0.1', () => {
        socket.end(`POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AmazonSQS.ListQueues\r\n${rest}`);
      });
      socket.resume().on('close', () => resolve()).on('error', () => resolve());
    });
    expect(await healthy()).toBe(200);
    expect(real.served.errors.length).toBe(errors);
  });
});
