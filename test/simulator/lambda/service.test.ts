import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VirtualClock, WallClock } from '../../../simulator/clock';
import type { Caller, Directory, MessageToSend } from '../../../simulator/contracts';
import type { LambdaOptions } from '../../../simulator/lambda';
import { documented } from '../documented';
import { bundleOf, caller, closeAll, containing, functionOf, invokeOn, matching, serviceOn, thrownBy, virtualService } from './functions';

afterAll(closeAll);

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

documented('creating a function', 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html', () => {
  const refused: [property: string, properties: object, message: string][] = [
    ['name', { name: 'a b' }, "'name' must be 1 to 64 letters, digits, hyphens and underscores, got 'a b'"],
    ['timeout', { timeout: 901 }, "'timeout' must be a whole number from 1 to 900, got 901"],
    ['memorySize', { memorySize: 127 }, "'memorySize' must be a whole number from 128 to 10240, got 127"],
    ['reservedConcurrency', { reservedConcurrency: -1 }, "'reservedConcurrency' must be a whole number from 0, got -1"],
    ['reservedConcurrency', { reservedConcurrency: 901 }, "must leave 100 of the account's 1000 unreserved, got 901, which leaves 99"],
    ['maximumRetryAttempts', { maximumRetryAttempts: 3 }, "'maximumRetryAttempts' must be a whole number from 0 to 2, got 3"],
    ['maximumEventAge', { maximumEventAge: 59 }, "'maximumEventAge' must be a whole number from 60 to 21600, got 59"],
    ['handler', { handler: undefined }, "'handler' must be set where 'code' is, got none"],
    ['environment', { environment: { AWS_REGION: 'x' } }, "'environment' must not set 'AWS_REGION', which Lambda reserves"],
    ['environment', { environment: { 'a-b': 'x' } }, "names of letters, digits and underscores, got 'a-b'"],
    ['environment', { environment: { LONG: 'x'.repeat(4096) } }, "'environment' must be at most 4096 bytes of JSON, got 4107"],
  ];
  test.each(refused)('fails for what Lambda refuses of %s', (_property, properties, message) => {
    const { service } = virtualService();
    const create = (): unknown => service.createFunction({ name: 'tested', code: { inline: '' }, handler: 'index.handler', ...properties });
    expect(thrownBy(create)).toMatchObject({ code: 'InvalidParameterValueException', message: containing(message) });
    expect(service.functions()).toEqual([]);
  });

  test('fails with every problem at once', () => {
    const { service } = virtualService();
    expect(() => service.createFunction({ name: '', timeout: 0, memorySize: 1 })).toThrow(/'name'.*'timeout'.*'memorySize'/);
  });

  test('fails for a name that is taken', () => {
    const { service } = virtualService();
    service.createFunction({ name: 'one' });
    expect(thrownBy(() => service.createFunction({ name: 'one' }))).toMatchObject({ code: 'ResourceConflictException', status: 409 });
  });
});

documented('naming a function', 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html', () => {
  test('makes a function that is found by name, ARN, partial ARN and with a qualifier', () => {
    const { service } = virtualService();
    const fn = service.createFunction({ name: 'one' });
    const names = ['one', 'one:$LATEST', fn.arn, `${fn.arn}:live`, '111122223333:function:one'];
    expect(names.map((name) => service.function(name))).toEqual(names.map(() => fn));
    const others = ['two', fn.arn.replace('111122223333', '444455556666'), fn.arn.replace('central', 'west'), '444455556666:function:one'];
    expect(others.map((name) => service.function(name))).toEqual(others.map(() => undefined));
  });
});

