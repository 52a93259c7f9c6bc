import type { Queue } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, minute, send } from './harness';

const anyText = expect.any(String) as string;

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html', () => {
  test('are created once for the same attributes, and refused for others', async () => {
    const harness = new Harness();
    const input = { QueueName: 'Orders', Attributes: { VisibilityTimeout: '60' }, tags: { team: 'billing' } };
    const QueueUrl = 'http://localhost:4100/123456789012/Orders';
    expect(await harness.call('CreateQueue', input)).toEqual({ QueueUrl });
    expect(await harness.call('CreateQueue', { QueueName: 'Orders' })).toEqual({ QueueUrl });
    expect(await harness.call('GetQueueUrl', { QueueName: 'Orders' })).toEqual({ QueueUrl });
    expect(harness.sqs.queueByName('Orders')).toMatchObject({ visibilityTimeout: 60, tags: { team: 'billing' } });
    await expect(harness.call('CreateQueue', { ...input, Attributes: { VisibilityTimeout: '61' } })).rejects.toMatchObject({ code: 'QueueNameExists' });
  });

  test('cannot be created within 60 seconds after one of the same name was deleted', async () => {
    const { harness, QueueUrl } = withQueue();
    await harness.call('DeleteQueue', { QueueUrl });
    await expect(harness.call('GetQueueUrl', { QueueName: 'Orders' })).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    await harness.clock.advance(minute - 1);
    await expect(harness.call('CreateQueue', { QueueName: 'Orders' })).rejects.toMatchObject({ code: 'QueueDeletedRecently' });
    await harness.clock.advance(1);
    await harness.call('CreateQueue', { QueueName: 'Orders' });
  });
});

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html', () => {
  test('are found by the last part of their URL, whatever the host', async () => {
    const { harness, queue } = withQueue();
    await harness.call('SendMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/Orders', MessageBody: 'a' });
    expect(queue.size).toBe(1);
    await expect(harness.call('SendMessage', { QueueUrl: 'http://localhost:4100/123456789012/Other', MessageBody: 'a' }))
      .rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    await expect(harness.call('SendMessage', { MessageBody: 'a' })).rejects.toMatchObject({ code: 'MissingParameter' });
  });

  test('are not those of the same name in another account', async () => {
    const { harness, queue } = withQueue();
    await expect(harness.call('SendMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/210987654321/Orders', MessageBody: 'a' }))
      .rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    expect(queue.size).toBe(0);
    await harness.call('SendMessage', { QueueUrl: 'Orders', MessageBody: 'a' });
    expect(queue.size).toBe(1);
  });
});

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html', () => {
  test('are listed by prefix, a page at a time', async () => {
    const harness = new Harness();
    for (const name of ['b', 'a3', 'a1', 'a2']) harness.queue({ name });
    const url = (name: string): string => `http://localhost:4100/123456789012/${name}`;
    expect(await harness.call('ListQueues')).toEqual({ QueueUrls: ['a1', 'a2', 'a3', 'b'].map(url) });
    const first = await harness.call('ListQueues', { QueueNamePrefix: 'a', MaxResults: 2 });
    expect(first).toEqual({ QueueUrls: ['a1', 'a2'].map(url), NextToken: anyText });
    expect(await harness.call('ListQueues', { QueueNamePrefix: 'a', MaxResults: 2, NextToken: first.NextToken })).toEqual({ QueueUrls: [url('a3')] });
    await expect(harness.call('ListQueues', { MaxResults: 0 })).rejects.toThrow("'MaxResults' must be from 1 to 1000, got 0");
  });

  test('are at most 1,000 without MaxResults, and no token follows', async () => {
    const harness = new Harness();
    for (let number = 0; number <= 1000; number++) harness.queue({ name: `many-${number}` });
    const { QueueUrls, NextToken } = await harness.call('ListQueues', {});
    expect(QueueUrls).toHaveLength(1000);
    expect(NextToken).toBeUndefined();
  });
});

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html', () => {
  test('are listed by their dead-letter queue', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const { url } = harness.queue({ redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 } });
    expect(await harness.call('ListDeadLetterSourceQueues', { QueueUrl: deadLetters.url })).toEqual({ queueUrls: [url] });
    expect(await harness.call('ListDeadLetterSourceQueues', { QueueUrl: url })).toEqual({ queueUrls: [] });
  });
});

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html', () => {
  test('are purged at most once in 60 seconds', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    send(queue, 'a');
    expect(await harness.call('PurgeQueue', { QueueUrl })).toEqual({});
    expect(queue.size).toBe(0);
    await harness.clock.advance(minute - 1);
    await expect(harness.call('PurgeQueue', { QueueUrl })).rejects.toMatchObject({ code: 'PurgeQueueInProgress', status: 403 });
    await harness.clock.advance(1);
    expect(await harness.call('PurgeQueue', { QueueUrl })).toEqual({});
  });
});

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html', () => {
  test('are tagged', async () => {
    const { harness, QueueUrl } = withQueue();
    expect(await harness.call('ListQueueTags', { QueueUrl })).toEqual({});
    await harness.call('TagQueue', { QueueUrl, Tags: { team: 'billing', stage: 'test' } });
    await harness.call('TagQueue', { QueueUrl, Tags: { stage: 'live' } });
    expect(await harness.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { team: 'billing', stage: 'live' } });
  });
});

