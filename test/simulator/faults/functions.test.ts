import { Duration } from 'aws-cdk-lib';
import { start, stopAll, whereabouts } from './fixture';

afterEach(stopAll);

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
describe('a function that goes wrong', () => {
  test('throws once: the message comes back after its visibility timeout and is processed', async () => {
    const simulation = await start();
    simulation.faults.add({ kind: 'functionError', resource: 'Worker', times: 1, message: 'no database' });
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(2));

    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], deadLetters: [], left: [] });
    expect(simulation.trace(messageId).steps.map(({ action, elapsed, reason }) => [elapsed, action, reason]).slice(2, 6)).toEqual([
      [0, 'fault', 'functionError'], [100, 'failed', 'Error: no database'], [60_000, 'returned', undefined], [60_000, 'received', undefined],
    ]);
  });

  test('throws each time: the message ends in the dead-letter queue, and every fault is listed', async () => {
    const simulation = await start({ faults: [{ kind: 'functionError' }] });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(5));

    expect(whereabouts(simulation)).toMatchObject({ done: [], deadLetters: ['one'], left: [] });
    expect(simulation.faults.injected).toHaveLength(3);
    expect(simulation.faults.injected[1]).toEqual({
      kind: 'functionError', at: new Date('2026-01-05T09:01:00Z'), resource: 'Worker', requestId: expect.any(String),
    });
  });

  test('times out: the invocation takes its whole timeout, and the message is processed by the next', async () => {
    const simulation = await start({ faults: [{ kind: 'functionTimeout', times: 1 }] });
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(2));

    expect(simulation.function('Worker').tally).toMatchObject({ invocations: 2, failures: 1, longestDuration: 10_000 });
    expect(simulation.trace(messageId).steps.find(({ action }) => action === 'failed')).toMatchObject({
      elapsed: 10_000, reason: expect.stringMatching(/^Sandbox.Timedout: .*Task timed out after 10.00 seconds$/),
    });
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], deadLetters: [], left: [] });
  });

  test('is throttled: the event source mapping tries again after a second, and the receive count does not grow', async () => {
    const simulation = await start({ faults: [{ kind: 'functionThrottle', times: 1 }] });
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(1));

    expect(simulation.trace(messageId).steps.map(({ action, elapsed }) => `${elapsed} ${action}`).slice(0, 4)).toEqual([
      '0 sent', '0 received', '0 fault', '0 throttled',
    ]);
    expect(simulation.function('Worker').tally).toMatchObject({ invocations: 1, throttles: 1 });
    expect(simulation.queue('Work').tally.received).toBe(1);
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], deadLetters: [], left: [] });
  });

  test('dies when its handler has ended: what it sent is sent, and the message is processed a second time', async () => {
    const simulation = await start({ faults: [{ kind: 'functionKill', times: 1 }] });
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(2));

    expect(simulation.trace(messageId).steps.find(({ action }) => action === 'failed')).toMatchObject({
      elapsed: 100, reason: expect.stringMatching(/^Runtime.ExitError: .*signal: killed$/),
    });
    expect(whereabouts(simulation)).toMatchObject({ done: ['one', 'one'], deadLetters: [], left: [] });
  });

  test('dies after its first call: the object is written, the message not sent; the second attempt does both', async () => {
    const simulation = await start({ faults: [{ kind: 'functionKill', afterCalls: 1, times: 1 }] });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.seconds(30));

    expect(simulation.bucket('Store').objects.map(({ key }) => key)).toEqual(['one']);
    expect(whereabouts(simulation)).toMatchObject({ done: [], left: ['one'] });
    expect(simulation.faults.injected).toMatchObject([{ kind: 'functionKill', resource: 'Worker' }]);

    await simulation.advance(Duration.minutes(2));
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], deadLetters: [], left: [] });
  });

  test('that is to die after more calls than it makes is not hit', async () => {
    const simulation = await start({ faults: [{ kind: 'functionKill', afterCalls: 3 }] });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(2));

    expect(simulation.faults.injected).toEqual([]);
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], left: [] });
  });

  test('is slow: the invocation takes so much longer', async () => {
    const simulation = await start({ faults: [{ kind: 'functionDelay', delay: 7_000 }] });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(2));

    expect(simulation.function('Worker').tally).toMatchObject({ failures: 0, longestDuration: 7_100 });
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], left: [] });
  });

  test('is slower than its timeout: it times out though it did its work, and does it again', async () => {
    const simulation = await start({ faults: [{ kind: 'functionDelay', delay: 10_000, times: 1 }] });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(2));

    expect(simulation.function('Worker').tally).toMatchObject({ failures: 1, longestDuration: 10_000 });
    expect(whereabouts(simulation)).toMatchObject({ done: ['one', 'one'], left: [] });
  });
});