describe('a supplied handler', () => {
  test('accepts a runtime that cannot run here, whose invocation then says so', async () => {
    const { service, clock } = virtualService();
    const python = service.createFunction({ name: 'python', runtime: 'python3.13', code: { inline: '' }, handler: 'index.handler' });
    const bare = service.createFunction({ name: 'bare' });
    expect(await invokeOn(clock, python)).toMatchObject({ status: 'failed', error: { message: matching(/not 'python3\.13': give 'python' a handler of this process/) } });
    expect(await invokeOn(clock, bare)).toMatchObject({ status: 'failed', error: { message: matching(/no code/) } });
    python.handler = () => 'supplied';
    expect(await invokeOn(clock, python)).toMatchObject({ status: 'succeeded', payload: 'supplied' });
  });

  test('runs instead of the bundle, on a copy of the event, and returns what JSON carries', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, 'exports.handler = async () => "bundle";');
    const event = { list: [1] };
    fn.handler = (received: { list: number[] }, context) => {
      received.list.push(2);
      return { received, name: context.functionName, remaining: context.getRemainingTimeInMillis(), nothing: undefined };
    };
    expect(await invokeOn(clock, fn, event)).toMatchObject({ status: 'succeeded', duration: 100, payload: { received: { list: [1, 2] }, name: 'tested', remaining: 3000 } });
    expect(event).toEqual({ list: [1] });
    fn.handler = undefined;
    expect(await invokeOn(clock, fn)).toMatchObject({ payload: 'bundle' });
  });

  test('fails as one in a worker does', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    fn.handler = () => { throw new RangeError('too far'); };
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'failed', error: { type: 'RangeError', message: 'too far' } });
    fn.handler = () => 1n;
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'failed', error: { message: 'Unable to stringify response body' } });
  });

  test('stops virtual time while it runs', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    fn.handler = async () => { const before = clock.now(); await later(30); return clock.now() - before; };
    expect(await invokeOn(clock, fn)).toMatchObject({ payload: 0, duration: 100 });
  });

  test('counts as timed out when it never ends', async () => {
    const { service, clock } = virtualService({ realTimeLimit: 50 });
    const fn = service.createFunction({ name: 'tested' });
    fn.handler = () => new Promise(() => {});
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'timedOut' });
    fn.handler = () => 'usable';
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded' });
  });

  test('may wait for another function, and for virtual time with it', async () => {
    const { service, clock } = virtualService();
    const inner = functionOf(service, 'exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 2000, "inner"));', { timeout: 10 });
    const outer = service.createFunction({ name: 'outer', timeout: 30 });
    outer.handler = async () => (await inner.invoke({}, caller)).payload;
    expect(await invokeOn(clock, outer)).toMatchObject({ status: 'succeeded', payload: 'inner', duration: 2200 });
  });
});

const sleepy = 'exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 1000));';

documented('concurrency', 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html', () => {
  test('overlaps in virtual time, each in an execution environment of its own', async () => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, sleepy);
    const began = clock.now();
    const all = Promise.all([1, 2, 3].map(() => fn.invoke({}, caller)));
    await clock.advance(1100);
    expect((await all).map(({ duration }) => duration)).toEqual([1100, 1100, 1100]);
    expect(clock.now() - began).toBe(1100);
    expect(fn.workers).toBe(3);
    expect(events.filter(({ coldStart }) => coldStart)).toHaveLength(3);
  });
});

documented('reserved concurrency', 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html', () => {
  test('throttles what exceeds the reserved concurrency, at once', async () => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, sleepy, { reservedConcurrency: 2 });
    const all = Promise.all([1, 2, 3].map(() => fn.invoke({}, caller)));
    await clock.advance(5000);
    expect((await all).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'throttled']);
    expect((await all)[2]).toMatchObject({ duration: 0, error: { type: 'TooManyRequestsException' } });
    expect(events.filter(({ action }) => action === 'throttled')).toHaveLength(1);
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded' });
  });

  test('throttles everything with a reserved concurrency of 0', async () => {
    const { service, clock } = virtualService();
    expect(await invokeOn(clock, functionOf(service, sleepy, { reservedConcurrency: 0 }))).toMatchObject({ status: 'throttled' });
  });

  test('leaves to the other functions what is not reserved', async () => {
    const { service, clock } = virtualService({ accountConcurrency: 102 });
    const reserved = functionOf(service, sleepy, { name: 'reserved', reservedConcurrency: 2 });
    const other = service.createFunction({ name: 'other' });
    other.handler = () => null;
    const all = Promise.all([...Array.from({ length: 101 }, () => other.invoke({}, caller)), reserved.invoke({}, caller)]);
    await clock.advance(5000);
    const statuses = (await all).map(({ status }) => status);
    expect(statuses.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 'succeeded'));
    expect(statuses.slice(100)).toEqual(['throttled', 'succeeded']);
  });
});

