import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

let simulation: Simulation;
async function start(build: (stack: Stack) => void): Promise<Simulation> {
  const stack = new Stack(new App(), 'Shop');
  build(stack);
  return simulation = await Simulation.start(stack);
}
afterEach(() => simulation?.stop());

documented('events of Amazon S3', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html', () => {
  const withBucket = (build: (stack: Stack) => s3.IBucket) => start((stack) => {
    const bucket = build(stack);
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['aws.s3'], detail: { bucket: { name: [bucket.bucketName] } } }, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'Queue', { fifo: true, contentBasedDeduplication: true }), { messageGroupId: 'all' })] });
  });
  const seen = () => simulation.queue('Queue').messages.map(({ body }) => JSON.parse(body) as { 'detail-type': string; resources: string[]; detail: Record<string, unknown> });

  test.each<[string, (stack: Stack) => s3.IBucket]>([
    ['by the CDK\'s custom resource', (stack) => new s3.Bucket(stack, 'Bucket', { eventBridgeEnabled: true, removalPolicy: RemovalPolicy.DESTROY })],
    ['in the bucket itself', (stack) => s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Bucket', { notificationConfiguration: { eventBridgeConfiguration: { eventBridgeEnabled: true } } }))],
  ])('come where they are turned on %s', async (_what, build) => {
    await withBucket(build);
    simulation.bucket('Bucket').put('a b.txt', 'hello');
    await simulation.advance(0);
    expect(seen()).toMatchObject([{
      'detail-type': 'Object Created', source: 'aws.s3', resources: [`arn:aws:s3:::${simulation.bucket('Bucket').name}`],
      detail: {
        version: '0', bucket: { name: simulation.bucket('Bucket').name }, object: { key: 'a b.txt', size: 5, etag: '5d41402abc4b2a76b9719d911017c592', sequencer: expect.any(String) as string },
        requester: '000000000000', reason: 'PutObject', 'source-ip-address': '127.0.0.1', 'request-id': expect.any(String) as string,
      },
    }]);
  });

  test('tell of what is deleted, and how', async () => {
    await withBucket((stack) => new s3.Bucket(stack, 'Bucket', { eventBridgeEnabled: true, versioned: true }));
    const url = `${simulation.endpoint}/${simulation.bucket('Bucket').name}/key`;
    simulation.bucket('Bucket').put('key', 'hello');
    const marker = (await fetch(url, { method: 'DELETE' })).headers.get('x-amz-version-id')!;
    await fetch(`${url}?versionId=${marker}`, { method: 'DELETE' });
    await simulation.advance(0);
    expect(seen().slice(1)).toMatchObject([
      { 'detail-type': 'Object Deleted', detail: { object: { key: 'key', 'version-id': marker }, reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' } },
      { 'detail-type': 'Object Deleted', detail: { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' } },
    ]);
    expect(seen()[1].detail.object).not.toHaveProperty('size');
  });

  test('tell of what a lifecycle moves and deletes', async () => {
    await withBucket((stack) => new s3.Bucket(stack, 'Bucket', {
      eventBridgeEnabled: true, versioned: true,
      lifecycleRules: [{ expiration: Duration.days(2), transitions: [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(1) }] }],
    }));
    simulation.bucket('Bucket').put('key', 'x'.repeat(128 * 1024));
    await simulation.advance(Duration.days(3));
    expect(seen().slice(1)).toMatchObject([
      { 'detail-type': 'Object Storage Class Changed', detail: { object: { key: 'key', size: 128 * 1024 }, requester: 's3.amazonaws.com', 'destination-storage-class': 'GLACIER_IR' } },
      { 'detail-type': 'Object Deleted', detail: { object: { key: 'key' }, requester: 's3.amazonaws.com', reason: 'Lifecycle Expiration', 'deletion-type': 'Delete Marker Created' } },
    ]);
    expect(seen()[2].detail).not.toHaveProperty('source-ip-address');
  });

  test('do not come where they are not turned on', async () => {
    await withBucket((stack) => new s3.Bucket(stack, 'Bucket'));
    simulation.bucket('Bucket').put('key', 'hello');
    await simulation.advance(0);
    expect(seen()).toEqual([]);
  });
});

documented('events of CloudWatch alarms', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html', () => {
  test('tell of each change of state', async () => {
    await start((stack) => {
      const watched = new sqs.Queue(stack, 'Watched');
      new cloudwatch.Alarm(stack, 'Alarm', {
        alarmName: 'depth', alarmDescription: 'too deep', metric: watched.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }), threshold: 1, evaluationPeriods: 1,
      });
      new events.Rule(stack, 'Rule', { eventPattern: { source: ['aws.cloudwatch'], detailType: ['CloudWatch Alarm State Change'], detail: { state: { value: ['ALARM'] } } }, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'Queue'))] });
    });
    await simulation.queue('Watched').send('one');
    await simulation.advance(Duration.minutes(2));
    expect(simulation.queue('Queue').messages.map(({ body }) => JSON.parse(body) as object)).toMatchObject([{
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:depth'],
      detail: {
        alarmName: 'depth', state: { value: 'ALARM', reason: expect.stringContaining('Threshold Crossed') as string, timestamp: expect.stringMatching(/\+0000$/) as string },
        previousState: { value: 'INSUFFICIENT_DATA' },
        configuration: { description: 'too deep', metrics: [{ metricStat: { metric: { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' }, period: 60, stat: 'Maximum' }, returnData: true }] },
      },
    }]);
  });
});
