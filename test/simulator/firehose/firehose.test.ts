import { gunzipSync } from 'node:zlib';
import {
  DescribeDeliveryStreamCommand, FirehoseClient, ListDeliveryStreamsCommand, PutRecordBatchCommand, PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { App, Stack } from 'aws-cdk-lib';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Simulation } from '../../../simulator';
import { VirtualClock } from '../../../simulator/clock';
import { ServiceError } from '../../../simulator/contracts';
import { Events, type FirehoseEvent } from '../../../simulator/events';
import { FirehoseService, type S3Destination } from '../../../simulator/firehose';
import { Random } from '../../../simulator/random';
import { SnsService } from '../../../simulator/sns';
import { place as snsPlace, surroundings } from '../sns/fakes';
import { documented } from '../documented';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' };
const caller = { principal: place.account };
const destination: S3Destination = { roleArn: 'arn:aws:iam::111122223333:role/firehose', bucketArn: 'arn:aws:s3:::archive' };
const error = '!{firehose:error-output-type}/';

function simulate(more: Partial<S3Destination> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 9));
  const events = new Events();
  const seen: FirehoseEvent[] = [];
  events.on('firehose', (event) => { seen.push(event); });
  const written: { key: string; body: Buffer }[] = [];
  const write = jest.fn((_bucket: string, key: string, body: Buffer) => { written.push({ key, body }); });
  const service = new FirehoseService({ clock, events, random: new Random(1), write, authorize: () => {}, function: () => undefined }, place);
  const stream = service.createDeliveryStream({ name: 'orders', destination: { ...destination, ...more } });
  const put = (text: string) => stream.putRecord(Buffer.from(text), caller);
  const call = (operation: string, input: Record<string, unknown>) => service.call(operation, { DeliveryStreamName: 'orders', ...input }, caller);
  return { clock, seen, written, write, service, stream, put, call };
}

documented('records', 'https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html', () => {
  test('are gathered for the interval from the first of them, and written as one object', async () => {
    const { clock, put, written, seen } = simulate({ bufferingInterval: 60 });
    put('a');
    await clock.advance(59_999);
    put('b');
    expect(written).toEqual([]);
    await clock.advance(1);
    expect(written.map(({ body }) => body.toString())).toEqual(['ab']);
    expect(seen.map(({ action }) => action)).toEqual(['put', 'put', 'delivered']);
    expect(seen[2]).toMatchObject({ records: 2, bytes: 2, age: 60_000, key: written[0].key });
  });

  test('are written at once when they reach the buffering size', () => {
    const { put, written } = simulate({ bufferingSize: 1 });
    put('x'.repeat(1_000_000));
    expect(written).toEqual([]);
    put('y'.repeat(48_576));
    expect(written.map(({ body }) => body.length)).toEqual([1024 * 1024]);
  });

  test('are compressed, and each ends with a line break where the processor adds one', async () => {
    const { clock, put, written } = simulate({ compressionFormat: 'GZIP', processors: { appendDelimiter: true } });
    put('a');
    put('b');
    await clock.advance(300_000);
    expect(gunzipSync(written[0].body).toString()).toBe('a\nb\n');
    expect(written[0].key).toMatch(/\.gz$/);
  });
});

documented('records that S3 refuses', 'https://docs.aws.amazon.com/firehose/latest/dev/retry.html', () => {
  test('wait where S3 refuses them, and are written when it takes them', async () => {
    const { clock, put, written, write, seen } = simulate({ bufferingInterval: 0 });
    write.mockImplementationOnce(() => { throw new ServiceError('AccessDenied', 'no', 403); });
    put('a');
    await clock.advance(4_999);
    expect(written).toEqual([]);
    await clock.advance(1);
    expect(written).toHaveLength(1);
    expect(seen.map(({ action }) => action)).toEqual(['put', 'retried', 'delivered']);
  });

  test('that wait are lost with their stream', async () => {
    const { clock, put, written, service } = simulate();
    put('a');
    service.deleteDeliveryStream('orders');
    await clock.advance(600_000);
    expect(written).toEqual([]);
    expect(service.deliveryStream('orders')).toBeUndefined();
  });
});

documented('the key of an object', 'https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html', () => {
  test.each([
    [undefined, /^2026\/01\/05\/09\/orders-1-2026-01-05-09-00-00-[0-9a-f-]{36}$/],
    ['plain/', /^plain\/2026\/01\/05\/09\/orders-1-/],
    ["y=!{timestamp:yyyy}/d=!{timestamp:MM'-'dd'T'HHmmss}/", /^y=2026\/d=01-05T090000\/orders-1-/],
    ['!{timestamp:yy/M/d}/!{firehose:random-string}/', /^26\/1\/5\/[0-9a-f]{11}\/orders-1-/],
  ])('with the prefix %s has the arrival of its oldest record', async (prefix, key) => {
    const { clock, put, written } = simulate({ prefix, errorOutputPrefix: error });
    put('a');
    await clock.advance(300_000);
    expect(written[0].key).toMatch(key);
  });
});

