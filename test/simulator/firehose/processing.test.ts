import { gzipSync } from 'node:zlib';
import { VirtualClock } from '../../../simulator/clock';
import type { Caller, InvocationResult } from '../../../simulator/contracts';
import { ServiceError } from '../../../simulator/contracts';
import { Events, type FirehoseEvent } from '../../../simulator/events';
import { FirehoseService, processorsOf, type S3Destination } from '../../../simulator/firehose';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' };
const caller = { principal: place.account };
const roleArn = 'arn:aws:iam::111122223333:role/firehose';
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:upper';

interface TransformationEvent {
  readonly invocationId: string;
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
}
type Answer = (event: TransformationEvent, count: number) => Partial<InvocationResult>;

const textOf = ({ data }: { data: string }): string => Buffer.from(data, 'base64').toString();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const upper: Answer = ({ records }) => ({
  payload: { records: records.map((record) => ({ recordId: record.recordId, result: 'Ok', data: base64(textOf(record).toUpperCase()) })) },
});

function simulate(answer: Answer, more: Partial<S3Destination> = {}, transformation: object = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 9));
  const events = new Events();
  const seen: FirehoseEvent[] = [];
  events.on('firehose', (event) => { seen.push(event); });
  const written: { key: string; text: string }[] = [];
  const invocations: { at: number; event: TransformationEvent; by: Caller }[] = [];
  const began = clock.now();
  const invoke = async (event: unknown, by: Caller): Promise<InvocationResult> => {
    invocations.push({ at: clock.now() - began, event: event as TransformationEvent, by });
    return Promise.resolve({ status: 'succeeded', duration: 100, requestId: 'r', ...answer(event as TransformationEvent, invocations.length) });
  };
  const service = new FirehoseService({
    clock, events, random: new Random(1), authorize: () => {}, write: (_bucket, key, body) => { written.push({ key, text: body.toString() }); },
    function: (arn) => (arn === functionArn ? { arn, timeout: 60, invoke } : undefined),
  }, place);
  const stream = service.createDeliveryStream({
    name: 'orders',
    destination: { roleArn, bucketArn: 'arn:aws:s3:::archive', bufferingInterval: 300, processors: { transformation: { function: functionArn, ...transformation } }, ...more },
  });
  const put = (...texts: (string | Buffer)[]) => { for (const text of texts) stream.putRecord(Buffer.from(text), caller); };
  const errors = () => written.flatMap(({ text }) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>));
  return { clock, seen, written, invocations, service, stream, put, errors };
}
const minutes = (count: number): number => count * 60_000;

documented('a transformation', 'https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html', () => {
  test('gets what came within a minute in one invocation by the role, and its records are delivered', async () => {
    const { clock, put, invocations, written } = simulate(upper);
    put('a', 'b');
    await clock.advance(minutes(1) - 1);
    expect(invocations).toEqual([]);
    put('c');
    await clock.advance(minutes(10));
    expect(invocations).toHaveLength(1);
    expect(invocations[0]).toMatchObject({
      at: minutes(1), by: { principal: roleArn },
      event: {
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, deliveryStreamArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/orders', region: 'eu-west-1',
        records: ['a', 'b', 'c'].map((text, index) => ({ data: base64(text), approximateArrivalTimestamp: Date.UTC(2026, 0, 5, 9) + (index === 2 ? minutes(1) - 1 : 0) })),
      },
    });
    expect(written.map(({ text }) => text)).toEqual(['ABC']);
  });

  test('gets them sooner when they reach 1 MiB, or what its parameters say', async () => {
    const { clock, put, invocations } = simulate(upper);
    put('x'.repeat(800 * 1024));
    expect(invocations).toHaveLength(0);
    put('x'.repeat(300 * 1024));
    await clock.advance(0);
    expect(invocations.map(({ event }) => event.records.length)).toEqual([2]);

    const tuned = simulate(upper, {}, { bufferingSize: 0.2, bufferingInterval: 5, roleArn: `${roleArn}2` });
    tuned.put('a');
    await tuned.clock.advance(5_000);
    tuned.put('x'.repeat(210 * 1024));
    await tuned.clock.advance(0);
    expect(tuned.invocations.map(({ at, by }) => [at, by.principal])).toEqual([[5_000, `${roleArn}2`], [5_000, `${roleArn}2`]]);
  });

  test('comes after decompression, and before the line break', async () => {
    const processors = { transformation: { function: functionArn }, decompress: true, appendDelimiter: true };
    const { clock, put, written } = simulate(upper, { processors });
    put(gzipSync('a'), gzipSync('b'));
    await clock.advance(minutes(10));
    expect(written.map(({ text }) => text)).toEqual(['A\nB\n']);
  });

  test('is lost with its stream', async () => {
    const { clock, put, written, service, invocations } = simulate(upper);
    put('a');
    service.deleteDeliveryStream('orders');
    await clock.advance(minutes(10));
    expect([written, invocations]).toEqual([[], []]);
  });

  test('is lost with a stream that is deleted while the function runs', async () => {
    const { clock, put, written, service, invocations, seen } = simulate((event) => {
      service.deleteDeliveryStream('orders');
      return upper(event, 1);
    });
    put('a');
    await clock.advance(minutes(10));
    expect(invocations).toHaveLength(1);
    expect(written).toEqual([]);
    expect(seen.map(({ action }) => action)).toEqual(['put']);
  });
});

