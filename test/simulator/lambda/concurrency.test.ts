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
