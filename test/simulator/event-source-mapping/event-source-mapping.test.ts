import { createHash } from 'node:crypto';
import type { InvocationResult } from '../../../simulator/contracts';
import { documented } from '../documented';
import { containing, mapped, matching, thrownBy } from './queues';

const second = 1000;
const broken: Partial<InvocationResult> = { status: 'failed', error: { type: 'Error', message: 'broken' } };
const throttled: Partial<InvocationResult> & { takes: number } = { status: 'throttled', takes: 0 };

documented('creating an event source mapping', 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html', () => {
  const refused: [name: string, properties: object, message: string, fifo?: boolean][] = [
    ['a batch of nothing', { batchSize: 0 }, "'batchSize' must be from 1 to 10000, got 0"],
    ['a batch above 10,000', { batchSize: 10_001, maximumBatchingWindow: 1 }, "'batchSize' must be from 1 to 10000, got 10001"],
    ['a batch above 10 without a window', { batchSize: 11 }, "'maximumBatchingWindow' must be at least 1 where 'batchSize' is more than 10, got 0"],
    ['a window above 300 seconds', { maximumBatchingWindow: 301 }, "'maximumBatchingWindow' must be from 0 to 300, got 301"],
    ['a FIFO batch above 10', { batchSize: 11 }, "'batchSize' must be from 1 to 10 for a FIFO queue, got 11", true],
    ['a FIFO window', { maximumBatchingWindow: 1 }, "'maximumBatchingWindow' must not be set for a FIFO queue, got 1", true],
    ['a concurrency below 2', { maximumConcurrency: 1 }, "'maximumConcurrency' must be from 2 to 1000, got 1"],
    ['fewer than two pollers', { provisionedPollers: { minimum: 1 } }, "'provisionedPollers.minimum' must be from 2 to 200, got 1"],
    ['more than 2,000 pollers', { provisionedPollers: { maximum: 2001 } }, "'provisionedPollers.maximum' must be from 2 to 2000, got 2001"],
    ['fewer pollers at the most than at the least', { provisionedPollers: { minimum: 5, maximum: 4 } }, 'must be at most the maximum, 4, got 5'],
    ['pollers and a concurrency', { provisionedPollers: {}, maximumConcurrency: 5 }, "'maximumConcurrency' must not be set in provisioned mode, got 5"],
    ['another response type', { functionResponseTypes: ['Other'] }, "'functionResponseTypes' must be 'ReportBatchItemFailures', got 'Other'"],
    ['six filters', { filterCriteria: { Filters: Array(6).fill({ Pattern: '{"body":["a"]}' }) } }, 'at most 5 filters, got 6'],
    ['a filter that is not JSON', { filterCriteria: { Filters: [{ Pattern: '{' }] } }, "'filterCriteria' has the pattern {:"],
    ['a filter that is too long', { filterCriteria: { Filters: [{ Pattern: `{"body":["${'x'.repeat(4096)}"]}` }] } }, 'at most 4096 characters, got 4109'],
  ];
  test.each(refused)('fails for %s', (_name, properties, message, fifo = false) => {
    expect(thrownBy(() => mapped(properties, undefined, { fifo })))
      .toMatchObject({ code: 'InvalidParameterValueException', message: containing(message) });
  });

  test('fails for a visibility timeout below the timeout of the function', () => {
    expect(() => mapped({}, undefined, { visibilityTimeout: 4 })).toThrow("'visibilityTimeout' must be at least the function's timeout of 5 seconds, got 4");
    expect(() => mapped({}, undefined, { visibilityTimeout: 5 })).not.toThrow();
  });

  test('fails with every problem at once', () => {
    expect(() => mapped({ batchSize: 0, maximumConcurrency: 0 })).toThrow(/'batchSize'.*'maximumConcurrency'/);
  });
});

