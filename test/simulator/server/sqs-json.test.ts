import {
  QueueDoesNotExist, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { ServiceError } from '../../../simulator/contracts';
import { authorization, raw, serve, type Served } from './fixture';

let served: Served;
let client: SQSClient;
let queueUrl: string;

beforeAll(async () => {
  served = await serve();
  client = new SQSClient({ ...served.client, md5: false });
  queueUrl = `${served.endpoint}/000000000000/orders`;
});

afterAll(async () => {
  client.destroy();
  await served.server.close();
});

const send = (headers: Record<string, string>, body: string) => raw(served.port, {
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage', ...headers }, body,
});

describe('SQS as AWS JSON', () => {
  test('hands the SDK\'s input to the service, with bytes as buffers, and the caller of the access key', async () => {
    served.sqs.answer = () => ({ MessageId: 'id', MD5OfMessageBody: 'digest', SequenceNumber: '10000000000000000000' });
    const output = await client.send(new SendMessageCommand({
      QueueUrl: queueUrl, MessageBody: 'grüße ☃ "quoted"\n', DelaySeconds: 5,
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255, 7) },
      },
    }));
    expect(served.sqs.last).toEqual({
      operation: 'SendMessage',
      input: {
        QueueUrl: queueUrl, MessageBody: 'grüße ☃ "quoted"\n', DelaySeconds: 5,
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'order' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.of(0, 255, 7) },
        },
      },
      caller: { principal: 'AKIATEST' },
    });
    expect(output).toMatchObject({ MessageId: 'id', MD5OfMessageBody: 'digest', SequenceNumber: '10000000000000000000' });
    expect(output.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('hands the entries of a batch in order', async () => {
    served.sqs.answer = () => ({ Successful: [{ Id: 'b', MessageId: 'x' }], Failed: [{ Id: 'a', Code: 'InternalError', SenderFault: false }] });
    const output = await client.send(new SendMessageBatchCommand({
      QueueUrl: queueUrl, Entries: [{ Id: 'a', MessageBody: '1' }, { Id: 'b', MessageBody: '2' }],
    }));
    expect(served.sqs.last.input.Entries).toEqual([{ Id: 'a', MessageBody: '1' }, { Id: 'b', MessageBody: '2' }]);
    expect(output.Successful).toEqual([{ Id: 'b', MessageId: 'x' }]);
    expect(output.Failed).toEqual([{ Id: 'a', Code: 'InternalError', SenderFault: false }]);
  });

  test.each([['a buffer', Buffer.of(1, 2, 250)], ['base64 text', 'AQL6']])('gives bytes back that the service has as %s', async (_kind, value) => {
    served.sqs.answer = () => ({
      Messages: [{ MessageId: 'id', Body: 'text', MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue: value } } }],
    });
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 }));
    expect(Buffer.from(Messages![0].MessageAttributes!.bytes.BinaryValue!)).toEqual(Buffer.of(1, 2, 250));
  });

  test('answers an operation that gives nothing back with an empty object', async () => {
    served.sqs.answer = () => ({});
    const { status, body, headers } = await send({ 'x-amz-target': 'AmazonSQS.DeleteMessage' }, '{"QueueUrl":"q","ReceiptHandle":"r"}');
    expect([status, body, headers['content-type']]).toEqual([200, '{}', 'application/x-amz-json-1.0']);
  });

  test('takes a message of 1 MiB of which JSON escapes every character', async () => {
    served.sqs.answer = () => ({});
    const { status } = await send({}, JSON.stringify({ QueueUrl: 'q', MessageBody: '\u0001'.repeat(1024 * 1024) }));
    expect(status).toBe(200);
    expect((served.sqs.last.input.MessageBody as string).length).toBe(1024 * 1024);
  });
});