documented('Tags', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html', () => {
  test('are taken away by their keys, whether or not the queue has them', async () => {
    const harness = new Harness();
    const { url: QueueUrl } = harness.queue({ tags: { team: 'billing', stage: 'live' } });
    await harness.call('UntagQueue', { QueueUrl, TagKeys: ['team', 'unknown'] });
    expect(await harness.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { stage: 'live' } });
  });
});

documented('Queues', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html', () => {
  test('are given permissions by a statement of their policy', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const permission = { QueueUrl, Label: 'others', AWSAccountIds: ['210987654321'], Actions: ['SendMessage'] };
    await harness.call('AddPermission', permission);
    expect(queue.policy).toMatchObject({ Version: '2012-10-17', Statement: [
      { Sid: 'others', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::210987654321:root'] }, Action: ['SQS:SendMessage'], Resource: queue.arn },
    ] });
    await expect(harness.call('AddPermission', permission)).rejects.toThrow('Already exists');
    await expect(harness.call('AddPermission', { ...permission, Label: 'x', Actions: ['CreateQueue'] })).rejects.toThrow("'Actions' must be of");
    await expect(harness.call('AddPermission', { ...permission, Label: 'x', AWSAccountIds: ['me'] })).rejects.toThrow("'AWSAccountIds' must be");
  });

  test('are given at most 7 actions in one statement', async () => {
    const { harness, QueueUrl } = withQueue();
    const Actions = ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'GetQueueUrl', '*'];
    const permission = { QueueUrl, Label: 'others', AWSAccountIds: ['210987654321'] };
    await harness.call('AddPermission', { ...permission, Actions });
    await expect(harness.call('AddPermission', { ...permission, Label: 'x', Actions: [...Actions, 'SendMessage'] }))
      .rejects.toMatchObject({ code: 'OverLimit', status: 403 });
  });
});

documented('A permission', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html', () => {
  test('is taken away by its label, and the others stay', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    for (const Label of ['one', 'two']) {
      await harness.call('AddPermission', { QueueUrl, Label, AWSAccountIds: ['210987654321'], Actions: ['SendMessage'] });
    }
    await harness.call('RemovePermission', { QueueUrl, Label: 'one' });
    expect(queue.policy).toMatchObject({ Statement: [{ Sid: 'two' }] });
    await harness.call('RemovePermission', { QueueUrl, Label: 'two' });
    expect(queue.policy).toBeUndefined();
    await expect(harness.call('RemovePermission', { QueueUrl, Label: 'two' })).rejects.toThrow("can't find label");
  });
});

function withQueue(): { harness: Harness; queue: Queue; QueueUrl: string } {
  const harness = new Harness();
  const queue = harness.queue();
  return { harness, queue, QueueUrl: queue.url };
}