documented('the answer of a transformation', 'https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html', () => {
  const answering = (answers: (ids: readonly string[]) => unknown): Answer => ({ records }) => ({ payload: { records: answers(records.map(({ recordId }) => recordId)) } });

  test('drops records, keeps them, or fails them', async () => {
    const { clock, put, written, seen } = simulate(answering(([a, b, c]) => [
      { recordId: c, result: 'Ok', data: base64('new') }, { recordId: a, result: 'Dropped' }, { recordId: b, result: 'ProcessingFailed' },
    ]));
    put('a', 'b', 'c');
    await clock.advance(minutes(10));
    expect(written.map(({ key }) => key.replace(/orders-1.*/, ''))).toEqual(['2026/01/05/09/', 'processing-failed/2026/01/05/09/']);
    expect(written[0].text).toBe('new');
    expect(JSON.parse(written[1].text)).toMatchObject({ errorCode: 'Lambda.ProcessingFailedStatus', rawData: base64('b') });
    expect(seen.filter(({ action }) => action === 'processed')).toMatchObject([{ records: 2, bytes: 2, reason: 'ProcessingFailed status set for record.' }]);
  });

  test.each<[string, Answer, string]>([
    ['a record that it leaves out', answering(([a]) => [{ recordId: a, result: 'Ok', data: '' }]), 'Lambda.MissingRecordId'],
    ['a record with an unknown status', answering(([a, b]) => [{ recordId: a, result: 'Ok', data: '' }, { recordId: b, result: 'ok' }]), 'Lambda.ProcessingFailedStatus'],
  ])('fails %s', async (_what, answer, errorCode) => {
    const { clock, put, written } = simulate(answer);
    put('a', 'b');
    await clock.advance(minutes(10));
    expect(written).toHaveLength(2);
    expect(JSON.parse(written[1].text)).toMatchObject({ errorCode, rawData: base64('b'), lambdaArn: functionArn });
  });

  test.each<[string, Answer, string]>([
    ['has a record twice', answering(([a, b]) => [a, b, b].map((recordId) => ({ recordId, result: 'Ok', data: '' }))), 'Lambda.DuplicatedRecordId'],
    ['has no records', () => ({ payload: 'done' }), 'Lambda.JsonProcessingException'],
    ['is an error', () => ({ status: 'failed', error: { type: 'Error', message: 'broken' } }), 'Lambda.FunctionError'],
    ['does not come in time', () => ({ status: 'timedOut', error: { type: 'Sandbox.Timedout', message: 'Task timed out' } }), 'Lambda.FunctionError'],
    ['is that the role may not', () => { throw new ServiceError('AccessDenied', 'no', 403); }, 'Lambda.InvokeAccessDenied'],
  ])('fails all records when it %s, at once', async (_what, answer, errorCode) => {
    const { clock, put, errors, invocations } = simulate(answer);
    put('a', 'b');
    await clock.advance(minutes(10));
    expect(errors().map((error) => [error.errorCode, error.rawData])).toEqual([[errorCode, base64('a')], [errorCode, base64('b')]]);
    expect(invocations).toHaveLength(1);
  });
});

