import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser as batchParser } from '@aws-lambda-powertools/batch/parser';
import { EventBridgeEnvelope } from '@aws-lambda-powertools/parser/envelopes/eventbridge';
import { SnsEnvelope } from '@aws-lambda-powertools/parser/envelopes/sns';
import { SnsSqsEnvelope } from '@aws-lambda-powertools/parser/envelopes/sns-sqs';
import { SqsEnvelope } from '@aws-lambda-powertools/parser/envelopes/sqs';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import { EventBridgeSchema } from '@aws-lambda-powertools/parser/schemas/eventbridge';
import { KinesisFirehoseSchema } from '@aws-lambda-powertools/parser/schemas/kinesis-firehose';
import { S3EventNotificationEventBridgeSchema, S3Schema, S3SqsEventNotificationSchema } from '@aws-lambda-powertools/parser/schemas/s3';
import { SnsSchema, SnsSqsNotificationSchema } from '@aws-lambda-powertools/parser/schemas/sns';
import { SqsSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { DeliveryStream, LambdaFunctionProcessor, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType as S3EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

const stack = new Stack(new App(), 'Shop');
const received: Record<string, unknown[]> = {};
let simulation: Simulation;

/** A function that keeps its events. */
function consumer(id: string): LambdaFunction {
  return new LambdaFunction(stack, id, { runtime: Runtime.PYTHON_3_13, handler: 'index.handler', code: Code.fromInline('pass'), timeout: Duration.seconds(5) });
}
const keep = (id: string) => (event: unknown): unknown => {
  (received[id] ??= []).push(event);
  const { records = [] } = event as { records?: { recordId: string; data: string }[] };
  return { batchItemFailures: [], records: records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })) };
};
const order = z.object({ orderId: z.string() });
const json = JSONStringified(order);
const orders = JSON.stringify({ orderId: '7' });

beforeAll(async () => {
  const ids = ['Queue', 'Fifo', 'Topic', 'TopicQueue', 'Bucket', 'BucketQueue', 'Bus', 'BucketBus', 'Scheduled', 'Stream'];
  const [queueFn, fifoFn, topicFn, topicQueueFn, bucketFn, bucketQueueFn, busFn, bucketBusFn, scheduledFn, streamFn] = ids.map((id) => consumer(`${id}Function`));
  const polled = (id: string, fn: LambdaFunction, fifo?: true): Queue => {
    const queue = new Queue(stack, id, { fifo, contentBasedDeduplication: fifo });
    fn.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    return queue;
  };
  polled('Queue', queueFn);
  polled('Fifo', fifoFn, true);
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(new LambdaSubscription(topicFn));
  topic.addSubscription(new SqsSubscription(polled('TopicQueue', topicQueueFn)));
  const bucket = new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, eventBridgeEnabled: true });
  bucket.addEventNotification(S3EventType.OBJECT_CREATED, new LambdaDestination(bucketFn));
  bucket.addEventNotification(S3EventType.OBJECT_REMOVED, new SqsDestination(polled('BucketQueue', bucketQueueFn)));
  new Rule(stack, 'Orders', { eventPattern: { source: ['shop'] }, targets: [new FunctionTarget(busFn)] });
  new Rule(stack, 'Objects', { eventPattern: { source: ['aws.s3'] }, targets: [new FunctionTarget(bucketBusFn)] });
  new Rule(stack, 'Hourly', { schedule: Schedule.rate(Duration.hours(1)), targets: [new FunctionTarget(scheduledFn)] });
  const stream = new DeliveryStream(stack, 'Stream', {
    destination: new S3Bucket(new Bucket(stack, 'Archive'), { processors: [new LambdaFunctionProcessor(streamFn)] }),
  });
  new CfnOutput(stack, 'StreamName', { value: stream.deliveryStreamName });

  simulation = await Simulation.start(stack, { handlers: Object.fromEntries(ids.map((id) => [`${id}Function`, keep(id)])) });
  const { endpoint } = simulation;
  const settings = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const [firehose, s3, sqs] = [new FirehoseClient(settings), new S3Client({ ...settings, forcePathStyle: true }), new SQSClient(settings)];
  const object = { Bucket: simulation.bucket('Bucket').name, Key: 'orders/7 a.json' };
  await sqs.send(new SendMessageCommand({
    QueueUrl: simulation.queue('Queue').url, MessageBody: orders,
    MessageAttributes: { tenant: { DataType: 'String', StringValue: 'a' }, picture: { DataType: 'Binary', BinaryValue: Buffer.from('b') } },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' } },
  }));
  await simulation.queue('Fifo').send(orders, { messageGroupId: 'a' });
  await simulation.topic('Topic').publish(orders, { attributes: { tenant: 'a' } });
  await s3.send(new PutObjectCommand({ ...object, Body: orders }));
  await simulation.eventBus('default').putEvents({ source: 'shop', detailType: 'OrderPlaced', detail: { orderId: '7' } });
  await firehose.send(new PutRecordCommand({ DeliveryStreamName: simulation.outputs('Shop').StreamName as string, Record: { Data: Buffer.from(orders) } }));
  await simulation.advance(Duration.minutes(1));
  await s3.send(new DeleteObjectCommand(object));
  await simulation.advance(Duration.hours(1));
  for (const client of [firehose, s3, sqs]) client.destroy();
});
afterAll(() => simulation.stop());

