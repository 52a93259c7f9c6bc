import { documented } from '../../documented';
import { FUNCTION, services } from './fixture';

documented('AWS/Lambda', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html', () => {
  test('counts invocations, errors and durations at the time at which they began', async () => {
    const { clock, lambda, invoked } = services();
    lambda('started');
    lambda('started');
    lambda('started');
    await clock.advance(90_000);
    lambda('succeeded', { duration: 90_000 });
    lambda('failed', { duration: 90_000 });
    lambda('timedOut', { duration: 20_000 });
    expect(invoked('Invocations', 0)).toEqual([2, 2, 1, 1]);
    expect(invoked('Errors', 0)).toEqual([1, 2, 0, 1]);
    expect(invoked('Errors', 1)).toEqual([1, 1, 1, 1]);
    expect(invoked('Duration', 0)).toEqual([180_000, 2, 90_000, 90_000]);
    expect(invoked('ConcurrentExecutions', 0)).toEqual([6, 3, 1, 3]);
  });

  test('counts a throttle neither as an invocation nor as an error', () => {
    const { lambda, invoked } = services();
    lambda('throttled');
    lambda('started');
    lambda('succeeded', { duration: 0 });
    expect(invoked('Throttles', 0)).toEqual([1, 2, 0, 1]);
    expect([invoked('Invocations', 0), invoked('Errors', 0)]).toEqual([[1, 1, 1, 1], [0, 1, 0, 0]]);
    expect(invoked('ConcurrentExecutions', 0)).toEqual([1, 1, 1, 1]);
  });

  test('counts an alias by its resource, too', () => {
    const { lambda, invoked, of } = services();
    lambda('succeeded', { resource: `${FUNCTION}:live`, duration: 0 });
    expect(invoked('Invocations', 0)).toEqual([1, 1, 1, 1]);
    expect(of('AWS/Lambda', { FunctionName: 'Bill', Resource: 'Bill:live' })('Invocations', 0)).toEqual([1, 1, 1, 1]);
  });
});

documented('AWS/Lambda, of all functions together', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#concurrency-metrics', () => {
  test('has the concurrency of those without reserved concurrency by itself', () => {
    const { lambda, of } = services();
    lambda('started');
    lambda('started', { resource: `${FUNCTION}2`, reserved: true });
    lambda('started', { resource: `${FUNCTION}3` });
    lambda('succeeded', { resource: `${FUNCTION}3`, duration: 0 });
    lambda('started', { resource: `${FUNCTION}3` });
    const account = of('AWS/Lambda', {});
    expect(account('ConcurrentExecutions', 0)).toEqual([1 + 2 + 3 + 3, 4, 1, 3]);
    expect(account('UnreservedConcurrentExecutions', 0)).toEqual([1 + 2 + 2, 3, 1, 2]);
    expect(account('Invocations', 0)).toEqual([1, 1, 1, 1]);
  });

  test('has what no other function can have as it begins to run', () => {
    const { lambda, of } = services();
    lambda('started', { claimed: 11 });
    lambda('succeeded', { duration: 0 });
    lambda('started', { claimed: 12 });
    expect(of('AWS/Lambda', {})('ClaimedAccountConcurrency', 0)).toEqual([23, 2, 11, 12]);
    expect(of('AWS/Lambda', { FunctionName: 'Bill' })('ClaimedAccountConcurrency', 0)).toBeUndefined();
  });
});

documented('AWS/Lambda, of asynchronous invocations', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#async-invocation-metrics', () => {
  test('counts events that were taken and given up, and their age at each attempt', () => {
    const { asynchronous, invoked } = services();
    asynchronous('received');
    asynchronous('attempted', 0);
    asynchronous('attempted', 60_100);
    asynchronous('dropped', 180_200);
    asynchronous('deadLetterFailed', 180_200);
    expect(invoked('AsyncEventsReceived', 0)).toEqual([1, 1, 1, 1]);
    expect(invoked('AsyncEventAge', 0)).toEqual([60_100, 2, 0, 60_100]);
    expect(['AsyncEventsDropped', 'DeadLetterErrors'].map((name) => invoked(name, 0)![0])).toEqual([1, 1]);
  });
});

documented('AWS/Lambda, of an event source mapping', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics', () => {
  const NAMES = ['PolledEventCount', 'FilteredOutEventCount', 'InvokedEventCount', 'FailedInvokeEventCount', 'DeletedEventCount', 'DroppedEventCount'];

  test('counts what was polled, filtered out, invoked, failed and deleted; a queue has nothing to drop', () => {
    const { mapping, of } = services();
    mapping('filteredOut', ['1']);
    mapping('invoked', ['2', '3', '4']);
    mapping('completed', ['2', '3', '4'], ['3']);
    const counts = of('AWS/Lambda', { EventSourceMappingUUID: 'uuid' });
    expect(NAMES.map((name) => counts(name, 0)?.[0])).toEqual([4, 1, 3, 1, 2, undefined]);
  });

  test('is not published where MetricsConfig does not ask for it', () => {
    const { mapping, cloudWatch } = services();
    mapping('invoked', ['1'], [], false);
    expect(cloudWatch.metrics.all().filter(({ name }) => NAMES.includes(name))).toEqual([]);
  });
});
