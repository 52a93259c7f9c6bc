import type { Queue } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness } from './harness';

describe('the API of the simulator', () => {
  test.each(['Frobnicate', 'toString', '__proto__'])('refuse the unknown operation %s', async (operation) => {
    await expect(new Harness().call(operation)).rejects.toMatchObject({ code: 'InvalidAction' });
  });

  test('ask whether the caller may do it, with the name of the single action for a batch', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const asked: string[] = [];
    harness.sqs.authorize = (action, resource) => asked.push(`${action} ${resource}`);
    await harness.call('DeleteMessageBatch', { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'x' }] });
    await harness.call('SendMessage', { QueueUrl, MessageBody: 'a' });
    await harness.call('CreateQueue', { QueueName: 'New' });
    await harness.call('ListQueues');
    const all = queue.arn.replace('Orders', '');
    expect(asked).toEqual([`sqs:DeleteMessage ${queue.arn}`, `sqs:SendMessage ${queue.arn}`, `sqs:CreateQueue ${all}New`, `sqs:ListQueues ${all}*`]);
  });
});

documented('Permissions of a redrive', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html', () => {
  const onSource = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const asks = async (harness: Harness, operation: string, input: Record<string, unknown>): Promise<string[]> => {
    const asked: string[] = [];
    harness.sqs.authorize = (action, resource) => asked.push(`${action} ${resource.split(':').at(-1)}`);
    await harness.call(operation, input);
    return asked;
  };
  const withDeadLetters = (): { harness: Harness; SourceArn: string; DestinationArn: string } => {
    const harness = new Harness();
    const { arn } = harness.queue({ name: 'Dead' });
    for (const name of ['One', 'Two']) harness.queue({ name, redrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 1 } });
    return { harness, SourceArn: arn, DestinationArn: harness.queue({ name: 'Elsewhere' }).arn };
  };

  test('to start one needs to receive and delete in the dead-letter queue, and to send to the destination', async () => {
    const { harness, ...input } = withDeadLetters();
    expect(await asks(harness, 'StartMessageMoveTask', input)).toEqual([
      'sqs:StartMessageMoveTask Dead', ...onSource.map((action) => `${action} Dead`), 'sqs:SendMessage Elsewhere',
    ]);
  });

  test('without a destination, to send to each queue that the dead letters can come from', async () => {
    const { harness, SourceArn } = withDeadLetters();
    expect((await asks(harness, 'StartMessageMoveTask', { SourceArn })).slice(4)).toEqual(['sqs:SendMessage One', 'sqs:SendMessage Two']);
  });

  test('to cancel one needs to receive and delete in the dead-letter queue, too', async () => {
    const { harness, SourceArn } = withDeadLetters();
    const { TaskHandle } = await harness.call('StartMessageMoveTask', { SourceArn });
    expect(await asks(harness, 'CancelMessageMoveTask', { TaskHandle })).toEqual(['sqs:CancelMessageMoveTask', ...onSource].map((action) => `${action} Dead`));
  });
});

function withQueue(): { harness: Harness; queue: Queue; QueueUrl: string } {
  const harness = new Harness();
  const queue = harness.queue();
  return { harness, queue, QueueUrl: queue.url };
}