documented('a destination', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html', () => {
  test.each<[Partial<S3Destination>, string]>([
    [{ bufferingSize: 0 }, "'BufferingHints.SizeInMBs' must be a whole number from 1 to 128, got 0"],
    [{ bufferingInterval: 901 }, "'BufferingHints.IntervalInSeconds' must be a whole number from 0 to 900, got 901"],
    ...['Snappy', 'ZIP', 'HADOOP_SNAPPY'].map((compressionFormat): [Partial<S3Destination>, string] => (
      [{ compressionFormat }, `must be UNCOMPRESSED or GZIP, the ones that are modelled, got '${compressionFormat}'`]
    )),
    [{ fileExtension: 'gz' }, "'FileExtension' must be empty, or a period"],
    [{ roleArn: 'role' }, "'RoleARN' must be the ARN of a role, got 'role'"],
    [{ bucketArn: 'archive' }, "'BucketARN' must be the ARN of a bucket, got 'archive'"],
    [{ prefix: '!{timestamp:yyyy}/' }, "'ErrorOutputPrefix' is required where 'Prefix' has expressions"],
    [{ prefix: '!{timestamp:yyyy}/', errorOutputPrefix: 'errors/' }, "'ErrorOutputPrefix' must have !{firehose:error-output-type}"],
    [{ prefix: error, errorOutputPrefix: error }, "'Prefix' must not have !{firehose:error-output-type}"],
    [{ prefix: '!{timestamp', errorOutputPrefix: error }, "'!{' only at the beginning of an expression"],
    [{ prefix: '!{timestamp:EEE}/', errorOutputPrefix: error }, "the letter 'E'"],
    [{ prefix: '!{partitionKeyFromQuery:customer}/', errorOutputPrefix: error }, 'dynamic partitioning is not modelled'],
    [{ prefix: '!{other:x}/', errorOutputPrefix: error }, 'got !{other:x}'],
  ])('a destination with %j is refused', (more, message) => {
    expect(() => simulate(more)).toThrow(message);
  });
});

documented('a request', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['PutRecord', { Record: { Data: Buffer.alloc(1_024_001) } }, 'must be from 0 to 1024000 bytes, got 1024001'],
    ['PutRecord', {}, "'Record.data' must not be null"],
    ['PutRecordBatch', { Records: [] }, "'Records' must have from 1 to 500 records, got 0"],
    ['PutRecordBatch', { Records: Array(501).fill({ Data: Buffer.from('a') }) }, 'got 501'],
    ['PutRecordBatch', { Records: Array(5).fill({ Data: Buffer.alloc(1_000_000) }) }, 'at most 4194304 bytes together, got 5000000'],
    ['PutRecord', { DeliveryStreamName: 'none', Record: { Data: Buffer.from('a') } }, 'Firehose none under account 111122223333 not found.'],
    ['StartDeliveryStreamEncryption', {}, "does not model the operation 'StartDeliveryStreamEncryption'"],
  ])('%s is refused: %#', async (operation, input, message) => {
    const { call, seen } = simulate();
    await expect(call(operation, input)).rejects.toThrow(message);
    expect(seen).toEqual([]);
  });
});

documented('a subscription of a delivery stream', 'https://docs.aws.amazon.com/sns/latest/dg/sns-firehose-as-subscriber.html', () => {
  const streamArn = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/orders';
  const subscriptionRoleArn = 'arn:aws:iam::111122223333:role/sns';

  function subscribed(fifo = false) {
    const { clock, events, random, directory } = surroundings();
    const records: string[] = [];
    const deliveryStream = () => ({ arn: streamArn, putRecord: (record: Buffer, { principal }: { principal: string }) => { records.push(`${principal} ${record}`); return ''; } });
    const sns = new SnsService(clock, events, random, snsPlace, { ...directory, deliveryStream });
    const topic = sns.createTopic({ name: fifo ? 'orders.fifo' : 'orders', fifo });
    return { clock, sns, topicArn: topic.arn, records };
  }

  test('with raw message delivery gets the body alone, as the subscription role', async () => {
    const { clock, sns, topicArn, records } = subscribed();
    sns.subscribe({ topicArn, protocol: 'firehose', endpoint: streamArn, subscriptionRoleArn, rawMessageDelivery: true });
    sns.publish(topicArn, { message: 'order' });
    await clock.advance(0);
    expect(records).toEqual([`${subscriptionRoleArn} order\n`]);
  });

  test('needs a role, and a standard topic', () => {
    const { sns, topicArn } = subscribed();
    expect(() => sns.subscribe({ topicArn, protocol: 'firehose', endpoint: streamArn })).toThrow('SubscriptionRoleArn must be the ARN of a role');
    const fifo = subscribed(true);
    expect(() => fifo.sns.subscribe({ topicArn: fifo.topicArn, protocol: 'firehose', endpoint: streamArn, subscriptionRoleArn }))
      .toThrow('FIFO topics deliver to queues only');
  });
});

documented('the API', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html', () => {
  test('the SDK client puts records, which end in the bucket, and describes the stream', async () => {
    const stack = new Stack(new App(), 'Test');
    const bucket = new s3.Bucket(stack, 'Bucket');
    new firehose.DeliveryStream(stack, 'Stream', { destination: new firehose.S3Bucket(bucket, { compression: firehose.Compression.GZIP }) });
    const simulation = await Simulation.start(stack);
    const client = new FirehoseClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    const { DeliveryStreamNames: [DeliveryStreamName] = [] } = await client.send(new ListDeliveryStreamsCommand({}));
    expect((await client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('a\n') } }))).RecordId).toMatch(/./);
    const batch = await client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: [{ Data: Buffer.from('b\n') }, { Data: Buffer.from('c\n') }] }));
    expect(batch).toMatchObject({ FailedPutCount: 0, RequestResponses: [{}, {}] });
    expect((await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription)
      .toMatchObject({ DeliveryStreamStatus: 'ACTIVE', DeliveryStreamType: 'DirectPut', CreateTimestamp: simulation.now });
    await expect(client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await simulation.advance(300_000);
    expect(simulation.bucket('Bucket').objects.map(({ body }) => gunzipSync(body).toString())).toEqual(['a\nb\nc\n']);
    client.destroy();
    await simulation.stop();
  });
});
