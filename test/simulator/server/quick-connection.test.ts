import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { QuickConnection } from '../../../simulator/server/quick-connection';
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

  test('names every request by an ID of its own', async () => {
    const answers = await talk([request('{}') + request('{}') + request('{}')], 3);
    const ids = answers.map((answer) => /^x-amzn-RequestId: ([\da-f-]{36})\r$/m.exec(answer)?.[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
  });

  test('is told the length of an answer in bytes', async () => {
    served.sqs.answer = () => ({ MessageId: 'grüße' });
    expect((await talk([request('{}')], 1))[0]).toMatch(/Content-Length: 23\r\n[^]*\r\n\r\n\{"MessageId":"grüße"\}$/);
  });

  test('asks who signed a request whose credential stands in the query', async () => {
    await talk([request('{}').replace('POST / ', 'POST /?X-Amz-Credential=KEY%2F20260105%2Fus-east-1%2Fsqs%2Faws4_request ')], 1);
    expect(served.sqs.last.caller.principal).toBe('KEY');
  });

  test("reaches the simulator's own pages, whatever its headers", async () => {
    expect((await talk([request('{}').replace('POST / ', 'POST /_simulator/health ')], 1))[0]).toContain('{"status":"ok"}');
    expect(served.sqs.calls).toEqual([]);
  });
});

const answered = { status: 200, headers: {}, body: '{}' };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
describe('a quick connection', () => {
  /** A connection whose requests are answered when the test says so, or at once. */
  function open(answer: () => typeof answered | Promise<typeof answered> = () => answered, room?: number) {
    const fake = new FakeSocket(room);
    const seen = { fake, asked: 0, left: 0 };
    new QuickConnection(fake as unknown as Socket, () => {
      seen.asked++;
      return answer();
    }, () => { seen.left++; }, 1000);
    return seen;
  }

  test.each([
    ['a header twice, in other letters', request('{}', 'X-AMZ-TARGET: AmazonSQS.PurgeQueue')],
    ['a header without a colon', request('{}', 'nonsense')],
    ['a header with a space before its colon', request('{}', 'x-name : a')],
    ['a line feed alone', request('{}', 'x-name: a\nx-other: b')],
    ['a carriage return alone', request('{}', 'x-name: a\rx-other: b')],
    ['a line feed before a line break', request('{}', 'x-name: a\n')],
    ['a carriage return before a line break', request('{}', 'x-name: a\r')],
    ['a character that no header may have', request('{}', 'x-name: a\u0001')],
    ['a length in another notation', request('{}').replace('content-length: 2', 'content-length: 0x2')],
    ['the wish that it ends', request('{}', 'Connection: close')],
    ['the announcement of a long body', request('').replace('content-length: 0', 'content-length: 70000')],
    ['long headers', request('{}', `x-name: ${'a'.repeat(17_000)}`)],
    ['headers that do not end', `POST / HTTP/1.1\r\nx-name: ${'a'.repeat(17_000)}`],
    ['another method, as soon as that shows', 'PU'],
  ])('with %s is left to the server for everything', async (_kind, sent) => {
    const seen = open();
    seen.fake.push(sent);
    await turn();
    expect([seen.asked, seen.left]).toEqual([0, 1]);
  });

  test('answers what came together in one write', async () => {
    const { fake } = open();
    fake.push(request('{}').repeat(5));
    await turn();
    expect(fake.written.map((text) => text.split('HTTP/1.1 200 OK').length - 1)).toEqual([5]);
  });

  test('answers a client that does not read its answers only once it does', async () => {
    const seen = open(undefined, 1);
    for (let sent = 0; sent < 3; sent++) {
      seen.fake.push(request('{}'));
      await turn();
    }
    expect(seen.asked).toBe(1);
    seen.fake.finishWrite();
    await turn();
    expect(seen.asked).toBe(3);
  });

  describe('while an answer takes time', () => {
    let finish: (answer: typeof answered) => void;
    const later = (): Promise<typeof answered> => new Promise((resolve) => { finish = resolve; });

    test('reads only so far ahead', async () => {
      const { fake } = open(later);
      fake.push(request('{}'));
      await turn();
      for (let ahead = 0; ahead < 9; ahead++) fake.push('x'.repeat(8 * 1024));
      await turn();
      expect(fake.isPaused()).toBe(true);
    });

    test('waits on after its time for idle connections, but not without a request', async () => {
      const { fake } = open(later);
      fake.push(request('{}'));
      await turn();
      fake.emit('timeout');
      expect(fake.destroyed).toBe(false);
      finish(answered);
      await turn();
      fake.emit('timeout');
      expect(fake.destroyed).toBe(true);
    });

    test('stays open for the answer when the client has ended its side', async () => {
      const { fake } = open(later);
      fake.push(request('{}'));
      fake.push(null);
      await turn();
      expect(fake.writableEnded).toBe(false);
      finish(answered);
      await turn();
      expect([fake.written.length, fake.writableEnded]).toEqual([1, true]);
    });

    test('asks for nothing more once the client is gone', async () => {
      const seen = open(later);
      seen.fake.push(request('{}').repeat(2));
      await turn();
      seen.fake.destroy();
      finish(answered);
      await turn();
      expect(seen.asked).toBe(1);
    });

    test('hands nothing over once the client has ended its side', async () => {
      const seen = open(later);
      seen.fake.push(`${request('{}')}GET / HTTP/1.1\r\n\r\n`);
      seen.fake.push(null);
      await turn();
      finish(answered);
      await turn();
      expect([seen.left, seen.fake.written.length, seen.fake.writableEnded]).toEqual([0, 1, true]);
    });
  });
});

/** A connection whose other side reads when the test says so, or at once. */
class FakeSocket extends Duplex {
  readonly written: string[] = [];
  finishWrite = (): void => {};

  constructor(private readonly room?: number) {
    super({ decodeStrings: false, writableHighWaterMark: room, allowHalfOpen: true });
  }

  setTimeout(): this {
    return this;
  }

  override _read(): void {}

  override _write(text: string, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(text);
    if (this.room === undefined) done();
    else this.finishWrite = done;
  }
}
