import { inFlightLimit, queryErrorCode, type Queue } from '../../../simulator/sqs';
import { Harness, bodies, minute, second, send } from './harness';

const anyText = expect.any(String) as string;
type Messages = { Messages: Record<string, unknown>[] };

describe('sending and receiving by the API', () => {
  test('answers with the ID and the digests that SDKs compare with their own', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const MessageAttributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
    expect(await harness.call('SendMessage', { QueueUrl, MessageBody: 'derp', MessageAttributes })).toEqual({
      MessageId: queue.snapshot()[0].messageId,
      MD5OfMessageBody: '58fd9edd83341c29f1aebba81c31e257',
      MD5OfMessageAttributes: '235c5c510d26fb653d073faed50ae77c',
    });
  });

  test('digests binary attributes and the trace header', async () => {
    const { harness, QueueUrl } = withQueue();
    const output = await harness.call('SendMessage', {
      QueueUrl, MessageBody: 'a',
      MessageAttributes: { b: { DataType: 'Binary', BinaryValue: Buffer.from('x').toString('base64') }, a: { DataType: 'String', StringValue: 'é' } },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });
    // Digests of the documented byte sequence, written out: length, name, length, type, kind, length, value.
    const { createHash } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
    const digest = (hexadecimal: string): string => createHash('md5').update(Buffer.from(hexadecimal, 'hex')).digest('hex');
    expect(output.MD5OfMessageAttributes).toBe(digest(
      '00000001610000' + '0006537472696e67' + '01' + '00000002c3a9' + '0000000162' + '0000000642696e617279' + '02' + '0000000178',
    ));
    expect(output.MD5OfMessageSystemAttributes).toBe(digest(
      '0000000e4157535472616365486561646572' + '00000006537472696e67' + '01' + '00000006526f6f743d31',
    ));
  });

  test('gives received messages in the form of the SDKs, without attributes that were not asked for', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const messageId = send(queue, 'derp', { attributes: { raw: { dataType: 'Binary', binaryValue: Buffer.of(1, 2) } } });
    expect(await harness.call('ReceiveMessage', { QueueUrl })).toEqual({
      Messages: [{ MessageId: messageId, ReceiptHandle: anyText, Body: 'derp', MD5OfBody: '58fd9edd83341c29f1aebba81c31e257' }],
    });
    expect(await harness.call('ReceiveMessage', { QueueUrl })).toEqual({});
  });

  test.each([
    [['All'], ['a.one', 'a.two', 'b']], [['.*'], ['a.one', 'a.two', 'b']], [['a.*'], ['a.one', 'a.two']], [['b', 'missing'], ['b']], [[], []],
  ])('selects message attributes by %j', async (MessageAttributeNames, names) => {
    const { harness, QueueUrl, queue } = withQueue();
    send(queue, 'x', { attributes: Object.fromEntries(['a.one', 'a.two', 'b'].map((name) => [name, { dataType: 'String', stringValue: name }])) });
    const { Messages: [message] } = await harness.call('ReceiveMessage', { QueueUrl, MessageAttributeNames }) as Messages;
    expect(Object.keys(message.MessageAttributes ?? {})).toEqual(names);
    expect(message.MD5OfMessageAttributes === undefined).toBe(names.length === 0);
  });

  test('gives binary attributes in base64', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    send(queue, 'x', { attributes: { raw: { dataType: 'Binary', binaryValue: Buffer.of(1, 2) } } });
    const { Messages: [message] } = await harness.call('ReceiveMessage', { QueueUrl, MessageAttributeNames: ['All'] }) as Messages;
    expect(message.MessageAttributes).toEqual({ raw: { DataType: 'Binary', BinaryValue: 'AQI=' } });
  });

  test.each(['AttributeNames', 'MessageSystemAttributeNames'])('selects system attributes by %s', async (member) => {
    const { harness, QueueUrl, queue } = withQueue();
    const receive = async (names: string[]): Promise<unknown> => {
      send(queue, 'x');
      const { Messages: [message] } = await harness.call('ReceiveMessage', { QueueUrl, [member]: names }) as Messages;
      return Object.keys(message.Attributes ?? {}).sort();
    };
    expect(await receive(['All'])).toEqual(['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp']);
    expect(await receive(['SentTimestamp', 'MessageGroupId'])).toEqual(['SentTimestamp']);
    await expect(receive(['Size'])).rejects.toMatchObject({ code: 'InvalidAttributeName' });
  });

  test('gives sequence numbers on FIFO queues', async () => {
    const harness = new Harness();
    const { url: QueueUrl } = harness.queue({ fifo: true });
    expect(await harness.call('SendMessage', { QueueUrl, MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'd' }))
      .toMatchObject({ SequenceNumber: expect.stringMatching(/^\d{20}$/) as string });
  });

  test('deletes, and changes visibility, also with numbers as text', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    for (const body of ['a', 'b']) send(queue, body);
    const { Messages: [a, b] } = await harness.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: '2' }) as Messages;
    expect(await harness.call('DeleteMessage', { QueueUrl, ReceiptHandle: a.ReceiptHandle })).toEqual({});
    expect(await harness.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: b.ReceiptHandle, VisibilityTimeout: '0' })).toEqual({});
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  test('answers OverLimit to a short poll of a standard queue, not to a long one nor on a FIFO queue', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    jest.spyOn(queue, 'isOverInFlightLimit', 'get').mockReturnValue(true);
    await expect(harness.call('ReceiveMessage', { QueueUrl })).rejects.toMatchObject({ code: 'OverLimit', status: 403 });
    const fifo = harness.queue({ fifo: true });
    jest.spyOn(fifo, 'isOverInFlightLimit', 'get').mockReturnValue(true);
    expect(await harness.call('ReceiveMessage', { QueueUrl: fifo.url })).toEqual({});
    const answer = harness.call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 1 });
    await harness.clock.advance(second);
    expect(await answer).toEqual({});
    expect(inFlightLimit).toBe(120_000);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['SendMessage', {}, 'MissingParameter: The request must contain the parameter MessageBody.'],
    ['SendMessage', { MessageBody: 5 }, "InvalidParameterValue: 'MessageBody' must be text, got 5"],
    ['SendMessage', { MessageBody: 'a', DelaySeconds: 'soon' }, "InvalidParameterValue: 'DelaySeconds' must be a whole number, got \"soon\""],
    ['SendMessage', { MessageBody: 'a', MessageAttributes: [] }, "InvalidParameterValue: 'MessageAttributes' must be a map, got []"],
    ['SendMessage', { MessageBody: 'a', MessageAttributes: { a: { DataType: 'String', StringListValues: ['x'] } } },
      "InvalidParameterValue: Message attribute 'a': 'StringListValues' is reserved by SQS and not implemented"],
    ['SendMessage', { MessageBody: 'a', MessageSystemAttributes: { Other: { DataType: 'String', StringValue: 'x' } } },
      "InvalidParameterValue: 'MessageSystemAttributes' can have AWSTraceHeader of type String, got 'Other' of type 'String'"],
    ['ReceiveMessage', { WaitTimeSeconds: 21 }, "InvalidParameterValue: 'WaitTimeSeconds' must be from 0 to 20 seconds, got 21"],
    ['ReceiveMessage', { MaxNumberOfMessages: 11 }, "InvalidParameterValue: 'MaxNumberOfMessages' must be from 1 to 10, got 11"],
    ['ReceiveMessage', { WaitTimeSeconds: 5, MaxNumberOfMessages: 11 }, "InvalidParameterValue: 'MaxNumberOfMessages' must be from 1 to 10, got 11"],
    ['ReceiveMessage', { AttributeNames: 'All' }, "InvalidParameterValue: 'AttributeNames' must be a list of texts, got \"All\""],
    ['DeleteMessage', {}, 'MissingParameter: The request must contain the parameter ReceiptHandle.'],
    ['ChangeMessageVisibility', { ReceiptHandle: 'x' }, 'MissingParameter: The request must contain the parameter VisibilityTimeout.'],
  ])('refuses %s with %j', async (operation, input, refusal) => {
    const { harness, QueueUrl } = withQueue();
    const error = await harness.call(operation, { QueueUrl, ...input }).catch((caught: { code: string; message: string }) => caught);
    expect(`${String(error.code)}: ${String(error.message)}`).toBe(refusal);
  });
});

