import { documented } from '../documented';
import { Harness, minute, second, send } from './harness';

documented('A long poll', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html', () => {
  test('answers as soon as there is a message', async () => {
    const { harness, clock, queue } = withQueue();
    const start = clock.now();
    const answer = harness.call('ReceiveMessage', { QueueUrl: queue.url, WaitTimeSeconds: 20 }).then((output) => ({ output, at: clock.now() - start }));
    clock.schedule(7 * second, () => send(queue, 'a'));
    await clock.advance(minute);
    expect(await answer).toEqual({ at: 7 * second, output: { Messages: [expect.objectContaining({ Body: 'a' })] } });
    expect(harness.actions()).toEqual(['sent', 'received']);
  });

  test('answers with nothing after its wait time, and is one empty receive', async () => {
    const { harness, clock, queue } = withQueue();
    const start = clock.now();
    const answer = harness.call('ReceiveMessage', { QueueUrl: queue.url, WaitTimeSeconds: 20 }).then((output) => ({ output, at: clock.now() - start }));
    await clock.advance(minute);
    expect(await answer).toEqual({ at: 20 * second, output: {} });
    expect(harness.actions()).toEqual(['emptyReceive']);
    send(queue, 'later');
    await clock.advance(second);
    expect(queue.depth().visible).toBe(1);
  });

  test('waits for as long as the queue says where the call does not', async () => {
    const { harness, clock, queue } = withQueue();
    queue.update({ receiveMessageWaitTimeSeconds: 5 });
    const start = clock.now();
    let at = -1;
    void harness.call('ReceiveMessage', { QueueUrl: queue.url }).then(() => { at = clock.now() - start; });
    await clock.advance(minute);
    expect(at).toBe(5 * second);
    expect(await harness.call('ReceiveMessage', { QueueUrl: queue.url, WaitTimeSeconds: 0 })).toEqual({});
  });
});

documented('A long poll', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html', () => {
  test('fails when its queue is deleted', async () => {
    const { harness, clock, queue } = withQueue();
    const answer = harness.call('ReceiveMessage', { QueueUrl: queue.url, WaitTimeSeconds: 20 });
    harness.sqs.deleteQueue(queue.arn);
    await expect(answer).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    await clock.advance(minute);
  });
});

function withQueue(): { harness: Harness; clock: Harness['clock']; queue: ReturnType<Harness['queue']> } {
  const harness = new Harness();
  return { harness, clock: harness.clock, queue: harness.queue() };
}