documented('a record', 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html', () => {
  test('is as Lambda gives it', async () => {
    const { clock, queue, invocations } = mapped();
    queue.put('hello', {
      attributes: {
        Text: { dataType: 'String', stringValue: 'a' }, Bytes: { dataType: 'Binary', binaryValue: Buffer.from([1, 2]) },
      },
    });
    await clock.advance(second);
    expect(invocations[0].records).toEqual([{
      messageId: 'message-1',
      receiptHandle: 'message-1#1',
      body: 'hello',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
      messageAttributes: {
        Text: { stringValue: 'a', stringListValues: [], binaryListValues: [], dataType: 'String' },
        Bytes: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      // By hand: names in order, each text with its length, and 1 for text or 2 for bytes before a value.
      md5OfMessageAttributes: createHash('md5').update(
        '\0\0\0\x05Bytes\0\0\0\x06Binary\x02\0\0\0\x02\x01\x02\0\0\0\x04Text\0\0\0\x06String\x01\0\0\0\x01a', 'latin1',
      ).digest('hex'),
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:Orders',
      awsRegion: 'eu-central-1',
    }]);
  });
});

documented('a batch', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html', () => {
  test('has up to ten messages, is invoked at once, and is deleted when it succeeds', async () => {
    const { clock, queue, invocations, events } = mapped();
    queue.putAll(12);
    await clock.advance(second);
    expect(invocations.map(({ at, bodies }) => [at, bodies.length])).toEqual([[0, 10], [0, 2]]);
    expect(queue.messages).toEqual([]);
    expect(events.map(({ action, at, messageIds }) => [action, at, messageIds.length])).toEqual([
      ['invoked', 0, 10], ['invoked', 0, 2], ['completed', 100, 10], ['completed', 100, 2],
    ]);
    expect(events[0]).toMatchObject({ resource: queue.arn, functionArn: containing('Consumer'), mapping: matching(/^[0-9a-f-]{36}$/), failedMessageIds: [] });
  });

  test('does not poll an empty queue over and over', async () => {
    const { clock, queue } = mapped();
    queue.put('one');
    await clock.advance(24 * 3600 * second);
    expect(queue.receives).toBe(1);
  });

  test('is gathered over several receives until the window ends', async () => {
    const { clock, queue, invocations } = mapped({ batchSize: 100, maximumBatchingWindow: 20 });
    queue.putAll(25);
    clock.schedule(15 * second, () => queue.putAll(5));
    clock.schedule(21 * second, () => queue.putAll(1));
    await clock.advance(60 * second);
    expect(invocations.map(({ at, bodies }) => [at, bodies.length])).toEqual([[20 * second, 30], [41 * second, 1]]);
  });

  test('does not wait for the end of the window when it is full', async () => {
    const { clock, queue, invocations } = mapped({ batchSize: 15, maximumBatchingWindow: 20 });
    queue.putAll(15);
    clock.schedule(5 * second, () => queue.putAll(3));
    await clock.advance(60 * second);
    expect(invocations.map(({ at, bodies }) => [at, bodies.length])).toEqual([[0, 15], [25 * second, 3]]);
  });

  test('is no larger than an invocation can carry', async () => {
    const { clock, queue, invocations } = mapped({ batchSize: 20, maximumBatchingWindow: 1 });
    for (let index = 0; index < 14; index++) queue.put(String(index).padEnd(1_000_000, 'x'));
    await clock.advance(10 * second);
    expect(invocations.map(({ bodies }) => bodies.length)).toEqual([6, 6, 2]);
    for (const { records } of invocations) expect(JSON.stringify({ Records: records }).length).toBeLessThanOrEqual(6_291_556);
    expect(queue.messages).toEqual([]);
  });
});

documented('a batch of a FIFO queue', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html', () => {
  test('of a FIFO queue keeps the order though a group does not fit into one payload', async () => {
    const { clock, queue, invocations } = mapped({}, undefined, { fifo: true });
    for (let index = 0; index < 10; index++) queue.put(`${index}`.padEnd(1_000_000, 'x'), { group: 'a' });
    await clock.advance(10 * second);
    expect(invocations.map(({ at, bodies }) => [at, bodies.map((body) => body[0]).join('')])).toEqual([[0, '012345'], [100, '6789']]);
  });
});

