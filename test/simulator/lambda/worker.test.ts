import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documented } from '../documented';
import { bundleOf, closeAll, containing, functionOf, invokeOn, matching, virtualService } from './functions';

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

documented('a handler in a worker', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html', () => {
  test('gets the event and returns its result as JSON carries it', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, 'exports.handler = async (event) => ({ got: event, when: new Date(0), dropped: undefined });');
    const result = await invokeOn(clock, fn, { a: [1, 'two'] });
    expect(result).toMatchObject({ status: 'succeeded', duration: 100 });
    expect(result.payload).toEqual({ got: { a: [1, 'two'] }, when: '1970-01-01T00:00:00.000Z' });
  });

  test('may return nothing, which is null', async () => {
    const { service, clock } = virtualService();
    expect(await invokeOn(clock, functionOf(service, 'exports.handler = async () => {};')))
      .toMatchObject({ status: 'succeeded', payload: null });
  });

  test('may be an ES module, an .mjs or a .cjs file, in a folder of the asset', async () => {
    const { service, clock } = virtualService();
    const esModule = 'import { basename } from "node:path"; export const handler = async () => basename("/a/es");';
    const bundles = {
      module: bundleOf({ 'package.json': '{"type":"module"}', 'index.js': esModule }),
      mjs: bundleOf({ 'index.mjs': esModule }),
      cjs: bundleOf({ 'index.cjs': 'exports.handler = async () => "cjs";' }),
    };
    const payloads: unknown[] = [];
    for (const [name, code] of Object.entries(bundles)) {
      const fn = service.createFunction({ name, code, handler: 'index.handler' });
      payloads.push((await invokeOn(clock, fn)).payload);
    }
    expect(payloads).toEqual(['es', 'es', 'cjs']);
  });
});

describe('a bundle in the checkout of a project', () => {
  test('is CommonJS in an asset even when a project around the asset is of ES modules', async () => {
    const { service, clock } = virtualService();
    const { folder } = bundleOf({ 'package.json': '{"type":"module"}' });
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(`${folder}/asset`);
    writeFileSync(`${folder}/asset/index.js`, 'exports.handler = async () => require("node:path").basename(__filename);');
    const fn = service.createFunction({ name: 'nested', code: { folder: `${folder}/asset` }, handler: 'index.handler' });
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', payload: 'index.js' });
  });
});

documented('inline code', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html', () => {
  test('may be inline code', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({
      name: 'inline', code: { inline: 'exports.handler = async () => require("os").EOL.length;' }, handler: 'index.handler',
    });
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', payload: 1 });
  });
});

documented('the environment of a handler', 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html', () => {
  test('sees the variables of the template and those of Lambda, and none of this machine', async () => {
    const { service, clock } = virtualService();
    process.env.SECRET_OF_THIS_MACHINE = 'secret';
    const fn = functionOf(service, 'exports.handler = async () => process.env;', { environment: { QUEUE_URL: 'there' }, memorySize: 256 });
    const variables = (await invokeOn(clock, fn)).payload as Record<string, string>;
    delete process.env.SECRET_OF_THIS_MACHINE;
    expect(variables).toMatchObject({
      QUEUE_URL: 'there', AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'tested', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/tested', _HANDLER: 'index.handler', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    });
    expect(variables.AWS_ACCESS_KEY_ID).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(variables.AWS_ACCESS_KEY_ID).toBe(service.credentials(fn).accessKeyId);
    expect(variables).not.toHaveProperty('SECRET_OF_THIS_MACHINE');
    expect(variables).not.toHaveProperty('HOME');
  });
});

documented('the context of an invocation', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html', () => {
  test('gets a context that tells of the function and the time that remains', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `exports.handler = async (event, context) => {
      const before = context.getRemainingTimeInMillis();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return { ...context, before, after: context.getRemainingTimeInMillis() };
    };`, { timeout: 10 });
    const result = await invokeOn(clock, fn);
    expect(result.payload).toMatchObject({
      functionName: 'tested', functionVersion: '$LATEST', memoryLimitInMB: '128', awsRequestId: result.requestId,
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:tested', logGroupName: '/aws/lambda/tested',
      logStreamName: matching(/^2026\/01\/05\/\[\$LATEST\][0-9a-f]{32}$/), before: 10_000, after: 8000,
    });
  });
});

