import { VirtualClock, WallClock } from '../../../simulator/clock';
import { bundleOf, caller, closeAll, functionOf, invokeOn, serviceOn } from './functions';

afterAll(closeAll);

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

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