describe('execution environments in workers', () => {
  test('shares workers above the limit, when invocations overlap only in virtual time', async () => {
    const { service, clock } = virtualService({ sharedWorkersAbove: 2 });
    const fn = functionOf(service, 'exports.handler = async (event) => event;');
    const all = Promise.all([1, 2, 3, 4, 5].map((event) => fn.invoke(event, caller)));
    await clock.advance(1000);
    expect((await all).map(({ payload }) => payload)).toEqual([1, 2, 3, 4, 5]);
    expect(fn.workers).toBeLessThan(5);
  });

  test('does not share a worker with an invocation that waits for its cold start', async () => {
    const { service, clock } = virtualService({ sharedWorkersAbove: 1, coldStartDuration: 1000 });
    const fn = functionOf(service, sleepy);
    const all = Promise.all([1, 2].map(() => fn.invoke({}, caller)));
    await clock.advance(10_000);
    expect((await all).map(({ status, duration }) => [status, duration])).toEqual([['succeeded', 1100], ['succeeded', 1100]]);
    expect(fn.workers).toBe(2);
  });

  test('does not use an environment again whose process ended between two invocations', async () => {
    const { service, clock } = virtualService();
    const fn = functionOf(service, `exports.handler = async () => {
      require('node:zlib').gzip(Buffer.alloc(5e7), () => process.exit(1));
      return 1;
    };`);
    expect(await invokeOn(clock, fn)).toMatchObject({ payload: 1 });
    await later(1000);
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', payload: 1 });
  });

  test('really runs one handler at a time, in the order of invocation, so that a run can be repeated', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url!);
      setTimeout(() => response.end(), Math.random() * 4);
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { service, clock } = virtualService();
    const fn = functionOf(service, `exports.handler = async (event) => {
      for (const step of [1, 2]) await (await fetch('http://127.0.0.1:${(server.address() as AddressInfo).port}/' + event + step)).text();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await (await fetch('http://127.0.0.1:${(server.address() as AddressInfo).port}/' + event + 3)).text();
    };`);
    const all = Promise.all(['a', 'b', 'c'].map((event) => fn.invoke(event, caller)));
    await clock.advance(5000);
    expect((await all).map(({ duration }) => duration)).toEqual([600, 600, 600]);
    expect(seen).toEqual(['/a1', '/a2', '/b1', '/b2', '/c1', '/c2', '/a3', '/b3', '/c3']);
    server.closeAllConnections();
    server.close();
  });

  test('takes as long to start cold as it is told, which does not count against the timeout', async () => {
    const { service, clock, events } = virtualService({ coldStartDuration: 5000, invocationDuration: 50 });
    const fn = functionOf(service, 'exports.handler = async () => Date.now();');
    const began = clock.now();
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', payload: began + 5000, duration: 50 });
    expect(events.map(({ action, at }) => [action, at - began])).toEqual([['started', 0], ['succeeded', 5050]]);
    const again = clock.now();
    expect(await invokeOn(clock, fn)).toMatchObject({ payload: again, duration: 50 });
  });
});

documented('the timeout of a function', 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html', () => {
  test('ends an invocation at its timeout at the latest', async () => {
    const { service, clock } = virtualService({ invocationDuration: 2000 });
    const fn = functionOf(service, sleepy, { timeout: 2 });
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'succeeded', duration: 2000 });
  });
});

documented('a request that is too large', 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html', () => {
  test('is refused', async () => {
    const { service } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    await expect(fn.invoke('x'.repeat(6_291_556), caller)).rejects.toMatchObject({ code: 'RequestTooLargeException', status: 413 });
    expect(thrownBy(() => fn.invokeAsync('x'.repeat(1_048_576), caller))).toMatchObject({ code: 'RequestTooLargeException' });
  });
});

const queueArn = 'arn:aws:sqs:eu-central-1:111122223333:Dead';
const topicArn = 'arn:aws:sns:eu-central-1:111122223333:Dead';

/** A service whose function always fails, and what its dead-letter targets get. */
function failing(properties: object = {}, options: LambdaOptions = {}) {
  const sent: { message: MessageToSend; principal: string }[] = [];
  const published: string[] = [];
  const deadLetterQueue = { send: (message: MessageToSend, { principal }: Caller) => { sent.push({ message, principal }); } };
  const directory = {
    queue: (arn) => arn === queueArn ? deadLetterQueue : undefined,
    hasTopic: (arn) => arn === topicArn,
    publish: (_arn, message) => { published.push(message); },
    function: () => undefined,
  } as Partial<Directory> as Directory;
  const simulated = virtualService({ directory: () => directory, ...options });
  const fn = simulated.service.createFunction({ name: 'tested', roleArn: 'arn:aws:iam::111122223333:role/Tested', ...properties });
  const began = simulated.clock.now();
  const attempts: number[] = [];
  fn.handler = () => { attempts.push(simulated.clock.now() - began); throw new Error('broken'); };
  return { ...simulated, fn, attempts, sent, published };
}