describe('a batch', () => {
  test('answers for each entry whether it succeeded', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const output = await harness.call('SendMessageBatch', { QueueUrl, Entries: [
      { Id: 'good', MessageBody: 'a' }, { Id: 'bad', MessageBody: '\u0000' }, { Id: 'empty' }, { Id: 'late', MessageBody: 'b', DelaySeconds: 5 },
    ] });
    expect(output).toEqual({
      Successful: [expect.objectContaining({ Id: 'good', MessageId: anyText, MD5OfMessageBody: anyText }), expect.objectContaining({ Id: 'late' })],
      Failed: [
        { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents', Message: anyText },
        { Id: 'empty', SenderFault: true, Code: 'MissingParameter', Message: anyText },
      ],
    });
    expect(bodies(queue.snapshot())).toEqual(['a', 'b']);
  });

  test('deletes and changes visibility of several messages', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    for (const body of ['a', 'b', 'c']) send(queue, body);
    const [a, b, c] = queue.receive(3).map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const bad = { Id: 'bad', ReceiptHandle: 'x' };
    expect(await harness.call('DeleteMessageBatch', { QueueUrl, Entries: [a, bad] })).toEqual({
      Successful: [{ Id: '0' }], Failed: [expect.objectContaining({ Id: 'bad', Code: 'ReceiptHandleIsInvalid' })],
    });
    expect(await harness.call('ChangeMessageVisibilityBatch', { QueueUrl, Entries: [{ ...b, VisibilityTimeout: 0 }, { ...c, VisibilityTimeout: 43_201 }] }))
      .toEqual({ Successful: [{ Id: '1' }], Failed: [expect.objectContaining({ Id: '2', Code: 'InvalidParameterValue' })] });
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
  });

  const entries = (length: number): unknown[] => Array.from({ length }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x' }));
  test.each<[string, unknown[]]>([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', entries(11)],
    ['BatchEntryIdsNotDistinct', [{ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'x' }]],
    ['InvalidBatchEntryId', [{ Id: 'with space', MessageBody: 'x' }]],
    ['InvalidBatchEntryId', [{ Id: 'x'.repeat(81), MessageBody: 'x' }]],
    ['MissingParameter', [{ MessageBody: 'x' }]],
    ['BatchRequestTooLong', [{ Id: 'a', MessageBody: 'x'.repeat(1_048_576) }, { Id: 'b', MessageBody: 'x' }]],
  ])('is refused with %s as a whole', async (code, Entries) => {
    const { harness, QueueUrl, queue } = withQueue();
    await expect(harness.call('SendMessageBatch', { QueueUrl, Entries })).rejects.toMatchObject({ code, status: 400 });
    expect(queue.size).toBe(0);
  });

  test('may have ten entries and 1 MiB', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    await harness.call('SendMessageBatch', { QueueUrl, Entries: [...entries(9), { Id: 'large', MessageBody: 'x'.repeat(1_048_576 - 9) }] });
    expect(queue.size).toBe(10);
  });
});