documented('a whole batch fails', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html', () => {
  const failures: [name: string, result: Partial<InvocationResult>][] = [
    ['when the function fails', broken],
    ['when the function times out', { status: 'timedOut' }],
  ];
  test.each(failures)('%s, and comes back when its visibility timeout ends', async (_name, result) => {
    const { clock, queue, invocations, events } = mapped({}, (_records, count) => count === 1 ? result : {});
    const ids = queue.putAll(3);
    await clock.advance(60 * second);
    expect(invocations.map(({ at }) => at)).toEqual([0, 30 * second]);
    expect(events[1]).toMatchObject({ action: 'completed', failedMessageIds: ids, error: result.error ? 'Error: broken' : 'timedOut' });
    expect(queue.messages).toEqual([]);
  });

  test('when it stays throttled until its messages are visible again', async () => {
    const { clock, queue, invocations, events } = mapped({}, (_records, count) => count <= 5 ? throttled : {});
    queue.put('one');
    await clock.advance(29 * second);
    expect(invocations.map(({ at }) => at / second)).toEqual([0, 1, 3, 7, 15]);
    expect(events.map(({ action, error }) => [action, error])).toEqual([
      ['invoked', undefined], ...Array<unknown>(5).fill(['throttled', undefined]), ['completed', 'throttled'],
    ]);
    await clock.advance(2 * second);
    expect(invocations.map(({ at }) => at / second)).toEqual([0, 1, 3, 7, 15, 30]);
    expect(queue.messages).toEqual([]);
  });

  test('not when it was throttled only for a while', async () => {
    const { clock, queue, events } = mapped({}, (_records, count) => count <= 3 ? throttled : {});
    queue.put('one');
    await clock.advance(20 * second);
    expect(queue.messages).toEqual([]);
    expect(events.map(({ action, failedMessageIds }) => [action, failedMessageIds.length])).toEqual([
      ['invoked', 0], ['throttled', 0], ['throttled', 0], ['throttled', 0], ['completed', 0],
    ]);
  });
});

documented('a partial batch response', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html', () => {
  const failing = (...identifiers: unknown[]): object => ({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });
  const all = ['message-1', 'message-2', 'message-3'];
  const responses: [name: string, payload: unknown, failed: string[]][] = [
    ['keeps what it names', failing('message-2'), ['message-2']],
    ['keeps everything when it names everything', failing(...all), all],
    ['is success when the list is empty', { batchItemFailures: [] }, []],
    ['is success when the list is null', { batchItemFailures: null }, []],
    ['is success when there is no list', {}, []],
    ['is success when there is none', null, []],
    ['fails the batch for an empty identifier', failing('message-1', ''), all],
    ['fails the batch for an identifier of null', failing(null), all],
    ['fails the batch for an unknown identifier', failing('message-2', 'message-9'), all],
    ['fails the batch for a misspelt key', { batchItemFailures: [{ itemIdentifer: 'message-1' }] }, all],
    ['fails the batch for an item that is no object', { batchItemFailures: [null] }, all],
    ['fails the batch for a list that is none', { batchItemFailures: 'message-1' }, all],
    ['fails the batch for a text', 'ok', all],
    ['fails the batch for a list', [], all],
  ];
  test.each(responses)('%s', async (name, payload, failed) => {
    const { clock, queue, events } = mapped({ functionResponseTypes: ['ReportBatchItemFailures'] }, (_records, count) => ({ payload: count === 1 ? payload : null }));
    queue.putAll(3);
    await clock.advance(second);
    expect(queue.messages.map(({ id }) => id)).toEqual(failed);
    expect(events[1].failedMessageIds).toEqual(failed);
    expect(events[1].error !== undefined).toBe(name.startsWith('fails the batch'));
    await clock.advance(60 * second);
    expect(queue.messages).toEqual([]);
  });

  test('means nothing unless the mapping asks for it', async () => {
    const { clock, queue } = mapped({}, () => ({ payload: failing('message-1') }));
    queue.putAll(3);
    await clock.advance(second);
    expect(queue.messages).toEqual([]);
  });

  test('does not count a message as processed that the queue does not let delete any more', async () => {
    const { clock, queue, events } = mapped({}, () => ({ takes: 31 * second }), { fifo: true });
    queue.put('slow', { group: 'a' });
    await clock.advance(31 * second + 1);
    expect(events.find(({ action }) => action === 'completed')).toMatchObject({ failedMessageIds: ['message-1'], error: containing('has expired') });
  });
});

const slow = (): object => ({ takes: 5 * second });