/** The schema knows the event to the last key: one that it does not know would be missing from what it parsed. */
function exact(id: string, schema: z.ZodType, index = 0): void {
  const event = received[id][index];
  expect(schema.parse(event)).toEqual(event);
}

documented('the schemas of Powertools', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/parser/', () => {
  test('know the events of queues', () => {
    exact('Queue', SqsSchema);
    exact('Fifo', SqsSchema);
    expect(received.Queue).toMatchObject([{ Records: [{ attributes: { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' } }] }]);
    expect(SqsEnvelope.parse(received.Queue[0], json)).toEqual([{ orderId: '7' }]);
  });

  test('know the events of topics, and their notifications in queues', () => {
    exact('Topic', SnsSchema);
    expect(SnsEnvelope.parse(received.Topic[0], json)).toEqual([{ orderId: '7' }]);
    const { Records: [{ body }] } = received.TopicQueue[0] as { Records: { body: string }[] };
    expect(SnsSqsNotificationSchema.parse(JSON.parse(body))).toEqual(JSON.parse(body));
    expect(SnsSqsEnvelope.parse(received.TopicQueue[0], json)).toEqual([{ orderId: '7' }]);
  });

  test('know the notifications of buckets, also in queues', () => {
    exact('Bucket', S3Schema);
    const last = received.BucketQueue.at(-1); // behind the test event
    const { Records: [{ body, ...record }] } = last as { Records: { body: string }[] };
    expect(S3SqsEventNotificationSchema.parse(last)).toEqual({ Records: [{ ...record, body: JSON.parse(body) as object }] });
    expect(JSON.parse(body)).toMatchObject({ Records: [{ eventName: 'ObjectRemoved:Delete' }] });
  });

  test('know the events of EventBridge, its schedules, and those of buckets', () => {
    exact('Bus', EventBridgeSchema);
    expect(EventBridgeEnvelope.parse(received.Bus[0], order)).toEqual({ orderId: '7' });
    exact('Scheduled', EventBridgeSchema);
    expect(received.BucketBus.map((event) => (event as { 'detail-type': string })['detail-type'])).toEqual(['Object Created', 'Object Deleted']);
    for (const index of received.BucketBus.keys()) exact('BucketBus', S3EventNotificationEventBridgeSchema, index);
  });

  test('know the records that a delivery stream lets a function transform', () => {
    const event = received.Stream[0] as { records: { data: string }[] };
    expect(KinesisFirehoseSchema.parse(event)).toEqual({ ...event, records: event.records.map((record) => ({ ...record, data: orders })) });
  });
});

documented('the batch processor of Powertools with a schema', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/', () => {
  test('fails the records that do not fit, and hands over the others parsed', async () => {
    const handled: unknown[] = [];
    const processor = new BatchProcessor(EventType.SQS, { parser: batchParser, innerSchema: order, transformer: 'json' });
    simulation.function('QueueFunction').handler = (event) => (
      processPartialResponse(event as SQSEvent, async ({ body }: { body: unknown }) => { handled.push(body); return Promise.resolve(); }, processor)
    );
    for (const body of [orders, '{}', 'no JSON']) await simulation.queue('Queue').send(body);
    await simulation.advance(Duration.seconds(10));
    expect(handled).toEqual([{ orderId: '7' }]);
    expect(simulation.queue('Queue').messages.map(({ body }) => body).sort()).toEqual(['no JSON', '{}']);
  });
});
