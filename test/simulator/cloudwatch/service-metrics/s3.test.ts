import { Readable } from 'node:stream';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, DeleteObjectCommand, DeleteObjectsCommand, GetBucketLocationCommand,
  GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, ListObjectVersionsCommand, ListPartsCommand,
  PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal, Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Simulation, type SimulationOptions } from '../../../../simulator';
import { documented } from '../../documented';

/** `Store` has metrics of all requests, and of those for orders; nobody may write a key that begins with `locked/`. */
function newStack(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const bucket = new Bucket(stack, 'Store', { metrics: [{ id: 'All' }, { id: 'Orders', prefix: 'orders/' }] });
  bucket.addToResourcePolicy(new PolicyStatement({
    effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('locked/*')],
  }));
  new Bucket(stack, 'Quiet');
  for (const metricName of ['4xxErrors', '5xxErrors']) {
    new Alarm(stack, metricName, {
      metric: new Metric({
        namespace: 'AWS/S3', metricName, statistic: 'Average', period: Duration.minutes(1),
        dimensionsMap: { BucketName: bucket.bucketName, FilterId: 'All' },
      }),
      threshold: 0.5, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
  const stream = new CfnDeliveryStream(stack, 'Locked', {
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn, prefix: 'locked/', bufferingHints: { intervalInSeconds: 60, sizeInMBs: 1 },
      roleArn: new Role(stack, 'Firehose', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') }).roleArn,
    },
  });
  new CfnOutput(stack, 'StreamName', { value: stream.ref });
  return stack;
}

const stack = newStack();
const running: { simulation: Simulation; close(): void }[] = [];

async function start(options: SimulationOptions = {}) {
  const simulation = await Simulation.start(stack, options);
  const settings = {
    endpoint: simulation.endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const cloudWatch = new CloudWatchClient(settings);
  const Bucket = simulation.bucket('Store').name;
  const from = simulation.now;
  const statistics = async (MetricName: string, dimensions: Record<string, string>) => {
    const { Datapoints = [] } = await cloudWatch.send(new GetMetricStatisticsCommand({
      Namespace: 'AWS/S3', MetricName, StartTime: from, EndTime: new Date(from.getTime() + 3 * 86_400_000), Period: 86_400,
      Statistics: ['Sum', 'SampleCount', 'Average', 'Maximum'], Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    }));
    return Datapoints[0];
  };
  const sum = async (name: string, FilterId = 'All') => (await statistics(name, { BucketName: Bucket, FilterId }))?.Sum;
  const sums = (names: readonly string[], FilterId = 'All') => Promise.all(names.map((name) => sum(name, FilterId)));
  const of = (name: string) => statistics(name, { BucketName: Bucket, FilterId: 'All' });
  running.push({ simulation, close: () => { s3.destroy(); cloudWatch.destroy(); } });
  return { simulation, s3, Bucket, statistics, sum, sums, of };
}

afterEach(async () => {
  for (const { simulation, close } of running.splice(0)) {
    close();
    await simulation.stop();
  }
});

documented('S3 request metrics', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html', () => {
  const kinds = ['AllRequests', 'GetRequests', 'PutRequests', 'DeleteRequests', 'HeadRequests', 'PostRequests', 'ListRequests'];

  test('count requests by their kind, where the deletion of many is a DELETE and a list is no GET', async () => {
    const { s3, Bucket, sums } = await start();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '12345' }));
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
    await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b' }, { Key: 'c' }] } }));
    await s3.send(new ListObjectsV2Command({ Bucket }));
    await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(await sums(kinds)).toEqual([8, 1, 2, 2, 1, undefined, 2]);
  });

  test('count the parts of an upload as PUT, its beginning and end as POST, the list of its parts among all alone', async () => {
    const { s3, Bucket, sums } = await start();
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key: 'a', UploadId, PartNumber: 1, Body: '123' }));
    await s3.send(new ListPartsCommand({ Bucket, Key: 'a', UploadId }));
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'a', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }));
    expect(await sums(kinds)).toEqual([4, undefined, 1, undefined, undefined, 2, undefined]);
  });

  test('count bytes of bodies in both directions, and nothing where there is no body', async () => {
    const { s3, Bucket, of } = await start();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '12345' }));
    await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=0-1' }));
    expect(await of('BytesUploaded')).toMatchObject({ Sum: 5, SampleCount: 1, Unit: 'Bytes' });
    expect(await of('BytesDownloaded')).toMatchObject({ Sum: 7, SampleCount: 2, Unit: 'Bytes' });
  });

  test('count of a body that comes in signed chunks what is stored of it, and refuse a length that is no number', async () => {
    const { simulation, s3, Bucket, of } = await start();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: Readable.from([Buffer.from('12345')]), ContentLength: 5 }));
    expect(await of('BytesUploaded')).toMatchObject({ Sum: 5 });
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': 'many' };
    const { status } = await fetch(`${simulation.endpoint}/${Bucket}/a`, { method: 'PUT', body: '1', headers });
    expect(status).toBe(400);
    expect(await of('4xxErrors')).toMatchObject({ Sum: 1, SampleCount: 2 });
  });

  test('count what a test puts and what Firehose is refused to put', async () => {
    const { simulation, sums } = await start();
    simulation.bucket('Store').put('a', '12345');
    const firehose = new FirehoseClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    await firehose.send(new PutRecordCommand({ DeliveryStreamName: simulation.outputs('Shop').StreamName as string, Record: { Data: Buffer.from('123') } }));
    firehose.destroy();
    await simulation.advance(Duration.seconds(61));
    expect(await sums(['PutRequests', 'BytesUploaded', '4xxErrors'])).toEqual([2, 8, 1]);
  });

  test('have 0 or 1 of each kind of error for each request, so that the average is the share that fails', async () => {
    const { s3, Bucket, of } = await start({ faults: [{ kind: 'serviceError', service: 's3', operation: 'DeleteObject' }] });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1' }));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'locked/a', Body: '1' }))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))).rejects.toMatchObject({ name: 'InternalError' });
    expect(await of('4xxErrors')).toMatchObject({ Sum: 2, SampleCount: 4, Average: 0.5, Maximum: 1, Unit: 'Count' });
    expect(await of('5xxErrors')).toMatchObject({ Sum: 1, SampleCount: 4, Average: 0.25, Maximum: 1, Unit: 'Count' });
  });

  test('take a condition that does not hold for an error, and an object that has not changed for none', async () => {
    const { s3, Bucket, sums } = await start();
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1' }));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfNoneMatch: ETag }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    expect(await sums(['AllRequests', '4xxErrors'])).toEqual([2, 0]);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfMatch: '"other"' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    expect(await sums(['AllRequests', '4xxErrors'])).toEqual([3, 1]);
  });

  test('have the delay of a slow call in both latencies, and the time of the bytes in the total', async () => {
    const { simulation, s3, Bucket, of } = await start({ faults: [{ kind: 'serviceDelay', service: 's3', delay: 2_000, calls: [1] }] });
    const slow = s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: Buffer.alloc(900_000) }));
    while (simulation.faults.injected.length === 0) await new Promise((resolve) => { setImmediate(resolve); });
    await simulation.advance(Duration.seconds(2));
    await slow;
    expect(await of('FirstByteLatency')).toMatchObject({ Average: 2_100, Unit: 'Milliseconds' });
    expect(await of('TotalRequestLatency')).toMatchObject({ Average: 2_110, Unit: 'Milliseconds' });
    await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(await of('FirstByteLatency')).toMatchObject({ SampleCount: 2, Sum: 2_200 });
  });

  test('say nothing of what only the simulator refuses', async () => {
    const { s3, Bucket, sum } = await start();
    await expect(s3.send(new ListMultipartUploadsCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotImplemented' });
    expect(await sum('AllRequests')).toBeUndefined();
  });

  test('with a rate of 4xx errors raise an alarm, which ends when requests succeed again', async () => {
    const { simulation, s3, Bucket } = await start();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1' }));
    await simulation.advance(Duration.minutes(1));
    expect(simulation.alarm('4xxErrors').state).toBe('OK');
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'locked/a', Body: '1' }))).rejects.toMatchObject({ name: 'AccessDenied' });
    await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await simulation.advance(Duration.minutes(1));
    expect([simulation.alarm('4xxErrors').state, simulation.alarm('5xxErrors').state]).toEqual(['ALARM', 'OK']);
    await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await simulation.advance(Duration.minutes(1));
    expect(simulation.alarm('4xxErrors').state).toBe('OK');
  });
});

