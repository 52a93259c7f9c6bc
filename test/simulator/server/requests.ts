import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { cloudWatchOperations } from '../../../simulator/server/cloudwatch-query';
import type { Operations, Shape } from '../../../simulator/server/shapes';
import { snsOperations } from '../../../simulator/server/sns-query';
import { sqsOperations } from '../../../simulator/server/sqs-query';
import { authorization, form, type RawRequest } from './fixture';

/** In whose form an error of the request must come. */
export type ErrorForm = 'json' | 'query' | 's3' | 'lambda' | 'guard';

export interface FuzzedRequest extends RawRequest {
  readonly form: ErrorForm;
}

const url = 'http://127.0.0.1/000000000000/orders';
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(url, 'orders', 'orders.fifo', 'arn:aws:sns:us-east-1:000000000000:orders', 'All', '0', '-1', '1e999', 'NaN', '{}', '%', '', '\u0000', '\ud800'),
);
const anything = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(-1, 2 ** 53, 1.5, 1e308, null, [[]], [null], { '': {} }));
// A long poll would rightly wait for simulated time, which stands still here.
const noWait = fc.constantFrom('x', -1, 21, {}, [], 0.5);

/** A value of the member's type, in which any part may be of another one. */
function valueOf(shape: Shape, name: string): fc.Arbitrary<unknown> {
  if (name === 'WaitTimeSeconds') return noWait;
  const right = (): fc.Arbitrary<unknown> => {
    switch (shape.type) {
      case 'structure': return inputOf(shape.members);
      case 'list': return fc.array(valueOf(shape.item, ''), { maxLength: 3 });
      case 'map': return fc.dictionary(fc.oneof(text, fc.constantFrom('VisibilityTimeout', 'RedrivePolicy', 'Policy', 'FifoQueue', 'FilterPolicy', '__proto__')),
        valueOf(shape.value, ''), { maxKeys: 3 });
      case 'integer': return fc.integer();
      case 'double': return fc.double();
      case 'boolean': return fc.boolean();
      default: return text;
    }
  };
  return fc.oneof({ weight: 3, arbitrary: right() }, { weight: 1, arbitrary: anything });
}

function inputOf(members: Readonly<Record<string, Shape>>): fc.Arbitrary<object> {
  return fc.record(Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, valueOf(shape, name)])), { requiredKeys: [] });
}

const services: Readonly<Record<string, { readonly operations: Operations; readonly target?: string }>> = {
  sqs: { operations: sqsOperations, target: 'AmazonSQS' },
  sns: { operations: snsOperations },
  monitoring: { operations: cloudWatchOperations, target: 'GraniteServiceVersion20100801' },
};

const perOperation = (make: (service: string, name: string, input: fc.Arbitrary<object>) => fc.Arbitrary<FuzzedRequest>[]): fc.Arbitrary<FuzzedRequest> =>
  fc.oneof(...Object.entries(services).flatMap(([service, { operations }]) =>
    Object.entries(operations).flatMap(([name, { input }]) => make(service, name, inputOf(input.members)))));

const json = perOperation((service, name, input) => {
  const { target } = services[service];
  if (target === undefined) return [];
  return [input.map((members) => ({
    form: 'json', headers: { 'x-amz-target': `${target}.${name}` },
    body: JSON.stringify({ ...('QueueUrl' in members ? { ...members, QueueUrl: url } : members) }),
  }))];
});

const garbage = fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)));
const encodings = fc.constantFrom<Record<string, string>>({}, {}, { 'content-encoding': 'gzip' }, { 'content-encoding': 'br' }, { 'content-encoding': 'aws-chunked' });

const brokenJson = fc.record({
  target: fc.oneof(
    fc.constantFrom('AmazonSQS.SendMessage', 'AmazonSQS.', 'AmazonSQS', '.', '', 'AmazonSQS.toString', 'AmazonSQS.__proto__', 'Other.Thing', 'GraniteServiceVersion20100801.Nothing'),
    fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
  ),
  body: fc.oneof(garbage, garbage.map((bytes) => gzipSync(bytes)), fc.constant('['.repeat(20_000))),
  headers: encodings, method: fc.constantFrom('POST', 'POST', 'GET', 'PUT', 'DELETE'),
}).map(({ target, body, headers, method }): FuzzedRequest => ({ form: 'json', method, headers: { ...headers, 'x-amz-target': target }, body }));