documented('an asynchronous invocation', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html', () => {
  test('is tried again after one and two minutes, and is then lost, as the log says', async () => {
    const { fn, clock, attempts, events } = failing();
    const requestId = fn.invokeAsync({ a: 1 }, caller);
    expect(attempts).toEqual([]);
    await clock.advance(3_600_000);
    expect(attempts).toEqual([0, 60_100, 180_200]);
    expect(new Set(events.map((event) => event.requestId))).toEqual(new Set([requestId]));
    expect(fn.logs.at(-1)).toMatchObject({ requestId, line: 'The event is lost, as there is no dead-letter target: Error: broken' });
  });

  test('is not tried again when it succeeds', async () => {
    const { fn, clock, events } = failing();
    let calls = 0;
    fn.handler = () => { if (++calls < 2) throw new Error('once'); };
    fn.invokeAsync({}, caller);
    await clock.advance(3_600_000);
    expect(events.map(({ action }) => action)).toEqual(['started', 'failed', 'started', 'succeeded']);
  });
});

documented('the dead-letter queue of an asynchronous invocation', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html', () => {
  test('ends in the dead-letter queue, sent by the function\'s role, with the reason', async () => {
    const { fn, clock, sent } = failing({ deadLetterTargetArn: queueArn, maximumRetryAttempts: 0 });
    const requestId = fn.invokeAsync({ a: 1 }, caller);
    await clock.advance(1000);
    expect(sent).toEqual([{
      principal: 'arn:aws:iam::111122223333:role/Tested',
      message: {
        body: '{"a":1}',
        attributes: {
          RequestID: { dataType: 'String', stringValue: requestId },
          ErrorCode: { dataType: 'Number', stringValue: '200' },
          ErrorMessage: { dataType: 'String', stringValue: 'broken' },
        },
      },
    }]);
  });

  test('ends in the dead-letter topic, or is lost when the target is not there', async () => {
    const { fn, clock, published } = failing({ deadLetterTargetArn: topicArn, maximumRetryAttempts: 0 });
    fn.invokeAsync(7, caller);
    await clock.advance(1000);
    expect(published).toEqual(['7']);
    const other = failing({ deadLetterTargetArn: `${queueArn}2`, maximumRetryAttempts: 0 });
    other.fn.invokeAsync(7, caller);
    await other.clock.advance(1000);
    expect(other.fn.logs.at(-1)!.line).toMatch(/lost.*Dead2 did not take it.*does not exist/);
  });
});

documented('a throttled asynchronous invocation', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html', () => {
  test('is tried until it is too old while it is throttled, more and more seldom', async () => {
    const { fn, clock, events, sent } = failing({ maximumEventAge: 60, deadLetterTargetArn: queueArn }, { accountConcurrency: 0 });
    const began = clock.now();
    fn.invokeAsync({}, caller);
    await clock.advance(3_600_000);
    expect(events.map(({ action, at }) => [action, (at - began) / 1000])).toEqual([0, 1, 3, 7, 15, 31].map((second) => ['throttled', second]));
    expect(sent.map(({ message }) => message.attributes!.ErrorCode.stringValue)).toEqual(['429']);
  });
});

documented('an asynchronous invocation of a function that has a reserved concurrency of 0', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html', () => {
  test('goes to the dead-letter queue without a retry', async () => {
    const { fn, clock, events, sent } = failing({ reservedConcurrency: 0, deadLetterTargetArn: queueArn });
    fn.invokeAsync({ a: 1 }, caller);
    await clock.advance(0);
    expect(events.map(({ action }) => action)).toEqual(['throttled']);
    expect(sent.map(({ message }) => [message.body, message.attributes!.ErrorCode.stringValue])).toEqual([['{"a":1}', '429']]);
    await clock.advance(3_600_000);
    expect(events).toHaveLength(1);
  });
});

