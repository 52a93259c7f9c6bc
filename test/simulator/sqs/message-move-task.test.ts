import { documented } from '../documented';
import { queues, receiveTimes } from './dead-letters';
import { bodies, minute, refusal, second, send, sendInGroup } from './harness';

documented('A message move task', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html', () => {
  test('moves dead letters back to the queues that they came from, as new messages', async () => {
    const { harness, source, deadLetters } = queues({}, 1);
    const attributes = { kind: { dataType: 'String', stringValue: 'x' } };
    const messageId = send(source, 'poison', { attributes });
    await receiveTimes(harness, source, 2);
    const { TaskHandle } = await harness.call('StartMessageMoveTask', { SourceArn: deadLetters.arn });
    expect(TaskHandle).toEqual(expect.any(String));
    await harness.clock.advance(0);
    expect(deadLetters.size).toBe(0);
    const [message] = source.snapshot();
    expect(message).toMatchObject({ body: 'poison', attributes, systemAttributes: { ApproximateReceiveCount: '0', SentTimestamp: String(harness.clock.now()) } });
    expect(message.messageId).not.toBe(messageId);
    expect(message.systemAttributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    expect(harness.events.at(-1)).toMatchObject({ action: 'moved', resource: deadLetters.arn, to: source.arn, messageId });
    expect((await harness.call('ListMessageMoveTasks', { SourceArn: deadLetters.arn })).Results).toEqual([
      expect.objectContaining({ Status: 'COMPLETED', TaskHandle: undefined, ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 }),
    ]);
  });

  test('keeps FIFO messages apart and in order on their way back', async () => {
    const { harness, source, deadLetters } = queues({ fifo: true }, 1);
    sendInGroup(source, 'g', 'a', 'b');
    source.receive(2);
    await harness.clock.advance(minute);
    source.receive(10);
    harness.sqs.moveTasks.start(deadLetters.arn);
    await harness.clock.advance(second);
    expect(bodies(source.receive(10))).toEqual(['a', 'b']);
  });

  test('moves 500 messages a second unless told otherwise', async () => {
    const { harness, deadLetters } = queues({}, 1);
    const elsewhere = harness.queue({ name: 'Elsewhere' });
    for (let count = 0; count < 1200; count++) send(deadLetters, 'a');
    harness.sqs.moveTasks.start(deadLetters.arn, elsewhere.arn);
    await harness.clock.advance(second - 1);
    expect(elsewhere.size).toBe(500);
    await harness.clock.advance(2 * second);
    expect(elsewhere.size).toBe(1200);
  });
});

