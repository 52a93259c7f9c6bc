import type { Queue } from '../../../simulator/sqs';
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

function withQueue(): { harness: Harness; queue: Queue; QueueUrl: string } {
  const harness = new Harness();
  const queue = harness.queue();
  return { harness, queue, QueueUrl: queue.url };
}
