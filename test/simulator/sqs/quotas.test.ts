import { documented } from '../documented';
import { Harness, hour, refusal, send } from './harness';

const many = <Item>(length: number, item: (index: number) => Item): Item[] => Array.from({ length }, (_, index) => item(index));
const statement = (index: number, principals = 1): object => ({ Sid: `s${index}`, Principal: { AWS: many(principals, () => '210987654321') } });

function source(harness: Harness, name: string): string {
  const { arn } = harness.queue({ name });
  harness.queue({ name: `${name}-source`, redrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 1 } });
  send(harness.sqs.queue(arn)!, 'a');
  return arn;
}

documented('The tags of a queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html', () => {
  test.each<[string, Record<string, string>]>([
    ['at most 50 tags, got 51', Object.fromEntries(many(51, (index) => [`key${index}`, '']))],
    ["must not start with 'aws:', got 'aws:team'", { 'aws:team': 'x' }],
    ["must not start with 'aws:', got 'AWS:team'", { 'AWS:team': 'x' }],
    ["must not start with 'aws:', got 'aws:x'", { team: 'aws:x' }],
    ['key must be 1 to 128', { '': 'x' }],
    ['key must be 1 to 128', { ['k'.repeat(129)]: 'x' }],
    ['at most 256 letters', { team: 'v'.repeat(257) }],
    ['at most 256 letters', { team: 'a#b' }],
  ])('fail with "%s"', (message, tags) => {
    expect(refusal(() => new Harness().queue({ tags }))).toContain(message);
  });

  test('may be 50, of 128 and 256 characters, with letters of every language', () => {
    const tags = { ...Object.fromEntries(many(49, (index) => [`key${index}`, ''])), ['ü'.repeat(128)]: 'é'.repeat(256) };
    expect(refusal(() => new Harness().queue({ tags }))).toBe('accepted');
  });
});

documented("A queue's policy", 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html', () => {
  test('has at most 20 statements', () => {
    expect(refusal(() => new Harness().queue({ policy: { Statement: many(20, (index) => statement(index)) } }))).toBe('accepted');
    expect(refusal(() => new Harness().queue({ policy: { Statement: many(21, (index) => statement(index)) } })))
      .toBe("OverLimit: 'Policy' must have at most 20 statements, got 21");
  });

  test('has at most 50 principals, all statements together', () => {
    expect(refusal(() => new Harness().queue({ policy: { Statement: [statement(1, 49), { Principal: '*' }, {}] } }))).toBe('accepted');
    expect(refusal(() => new Harness().queue({ policy: { Statement: [statement(1, 49), { Principal: '*' }, statement(2)] } })))
      .toBe("OverLimit: 'Policy' must have at most 50 principals, got 51");
  });

  test('has at most 8192 bytes', () => {
    const policy = (bytes: number): object => ({ Id: 'x'.repeat(bytes - '{"Id":""}'.length) });
    expect(refusal(() => new Harness().queue({ policy: policy(8192) }))).toBe('accepted');
    expect(refusal(() => new Harness().queue({ policy: policy(8193) }))).toBe("InvalidAttributeValue: 'Policy' must be at most 8192 bytes, got 8193");
  });
});

documented("A queue's policy", 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html', () => {
  test('grows by AddPermission up to these limits, and stays as it was when refused', async () => {
    const harness = new Harness();
    const queue = harness.queue();
    const add = (index: number): Promise<unknown> => harness.call('AddPermission', {
      QueueUrl: queue.url, Label: `label${index}`, AWSAccountIds: ['210987654321'], Actions: ['SendMessage'],
    });
    for (let index = 0; index < 20; index++) await add(index);
    await expect(add(20)).rejects.toMatchObject({ code: 'OverLimit', status: 403 });
    expect(queue.policy).toMatchObject({ Statement: { length: 20 } });
  });
});

documented('Required parameters', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html', () => {
  test.each([['SetQueueAttributes', 'Attributes'], ['TagQueue', 'Tags'], ['UntagQueue', 'TagKeys']])('%s needs %s', async (operation, name) => {
    const harness = new Harness();
    await expect(harness.call(operation, { QueueUrl: harness.queue().url }))
      .rejects.toThrow(`The request must contain the parameter ${name}.`);
  });
});

documented('GetQueueUrl', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html', () => {
  test('GetQueueUrl finds a queue of the account that is named, and none of another', async () => {
    const harness = new Harness();
    const { url } = harness.queue();
    expect(await harness.call('GetQueueUrl', { QueueName: 'Orders', QueueOwnerAWSAccountId: '123456789012' })).toEqual({ QueueUrl: url });
    await expect(harness.call('GetQueueUrl', { QueueName: 'Orders', QueueOwnerAWSAccountId: '210987654321' }))
      .rejects.toMatchObject({ code: 'QueueDoesNotExist' });
  });
});

documented('ReceiveMessage', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html', () => {
  test('a receive request attempt ID has 1 to 128 characters, and is for FIFO queues only', async () => {
    const harness = new Harness();
    const receive = (QueueUrl: string, ReceiveRequestAttemptId: string): Promise<unknown> => harness.call('ReceiveMessage', { QueueUrl, ReceiveRequestAttemptId });
    const fifo = harness.queue({ fifo: true });
    expect(await receive(fifo.url, 'a'.repeat(128))).toEqual({});
    await expect(receive(fifo.url, 'a'.repeat(129))).rejects.toThrow("'ReceiveRequestAttemptId' must be 1 to 128");
    await expect(receive(harness.queue().url, 'a')).rejects.toThrow("'ReceiveRequestAttemptId' is for FIFO queues only");
  });
});

documented('Message move tasks', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html', () => {
  test('run for 36 hours at most, and have failed then', async () => {
    const harness = new Harness();
    const arn = source(harness, 'DeadLetters');
    // There is always one more message: to send and move 129,600 would take the test too long.
    jest.spyOn(harness.sqs.queue(arn)!, 'redriveNext').mockReturnValue(true);
    const task = harness.sqs.moveTasks.start(arn, undefined, 1);
    await harness.clock.advance(36 * hour - 1);
    expect([task.status, task.messagesMoved]).toEqual(['RUNNING', 36 * 3600]);
    await harness.clock.advance(1);
    expect([task.status, task.failureReason]).toEqual(['FAILED', 'The task ran for 36 hours']);
  });

  test('are at most 100 at once in an account', async () => {
    const harness = new Harness();
    const arns = many(101, (index) => source(harness, `DeadLetters${index}`));
    for (const arn of arns.slice(0, 100)) harness.sqs.moveTasks.start(arn);
    expect(refusal(() => harness.sqs.moveTasks.start(arns[100]))).toBe('OverLimit: An account must have at most 100 active message move tasks');
    await harness.clock.advance(1000);
    expect(refusal(() => harness.sqs.moveTasks.start(arns[100]))).toBe('accepted');
  });
});
