import { connect, type Socket } from 'node:net';
import { serve, type Served } from './fixture';

let served: Served;
let socket: Socket | undefined;

beforeEach(async () => { served = await serve(); });

afterEach(async () => {
  socket?.destroy();
  await served.server.close();
});

const request = (body: string, ...headers: string[]): string =>
  ['POST / HTTP/1.1', 'host: localhost', 'X-Amz-Target: AmazonSQS.SendMessage', `content-length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n');

/** Everything that comes back on one connection until it holds so many answers. */
async function talk(parts: readonly string[], answers: number): Promise<string[]> {
  const connection = socket = connect(served.port, '127.0.0.1');
  let received = '';
  connection.setEncoding('utf8').on('data', (text: string) => { received += text; });
  for (const part of parts) {
    connection.write(part);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const found = (): string[] => received.split(/(?=HTTP\/1\.1 )/).filter((answer) => answer !== '');
  while (found().length < answers && !connection.destroyed) await new Promise((resolve) => setTimeout(resolve, 2));
  return found();
}

const bodies = () => served.sqs.calls.map(({ input }) => input.MessageBody);

/** Framing is that of HTTP/1.1, which AWS's endpoints speak: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
describe('a connection of an SDK client', () => {
  test('carries one request after the other', async () => {
    const answers = await talk([request('{"MessageBody":"one"}'), request('{"MessageBody":"two"}')], 2);
    expect(bodies()).toEqual(['one', 'two']);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: 2\r\n[^]*\r\n\r\n\{\}$/);
  });

  test('carries requests that are sent ahead, and answers them in order', async () => {
    let finish = (): void => {};
    served.sqs.answer = ({ input }) => (input.MessageBody === 'slow'
      ? new Promise((resolve) => { finish = () => resolve({ MessageId: 'slow' }); })
      : { MessageId: 'quick' });
    const talked = talk([request('{"MessageBody":"slow"}') + request('{"MessageBody":"quick"}')], 2);
    while (bodies().length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(bodies()).toEqual(['slow']);
    finish();
    const answers = await talked;
    expect(answers[0]).toContain('"MessageId":"slow"');
    expect(answers[1]).toContain('"MessageId":"quick"');
  });

  test('puts a request together, wherever it was cut', async () => {
    const whole = request('{"MessageBody":"grüße"}');
    const answers = await talk([whole.slice(0, 3), whole.slice(3, 40), whole.slice(40, -5), whole.slice(-5)], 1);
    expect(answers[0]).toContain('HTTP/1.1 200 OK');
    expect(bodies()).toEqual(['grüße']);
  });

  test('goes over to requests of any other kind, with what has come of them', async () => {
    const health = 'GET /_simulator/health HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const answers = await talk([request('{"MessageBody":"one"}') + health + request('{"MessageBody":"two"}')], 3);
    expect(bodies()).toEqual(['one', 'two']);
    expect(answers[1]).toContain('{"status":"ok"}');
  });

  test.each([
    ['in chunks', ['POST / HTTP/1.1', 'host: localhost', 'x-amz-target: AmazonSQS.SendMessage', 'transfer-encoding: chunked', '', '17', '{"MessageBody":"chunks"}', '0', '', ''].join('\r\n').replace('17', '18')],
    ['after a question whether it may come', request('{"MessageBody":"chunks"}', 'expect: 100-continue')],
    ['that is longer than a quick look', request(`{"MessageBody":"chunks"${' '.repeat(100_000)}}`)],
  ])('takes a body %s', async (_kind, sent) => {
    const answers = await talk([sent], sent.includes('expect') ? 2 : 1);
    expect(answers.at(-1)).toContain('HTTP/1.1 200 OK');
    expect(bodies()).toEqual(['chunks']);
  });

  test.each([
    ['two lengths', request('{}', 'content-length: 3'), 'HTTP/1.1 400 Bad Request'],
    ['a length and chunks', request('{}', 'transfer-encoding: chunked'), 'HTTP/1.1 400 Bad Request'],
    ['a folded header', request('{}', 'x-folded: a', ' b'), 'HTTP/1.1 400 Bad Request'],
    ['a host from elsewhere', request('{}').replace('localhost', 'example.com'), 'HTTP/1.1 403 Forbidden'],
    ['an origin from elsewhere', request('{}', 'origin: https://example.com'), 'HTTP/1.1 403 Forbidden'],
    ['no host', request('{}').replace('host: localhost\r\n', ''), 'HTTP/1.1 400 Bad Request'],
  ])('with %s is refused', async (_kind, sent, expected) => {
    expect((await talk([sent], 1))[0]).toContain(expected);
    expect(served.sqs.calls).toEqual([]);
  });

  test('has a header by a name that every object has', async () => {
    expect((await talk([request('{"MessageBody":"one"}', '__proto__: x')], 1))[0]).toContain('HTTP/1.1 200 OK');
  });

  test('gets the answer when it says first that it sends nothing more', async () => {
    const connection = socket = connect({ port: served.port, host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    connection.on('data', (chunk) => { received += String(chunk); });
    connection.end(request('{"MessageBody":"last"}'));
    await new Promise((resolve) => connection.on('close', resolve));
    expect(received).toContain('HTTP/1.1 200 OK');
  });

  test('may break off before it is answered', async () => {
    let finish = (): void => {};
    served.sqs.answer = () => new Promise((resolve) => { finish = () => resolve({}); });
    const talked = talk([request('{"MessageBody":"one"}')], 1);
    while (bodies().length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    socket!.destroy();
    await talked;
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(served.errors).toEqual([]);
  });
});