/** Members as numbered parameters, without regard to what their operation calls the steps. */
function parameters(value: unknown, prefix: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => parameters(item, `${prefix}.${['member.', ''][index % 2]}${index + 1}`));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => parameters(item, prefix === '' ? name : `${prefix}.${name}`));
  }
  return [[prefix, String(value)]];
}

const query = perOperation((service, name, input) => [input.map((members) => ({
  form: 'query', path: 'QueueUrl' in members ? '/000000000000/orders' : '/', headers: { ...form, authorization: authorization(service) },
  body: new URLSearchParams([['Action', name], ...parameters(members, '')]).toString(),
}))]);

const brokenQuery = fc.record({
  service: fc.constantFrom('sqs', 'sns', 'monitoring', 'sts'),
  action: fc.constantFrom('SendMessage', 'Publish', 'GetCallerIdentity', 'AssumeRole', 'Nothing', '', 'toString', '__proto__', 'ListQueues', 'ListTopics'),
  body: fc.oneof(garbage.map(String), fc.constantFrom('%', '%zz=1', 'a=%ff', '&&&=', '=', 'Entry.999999999999.Id=1', `${'a.'.repeat(5000)}b=1`, 'Attribute.1.Name=x&Attribute=y')),
  path: fc.constantFrom('/', '/000000000000/orders', '/nowhere', '/%', '//'), headers: encodings,
}).map(({ service, action, body, path, headers }): FuzzedRequest => ({
  form: 'query', path, headers: { ...form, ...headers, authorization: authorization(service) }, body: `Action=${action}&${body}`,
}));

const header = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,30}[\x21-\x7e])?$/);
const rest = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'),
  path: fc.oneof(
    fc.constantFrom('/', '/archive', '/archive/k', '/archive?delete', '/archive?list-type=2&max-keys=x', '/archive/k?uploads', '/archive/k?uploadId=x&partNumber=1', '/archive/..%2f..', '/%00', '//', '/archive/%ff'),
    fc.array(fc.string({ unit: fc.constantFrom('a', '%', '/', '?', '&', '=', '.', '2', 'F', '_'), maxLength: 20 })).map((parts) => `/bucket${parts.join('/')}`),
  ),
  headers: fc.dictionary(
    fc.constantFrom('range', 'if-match', 'if-modified-since', 'x-amz-copy-source', 'x-amz-content-sha256', 'content-md5', 'x-amz-meta-a',
      'x-amz-checksum-crc32', 'x-amz-decoded-content-length', 'x-amz-expected-bucket-owner', 'content-encoding', 'x-amz-trailer'),
    fc.oneof(fc.constantFrom('bytes=0-', 'bytes=5-1', '/archive/k', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'aws-chunked', '*'), header),
  ),
  body: fc.oneof(fc.string(), fc.constantFrom('<Delete><Object><Key>k</Key></Object></Delete>', '5\r\nhello\r\n0\r\n\r\n', '5\r\nhel', 'zz\r\n', '<Delete>', '<a b="', '<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>')),
}).map((request): FuzzedRequest => ({ form: 's3', ...request }));

const lambda = fc.record({
  method: fc.constantFrom('POST', 'GET', 'PUT'),
  name: fc.oneof(fc.constantFrom('orders', '%', '%ff', 'a:b:c', '..'), fc.webSegment()), invocation: fc.constantFrom('Event', 'RequestResponse', 'DryRun', 'Nothing'), body: garbage,
}).map(({ method, name, invocation, body }): FuzzedRequest => ({
  form: 'lambda', method, path: `/2015-03-31/functions/${name}/invocations`, headers: { 'x-amz-invocation-type': invocation }, body,
}));

const strangers = fc.record({
  host: fc.constantFrom('example.com', '127.0.0.1.example.com', '169.254.169.254', '[::2]', 'localhost.', '-'), target: fc.boolean(),
}).map(({ host, target }): FuzzedRequest => ({ form: 'guard', headers: { host, ...(target && { 'x-amz-target': 'AmazonSQS.ListQueues' }) }, body: '{}' }));

/** Requests in every protocol of the server, most of them wrong in some way. */
export const fuzzedRequests: fc.Arbitrary<FuzzedRequest> = fc.oneof(
  { weight: 5, arbitrary: json }, { weight: 2, arbitrary: brokenJson }, { weight: 5, arbitrary: query }, { weight: 2, arbitrary: brokenQuery },
  { weight: 4, arbitrary: rest }, { weight: 1, arbitrary: lambda }, { weight: 1, arbitrary: strangers },
);
