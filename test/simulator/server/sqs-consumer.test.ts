import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { once } from 'node:events';
import { Consumer, type ConsumerOptions } from 'sqs-consumer';
import type { Queue } from '../../../simulator/sqs';
import { serveReal, type RealServices } from './real-services';

let real: RealServices;
let sqs: SQSClient;
let queueUrl: string;
let queue: Queue;
let consumer: Consumer | undefined;

beforeEach(async () => {
  real = await serveReal();
  sqs = new SQSClient(real.served.client);
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'orders', Attributes: { VisibilityTimeout: '30' } }))).QueueUrl!;
  queue = real.sqs.queueByName('orders')!;
});

afterEach(async () => {
  consumer?.stop({ abort: true });
  consumer = undefined;
  sqs.destroy();
  await real.served.server.close();
});

const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));

function consume(options: Omit<ConsumerOptions, 'queueUrl' | 'sqs'>): Consumer {
  consumer = Consumer.create({ queueUrl, sqs, ...options });
  consumer.start();
  return consumer;
}

/**
 * What the package does by SQS's API:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
describe('sqs-consumer from npm', () => {
  test('takes messages one by one, by long polls that a message ends, and deletes them', async () => {
    const bodies: string[] = [];
    const one = consume({ handleMessage: async (message) => { bodies.push(message.Body!); return message; } });
    for (const body of ['first', 'second']) {
      const processed = once(one, 'response_processed');
      await send(body);
      await processed;
    }
    expect(bodies).toEqual(['first', 'second']);
    expect(queue.size).toBe(0);
  });

  test('takes batches, and deletes of them what its handler gives back', async () => {
    for (const body of ['good', 'bad', 'good too']) await send(body);
    const batch = consume({
      batchSize: 10, handleMessageBatch: async (messages) => messages.filter(({ Body }) => Body !== 'bad'),
    });
    await once(batch, 'response_processed');
    expect(queue.snapshot()).toMatchObject([{ body: 'bad', state: 'inFlight' }]);
  });

  test('gives a message back whose handler throws, and gets it again with a higher receive count', async () => {
    await send('poison');
    const counts: string[] = [];
    const failing = consume({
      messageSystemAttributeNames: ['ApproximateReceiveCount'], terminateVisibilityTimeout: true,
      handleMessage: async (message) => {
        counts.push(message.Attributes!.ApproximateReceiveCount!);
        if (counts.length < 3) throw new Error('not now');
        return message;
      },
    });
    const failures: string[] = [];
    failing.on('processing_error', ({ message }) => failures.push(message));
    await once(failing, 'response_processed');
    while (counts.length < 3) await once(failing, 'response_processed');
    expect(counts).toEqual(['1', '2', '3']);
    expect(failures).toHaveLength(2);
    expect(failures[0]).toContain('not now');
    expect(queue.size).toBe(0);
  });

  test('keeps a message for itself, beyond its visibility timeout, by its heartbeat', async () => {
    await send('slow');
    const extended = jest.spyOn(queue, 'changeVisibility');
    let finish = (): void => {};
    const slow = consume({
      visibilityTimeout: 30, heartbeatInterval: 0.02,
      handleMessage: async (message) => { await new Promise<void>((resolve) => { finish = resolve; }); return message; },
    });
    await once(slow, 'message_received');
    const beat = async (): Promise<void> => {
      const before = extended.mock.calls.length;
      while (extended.mock.calls.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    for (let part = 0; part < 2; part++) {
      await beat();
      await real.clock.advance(20_000);
    }
    expect(queue.snapshot()).toMatchObject([{ body: 'slow', state: 'inFlight' }]);
    const processed = once(slow, 'response_processed');
    finish();
    await processed;
    expect(queue.size).toBe(0);
  });

  test('is told of a queue that does not exist', async () => {
    queueUrl = `${queueUrl}-none`;
    const [error] = await once(consume({ authenticationErrorTimeout: 10_000, handleMessage: async (message) => message }), 'error') as [Error];
    expect(error.message).toContain('specified queue does not exist');
  });
});