documented('metrics configurations', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-configurations-filter.html', () => {
  test('with a prefix count requests for a single object under it alone, no lists and no deletion of many', async () => {
    const { s3, Bucket, sums } = await start();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'orders/1', Body: '1' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'other', Body: '1' }));
    await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'orders/' }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'orders/1' }] } }));
    const names = ['AllRequests', 'PutRequests', 'ListRequests', 'DeleteRequests'];
    expect(await sums(names, 'Orders')).toEqual([1, 1, undefined, undefined]);
    expect(await sums(names)).toEqual([4, 2, 1, 1]);
  });

  test('are what makes a bucket publish request metrics, and of operations on the bucket only the lists', async () => {
    const { simulation, s3, Bucket, sum, statistics } = await start();
    await s3.send(new HeadBucketCommand({ Bucket }));
    await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(await sum('AllRequests')).toBeUndefined();
    simulation.bucket('Quiet').put('a', '1');
    expect(await statistics('AllRequests', { BucketName: simulation.bucket('Quiet').name, FilterId: 'All' })).toBeUndefined();
  });
});

documented('S3 storage metrics', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html', () => {
  test('have the bytes and the number of objects once a day, with the parts of unfinished uploads and without any configuration', async () => {
    const { simulation, s3, statistics } = await start();
    const { name: Bucket } = simulation.bucket('Quiet');
    const storage = async () => [
      await statistics('BucketSizeBytes', { BucketName: Bucket, StorageType: 'StandardStorage' }),
      await statistics('NumberOfObjects', { BucketName: Bucket, StorageType: 'AllStorageTypes' }),
    ];
    simulation.bucket('Quiet').put('a', '12345');
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'b' }));
    await s3.send(new UploadPartCommand({ Bucket, Key: 'b', UploadId, PartNumber: 1, Body: '123' }));
    await simulation.advance(Duration.hours(14));
    expect(await storage()).toEqual([undefined, undefined]);
    await simulation.advance(Duration.hours(2));
    expect(await storage()).toMatchObject([{ Average: 8, SampleCount: 1, Unit: 'Bytes' }, { Average: 2, SampleCount: 1, Unit: 'Count' }]);
    const store = simulation.bucket('Store').name;
    expect(await statistics('NumberOfObjects', { BucketName: store, StorageType: 'AllStorageTypes' })).toBeUndefined();
  });
});
