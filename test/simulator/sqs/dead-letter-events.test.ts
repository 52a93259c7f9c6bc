import { queues, receiveTimes } from './dead-letters';
import { send } from './harness';

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
