import { caller, closeAll, invokeOn, virtualService } from './functions';

afterAll(closeAll);

const START = Date.UTC(2026, 0, 5, 9);
const later = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

describe('the time that a supplied handler sees', () => {
  test('is the simulation\'s, by each form of Date and in everything that the handler waits for', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    fn.handler = async () => {
      const seen = [Date.now(), new Date().getTime(), Date.parse(Date()), +Reflect.construct(Date, [])];
      await later(5);
      setTimeout(() => seen.push(Date.now()), 1);
      await later(5);
      return [...seen, Date.now()];
    };
    expect((await invokeOn(clock, fn, {}, 1000)).payload).toEqual(Array(6).fill(START));
    expect((await invokeOn(clock, fn, {}, 1000)).payload).toEqual(Array(6).fill(START + 1000));
  });

  test('leaves a Date that is given its moment, and what Date is, as they are', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    fn.handler = () => [
      new Date(0).toISOString(), new Date(2026, 0).getMonth(), new Date(NaN).getTime(), Date.UTC(2026, 0), new Date() instanceof Date,
      new (class extends Date {})().getTime(), structuredClone(new Date()).getTime(),
    ];
    expect((await invokeOn(clock, fn)).payload).toEqual(['1970-01-01T00:00:00.000Z', 0, null, Date.UTC(2026, 0), true, START, START]);
  });

  test('is not what the test sees meanwhile, nor afterwards', async () => {
    const RealDate = Date;
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => { entered = resolve; });
    fn.handler = async () => { entered(); await later(20); return Date.now(); };
    const invoked = invokeOn(clock, fn);
    await inside;
    const meanwhile = [Date.now(), new Date().getTime()];
    expect((await invoked).payload).toBe(START);
    for (const moment of meanwhile) expect(Math.abs(moment - RealDate.now())).toBeLessThan(60_000);
    expect(Date).toBe(RealDate);
  });

  test('is this machine\'s again for what a handler leaves running when it has timed out', async () => {
    const RealDate = Date;
    const { service, clock } = virtualService({ realTimeLimit: 10 });
    const fn = service.createFunction({ name: 'tested' });
    let left: Promise<number> | undefined;
    fn.handler = () => left = later(40).then(() => Date.now());
    expect(await invokeOn(clock, fn)).toMatchObject({ status: 'timedOut' });
    expect(Date).toBe(RealDate);
    expect(Math.abs(await left! - RealDate.now())).toBeLessThan(60_000);
  });

  test('passes while the handler waits for another function', async () => {
    const { service, clock } = virtualService();
    const inner = service.createFunction({ name: 'inner' });
    inner.handler = () => Date.now();
    const outer = service.createFunction({ name: 'outer', timeout: 30 });
    outer.handler = async () => [Date.now(), (await inner.invoke({}, caller)).payload, Date.now()];
    expect((await invokeOn(clock, outer)).payload).toEqual([START, START, START + 100]);
  });

  test('goes back to the Date of fake timers where the test has installed them', async () => {
    jest.useFakeTimers({ now: 5, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask', 'performance', 'hrtime'] });
    try {
      const { service, clock } = virtualService();
      const fn = service.createFunction({ name: 'tested' });
      fn.handler = () => new Date().getTime();
      expect((await invokeOn(clock, fn)).payload).toBe(START);
      expect(Date.now()).toBe(5);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('what a supplied handler writes', () => {
  test('goes to its log and not to the terminal, whichever way it is written', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested' });
    const terminal = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    fn.handler = async () => {
      console.log('one %s', { two: 2 });
      console.error('three');
      await later(1);
      process.stdout.write('four\n');
      await new Promise((resolve) => { process.stderr.write(Buffer.from('five'), resolve); });
      console.table([['six']]);
    };
    const { requestId } = await invokeOn(clock, fn);
    expect(terminal).not.toHaveBeenCalled();
    terminal.mockRestore();
    expect(fn.logs.map(({ line }) => line).slice(0, 4)).toEqual(["one { two: 2 }", 'three', 'four', 'five']);
    expect(fn.logs.at(-1)!.line).toContain('six');
    expect(new Set(fn.logs.map((line) => line.requestId))).toEqual(new Set([requestId]));
  });

  test('goes to the log of the one that wrote it where one waits for another', async () => {
    const { service, clock } = virtualService();
    const inner = service.createFunction({ name: 'inner' });
    inner.handler = () => { console.info('inner'); };
    const outer = service.createFunction({ name: 'outer', timeout: 30 });
    outer.handler = async () => {
      console.info('before');
      await inner.invoke({}, caller);
      console.info('after');
    };
    await invokeOn(clock, outer);
    expect([outer, inner].map(({ logs }) => logs.map(({ line }) => line))).toEqual([['before', 'after'], ['inner']]);
  });

  test('of the test itself stays with the test', async () => {
    const before = { console, write: process.stdout.write };
    const { service, clock } = virtualService();
    const spy = jest.spyOn(console, 'log').mockImplementation(() => {});
    const fn = service.createFunction({ name: 'tested' });
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => { entered = resolve; });
    fn.handler = async () => { entered(); await later(20); };
    const invoked = invokeOn(clock, fn);
    await inside;
    console.log('the test\'s');
    await invoked;
    expect(spy).toHaveBeenCalledWith('the test\'s');
    spy.mockRestore();
    expect(fn.logs).toEqual([]);
    expect({ console, write: process.stdout.write }).toEqual(before);
  });
});
