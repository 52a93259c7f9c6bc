import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documented } from '../documented';
import { caller, closeAll, functionOf, invokeOn, virtualService } from './functions';

afterAll(closeAll);

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

const sleepy = 'exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 1000));';

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
