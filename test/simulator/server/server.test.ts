import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { SimulatorServer } from '../../../simulator/server';
import { form, newPlace, raw, rawBytes, serve, type Served } from './fixture';

let served: Served;

beforeAll(async () => { served = await serve(); });
afterAll(() => served.server.close());

const services = () => ({ ...served, callerOf: () => ({ principal: 'anyone' }) });

const healthy = async () => (await raw(served.port, { method: 'GET', path: '/_simulator/health' })).body;

describe('listening', () => {
  test('makes 127.0.0.1 and the port the endpoint', () => {
    expect(served.place.endpoint).toBe(`http://127.0.0.1:${served.port}`);
  });

  test('is on the loopback interface only', async () => {
    const outer = Object.values(networkInterfaces()).flat().find((each) => each?.family === 'IPv4' && !each.internal);
    if (outer === undefined) return; // this machine has no other interface to be reached by
    await expect(fetch(`http://${outer.address}:${served.port}/_simulator/health`)).rejects.toThrow();
  });

  test('is at the port that is asked for', async () => {
    const { server, port } = await serve();
    await server.close();
    const place = newPlace();
    const second = new SimulatorServer(services(), place);
    expect(await second.listen(port)).toBe(port);
    await second.close();
  });

  test('fails when the port is taken, and says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const place = newPlace();
    await expect(new SimulatorServer(services(), place).listen(port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    expect(place.endpoint).toBe('');
    taken.close();
  });

  test.each([-1, 65_536, 1.5, NaN])('fails when the port is %p', async (port) => {
    await expect(new SimulatorServer(services(), newPlace()).listen(port)).rejects.toThrow(`'port' must be a whole number from 0 to 65535, got ${port}`);
  });

  test('keeps the process alive only when asked to', async () => {
    const { outputFiles } = await build({ entryPoints: [`${__dirname}/../../../simulator/server/index.ts`], bundle: true, platform: 'node', write: false });
    const run = async (options: string): Promise<string> => {
      const script = `${outputFiles[0].text};
        const server = new module.exports.SimulatorServer({ callerOf: () => ({}) }, { endpoint: '' });
        server.listen(0, ${options}).then(() => console.log('listening'));`;
      const child = spawn(process.execPath, ['-'], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.end(script);
      let ended = false;
      const exit = once(child, 'exit').then(() => { ended = true; });
      await once(child.stdout, 'data');
      await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 1000))]);
      const outcome = ended ? 'ended' : 'alive';
      child.kill();
      await exit;
      return outcome;
    };
    expect(await Promise.all([run('{}'), run('{ keepAlive: true }')])).toEqual(['ended', 'alive']);
  });

  test('ends when closed, with requests in flight, and closes twice', async () => {
    const closing = await serve();
    closing.sqs.answer = () => new Promise(() => {});
    const pending = raw(closing.port, { headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' }, body: '{}' });
    const failed = expect(pending).rejects.toThrow();
    while (closing.sqs.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await closing.server.close();
    await failed;
    await closing.server.close();
  });
});

describe('who may ask', () => {
  test.each([
    '127.0.0.1', '127.0.0.1:4566', '127.1.2.3:80', 'localhost', 'localhost:4566', 'LOCALHOST', 'orders.localhost:1',
    's3.us-east-1.localhost', '[::1]', '[::1]:4566',
  ])('a request to the host %s is answered', async (host) => {
    expect((await raw(served.port, { method: 'GET', path: '/_simulator/health', headers: { host } })).status).toBe(200);
  });

  test.each([
    'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.example:4566', '128.0.0.1', '10.0.0.1', '1270.0.0.1',
    'localhost@evil.example', 'evillocalhost', '[::2]', '127.0.0.1:4566:1', '0.0.0.0',
  ])('a request to the host "%s" is refused: it came by a name that someone else controls', async (host) => {
    for (const request of [{ method: 'GET', path: '/_simulator/health' }, { headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' }]) {
      const calls = served.sqs.calls.length;
      const { status, body } = await raw(served.port, { ...request, headers: { ...request.headers, host } });
      expect([status, body]).toEqual([403, expect.stringContaining('the Host header must be a loopback address')]);
      expect(served.sqs.calls.length).toBe(calls);
    }
  });

  test('a request without a host, or with an empty one, is refused', async () => {
    expect(await rawBytes(served.port, 'GET /_simulator/health HTTP/1.0\r\n\r\n')).toContain('403 Forbidden');
    expect(await rawBytes(served.port, 'GET /_simulator/health HTTP/1.1\r\nHost:\r\n\r\n')).toContain('403 Forbidden');
  });

  test('a page from elsewhere is refused, by its origin and by what the browser says', async () => {
    const post = (headers: Record<string, string>) => raw(served.port, { headers: { ...form, ...headers }, body: 'Action=ListQueues' });
    const calls = served.sqs.calls.length;
    expect((await post({ 'origin': 'https://evil.example' })).status).toBe(403);
    expect((await post({ 'origin': 'null' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(403);
    const get = (path: string) => raw(served.port, { method: 'GET', path, headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } });
    expect((await get('/?Action=ListQueues')).status).toBe(403);
    expect(served.sqs.calls.length).toBe(calls);
    expect((await get('/_simulator/health')).status).toBe(200);
    expect((await post({ 'origin': `http://localhost:${served.port}`, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('no answer allows a page of another origin to read it', async () => {
    const { headers } = await raw(served.port, { method: 'OPTIONS', headers: { 'origin': 'http://localhost:1', 'access-control-request-method': 'POST' } });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('the size of a body', () => {
  const limit = 8 * 1024 * 1024;

  test('is refused by what it is announced to be, before it is sent', async () => {
    const headers = { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-length': String(limit + 1) };
    const request = httpRequest({ port: served.port, host: '127.0.0.1', method: 'POST', agent: false, headers });
    request.on('error', () => {});
    request.flushHeaders();
    const [response] = await once(request, 'response') as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  test.each([
    ['SQS JSON', { 'x-amz-target': 'AmazonSQS.SendMessage' }, 'RequestEntityTooLarge', limit],
    ['the query protocol', form, '<Code>RequestEntityTooLarge</Code>', limit],
    ['S3', {}, '<Code>EntityTooLarge</Code>', 64 * 1024 * 1024],
    ['Lambda', { path: '/2015-03-31/functions/f/invocations' }, 'at most 6291456 bytes', 6 * 1024 * 1024],
  ])('is refused where it is more than announced, in the form of %s', async (_kind, { path = '/bucket/key', ...headers }: Record<string, string>, expected, most) => {
    const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const method = _kind === 'S3' ? 'PUT' : 'POST';
      const options = { port: served.port, host: '127.0.0.1', method, path, agent: false, headers: { ...headers, 'transfer-encoding': 'chunked' } };
      const request = httpRequest(options, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      request.on('error', reject);
      const chunk = Buffer.alloc(1024 * 1024);
      for (let sent = 0; sent <= most; sent += chunk.length) request.write(chunk);
      request.end();
    });
    expect([status, body]).toEqual([413, expect.stringContaining(expected)]);
  });

  test('counts unpacked, so that a small body cannot become a large one', async () => {
    const { status, body } = await raw(served.port, {
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(limit + 1, ' ')),
    });
    expect([status, body]).toEqual([413, expect.stringContaining('RequestEntityTooLarge')]);
  });

  test.each([
    ['gzip', 400, 'SerializationException'], ['br', 415, "got 'br'"],
  ])('with the encoding %s that it has not is refused', async (encoding, status, message) => {
    const response = await raw(served.port, { headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-encoding': encoding }, body: '{}' });
    expect([response.status, response.body]).toEqual([status, expect.stringContaining(message)]);
  });
});

describe('the simulator\'s own paths', () => {
  test('say that it is healthy', async () => {
    expect(await raw(served.port, { method: 'GET', path: '/_simulator/health' })).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  });

  test('are 404 where nothing is, and never a bucket', async () => {
    const { status, body } = await raw(served.port, { method: 'GET', path: '/_simulator/nothing' });
    expect([status, body]).toEqual([404, expect.stringContaining('/_simulator/nothing')]);
    expect((await raw(served.port, { method: 'PUT', path: '/_simulator' })).status).toBe(404);
  });

  test('can be added, and the longest prefix answers', async () => {
    const routed = await serve();
    routed.server.route('/_simulator/console', (_request, response, path) => { response.end(`console ${path}`); });
    routed.server.route('/_simulator/console/deep', (_request, response, path) => { response.end(`deep ${path}`); });
    const get = async (path: string) => (await raw(routed.port, { method: 'GET', path })).body;
    expect(await get('/_simulator/console')).toBe('console ');
    expect(await get('/_simulator/console/a/b?query')).toBe('console /a/b');
    expect(await get('/_simulator/console/deep/a')).toBe('deep /a');
    expect(await get('/_simulator/consoles')).toContain('nothing at');
    expect(() => routed.server.route('/_simulator/console', () => {})).toThrow('a second time');
    expect(() => routed.server.route('/console', () => {})).toThrow("'prefix' must begin with /_simulator");
    await routed.server.close();
  });

  test('answer 500 and tell the error where a handler fails', async () => {
    const routed = await serve();
    const broken = new Error('broken page');
    routed.server.route('/_simulator/throws', () => { throw broken; });
    routed.server.route('/_simulator/rejects', () => Promise.reject(broken));
    expect((await raw(routed.port, { method: 'GET', path: '/_simulator/throws' })).status).toBe(500);
    expect((await raw(routed.port, { method: 'GET', path: '/_simulator/rejects' })).status).toBe(500);
    expect(routed.errors).toEqual([broken, broken]);
    await routed.server.close();
  });
});

describe('a connection', () => {
  test('that speaks no HTTP is refused, and the next one is served', async () => {
    const noHttp = [
      '\r\n\r\n', 'nonsense\r\n\r\n', Buffer.of(0x16, 3, 1, 2, 0, 1), 'GET / HTTP/1.1\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
    ];
    for (const bytes of noHttp) {
      expect(await rawBytes(served.port, bytes)).not.toContain('200 OK');
    }
    expect(await healthy()).toBe('{"status":"ok"}');
  });

  test('that ends in the middle of a body is no error of the simulator', async () => {
    const errors = served.errors.length;
    await rawBytes(served.port, 'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: 100\r\n\r\n{"a', 30);
    expect(await healthy()).toBe('{"status":"ok"}');
    expect(served.errors.length).toBe(errors);
  });

  test('with an absolute address in its request line is answered with an error of S3', async () => {
    const response = await rawBytes(served.port, 'GET http://localhost/bucket HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(response).toContain('InvalidURI');
  });

  test('is kept for the next request', async () => {
    const twice = 'GET /_simulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2);
    expect((await rawBytes(served.port, twice)).match(/200 OK/g)).toHaveLength(2);
  });
});

test('an onError that throws ends nothing', async () => {
  const shown = jest.spyOn(console, 'error').mockImplementation(() => {});
  const place = newPlace();
  const broken = new SimulatorServer({ ...served, callerOf: () => { throw new Error('first'); } }, place, { onError: () => { throw new Error('second'); } });
  const port = await broken.listen();
  expect((await raw(port, { headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' })).status).toBe(500);
  expect((await raw(port, { method: 'GET', path: '/_simulator/health' })).status).toBe(200);
  expect(shown).toHaveBeenCalledWith(new Error('first'), new Error('second'));
  shown.mockRestore();
  await broken.close();
});