documented('concurrency', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html', () => {
  test('begins with five batches, and grows by five a second while messages are left', async () => {
    const { clock, queue, invocations } = mapped({ batchSize: 1 }, slow);
    queue.putAll(100);
    await clock.advance(3 * second);
    expect([0, 1, 2, 3].map((at) => invocations.filter((each) => each.at === at * second).length)).toEqual([5, 5, 5, 5]);
    await clock.advance(60 * second);
    expect(queue.messages).toEqual([]);
  });

  test('of a standard queue grows to 1,250 at the most', async () => {
    const { clock, queue, peak } = mapped({ batchSize: 1 }, () => ({ takes: 600 * second }), { visibilityTimeout: 3600 });
    queue.putAll(1300);
    await clock.advance(240 * second);
    expect(peak.concurrent).toBe(5 + 240 * 5);
    await clock.advance(60 * second);
    expect(peak.concurrent).toBe(1250);
  });

  test('begins with five again after the queue was empty', async () => {
    const { clock, queue, invocations } = mapped({ batchSize: 1 }, slow);
    queue.putAll(40);
    await clock.advance(60 * second);
    expect(queue.messages).toEqual([]);
    invocations.length = 0;
    queue.putAll(40);
    await clock.advance(0);
    expect(invocations).toHaveLength(5);
  });

  test('grows no further than the maximum concurrency', async () => {
    const { clock, queue, peak } = mapped({ batchSize: 1, maximumConcurrency: 7 }, slow);
    queue.putAll(100);
    await clock.advance(20 * second);
    expect(peak.concurrent).toBe(7);
    const few = mapped({ batchSize: 1, maximumConcurrency: 2 }, slow);
    few.queue.putAll(10);
    await few.clock.advance(20 * second);
    expect(few.peak.concurrent).toBe(2);
  });
});

documented('concurrency after failures', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html', () => {
  test('is halved by batches that fail as a whole', async () => {
    const { clock, queue, invocations } = mapped(
      { batchSize: 1, maximumConcurrency: 4 }, (_records, count) => count <= 4 ? { ...broken, takes: 100 } : slow(),
    );
    queue.putAll(20);
    await clock.advance(second - 1);
    expect(invocations.filter(({ at }) => at === 0)).toHaveLength(4);
    expect(invocations.filter(({ at }) => at > 0)).toHaveLength(2);
  });

  const reporting = { batchSize: 1, maximumConcurrency: 4, functionResponseTypes: ['ReportBatchItemFailures'] };

  test('is not halved by failures of a function that reports what failed of a batch', async () => {
    const { clock, queue, invocations } = mapped(reporting, (_records, count) => (count <= 4 ? { ...broken, takes: 100 } : slow()));
    queue.putAll(20);
    await clock.advance(second - 1);
    expect([0, 100].map((at) => invocations.filter((each) => each.at === at).length)).toEqual([4, 4]);
  });

  test('is halved by throttles of such a function all the same', async () => {
    const { clock, queue, invocations } = mapped(reporting, (_records, count) => (count <= 12 ? throttled : slow()), { visibilityTimeout: 5 });
    queue.putAll(20);
    await clock.advance(4 * second);
    expect([0, 1, 3].map((at) => invocations.filter((each) => each.at === at * second).length)).toEqual([4, 4, 4 + 2]);
  });

  test('grows again by one for each batch that succeeds', async () => {
    const { clock, queue, invocations } = mapped(
      { batchSize: 1, maximumConcurrency: 4 }, (_records, count) => count <= 4 ? { ...broken, takes: 100 } : {},
    );
    queue.putAll(20);
    await clock.advance(second - 1);
    expect([0, 100, 200, 300].map((at) => invocations.filter((each) => each.at === at).length)).toEqual([4, 2, 4, 4]);
  });
});

