import type { Queue, QueueProperties } from '../../../simulator/sqs';
import { Harness, second, send } from './harness';

describe('the move to a dead-letter queue', () => {
  test('leaves messages where they are when the dead-letter queue is gone', async () => {
    const { harness, source, deadLetters } = queues({}, 1);
    send(source, 'poison');
    harness.sqs.deleteQueue(deadLetters.arn);
    await receiveTimes(harness, source, 3);
    expect(source.size).toBe(1);
  });

  test('tells of the move by one event, of the source', async () => {
    const { harness, source, deadLetters } = queues({}, 1);
    const messageId = send(source, 'poison');
    await receiveTimes(harness, source, 1);
    harness.events.length = 0;
    source.receive(1);
    expect(harness.events.filter(({ action }) => action !== 'returned')).toEqual([
      { service: 'sqs', action: 'moved', at: harness.clock.now(), resource: source.arn, messageId, bytes: 6, receiveCount: 1, to: deadLetters.arn },
      expect.objectContaining({ action: 'emptyReceive', resource: source.arn }),
    ]);
  });
});

function queues(properties: Partial<QueueProperties>, maxReceiveCount: number): { harness: Harness; source: Queue; deadLetters: Queue } {
  const harness = new Harness();
  const { fifo } = properties;
  const deadLetters = harness.queue({ name: fifo ? 'DeadLetters.fifo' : 'DeadLetters', fifo });
  const source = harness.queue({ ...properties, redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount } });
  return { harness, source, deadLetters };
}

/** Receives, and lets the visibility timeout of 30 seconds end after each time. */
async function receiveTimes(harness: Harness, queue: Queue, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    queue.receive(1);
    await harness.clock.advance(30 * second);
  }
}
