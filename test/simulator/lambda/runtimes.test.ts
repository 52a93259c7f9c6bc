import { documented } from '../documented';
import { bundleOf, closeAll, containing, functionOf, invokeOn, virtualService } from './functions';

afterAll(closeAll);

documented('a Node.js runtime', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html', () => {
  const callback = 'exports.handler = (event, context, callback) => callback(null, 1);';

  test.each(['nodejs20.x', 'nodejs22.x'])('%s calls a handler with a callback', async (runtime) => {
    const { service, clock } = virtualService();
    expect(await invokeOn(clock, functionOf(service, callback, { runtime }))).toMatchObject({ status: 'succeeded', payload: 1 });
  });

  test('nodejs24.x refuses a handler with a callback', async () => {
    const { service, clock } = virtualService();
    expect(await invokeOn(clock, functionOf(service, callback, { runtime: 'nodejs24.x' }))).toMatchObject({
      status: 'failed', error: { type: 'Runtime.CallbackHandlerDeprecated', message: containing('make it async') },
    });
  });

  test('nodejs24.x runs an async handler, with or without its context', async () => {
    const { service, clock } = virtualService();
    const sources = ['async () => 1', 'async (event) => event', 'async (event, context) => context.functionName'];
    const payloads: unknown[] = [];
    for (const [index, source] of sources.entries()) {
      const fn = functionOf(service, `exports.handler = ${source};`, { name: `f${index}`, runtime: 'nodejs24.x' });
      payloads.push((await invokeOn(clock, fn, { a: 1 })).payload);
    }
    expect(payloads).toEqual([1, { a: 1 }, 'f2']);
  });
});

describe('a handler that streams its response', () => {
  const streaming: [form: string, files: Record<string, string>][] = [
    ['CommonJS', { 'index.js': 'exports.handler = awslambda.streamifyResponse(async (event, stream) => stream.end());' }],
    ['an ES module', { 'index.mjs': 'export const handler = awslambda.streamifyResponse(async (event, stream) => stream.end());' }],
  ];
  test.each(streaming)('is refused as %s, and the error says why', async (_form, files) => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested', code: bundleOf(files), handler: 'index.handler' });
    expect(await invokeOn(clock, fn)).toMatchObject({
      status: 'failed', error: { type: 'Simulator.CannotRun', message: containing('response streaming is not modelled by the simulator') },
    });
  });
});