documented('a transformation that fails', 'https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html', () => {
  const throttled: Partial<InvocationResult> = { status: 'throttled', error: { type: 'TooManyRequestsException', message: 'Rate Exceeded.' } };

  test('for its throttled function is tried again three times, then its records are in the folder of the errors', async () => {
    const { clock, put, errors, invocations } = simulate(() => throttled);
    put('a');
    await clock.advance(minutes(10));
    expect(invocations.map(({ at }) => at - minutes(1))).toEqual([0, 1_000, 3_000, 7_000]);
    const now = Date.UTC(2026, 0, 5, 9);
    expect(errors()).toEqual([{
      attemptsMade: 4, arrivalTimestamp: now, errorCode: 'Lambda.InvokeLimitExceeded', errorMessage: 'Rate Exceeded.',
      attemptEndingTimestamp: now + minutes(1) + 7_000, rawData: base64('a'), lambdaArn: functionArn,
    }]);
  });

  test('for a while only loses nothing, and is tried as often as its parameter says', async () => {
    const { clock, put, written, invocations } = simulate((event, count) => (count <= 1 ? throttled : upper(event, count)), {}, { retries: 1 });
    put('a');
    await clock.advance(minutes(10));
    expect([invocations.length, written.map(({ text }) => text)]).toEqual([2, ['A']]);
    const without = simulate(() => throttled, {}, { retries: 0 });
    without.put('a');
    await without.clock.advance(minutes(10));
    expect(without.invocations).toHaveLength(1);
  });

  test('for a function that is not there fails all', async () => {
    const { clock, put, errors } = simulate(upper, {}, { function: `${functionArn}2` });
    put('a');
    await clock.advance(minutes(10));
    expect(errors()).toMatchObject([{ errorCode: 'Lambda.ResourceNotFound' }]);
  });

  test('writes uncompressed lines under the prefix for errors', async () => {
    const prefixes = { prefix: 'y=!{timestamp:yyyy}/', errorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy}/' };
    const { clock, put, written } = simulate(() => ({ payload: null }), { ...prefixes, compressionFormat: 'GZIP' });
    put('a', 'b');
    await clock.advance(minutes(10));
    expect(written.map(({ key }) => key)).toEqual([expect.stringMatching(/^errors\/processing-failed\/2026\/orders-1-2026-01-05-09-00-00-[0-9a-f-]{36}$/)]);
    expect(written[0].text.split('\n')).toHaveLength(3);
    const plain = simulate(() => ({ payload: null }), { errorOutputPrefix: 'errors/' });
    plain.put('a');
    await plain.clock.advance(minutes(10));
    expect(plain.written[0].key).toMatch(/^errors\/processing-failed\/2026\/01\/05\/09\/orders-1-/);
  });
});

documented('decompression', 'https://docs.aws.amazon.com/firehose/latest/dev/decomp-faq.html', () => {
  test('that fails leaves the record as it is, in a folder of its own, and the others go on', async () => {
    const { clock, put, written } = simulate(upper, { processors: { decompress: true } });
    put('plain', gzipSync('packed'));
    await clock.advance(minutes(10));
    expect(written.map(({ key }) => key.split('/')[0]).sort()).toEqual(['2026', 'decompression-failed']);
    const [error] = written.filter(({ key }) => key.startsWith('decompression-failed'));
    expect(JSON.parse(error.text)).toMatchObject({ rawData: base64('plain'), attemptsMade: 1 });
    expect(written.find(({ key }) => key.startsWith('2026'))!.text).toBe('packed');
  });
});

documented('the processors of a destination', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html', () => {
  const lambda = (parameters: Record<string, string>) => ({
    Type: 'Lambda', Parameters: Object.entries({ LambdaArn: functionArn, ...parameters }).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue })),
  });

  test('are read with their parameters, and mean nothing while they are not enabled', () => {
    const Processors = [lambda({ NumberOfRetries: '5', BufferSizeInMBs: '0.5', BufferIntervalInSeconds: '90', RoleArn: roleArn }), { Type: 'AppendDelimiterToRecord' }];
    expect(processorsOf({ Enabled: true, Processors })).toEqual({
      appendDelimiter: true, decompress: false,
      transformation: { function: functionArn, roleArn, retries: 5, bufferingSize: 0.5, bufferingInterval: 90 },
    });
    expect(processorsOf({ Enabled: 'false', Processors })).toEqual({});
  });

  test.each<[object[], string]>([
    [[lambda({ LambdaArn: 'upper' })], "'LambdaArn' of the processor Lambda must be the ARN of a function, got 'upper'"],
    [[lambda({ NumberOfRetries: '301' })], "'NumberOfRetries' of the processor Lambda must be from 0 to 300, got '301'"],
    [[lambda({ BufferSizeInMBs: '0.1' })], "'BufferSizeInMBs' of the processor Lambda must be from 0.2 to 3, got '0.1'"],
    [[lambda({ BufferIntervalInSeconds: '901' })], "'BufferIntervalInSeconds' of the processor Lambda must be from 0 to 900, got '901'"],
    [[lambda({}), lambda({})], "'Processors' must have a processor of the type Lambda once"],
    [[{ Type: 'MetadataExtraction' }], "the ones that are modelled, got 'MetadataExtraction'"],
    [[{ Type: 'Decompression', Parameters: [{ ParameterName: 'CompressionFormat', ParameterValue: 'ZIP' }] }], "must be GZIP, got 'ZIP'"],
  ])('fail for %j', (Processors, message) => {
    expect(() => processorsOf({ Enabled: true, Processors: Processors as never })).toThrow(message);
  });
});
