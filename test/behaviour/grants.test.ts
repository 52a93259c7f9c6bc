import {
  CancelMessageMoveTaskCommand, DeleteMessageCommand, ListMessageMoveTasksCommand, PurgeQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand,
  SendMessageCommand, SQSClient, StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { DurableQueue } from '../../lib';
import { Simulation } from '../../simulator';
import { derivedCredentials } from '../../simulator/lambda/variables';
import { functionIn, keyIn, newStack } from '../lib/set-up';

/** By the name of the function whose role has exactly this. */
const grants: Record<string, (queue: DurableQueue, grantee: iam.IGrantable) => unknown> = {
  Sender: (queue, grantee) => queue.grantSendMessages(grantee),
  Consumer: (queue, grantee) => queue.grantConsumeMessages(grantee),
  Redriver: (queue, grantee) => queue.grantRedrive(grantee),
  Purger: (queue, grantee) => queue.grantPurge(grantee),
  WithoutKey: (queue, grantee) => queue.grant(grantee, 'sqs:*'),
  Nobody: () => undefined,
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
describe.each([['SSE-SQS', false], ['a customer key', true]])('At a DurableQueue with %s', (_encryption, encrypted) => {
  let simulation: Simulation;
  const clients = new Map<string, SQSClient>();

  beforeEach(async () => {
    // of no account, so that the key's policy names the simulation's
    const stack = newStack({});
    const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 1, ...encrypted && { encryptionKey: keyIn(stack) } });
    for (const [name, grant] of Object.entries(grants)) grant(queue, functionIn(stack, name));
    simulation = await Simulation.start(stack);
    for (const name of Object.keys(grants)) {
      const credentials = derivedCredentials(simulation.function(name).arn);
      clients.set(name, new SQSClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }));
    }
  });

  afterEach(async () => {
    for (const client of clients.values()) client.destroy();
    await simulation.stop();
  });

  const as = (name: string): SQSClient => clients.get(name)!;
  const at = (path = 'Orders'): { QueueUrl: string } => ({ QueueUrl: simulation.queue(path).url });
  const bodies = (path: string): string[] => simulation.queue(path).messages.map(({ body }) => body);
  const arnOf = (path: string): string => simulation.queue(path).arn;
  const refusedTo = async (names: string[], attempt: (client: SQSClient) => Promise<unknown>): Promise<void> => {
    for (const name of names) await expect(attempt(as(name))).rejects.toMatchObject({ name: 'AccessDenied' });
  };

  async function makeDeadLetter(): Promise<void> {
    await simulation.queue('Orders').send('poison');
    for (let receive = 0; receive < 2; receive++) await as('Consumer').send(new ReceiveMessageCommand({ ...at(), VisibilityTimeout: 0, WaitTimeSeconds: 0 }));
    expect(bodies('Orders/DeadLetterQueue')).toEqual(['poison']);
  }

  test('who is granted to redrive moves dead letters back, and sees and cancels the task; nobody else does', async () => {
    await makeDeadLetter();
    const SourceArn = arnOf('Orders/DeadLetterQueue');
    await refusedTo(['Sender', 'Consumer', 'Purger', 'Nobody', 'WithoutKey'], (client) => client.send(new StartMessageMoveTaskCommand({ SourceArn })));
    expect(bodies('Orders/DeadLetterQueue')).toEqual(['poison']);

    const { TaskHandle } = await as('Redriver').send(new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: 1 }));
    await refusedTo(['Sender', 'Consumer', 'Purger', 'Nobody', 'WithoutKey'], (client) => client.send(new CancelMessageMoveTaskCommand({ TaskHandle })));
    await refusedTo(['Sender', 'Consumer', 'Purger', 'Nobody', 'WithoutKey'], (client) => client.send(new ListMessageMoveTasksCommand({ SourceArn })));
    await simulation.advance(Duration.minutes(1));
    expect(bodies('Orders')).toEqual(['poison']);
    const { Results: [task] = [] } = await as('Redriver').send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(task).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });

    const { TaskHandle: second } = await as('Redriver').send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(await as('Redriver').send(new CancelMessageMoveTaskCommand({ TaskHandle: second }))).toMatchObject({ ApproximateNumberOfMessagesMoved: 0 });
  });

  test('who is granted to send sends, also a batch, and does nothing else', async () => {
    const message = { MessageBody: 'order' };
    await refusedTo(['Consumer', 'Purger', 'Nobody', ...encrypted ? ['WithoutKey'] : []], (client) => client.send(new SendMessageCommand({ ...at(), ...message })));
    await as('Sender').send(new SendMessageCommand({ ...at(), ...message }));
    await as('Sender').send(new SendMessageBatchCommand({ ...at(), Entries: [{ Id: '1', ...message }] }));
    expect(bodies('Orders')).toEqual(['order', 'order']);
    await refusedTo(['Sender'], (client) => client.send(new ReceiveMessageCommand(at())));
    await refusedTo(['Sender'], (client) => client.send(new PurgeQueueCommand(at())));
    await refusedTo(['Sender'], (client) => client.send(new SendMessageCommand({ ...at('Orders/DeadLetterQueue'), ...message })));
  });

  test('who is granted to consume receives and deletes, and does nothing else', async () => {
    await simulation.queue('Orders').send('order');
    const receive = new ReceiveMessageCommand({ ...at(), WaitTimeSeconds: 0 });
    await refusedTo(['Sender', 'Purger', 'Nobody', ...encrypted ? ['WithoutKey'] : []], (client) => client.send(receive));
    const { Messages: [message] = [] } = await as('Consumer').send(receive);
    expect(message.Body).toBe('order');
    const deletion = new DeleteMessageCommand({ ...at(), ReceiptHandle: message.ReceiptHandle });
    await refusedTo(['Sender', 'Purger', 'Nobody'], (client) => client.send(deletion));
    await as('Consumer').send(deletion);
    expect(bodies('Orders')).toEqual([]);
    await refusedTo(['Consumer'], (client) => client.send(new ReceiveMessageCommand(at('Orders/DeadLetterQueue'))));
  });

  test('who is granted to purge purges', async () => {
    await simulation.queue('Orders').send('order');
    await refusedTo(['Sender', 'Consumer', 'Redriver', 'Nobody'], (client) => client.send(new PurgeQueueCommand(at())));
    await as('Purger').send(new PurgeQueueCommand(at()));
    await simulation.advance(Duration.minutes(1));
    expect(bodies('Orders')).toEqual([]);
  });
});
