import { ServiceError } from '../../../simulator/contracts';
import { documented } from '../documented';
import { functionArn, queueArn } from './fakes';
import { simulate, text } from './simulate';

documented('A delivery that fails', 'https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html', () => {
  test('a queue that is gone costs the message without a dead-letter queue', async () => {
    const { sns, clock, topic, subscribe, snsEvents } = simulate();
    const { arn } = topic();
    subscribe(arn, 'gone');
    sns.publish(arn, { message: 'lost' });
    await clock.advance(0);
    expect(snsEvents.at(-1)).toMatchObject({ action: 'failed', to: queueArn('gone') });
    expect(snsEvents.at(-1)!.reason).toContain('QueueDoesNotExist');
  });

  test.each([true, false])('a refusal goes at once to the dead-letter queue, in the form of the delivery (raw %s)', async (raw) => {
    const { sns, clock, topic, subscribe, addQueue, snsEvents } = simulate();
    const [queue, dead] = [addQueue('billing'), addQueue('dead')];
    queue.errors = [new ServiceError('AccessDenied', 'no statement allows sns.amazonaws.com', 403)];
    const { arn } = topic();
    subscribe(arn, 'billing', { rawMessageDelivery: raw, redrivePolicy: { deadLetterTargetArn: dead.arn } });
    const attributes = { kind: text('order') };
    sns.publish(arn, { message: 'refused', attributes });
    await clock.advance(0);
    expect(queue.attempts).toBe(1);
    if (raw) expect(dead.sent[0].message).toMatchObject({ body: 'refused', attributes });
    else expect(JSON.parse(dead.bodies[0])).toMatchObject({ Message: 'refused', MessageAttributes: { kind: { Value: 'order' } } });
    expect(snsEvents.at(-1)).toMatchObject({
      action: 'redriven', to: dead.arn, deliveredMessageId: 'sent-1', reason: 'AccessDenied: no statement allows sns.amazonaws.com',
    });
  });

  test('a dead-letter queue that refuses too costs the message, and both reasons are told', async () => {
    const { sns, clock, topic, subscribe, snsEvents } = simulate();
    const { arn } = topic();
    subscribe(arn, 'gone', { redrivePolicy: { deadLetterTargetArn: queueArn('dead') } });
    sns.publish(arn, { message: 'lost' });
    await clock.advance(0);
    expect(snsEvents.at(-1)!.action).toBe('failed');
    expect(snsEvents.at(-1)!.reason).toMatch(/gone does not exist.*dead-letter queue .*dead refused it/);
  });

  test.each<[string, (functions: ReturnType<typeof simulate>) => void]>([
    ['is gone', () => {}],
    ['refuses SNS', ({ addFunction }) => { addFunction('handler').errors = [new ServiceError('AccessDeniedException', 'no permission', 403)]; }],
  ])('a function that %s costs a redrive, not a retry', async (_name, arrange) => {
    const simulation = simulate();
    arrange(simulation);
    const { sns, clock, topic, addQueue, actions } = simulation;
    const dead = addQueue('dead');
    const { arn } = topic();
    sns.subscribe({
      topicArn: arn, protocol: 'lambda', endpoint: functionArn('handler'), redrivePolicy: { deadLetterTargetArn: dead.arn },
    });
    sns.publish(arn, { message: 'x' });
    await clock.advance(0);
    expect(actions()).toEqual(['published', 'redriven']);
    expect(JSON.parse(dead.bodies[0])).toMatchObject({ Message: 'x' });
  });
});

documented('A delivery that fails', 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html', () => {
  test('server errors are retried by AWS\'s schedule until the delivery succeeds', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const queue = addQueue('billing');
    queue.errors = Array.from({ length: 16 }, () => new ServiceError('InternalError', 'try again', 500));
    const { arn } = topic();
    subscribe(arn, 'billing');
    const start = clock.now();
    sns.publish(arn, { message: 'patient' });
    await clock.advance(0);
    expect(queue.attempts).toBe(4);
    await clock.advance(2_000);
    expect(queue.attempts).toBe(6);
    await clock.advance(600_000);
    expect(queue.attempts).toBe(17);
    const backoff = Array.from({ length: 10 }, (_, index) => Math.round(1_000 * 20 ** (index / 9))).reduce((sum, delay) => sum + delay);
    expect(queue.sent[0].at - start).toBe(2_000 + backoff + 20_000);
    expect(actions()).toEqual(['published', ...Array<string>(16).fill('retried'), 'delivered']);
  });

  test('server errors for 23 days end in the dead-letter queue', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const [queue, dead] = [addQueue('billing'), addQueue('dead')];
    let attempts = 0;
    queue.send = () => { attempts++; throw new ServiceError('InternalError', 'down', 500); };
    const { arn } = topic();
    subscribe(arn, 'billing', { redrivePolicy: { deadLetterTargetArn: dead.arn } });
    sns.publish(arn, { message: 'x' });
    await clock.advance(23 * 24 * 3_600_000);
    expect(dead.sent).toHaveLength(0);
    await clock.advance(24 * 3_600_000);
    expect(actions().filter((action) => action !== 'retried')).toEqual(['published', 'redriven']);
    expect(actions()).toHaveLength(2 + 100_015);
    expect(attempts).toBe(1 + 100_015);
  });

  test('a function that Lambda can\'t take events for is tried again', async () => {
    const { sns, clock, topic, addFunction, actions } = simulate();
    const target = addFunction('handler');
    target.errors = [new ServiceError('ServiceException', 'try again', 500)];
    const { arn } = topic();
    sns.subscribe({ topicArn: arn, protocol: 'lambda', endpoint: target.arn });
    sns.publish(arn, { message: 'x' });
    await clock.advance(0);
    expect(target.invocations).toHaveLength(1);
    expect(actions()).toEqual(['published', 'retried', 'delivered']);
  });
});
