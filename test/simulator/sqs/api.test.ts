import { inFlightLimit, type Queue } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, second, send } from './harness';

const anyText = expect.any(String) as string;
type Messages = { Messages: Record<string, unknown>[] };

documented('SendMessage', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html', () => {
  test('answers with the ID and the digests that SDKs compare with their own', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    const MessageAttributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
    expect(await harness.call('SendMessage', { QueueUrl, MessageBody: 'derp', MessageAttributes })).toEqual({
      MessageId: queue.snapshot()[0].messageId,
      MD5OfMessageBody: '58fd9edd83341c29f1aebba81c31e257',
      MD5OfMessageAttributes: '235c5c510d26fb653d073faed50ae77c',
    });
  });

  test('gives sequence numbers on FIFO queues', async () => {
    const harness = new Harness();
    const { url: QueueUrl } = harness.queue({ fifo: true });
    expect(await harness.call('SendMessage', { QueueUrl, MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'd' }))
      .toMatchObject({ SequenceNumber: expect.stringMatching(/^\d{20}$/) as string });
  });
});

documented('The digest of message attributes', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html', () => {
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
});

documented('ReceiveMessage', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html', () => {
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
});

documented('DeleteMessage and ChangeMessageVisibility', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html', () => {
  test('deletes, and changes visibility, also with numbers as text', async () => {
    const { harness, QueueUrl, queue } = withQueue();
    for (const body of ['a', 'b']) send(queue, body);
    const { Messages: [a, b] } = await harness.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: '2' }) as Messages;
    expect(await harness.call('DeleteMessage', { QueueUrl, ReceiptHandle: a.ReceiptHandle })).toEqual({});
    expect(await harness.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: b.ReceiptHandle, VisibilityTimeout: '0' })).toEqual({});
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });
});

documented('The errors of every action', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html', () => {
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

function withQueue(): { harness: Harness; queue: Queue; QueueUrl: string } {
  const harness = new Harness();
  const queue = harness.queue();
  return { harness, queue, QueueUrl: queue.url };
}
