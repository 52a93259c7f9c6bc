import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand,
  ListQueueTagsCommand, QueueDoesNotExist, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient, TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { authorization, form, raw } from './fixture';
import { serveReal, type RealServices } from './real-services';

let real: RealServices;
let sqs: SQSClient;
let sns: SNSClient;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  real = await serveReal();
  const { client } = real.served;
  [sqs, sns, cloudWatch] = [new SQSClient(client), new SNSClient(client), new CloudWatchClient(client)];
});

afterEach(async () => {
  for (const client of [sqs, sns, cloudWatch]) client.destroy();
  await real.served.server.close();
});

const createQueue = async (QueueName: string, Attributes?: Record<string, string>) =>
  (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;

describe('the SQS service, by the SDK', () => {
  test('keeps a message, whose digests the SDK verifies, until it is deleted', async () => {
    const QueueUrl = await createQueue('orders');
    expect(QueueUrl).toBe(`${real.served.endpoint}/000000000000/orders`);
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'order' }, bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grüße\r\n', MessageAttributes }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'second' }] }));

    const { Messages } = await sqs.send(new ReceiveMessageCommand({
      QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'],
    }));
    expect(Messages!.map(({ Body }) => Body).sort()).toEqual(['grüße\r\n', 'second']);
    const first = Messages!.find(({ Body }) => Body !== 'second')!;
    expect(first.MessageAttributes!.kind.StringValue).toBe('order');
    expect(Buffer.from(first.MessageAttributes!.bytes.BinaryValue!)).toEqual(Buffer.of(0, 255));
    expect(first.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });

    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: 60 }));
    const Entries = Messages!.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    expect((await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))).Successful).toHaveLength(2);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  test('finds and tags queues, and says where there is none', async () => {
    const QueueUrl = await createQueue('orders');
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).QueueUrl).toBe(QueueUrl);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'billing' } }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'billing' });
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  test('answers a long poll as soon as simulated time brings a message', async () => {
    const QueueUrl = await createQueue('orders');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 10 }));
    const polled = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await real.clock.advance(10_000);
    expect((await polled).Messages).toMatchObject([{ Body: 'later' }]);
  });

  test('speaks the query protocol as well', async () => {
    await createQueue('orders');
    const query = (parameters: Record<string, string>) => raw(real.served.port, {
      path: '/000000000000/orders', headers: { ...form, authorization: authorization('sqs') }, body: new URLSearchParams(parameters).toString(),
    });
    const sent = await query({ 'Action': 'SendMessage', 'MessageBody': 'by <query>', 'MessageAttribute.1.Name': 'b', 'MessageAttribute.1.Value.DataType': 'Binary', 'MessageAttribute.1.Value.BinaryValue': 'AP8=' });
    expect(sent.status).toBe(200);
    const { body } = await query({ 'Action': 'ReceiveMessage', 'MessageAttributeName.1': 'All' });
    expect(body).toContain('<Body>by &lt;query&gt;</Body>');
    expect(body).toContain('<MessageAttribute><Name>b</Name><Value><DataType>Binary</DataType><BinaryValue>AP8=</BinaryValue></Value></MessageAttribute>');
  });
});

describe('the SNS service, by the SDK', () => {
  test('delivers what is published to a queue', async () => {
    const QueueUrl = await createQueue('orders');
    const QueueArn = (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes!.QueueArn;
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'orders' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QueueArn, Attributes: { RawMessageDelivery: 'true' } }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello', MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) } } }));
    await real.clock.advance(1000);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
    expect(Messages).toMatchObject([{ Body: 'hello' }]);
    expect(Buffer.from(Messages![0].MessageAttributes!.bytes.BinaryValue!)).toEqual(Buffer.of(1, 2));
  });
});

describe('the CloudWatch service, by the SDK', () => {
  test('keeps metrics and alarms', async () => {
    const at = new Date(real.clock.now());
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ MetricName: 'm', Timestamp: at, Value: 3 }, { MetricName: 'm', Timestamp: at, Value: 5 }] }));
    const { Datapoints } = await cloudWatch.send(new GetMetricStatisticsCommand({
      Namespace: 'N', MetricName: 'm', StartTime: at, EndTime: new Date(at.getTime() + 60_000), Period: 60, Statistics: ['Sum', 'SampleCount'],
    }));
    expect(Datapoints).toEqual([{ Timestamp: at, Sum: 8, SampleCount: 2, Unit: 'None' }]);
    await cloudWatch.send(new PutMetricAlarmCommand({
      AlarmName: 'a', Namespace: 'N', MetricName: 'm', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold',
    }));
    expect((await cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toMatchObject([
      { AlarmName: 'a', StateValue: 'INSUFFICIENT_DATA', StateUpdatedTimestamp: at, Threshold: 1 },
    ]);
  });
});
