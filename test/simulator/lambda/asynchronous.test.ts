import type { Caller, Directory, MessageToSend } from '../../../simulator/contracts';
import type { LambdaOptions } from '../../../simulator/lambda';
import { documented } from '../documented';
import { caller, closeAll, functionOf, thrownBy, virtualService } from './functions';

afterAll(closeAll);

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

documented('errors and retries of asynchronous invocations', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html', () => {
  test('try an invocation again that timed out', async () => {
    const { service, clock, events } = virtualService();
    const fn = functionOf(service, 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60000));', { timeout: 2 });
    fn.invokeAsync({}, caller);
    await clock.advance(3_600_000);
    expect(events.filter(({ action }) => action === 'timedOut')).toHaveLength(3);
  });

  test('try a throttled event for six hours, in the end every five minutes, without counting these attempts', async () => {
    const { fn, clock, events, attempts } = failing({}, { accountConcurrency: 0 });
    const began = clock.now();
    fn.invokeAsync({}, caller);
    await clock.advance(24 * 3_600_000);
    const seconds = events.map(({ at }) => (at - began) / 1000);
    expect(seconds.slice(0, 12)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111]);
    expect(seconds.at(-1)).toBeLessThanOrEqual(6 * 3600);
    expect(seconds.at(-1)).toBeGreaterThan(6 * 3600 - 300);
    expect(attempts).toEqual([]);
  });

  test('try an event that was throttled at first as often after errors as any other', async () => {
    let throttles = 2;
    const fault = () => (throttles-- > 0 ? { kind: 'throttle' } as const : undefined);
    const { fn, clock, attempts } = failing({}, { fault });
    fn.invokeAsync({}, caller);
    await clock.advance(3_600_000);
    expect(attempts).toEqual([3_000, 63_100, 183_200]);
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
