import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundleOf, closeAll, functionOf, invokeOn, virtualService } from './functions';

let server: Server;
let address: string;
let answers: { finish: () => void }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const finish = (): void => { response.end(`${request.method} ${request.url}`); };
    if (request.url === '/slow') setTimeout(finish, 60);
    else if (request.url === '/poll') answers.push({ finish });
    else finish();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => { answers = []; });

afterAll(async () => {
  await closeAll();
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});

const get = `
  const http = require('node:http');
  const agent = new http.Agent({ keepAlive: true });
  const get = (path) => new Promise((resolve, reject) => http.get('${'$'}{URL}' + path, { agent }, (response) => {
    let text = ''; response.on('data', (chunk) => text += chunk).on('end', () => resolve(text));
  }).on('error', reject));`;

/** What a handler uses to call the server. */
const client = (): string => get.replace('${URL}', address);

describe('virtual time in a worker', () => {
  test('passes while a handler sleeps, and takes no real time', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `
      const { setTimeout: sleep, setInterval: every, scheduler } = require('node:timers/promises');
      const { promisify } = require('node:util');
      exports.handler = async () => {
        const began = Date.now(), ran = performance.now(), exact = process.hrtime.bigint();
        const at = [];
        await sleep(10_000); at.push(Date.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 20_000)); at.push(Date.now() - began);
        await promisify(setTimeout)(5000); at.push(new Date() - began);
        await scheduler.wait(5000); at.push(performance.now() - ran);
        for await (const tick of every(1000)) if (at.push(Date.now() - began) > 6) break;
        at.push(Number((process.hrtime.bigint() - exact) / 1_000_000n));
        return [...at, new Date().toISOString(), new Date() instanceof Date, Date.UTC(2026, 0)];
      };`, { timeout: 60 });
    const began = performance.now();
    const result = await invokeOn(clock, fn);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(result).toMatchObject({ status: 'succeeded', duration: 43_100 });
    expect(result.payload).toEqual([
      10_000, 30_000, 35_000, 40_000, 41_000, 42_000, 43_000, 43_000, '2026-01-05T09:00:43.000Z', true, Date.UTC(2026, 0),
    ]);
  });

  test('fires timers in the order of their moments, and none that was cleared', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `exports.handler = () => new Promise((resolve) => {
      const seen = [];
      setTimeout(() => seen.push('c'), 20); setTimeout((x) => seen.push(x), 10, 'a'); setTimeout(() => seen.push('d'), 20);
      setTimeout(() => { Promise.resolve().then(() => seen.push('promise')); }, 10); setTimeout(() => seen.push('b'), 10);
      clearTimeout(setTimeout(() => seen.push('never'), 5)); clearTimeout(+setTimeout(() => seen.push('never'), 5));
      const refreshed = setTimeout(() => seen.push('refreshed'), 25);
      setTimeout(() => refreshed.refresh(), 15);
      let ticks = 0; const interval = setInterval(() => { seen.push('tick'); if (++ticks === 2) clearInterval(interval); }, 12);
      setTimeout(() => resolve(seen), 100);
    });`);
    expect((await invokeOn(clock, fn)).payload).toEqual(['a', 'promise', 'b', 'tick', 'c', 'd', 'tick', 'refreshed']);
  });

  test('ends a wait by its signal', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `
      const { setTimeout: sleep } = require('node:timers/promises');
      exports.handler = async () => {
        const began = Date.now(), keep = setTimeout(() => {}, 3000);
        try { await sleep(60_000, null, { signal: AbortSignal.timeout(2000) }); } catch (error) { return [error.name, error.cause.name, Date.now() - began]; }
      };`, { timeout: 10 });
    expect((await invokeOn(clock, fn)).payload).toEqual(['AbortError', 'TimeoutError', 2000]);
  });

  test('ends an invocation at the timeout of the function, whatever interval goes on', async () => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, 'exports.handler = () => new Promise(() => setInterval(() => {}, 500));');
    const result = await invokeOn(clock, fn);
    expect(result).toMatchObject({ status: 'timedOut', duration: 3000, error: { type: 'Sandbox.Timedout' } });
    expect(result.error!.message).toBe(`RequestId: ${result.requestId} Error: Task timed out after 3.00 seconds`);
    expect(events.at(-1)).toMatchObject({ action: 'timedOut', duration: 3000, at: Date.UTC(2026, 0, 5, 9, 0, 3) });
  });

  test('lets a timer of a frozen environment fire in the next invocation', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `const seen = []; exports.handler = async () => {
      setTimeout(() => seen.push('late'), 1000);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return [...seen];
    };`);
    expect((await invokeOn(clock, fn)).payload).toEqual([]);
    expect((await invokeOn(clock, fn)).payload).toEqual(['late']);
  });

  test('stands still while a request is under way, however slow it is', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `${client()}
      exports.handler = async () => {
        const began = Date.now();
        const answers = [await get('/a'), await get('/slow'), await (await fetch('${address}/slow')).text()];
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return [...answers, await get('/b'), Date.now() - began];
      };`);
    expect(await invokeOn(clock, fn)).toMatchObject({
      status: 'succeeded', duration: 1100, payload: ['GET /a', 'GET /slow', 'GET /slow', 'GET /b', 1000],
    });
  });

  test('stands still while files are read and the thread pool computes', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `
      const zlib = require('node:zlib'), crypto = require('node:crypto'), fs = require('node:fs/promises');
      const { promisify } = require('node:util');
      exports.handler = async () => {
        const began = Date.now();
        const deadline = new Promise((resolve, reject) => setTimeout(reject, 500, new Error('time passed')));
        const work = (async () => {
          const zipped = await promisify(zlib.gzip)(Buffer.alloc(3e7));
          const unzipped = await promisify(zlib.gunzip)(zipped);
          const key = await promisify(crypto.pbkdf2)('a', 'b', 200000, 32, 'sha512');
          const hash = await crypto.subtle.digest('SHA-256', Buffer.alloc(1e7));
          return [unzipped.length, key.length, hash.byteLength, (await fs.readFile(__filename)).length > 0, Date.now() - began];
        })();
        return Promise.race([work, deadline]);
      };`);
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', duration: 100, payload: [3e7, 32, 32, true, 0] });
  });

  test('passes while the server says that a request waits for it', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `${client()}
      exports.handler = async () => {
        const began = Date.now();
        const [text, ticks] = await Promise.all([get('/poll'), new Promise((resolve) => setTimeout(() => resolve(Date.now() - began), 3000))]);
        return [text, ticks, Date.now() - began];
      };`, { timeout: 60 });
    const { accessKeyId } = service.credentials(fn);
    const invoked = invokeOn(clock, fn);
    while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const unparked = service.parked(accessKeyId);
    clock.schedule(20_000, () => { unparked(); answers[0].finish(); });
    expect(await invoked).toMatchObject({ status: 'succeeded', duration: 20_100, payload: ['GET /poll', 3000, 20_000] });
  });

  test('times out a handler whose long poll lasts too long', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `${client()} exports.handler = async () => get('/poll');`, { timeout: 5 });
    const invoked = invokeOn(clock, fn);
    while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const unparked = service.parked(service.credentials(fn).accessKeyId);
    expect(await invoked).toMatchObject({ status: 'timedOut', duration: 5000 });
    unparked();
    answers[0].finish();
    expect(service.parked('ASIAOFSOMEBODYELSE00')).not.toThrow();
  });

  test('ends an endless loop by the real clock', async () => {
    const { service, clock } = virtualService({ realTimeLimit: 200 });
    const fn = functionOf(service, 'exports.handler = async () => { for (;;); };');
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'timedOut' });
    expect(fn.logs[0].line).toMatch(/200 ms of real time/);
  });

  test('is the same in every run with the same seed, and so is what the handler finds random', async () => {
    const run = async (): Promise<unknown> => {
      const { service, clock } = virtualService();
      const fn = functionOf(service, `exports.handler = async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
        return [Date.now(), Math.random(), require('node:crypto').randomUUID(), crypto.randomUUID()];
      };`);
      return (await invokeOn(clock, fn)).payload;
    };
    const first = await run();
    expect(new Set(first as unknown[]).size).toBe(4);
    expect(await run()).toEqual(first);
  });

  test('lets the module wait while it loads', async () => {
    const { service, clock } = virtualService();
    const code = bundleOf({ 'index.mjs': 'await new Promise((resolve) => setTimeout(resolve, 700)); export const handler = async () => Date.now();' });
    const fn = service.createFunction({ name: 'module', code, handler: 'index.handler' });
    expect(await invokeOn(clock, fn)).toMatchObject({ payload: Date.UTC(2026, 0, 5, 9) + 700, duration: 800 });
  });
});
