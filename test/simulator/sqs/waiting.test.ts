import { Harness, bodies, minute, second, send, sendInGroup } from './harness';

describe('waiting for a queue', () => {
  test('calls back once, as an event of the clock, when a message is sent', async () => {
    const { clock, queue } = withQueue();
    const callback = jest.fn();
    queue.whenReceivable(callback);
    await clock.advance(minute);
    send(queue, 'a');
    send(queue, 'b');
    expect(callback).not.toHaveBeenCalled();
    await clock.advance(0);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('calls back when there is a message already', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    const callback = jest.fn();
    queue.whenReceivable(callback);
    expect(callback).not.toHaveBeenCalled();
    await clock.advance(0);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['a delay ends', 5], ['a visibility timeout ends', 30],
  ])('calls back at the moment when %s', async (name, seconds) => {
    const { clock, queue } = withQueue();
    const start = clock.now();
    send(queue, 'a', { delaySeconds: name.includes('delay') ? 5 : 0 });
    queue.receive(1);
    let at = 0;
    queue.whenReceivable(() => { at = clock.now(); });
    await clock.advance(minute);
    expect(at - start).toBe(seconds * second);
  });

  test('calls back when a visibility timeout is shortened', async () => {
    const { clock, queue } = withQueue();
    send(queue, 'a');
    const [{ receiptHandle }] = queue.receive(1);
    const callback = jest.fn();
    queue.whenReceivable(callback);
    queue.changeVisibility(receiptHandle, 10);
    await clock.advance(10 * second - 1);
    expect(callback).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('calls back when a delete unlocks a message group', async () => {
    const harness = new Harness();
    const queue = harness.queue({ fifo: true });
    sendInGroup(queue, 'g', 'a', 'b');
    const [{ receiptHandle }] = queue.receive(1);
    const callback = jest.fn();
    queue.whenReceivable(callback);
    await harness.clock.advance(second);
    expect(callback).not.toHaveBeenCalled();
    queue.delete(receiptHandle);
    await harness.clock.advance(0);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('calls back the first of those who wait when the others would find nothing', async () => {
    const { clock, queue } = withQueue();
    const received: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      queue.whenReceivable(() => received.push(`${name}: ${bodies(queue.receive(1)).join()}`));
    }
    send(queue, 'a');
    send(queue, 'b');
    await clock.advance(0);
    expect(received).toEqual(['first: a', 'second: b']);
    send(queue, 'c');
    await clock.advance(0);
    expect(received).toEqual(['first: a', 'second: b', 'third: c']);
  });

  test('does not call back who cancelled', async () => {
    const { clock, queue } = withQueue();
    const callback = jest.fn();
    queue.whenReceivable(callback).cancel();
    send(queue, 'a');
    await clock.advance(minute);
    expect(callback).not.toHaveBeenCalled();
  });

  test('does not call back whom another callback cancelled', async () => {
    const { clock, queue } = withQueue();
    const callback = jest.fn();
    queue.whenReceivable(() => other.cancel());
    const other = queue.whenReceivable(callback);
    send(queue, 'a');
    await clock.advance(minute);
    expect(callback).not.toHaveBeenCalled();
  });

  test('has one timer, however much is sent before it fires', () => {
    const { clock, queue } = withQueue();
    queue.whenReceivable(() => {});
    const schedule = jest.spyOn(clock, 'schedule');
    for (let count = 0; count < 100; count++) send(queue, 'a');
    expect(schedule).toHaveBeenCalledTimes(1);
  });

  test('calls the others back although one throws', async () => {
    const { clock, queue } = withQueue();
    const callback = jest.fn();
    queue.whenReceivable(() => { throw new Error('broken consumer'); });
    queue.whenReceivable(callback);
    send(queue, 'a');
    await expect(clock.advance(0)).rejects.toThrow('broken consumer');
    await clock.advance(0);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('moves poison messages on, and does not call back for them', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const queue = harness.queue({ redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 } });
    send(queue, 'poison');
    queue.receive(1);
    const callback = jest.fn();
    const arrived = jest.fn();
    queue.whenReceivable(callback);
    deadLetters.whenReceivable(arrived);
    await harness.clock.advance(30 * second);
    expect([callback.mock.calls.length, arrived.mock.calls.length]).toEqual([0, 1]);
    expect(bodies(deadLetters.snapshot())).toEqual(['poison']);
  });

  test('keeps no timer while nobody waits', async () => {
    const { clock, queue } = withQueue();
    const schedule = jest.spyOn(clock, 'schedule');
    for (let count = 0; count < 100; count++) send(queue, 'a', { delaySeconds: count });
    queue.receive(10);
    await clock.advance(minute);
    expect(schedule).not.toHaveBeenCalled();
  });
});

function withQueue(): { harness: Harness; clock: Harness['clock']; queue: ReturnType<Harness['queue']> } {
  const harness = new Harness();
  return { harness, clock: harness.clock, queue: harness.queue() };
}