describe('queues by the API', () => {
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

  test('are found by the last part of their URL, whatever the host', async () => {
    const { harness, queue } = withQueue();
    await harness.call('SendMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/Orders', MessageBody: 'a' });
    expect(queue.size).toBe(1);
    await expect(harness.call('SendMessage', { QueueUrl: 'http://localhost:4100/123456789012/Other', MessageBody: 'a' }))
      .rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    await expect(harness.call('SendMessage', { MessageBody: 'a' })).rejects.toMatchObject({ code: 'MissingParameter' });
  });

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

  test('are listed by their dead-letter queue', async () => {
    const harness = new Harness();
    const deadLetters = harness.queue({ name: 'DeadLetters' });
    const { url } = harness.queue({ redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 } });
    expect(await harness.call('ListDeadLetterSourceQueues', { QueueUrl: deadLetters.url })).toEqual({ queueUrls: [url] });
    expect(await harness.call('ListDeadLetterSourceQueues', { QueueUrl: url })).toEqual({ queueUrls: [] });
  });

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

  test('are tagged', async () => {
    const { harness, QueueUrl } = withQueue();
    expect(await harness.call('ListQueueTags', { QueueUrl })).toEqual({});
    await harness.call('TagQueue', { QueueUrl, Tags: { team: 'billing', stage: 'test' } });
    await harness.call('TagQueue', { QueueUrl, Tags: { stage: 'live' } });
    expect(await harness.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { team: 'billing', stage: 'live' } });
    await harness.call('UntagQueue', { QueueUrl, TagKeys: ['team'] });
    expect(await harness.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { stage: 'live' } });
  });

  test('are given permissions, and lose them again', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const permission = { QueueUrl, Label: 'others', AWSAccountIds: ['210987654321'], Actions: ['SendMessage'] };
    await harness.call('AddPermission', permission);
    expect(queue.policy).toMatchObject({ Version: '2012-10-17', Statement: [
      { Sid: 'others', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::210987654321:root'] }, Action: ['SQS:SendMessage'], Resource: queue.arn },
    ] });
    await expect(harness.call('AddPermission', permission)).rejects.toThrow('Already exists');
    await expect(harness.call('AddPermission', { ...permission, Label: 'x', Actions: ['CreateQueue'] })).rejects.toThrow("'Actions' must be of");
    await expect(harness.call('AddPermission', { ...permission, Label: 'x', AWSAccountIds: ['me'] })).rejects.toThrow("'AWSAccountIds' must be");
    await harness.call('RemovePermission', { QueueUrl, Label: 'others' });
    expect(queue.policy).toBeUndefined();
    await expect(harness.call('RemovePermission', { QueueUrl, Label: 'others' })).rejects.toThrow("can't find label");
  });

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

test('errors have their query names', () => {
  expect(['QueueDoesNotExist', 'QueueNameExists', 'ReceiptHandleIsInvalid', 'InvalidParameterValue'].map(queryErrorCode)).toEqual([
    'AWS.SimpleQueueService.NonExistentQueue', 'QueueAlreadyExists', 'ReceiptHandleIsInvalid', 'InvalidParameterValue',
  ]);
});

function withQueue(): { harness: Harness; queue: Queue; QueueUrl: string } {
  const harness = new Harness();
  const queue = harness.queue();
  return { harness, queue, QueueUrl: queue.url };
}