documented('what a handler writes', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html', () => {
  test('writes to the log and not to the terminal', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `
      const fs = require('node:fs');
      exports.handler = async () => {
        console.log('one', { two: 2 }); console.error('three'); process.stdout.write('four\\n');
        fs.writeSync(1, 'five\\n'); process.emitWarning('six');
        await new Promise((resolve) => setTimeout(resolve, 1000)); console.log('seven');
      };`);
    const { requestId } = await invokeOn(clock, fn);
    expect(fn.logs.map(({ line }) => line)).toEqual(['one { two: 2 }', 'three', 'four', 'five', '(Warning) six', 'seven']);
    expect(new Set(fn.logs.map((line) => line.requestId))).toEqual(new Set([requestId]));
    expect(fn.logs.at(-1)!.at - fn.logs[0].at).toBe(1000);
  });
});

documented('an execution environment', 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html', () => {
  test('is warm the second time, in under a millisecond', async () => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, 'let calls = 0; exports.handler = async () => ++calls;');
    await invokeOn(clock, fn);
    const rounds = 300;
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      await invokeOn(clock, fn);
      times.push(performance.now() - began);
    }
    // The faster half: what a busy machine adds is not the simulator's.
    expect(times.sort((one, other) => one - other)[rounds / 2]).toBeLessThan(1);
    expect((await invokeOn(clock, fn)).payload).toBe(rounds + 2);
    expect(events.filter(({ action }) => action === 'started').map(({ coldStart }) => coldStart).slice(0, 3)).toEqual([true, false, false]);
  });
});

documented('a handler that fails', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html', () => {
  const failures: [name: string, source: string, error: object][] = [
    ['throws', 'exports.handler = () => { throw new RangeError("too far"); };',
      { type: 'RangeError', message: 'too far', stack: { 0: 'RangeError: too far' } }],
    ['rejects', 'exports.handler = async () => { await null; throw new TypeError("wrong"); };', { type: 'TypeError', message: 'wrong' }],
    ['rejects with a text', 'exports.handler = async () => { throw "a text"; };', { type: 'string', message: 'a text', stack: [] }],
    ['rejects with an object', 'exports.handler = () => Promise.reject({ a: 1 });', { type: 'object', message: '[object Object]' }],
    ['rejects with nothing', 'exports.handler = () => Promise.reject();', { type: 'string', message: 'handled' }],
    ['has an error class of its own', 'class OrderError extends Error { name = "OrderError" } exports.handler = async () => { throw new OrderError("no"); };',
      { type: 'OrderError', message: 'no' }],
    ['returns a circle', 'exports.handler = async () => { const a = {}; a.a = a; return a; };',
      { type: 'Error', message: 'Unable to stringify response body' }],
    ['returns more than 6 MB', 'exports.handler = async () => "x".repeat(6291555);', { type: 'Function.ResponseSizeTooLarge' }],
    ['cannot be parsed', 'exports.handler = async () => {', { type: 'Runtime.UserCodeSyntaxError' }],
    ['needs a missing module', 'require("no-such-module");', { type: 'Runtime.ImportModuleError', message: containing('no-such-module') }],
    ['is not exported', 'exports.other = 1;', { type: 'Runtime.HandlerNotFound', message: 'index.handler is undefined or not exported' }],
    ['is not a function', 'exports.handler = 1;', { type: 'Runtime.HandlerNotFound', message: 'index.handler is not a function' }],
    ['fails while it loads', 'throw new Error("no configuration");', { type: 'Error', message: 'no configuration' }],
    ['waits for what never comes', 'exports.handler = async () => { await new Promise(() => {}); };', { type: 'Runtime.NodeJsExit' }],
  ];
  test.each(failures)('reports one that %s as AWS does', async (_name, source, error) => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, source);
    const result = await invokeOn(clock, fn);
    expect(result).toMatchObject({ status: 'failed', error });
    expect(events.at(-1)).toMatchObject({ action: 'failed', error: `${result.error!.type}: ${result.error!.message}` });
    expect(fn.logs.at(-1)!.line).toContain(`"errorType":"${result.error!.type}"`);
  });
});

