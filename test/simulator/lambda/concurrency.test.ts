import { documented } from '../documented';
import { caller, closeAll, functionOf, invokeOn, virtualService } from './functions';

afterAll(closeAll);

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

documented('claimed concurrency', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html', () => {
  test('is what runs without reserved concurrency, and all that is reserved', async () => {
    const { service, clock, events } = virtualService();
    const reserved = functionOf(service, sleepy, { name: 'reserved', reservedConcurrency: 10 });
    const other = functionOf(service, sleepy, { name: 'other' });
    await invokeOn(clock, reserved);
    await Promise.all([other.invoke({}, caller), other.invoke({}, caller), clock.advance(5000)]);
    expect(events.filter(({ action }) => action === 'started').map(({ claimed }) => claimed)).toEqual([10, 12, 12]);
  });
});

documented('the concurrency scaling rate', 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html', () => {
  const account = (names: readonly string[], accountConcurrency = 10_000) => {
    const { service, clock } = virtualService({ accountConcurrency });
    const functions = Object.fromEntries(names.map((name) => [name, service.createFunction({ name })]));
    /** How many of so many invocations that begin now are not throttled. */
    const admitted = (name: string, count: number) => Array.from({ length: count }, () => service.admit(functions[name])).filter(Boolean).length;
    const leave = (name: string, count: number): void => { for (let index = 0; index < count; index++) service.leave(functions[name]); };
    return { clock, admitted, leave };
  };

  test('lets a function come to 1,000 execution environments at once, and each function by itself', () => {
    const { admitted } = account(['one', 'other']);
    expect(admitted('one', 1500)).toBe(1000);
    expect(admitted('other', 1500)).toBe(1000);
  });

  test('lets it come to 1,000 more within ten seconds, continuously', async () => {
    const { clock, admitted } = account(['one']);
    admitted('one', 1000);
    await clock.advance(10);
    expect(admitted('one', 10)).toBe(1);
    await clock.advance(4990);
    expect(admitted('one', 1000)).toBe(499);
    await clock.advance(5000);
    expect(admitted('one', 1000)).toBe(500);
  });

  test('does not accrue what was not used', async () => {
    const { clock, admitted } = account(['one']);
    await clock.advance(60_000);
    expect(admitted('one', 3000)).toBe(1000);
  });

  test('does not hold for the execution environments that there are', async () => {
    const { clock, admitted, leave } = account(['one']);
    admitted('one', 1000);
    leave('one', 1000);
    expect(admitted('one', 1500)).toBe(1000);
    await clock.advance(10_000);
    expect(admitted('one', 1500)).toBe(1000);
  });

  test('leaves an account at its 1,000 concurrent executions', async () => {
    const { clock, admitted } = account(['one', 'other'], 1000);
    expect([admitted('one', 600), admitted('other', 600)]).toEqual([600, 400]);
    await clock.advance(60_000);
    expect(admitted('one', 1)).toBe(0);
  });
});
