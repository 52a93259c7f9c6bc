import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Simulation, type SimulationOptions } from '../../../simulator';

/** Orders → Work (three receives, then DeadLetters) → Worker, which stores each order and sends it on to Done. */
function newStack(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const deadLetters = new Queue(stack, 'DeadLetters');
  const work = new Queue(stack, 'Work', { visibilityTimeout: Duration.minutes(1), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 } });
  const undelivered = new Queue(stack, 'Undelivered');
  new Topic(stack, 'Orders').addSubscription(new SqsSubscription(work, { rawMessageDelivery: true, deadLetterQueue: undelivered }));
  new Topic(stack, 'News');
  new Queue(stack, 'Done');
  new Bucket(stack, 'Store');
  new LambdaFunction(stack, 'Worker', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 0'), timeout: Duration.seconds(10),
  }).addEventSource(new SqsEventSource(work, { batchSize: 1 }));
  return stack;
}

const stack = newStack();
const running: Simulation[] = [];

export const clientSettings = (endpoint: string, maxAttempts = 1) => ({
  endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' }, maxAttempts,
});

/** @param maxAttempts how often the worker's clients try a call */
export async function start(options: SimulationOptions = {}, maxAttempts = 1): Promise<Simulation> {
  const clients: { sqs?: SQSClient; s3?: S3Client } = {};
  const simulation = await Simulation.start(stack, {
    handlers: {
      Worker: async (event) => {
        const { body } = (event as { Records: { body: string }[] }).Records[0];
        await clients.s3!.send(new PutObjectCommand({ Bucket: simulation.bucket('Store').name, Key: body, Body: body }));
        await clients.sqs!.send(new SendMessageCommand({ QueueUrl: simulation.queue('Done').url, MessageBody: body }));
      },
    },
    ...options,
  });
  const settings = clientSettings(simulation.endpoint, maxAttempts);
  clients.sqs = new SQSClient(settings);
  clients.s3 = new S3Client({ ...settings, forcePathStyle: true });
  running.push(simulation);
  return simulation;
}

export const stopAll = () => Promise.all(running.splice(0).map((simulation) => simulation.stop()));

/** Where the orders are by now; nothing is lost when every order is done or a dead letter. */
export function whereabouts(simulation: Simulation): Record<'done' | 'deadLetters' | 'undelivered' | 'left', string[]> {
  const bodies = (path: string): string[] => simulation.queue(path).messages.map(({ body }) => body).sort();
  return { done: bodies('Done'), deadLetters: bodies('DeadLetters'), undelivered: bodies('Undelivered'), left: bodies('Work') };
}

export const publish = (endpoint: string, topicArn: string, message: string, maxAttempts = 1) => (
  new SNSClient(clientSettings(endpoint, maxAttempts)).send(new PublishCommand({ TopicArn: topicArn, Message: message }))
);
