import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand, GetQueueUrlCommand, ListQueuesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

const [europe, america] = ['eu-west-1', 'us-east-1'];
const [own, other] = ['111122223333', '444455556666'];

let simulation: Simulation;
const client = (region: string, accessKeyId = 'anybody') => ({
  endpoint: simulation.endpoint, region, credentials: { accessKeyId, secretAccessKey: 'any' }, maxAttempts: 1,
});
const queues = async (region: string, accessKeyId?: string): Promise<string[]> => (
  (await new SQSClient(client(region, accessKeyId)).send(new ListQueuesCommand({}))).QueueUrls ?? []
).map((url) => url.split('/').slice(-2).join('/'));

beforeAll(async () => {
  const app = new App();
  const stack = (id: string, account: string, region: string) => new Stack(app, id, { env: { account, region } });
  const first = stack('First', own, europe);
  new sqs.Queue(first, 'Queue', { queueName: 'work' });
  new s3.CfnBucket(first, 'Bucket', { bucketName: 'objects' });
  new sqs.Queue(stack('Second', own, america), 'Queue', { queueName: 'work' });
  const third = stack('Third', other, europe);
  const shared = new sqs.Queue(third, 'Shared', { queueName: 'shared' });
  shared.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountPrincipal(own)], actions: ['sqs:*'], resources: [shared.queueArn] }));
  new sqs.Queue(third, 'Closed', { queueName: 'closed' });
  new sns.Topic(third, 'Topic', { topicName: 'news' });
  simulation = await Simulation.start(app);
});

afterAll(() => simulation.stop());

documented('a request to one of several environments', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html', () => {
  test('is answered by the region that it is signed for', async () => {
    await new SQSClient(client(america)).send(new CreateQueueCommand({ QueueName: 'made' }));
    expect(await queues(america)).toEqual([`${own}/made`, `${own}/work`]);
    expect(await queues(europe)).toEqual([`${own}/work`]);
  });

  test('is answered by the first environment where there is no such region', async () => {
    expect(await queues('sa-east-1')).toEqual([`${own}/work`]);
  });

  test('is answered by the account that the access key names', async () => {
    expect(await queues(europe, other)).toEqual([`${other}/closed`, `${other}/shared`]);
    expect(await queues(america, other)).toEqual([`${other}/closed`, `${other}/shared`]);
  });

  test('names queues alike in two regions, and keeps them apart', async () => {
    await new SQSClient(client(america)).send(new SendMessageCommand({ QueueUrl: `${simulation.endpoint}/${own}/work`, MessageBody: 'there' }));
    expect(simulation.queue('Second/Queue').messages.map(({ body }) => body)).toEqual(['there']);
    expect(simulation.queue('First/Queue').messages).toEqual([]);
  });
});

documented('the resources of another account', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html', () => {
  test('are found by the account in the URL of the queue, and used where its policy allows it', async () => {
    const mine = new SQSClient(client(europe, own));
    const { QueueUrl } = await mine.send(new GetQueueUrlCommand({ QueueName: 'shared', QueueOwnerAWSAccountId: other }));
    await mine.send(new SendMessageCommand({ QueueUrl, MessageBody: 'across' }));
    const { Messages } = await mine.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toEqual([expect.objectContaining({ Body: 'across' })]);
  });

  test('are refused where it does not', async () => {
    const send = new SendMessageCommand({ QueueUrl: `${simulation.endpoint}/${other}/closed`, MessageBody: 'across' });
    await expect(new SQSClient(client(europe, own)).send(send)).rejects.toThrow(`${own} is not authorized to perform sqs:SendMessage`);
  });

  test('are found by the account in the ARN of the topic', async () => {
    const publish = new PublishCommand({ TopicArn: `arn:aws:sns:${europe}:${other}:news`, Message: 'news' });
    await expect(new SNSClient(client(europe, own)).send(publish)).rejects.toThrow(`${own} is not authorized to perform sns:Publish`);
    await expect(new SNSClient(client(europe, other)).send(publish)).resolves.toMatchObject({ MessageId: expect.any(String) as string });
  });
});

documented('the name of a bucket', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html', () => {
  test('is one for all accounts and regions: a request goes where the bucket is', async () => {
    const s3Client = new S3Client({ ...client(america), forcePathStyle: true });
    await s3Client.send(new PutObjectCommand({ Bucket: 'objects', Key: 'order', Body: '1' }));
    expect(simulation.bucket('First/Bucket').objects).toHaveLength(1);
  });
});