documented('concurrency while batches go on', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html', () => {
  test('keeps what it has grown to while batches go on', async () => {
    const { clock, queue, invocations } = mapped({ batchSize: 1 }, slow);
    queue.putAll(10);
    clock.schedule(6.5 * second, () => queue.putAll(1));
    clock.schedule(9 * second, () => queue.putAll(20));
    await clock.advance(9 * second);
    expect(invocations.filter(({ at }) => at === second)).toHaveLength(5);
    expect(invocations.filter(({ at }) => at === 9 * second)).toHaveLength(9);
  });

  test('receives no more than can be processed', async () => {
    const { clock, queue } = mapped({ batchSize: 3, maximumConcurrency: 2 }, slow);
    queue.putAll(10);
    await clock.advance(0);
    expect(queue.messages.map(({ receipts }) => receipts)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  test('of a FIFO queue is that of its groups, whose messages keep their order', async () => {
    const { clock, queue, invocations, peak } = mapped({ batchSize: 1 }, () => ({ takes: second }), { fifo: true });
    for (const turn of [1, 2, 3]) for (const group of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) queue.put(`${group}${turn}`, { group });
    await clock.advance(10 * second);
    expect(peak.concurrent).toBe(7);
    expect(invocations.map(({ at, bodies }) => [at / second, bodies[0].slice(1)])).toEqual(
      [0, 1, 2].flatMap((at) => Array.from({ length: 7 }, () => [at, String(at + 1)])),
    );
  });
});

documented('provisioned mode', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html', () => {
  const long = (): object => ({ takes: 600 * second });

  test('has ten invocations at a time for each of the fewest pollers from the start, and up to 1,000 more a minute', async () => {
    const { clock, queue, peak } = mapped({ batchSize: 1, provisionedPollers: { minimum: 3 } }, long, { visibilityTimeout: 3600 });
    queue.putAll(1200);
    await clock.advance(0);
    expect(peak.concurrent).toBe(30);
    await clock.advance(60 * second);
    expect(peak.concurrent).toBe(1030);
  });

  test('has two pollers at the least where that is not set, and ten invocations for each of the most', async () => {
    const { clock, queue, peak } = mapped({ batchSize: 1, provisionedPollers: { maximum: 4 } }, long, { visibilityTimeout: 3600 });
    queue.putAll(100);
    await clock.advance(0);
    expect(peak.concurrent).toBe(20);
    await clock.advance(60 * second);
    expect(peak.concurrent).toBe(40);
  });
});

documented('a filter', 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html', () => {
  test('passes on what matches one of the patterns, and deletes the rest', async () => {
    const filterCriteria = { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }, { Pattern: '{"body":[{"prefix":"plain"}]}' }] };
    const { clock, queue, invocations, events } = mapped({ filterCriteria });
    for (const body of ['{"kind":"a"}', '{"kind":"b"}', 'plain text', 'other', '["a"]', '7']) queue.put(body);
    await clock.advance(second);
    expect(invocations.map(({ bodies }) => bodies)).toEqual([['{"kind":"a"}', 'plain text']]);
    expect(events[0]).toMatchObject({ action: 'filteredOut', messageIds: ['message-2', 'message-4', 'message-5', 'message-6'] });
    expect(queue.messages).toEqual([]);
  });

  test('invokes nothing when no message matches', async () => {
    const { clock, queue, invocations } = mapped({ filterCriteria: { Filters: [{ Pattern: '{"body":["x"]}' }] } });
    queue.putAll(30);
    await clock.advance(second);
    expect(invocations).toEqual([]);
    expect(queue.messages).toEqual([]);
  });

  test('compares the other fields of a record as they stand', async () => {
    const filterCriteria = { Filters: [{ Pattern: '{"messageAttributes":{"Kind":{"stringValue":["a"]}}}' }] };
    const { clock, queue, invocations } = mapped({ filterCriteria });
    queue.put('no');
    queue.put('yes', { attributes: { Kind: { dataType: 'String', stringValue: 'a' } } });
    await clock.advance(second);
    expect(invocations.map(({ bodies }) => bodies)).toEqual([['yes']]);
  });
});

documented('disabling a mapping', 'https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html', () => {
  test('stops polling until it is enabled again, and still processes what was received', async () => {
    const { clock, queue, mapping, invocations } = mapped({ batchSize: 100, maximumBatchingWindow: 60 }, undefined, { visibilityTimeout: 90 });
    queue.putAll(3);
    await clock.advance(second);
    mapping.disable();
    queue.put('later');
    await clock.advance(20 * second);
    expect(mapping.enabled).toBe(false);
    expect(invocations.map(({ at, bodies }) => [at, bodies.length])).toEqual([[second, 3]]);
    expect(queue.messages.map(({ body }) => body)).toEqual(['later']);
    mapping.enable();
    await clock.advance(61 * second);
    expect(queue.messages).toEqual([]);
  });

  test('from the start leaves the queue alone', async () => {
    const { clock, queue, invocations } = mapped({ enabled: false });
    queue.put('one');
    await clock.advance(second);
    expect([invocations.length, queue.receives]).toEqual([0, 0]);
  });
});
