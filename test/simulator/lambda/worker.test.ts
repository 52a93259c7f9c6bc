import { mkdirSync, writeFileSync } from 'node:fs';
import { documented } from '../documented';
import { bundleOf, closeAll, functionOf, invokeOn, matching, virtualService } from './functions';

afterAll(closeAll);

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
