import { documented } from '../documented';
import { closeAll, containing, functionOf, invokeOn, matching, virtualService } from './functions';

afterAll(closeAll);

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