describe('on a clock that follows real time', () => {
  test('measures what a handler takes, and ends it at its timeout', async () => {
    const { service, clock } = serviceOn(new WallClock());
    const fn = functionOf(service, 'exports.handler = (event) => new Promise((resolve) => setTimeout(() => resolve(Date.now()), event));', { timeout: 1 });
    const result = await fn.invoke(50, caller);
    expect(result.status).toBe('succeeded');
    expect(result.duration).toBeGreaterThanOrEqual(45);
    expect(Math.abs(Number(result.payload) - Date.now())).toBeLessThan(1000);
    expect(await fn.invoke(60_000, caller)).toMatchObject({ status: 'timedOut' });
    clock.close();
  });

  test('ends an endless loop at its timeout, and runs handlers side by side', async () => {
    const { service, clock } = serviceOn(new WallClock());
    const loop = functionOf(service, 'exports.handler = async () => { for (;;); };', { name: 'loop', timeout: 1 });
    const quick = functionOf(service, 'exports.handler = async () => 1;', { name: 'quick' });
    const looping = loop.invoke({}, caller);
    expect(await quick.invoke({}, caller)).toMatchObject({ payload: 1 });
    expect(await looping).toMatchObject({ status: 'timedOut' });
    clock.close();
  });

  test('waits for an empty event loop', async () => {
    const { service, clock } = serviceOn(new WallClock());
    const fn = functionOf(service, 'exports.handler = (event, context, callback) => { setTimeout(() => {}, 100); callback(null, 1); };');
    const result = await fn.invoke({}, caller);
    expect(result).toMatchObject({ status: 'succeeded', payload: 1 });
    expect(result.duration).toBeGreaterThanOrEqual(95);
    clock.close();
  });

  test('shows the time of the simulation when that is another, and starts environments anew when the kind of time changes', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 5, 9));
    const { service } = serviceOn(clock);
    const fn = functionOf(service, 'let calls = 0; exports.handler = async () => [++calls, Date.now()];');
    expect((await invokeOn(clock, fn, {}, 1000)).payload).toEqual([1, Date.UTC(2026, 0, 5, 9)]);
    clock.followRealTime();
    const [calls, time] = (await fn.invoke({}, caller)).payload as [number, number];
    clock.standStill();
    expect(calls).toBe(1);
    expect(Math.abs(time - clock.now())).toBeLessThan(1000);
    expect((await invokeOn(clock, fn, {}, 1000)).payload).toMatchObject({ 0: 1 });
  });
});

describe('closing the service', () => {
  test('ends what runs', async () => {
    const { service, clock } = serviceOn(new WallClock());
    const fn = functionOf(service, 'exports.handler = async () => { for (;;); };', { timeout: 900 });
    const running = fn.invoke({}, caller);
    await later(20);
    await service.close();
    expect(await running).toMatchObject({ status: 'failed', error: { message: 'the simulation was closed' } });
    expect(fn.workers).toBe(0);
    clock.close();
  });

  test('is not needed for the process to end', async () => {
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const { code } = { code: bundleOf({ 'index.js': 'exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 1e6));' }) };
    const { buildSync } = await import('esbuild');
    const { folder } = bundleOf({});
    const { join } = await import('node:path');
    const outfile = join(__dirname, `../../../build/simulator/process-ends.${process.pid}.js`);
    buildSync({
      stdin: {
        contents: `
          import { VirtualClock } from './simulator/clock';
          import { Events } from './simulator/events';
          import { LambdaService } from './simulator/lambda';
          import { Random } from './simulator/random';
          const clock = new VirtualClock();
          const place = { account: '1', region: 'r', partition: 'aws', endpoint: '' };
          const service = new LambdaService(clock, new Events(), new Random(1), place);
          const fn = service.createFunction({ name: 'f', code: ${JSON.stringify(code)}, handler: 'index.handler', timeout: 900 });
          void fn.invoke({}, { principal: '1' });
          void clock.advance(1000).then(() => console.log('advanced'));`,
        resolveDir: join(__dirname, '../../..'), loader: 'ts',
      },
      bundle: true, platform: 'node', outfile,
    });
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 20_000, cwd: folder });
      expect(stdout).toBe('advanced\n');
    } finally {
      (await import('node:fs')).rmSync(outfile);
    }
  });
});