documented('A message move task', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html', () => {
  test('moves no more messages a second than asked for, until it is cancelled', async () => {
    const { harness, deadLetters, source } = queues({}, 1);
    const elsewhere = harness.queue({ name: 'Elsewhere' });
    for (let count = 0; count < 100; count++) send(deadLetters, 'a');
    const { TaskHandle } = await harness.call('StartMessageMoveTask', {
      SourceArn: deadLetters.arn, DestinationArn: elsewhere.arn, MaxNumberOfMessagesPerSecond: 20,
    });
    await harness.clock.advance(2 * second - 1);
    expect(elsewhere.size).toBe(40);
    expect((await harness.call('ListMessageMoveTasks', { SourceArn: deadLetters.arn })).Results).toEqual([
      expect.objectContaining({ Status: 'RUNNING', TaskHandle, MaxNumberOfMessagesPerSecond: 20, DestinationArn: elsewhere.arn }),
    ]);
    expect(await harness.call('CancelMessageMoveTask', { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 40 });
    await harness.clock.advance(minute);
    expect([elsewhere.size, deadLetters.size, source.size]).toEqual([40, 60, 0]);
    await expect(harness.call('CancelMessageMoveTask', { TaskHandle })).rejects.toThrow(/running task.*CANCELLED/);
  });

  test('is refused where it could not work', async () => {
    const { harness, source, deadLetters } = queues({}, 1);
    const fifo = harness.queue({ name: 'Fifo.fifo', fifo: true });
    const { arn } = deadLetters;
    const start = (sourceArn: string, destinationArn?: string, rate?: number): string => refusal(() => harness.sqs.moveTasks.start(sourceArn, destinationArn, rate));
    expect(start(`${arn}-missing`)).toMatch(/^ResourceNotFoundException: .*SourceArn/);
    expect(start(source.arn)).toMatch(/^InvalidParameterValue: Source queue must be configured as a Dead Letter Queue/);
    expect(start(arn, `${arn}-missing`)).toMatch(/^ResourceNotFoundException: .*DestinationArn/);
    expect(start(arn, arn)).toMatch(/^InvalidParameterValue: .*different queues/);
    expect(start(arn, fifo.arn)).toMatch(/^InvalidParameterValue: .*source's type/);
    expect(start(arn, source.arn, 501)).toBe("InvalidParameterValue: 'MaxNumberOfMessagesPerSecond' must be from 1 to 500 messages, got 501");
    expect(start(arn)).toBe('accepted');
    expect(start(arn)).toMatch(/^InvalidParameterValue: .*already a task running/);
    await expect(harness.call('CancelMessageMoveTask', { TaskHandle: 'unknown' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(harness.call('ListMessageMoveTasks', { SourceArn: arn, MaxResults: 11 })).rejects.toThrow("'MaxResults' must be from 1 to 10, got 11");
  });
});

documented('A message move task', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html', () => {
  test('is cancelled while it runs, and not a second time; what was moved stays moved', async () => {
    const { harness, source, deadLetters } = queues({}, 1);
    for (let count = 0; count < 3; count++) send(deadLetters, 'a');
    const { TaskHandle } = await harness.call('StartMessageMoveTask', {
      SourceArn: deadLetters.arn, DestinationArn: source.arn, MaxNumberOfMessagesPerSecond: 1,
    });
    await harness.clock.advance(1);
    expect(await harness.call('CancelMessageMoveTask', { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 1 });
    await harness.clock.advance(minute);
    expect([source.size, deadLetters.size]).toEqual([1, 2]);
    await expect(harness.call('CancelMessageMoveTask', { TaskHandle })).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    await expect(harness.call('CancelMessageMoveTask', { TaskHandle: 'unknown' })).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
    await expect(harness.call('CancelMessageMoveTask', {})).rejects.toMatchObject({ code: 'MissingParameter' });
  });
});

documented('A message move task', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html', () => {
  test.each([
    ['CouldNotDetermineMessageSource', undefined],
    ['AWS.SimpleQueueService.NonExistentQueue', 'Elsewhere'],
  ])('fails with %s, and leaves the message where it is', async (FailureReason, destination) => {
    const { harness, deadLetters } = queues({}, 1);
    const arn = destination && harness.queue({ name: destination }).arn;
    send(deadLetters, 'sent straight');
    await harness.call('StartMessageMoveTask', { SourceArn: deadLetters.arn, DestinationArn: arn });
    if (arn) harness.sqs.deleteQueue(arn);
    await harness.clock.advance(second);
    expect((await harness.call('ListMessageMoveTasks', { SourceArn: deadLetters.arn })).Results)
      .toEqual([expect.objectContaining({ Status: 'FAILED', FailureReason })]);
    expect(deadLetters.size).toBe(1);
  });

  test('is listed with the nine before it, the latest first; one of them unless more are asked for', async () => {
    const { harness, deadLetters } = queues({}, 1);
    const start = harness.clock.now();
    for (let count = 0; count < 11; count++) {
      harness.sqs.moveTasks.start(deadLetters.arn);
      await harness.clock.advance(second);
    }
    const list = async (MaxResults?: number) => {
      const { Results } = await harness.call('ListMessageMoveTasks', { SourceArn: deadLetters.arn, MaxResults });
      return (Results as { StartedTimestamp: number }[]).map(({ StartedTimestamp }) => (StartedTimestamp - start) / second);
    };
    expect(await list()).toEqual([10]);
    expect(await list(10)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    await expect(list(0)).rejects.toThrow("'MaxResults' must be from 1 to 10, got 0");
  });
});