documented('a process that ends', 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html', () => {
  const crashes: [name: string, source: string, error: object][] = [
    ['throws where nobody catches', 'setTimeout(() => { throw new Error("late"); }, 100); return new Promise(() => {});', { type: 'Error', message: 'late' }],
    ['leaves a rejection unhandled', 'Promise.reject(new Error("left")); await new Promise((resolve) => setTimeout(resolve, 100));',
      { type: 'Runtime.UnhandledPromiseRejection', message: 'Error: left' }],
    ['exits', 'process.exit(3);', { type: 'Runtime.ExitError', message: matching(/^RequestId: .* Error: Runtime exited with error: exit status 3$/) }],
    ['exits with 0', 'process.exit();', { type: 'Runtime.ExitError', message: containing('Runtime exited without providing a reason') }],
    ['uses up its memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(1.5));', { type: 'Runtime.OutOfMemory' }],
  ];
  test.each(crashes)('loses its environment when it %s', async (_name, source, error) => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, `let calls = 0; exports.handler = async (event) => { calls++; if (!event.fail) return calls; ${source} };`);
    await invokeOn(clock, fn);
    expect(await invokeOn(clock, fn, { fail: true })).toMatchObject({ status: 'failed', error });
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', payload: 1 });
    expect(events.filter(({ action }) => action === 'started').map(({ coldStart }) => coldStart)).toEqual([true, false, true]);
  });

  test('keeps its environment when it only fails', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, 'let calls = 0; exports.handler = async (event) => { calls++; if (event.fail) throw new Error(); return calls; };');
    expect((await invokeOn(clock, fn, { fail: true })).status).toBe('failed');
    expect((await invokeOn(clock, fn)).payload).toBe(2);
  });
});

documented('a handler with a callback', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html', () => {
  const callbacks: [name: string, source: string, expected: object][] = [
    ['succeeds', '(event, context, callback) => callback(null, 1)', { status: 'succeeded', payload: 1, duration: 100 }],
    ['fails', '(event, context, callback) => { setTimeout(callback, 1000, new Error("no")); }', { status: 'failed', duration: 1100, error: { message: 'no' } }],
    ['ends when the event loop is empty', '(event, context, callback) => { setTimeout(() => {}, 2000); callback(null, 1); }', { payload: 1, duration: 2100 }],
    ['ends at once when it may', '(event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {}, 2000); callback(null, 1); }',
      { payload: 1, duration: 100 }],
    ['ends by the context', '(event, context) => { setTimeout(() => {}, 2000); context.succeed(1); }', { payload: 1, duration: 100 }],
    ['counts only its first call', '(event, context, callback) => { callback(null, 1); callback(new Error()); }', { status: 'succeeded', payload: 1 }],
    ['succeeds with null when it is never called', '(event, context, callback) => {}', { status: 'succeeded', payload: null }],
    ['fails for what JSON cannot carry', '(event, context, callback) => { callback(null, 1n); }', { status: 'failed', error: { message: 'Unable to stringify response body' } }],
  ];
  test.each(callbacks)('%s', async (_name, source, expected) => {
    const { service, clock } = virtualService();
    expect(await invokeOn(clock, functionOf(service, `exports.handler = ${source};`))).toMatchObject(expected);
  });
});

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
