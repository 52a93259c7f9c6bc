import { caller, closeAll, functionOf, invokeOn, matching, virtualService } from './functions';

afterAll(closeAll);

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

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