describe('errors of SQS as AWS JSON', () => {
  test('have the names of the service model and of the query protocol', async () => {
    served.sqs.answer = () => { throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.'); };
    const error = await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' })).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({ message: 'The specified queue does not exist.', $metadata: { httpStatusCode: 400 } });

    const { status, headers, body } = await send({}, '{"QueueUrl":"q","MessageBody":"x"}');
    expect(status).toBe(400);
    expect(headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(headers['x-amzn-requestid']).toBeTruthy();
    expect(JSON.parse(body)).toEqual({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'The specified queue does not exist.' });
  });

  test('keep the status of the service, and say whose fault it is', async () => {
    served.sqs.answer = () => { throw new ServiceError('ServiceUnavailable', 'injected', 503); };
    const { status, headers } = await send({}, '{"QueueUrl":"q","MessageBody":"x"}');
    expect([status, headers['x-amzn-query-error']]).toEqual([503, 'ServiceUnavailable;Receiver']);
  });

  test('that are the simulator\'s own are status 500, are told, and say nothing about its inside', async () => {
    const broken = new TypeError('inside');
    served.sqs.answer = () => { throw broken; };
    const { status, body } = await send({}, '{"QueueUrl":"q","MessageBody":"x"}');
    expect(status).toBe(500);
    expect(body).toContain('InternalFailure');
    expect(body).not.toContain('inside');
    expect(served.errors).toEqual([broken]);
  });

  test.each([
    ['not JSON', '{"QueueUrl":', 'not valid JSON'],
    ['a list', '[]', "must be a structure, got a list"],
    ['text', '"x"', 'must be a structure, got "x"'],
    ['a number for text', '{"MessageBody":5}', "'MessageBody' must be a string, got 5"],
    ['text for a number', '{"DelaySeconds":"5"}', `'DelaySeconds' must be an integer, got "5"`],
    ['a fraction for an integer', '{"DelaySeconds":1.5}', "'DelaySeconds' must be an integer, got 1.5"],
    ['a list for a map', '{"MessageAttributes":[]}', "'MessageAttributes' must be a map, got a list"],
    ['bytes that are not base64', '{"MessageAttributes":{"a":{"BinaryValue":"%"}}}', `'MessageAttributes.a.BinaryValue' must be base64 text, got "%"`],
    ['long text, which is shown in part', `{"DelaySeconds":"${'x'.repeat(200)}"}`, `must be an integer, got "${'x'.repeat(99)}`],
    ['null in a list', '{"MessageAttributes":{"a":null}}', "'MessageAttributes.a' must be a structure, got null"],
  ])('refuse a body that is %s', async (_kind, body, message) => {
    const response = await send({}, body);
    expect(response.status).toBe(400);
    expect(response.headers['x-amzn-requestid']).toBeTruthy();
    const parsed = JSON.parse(response.body) as Record<string, string>;
    expect(parsed.__type).toMatch(/#SerializationException$/);
    expect(parsed.message).toContain(message);
    expect(parsed.message.length).toBeLessThanOrEqual("'DelaySeconds' must be an integer, got ".length + 100);
  });

  test.each(['AmazonSQS.Nonsense', 'AmazonSQS.constructor', 'AmazonSQS.__proto__', 'AmazonSQS.', 'AmazonSQS', 'DynamoDB_20120810.PutItem'])(
    'refuse the target %s by name', async (target) => {
      const { status, body, headers } = await send({ 'x-amz-target': target }, '{}');
      expect(status).toBe(400);
      expect(headers['x-amzn-requestid']).toBeTruthy();
      expect(body).toContain('UnknownOperationException');
      expect(body).toContain(target);
    },
  );

  test('refuse another method than POST', async () => {
    const { status, body } = await raw(served.port, { method: 'GET', headers: { 'x-amz-target': 'AmazonSQS.ListQueues' } });
    expect([status, body]).toEqual([400, expect.stringContaining('POST')]);
  });

  test('leave out nulls, unknown members and what would change a prototype', async () => {
    served.sqs.answer = () => ({});
    await send({}, '{"QueueUrl":"q","DelaySeconds":null,"Unknown":1,"__proto__":{"a":1},"constructor":2}');
    expect(served.sqs.last.input).toEqual({ QueueUrl: 'q' });
    expect(Object.getPrototypeOf(served.sqs.last.input)).toBe(Object.prototype);
  });
});

describe('a request that waits for simulated time', () => {
  test('is told as parked once it waits, and no longer before it is answered', async () => {
    const told: string[] = [];
    let finish = (): void => {};
    const parking = await serve({ parked: (accessKeyId) => { told.push(`parked ${accessKeyId}`); return () => told.push('ended'); } });
    parking.sqs.answer = () => new Promise((resolve) => { finish = () => resolve({ Messages: [] }); });
    const headers = { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'authorization': authorization('sqs') };
    const response = raw(parking.port, { headers, body: '{"QueueUrl":"q","WaitTimeSeconds":20}' }).then(() => told.push('answered'));
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(told).toEqual(['parked AKIATEST']);
    finish();
    await response;
    expect(told).toEqual(['parked AKIATEST', 'ended', 'answered']);
    await parking.server.close();
  });

  test('is not told of where the service answers at once', async () => {
    const parked = jest.fn(() => () => {});
    const parking = await serve({ parked });
    const headers = { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'authorization': authorization('sqs') };
    await raw(parking.port, { headers, body: '{"QueueUrl":"q","WaitTimeSeconds":20}' });
    expect(parked).not.toHaveBeenCalled();
    await parking.server.close();
  });
});
