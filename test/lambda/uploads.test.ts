import type { S3Client } from '@aws-sdk/client-s3';
import { orderLines } from '../../lambda/private/order-lines';
import { parseUploadNotification } from '../../lambda/private/upload-notification';
import { createUploads } from '../../lambda/private/uploads';
import { orderBody, RecordingPublisher, silent, sqsRecord, stubClient } from './factories';

interface Changes { eventName?: string; eventSource?: string; key?: string; versionId?: string | null }

const record = ({ eventName = 'ObjectCreated:Put', eventSource = 'aws:s3', key = 'incoming/orders.ndjson', versionId }: Changes = {}) => ({
  eventVersion: '2.1', eventSource, eventName, awsRegion: 'eu-west-1',
  s3: { bucket: { name: 'documents', arn: 'arn:aws:s3:::documents' }, object: { key, size: 12, sequencer: '00A', versionId } },
});

const notification = (...records: object[]): string => JSON.stringify({ Records: records });

const testEvent = JSON.stringify({
  Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-01-05T09:00:00.000Z', Bucket: 'documents', RequestId: 'R', HostId: 'H',
});

const setUp = (objects: Record<string, string | Buffer>) => {
  const { client, inputs } = stubClient<S3Client>(({ Key }: { Key: string }) => {
    if (!(Key in objects)) throw new Error('NoSuchKey');
    return { Body: { transformToByteArray: async () => Promise.resolve(new Uint8Array(Buffer.from(objects[Key]))) } };
  });
  const orders = new RecordingPublisher();
  const upload = createUploads(client, orders, silent);
  return { inputs, orders, upload: async (body: string) => upload(sqsRecord({ body })) };
};

describe('uploads', () => {
  test('publishes each line exactly as it is written, with its event type', async () => {
    const lines = [orderBody(), `{ "eventType":"OrderCancelled",  "orderId":"O-2" }`];
    const { orders, upload } = setUp({ 'incoming/orders.ndjson': `${lines.join('\n')}\n` });
    await upload(notification(record()));
    expect(orders.publications).toEqual([
      { body: lines[0], attributes: { channel: 'upload', eventType: 'OrderPlaced' } },
      { body: lines[1], attributes: { channel: 'upload', eventType: 'OrderCancelled' } },
    ]);
  });

  test('reads the very version of the object that the notification names', async () => {
    const { inputs, upload } = setUp({ 'incoming/a b+ü.ndjson': '{}' });
    await upload(notification(record({ key: 'incoming/a+b%2B%C3%BC.ndjson', versionId: 'v1' })));
    expect(inputs).toEqual([{ Bucket: 'documents', Key: 'incoming/a b+ü.ndjson', VersionId: 'v1' }]);
  });

  test('reads an object once that a notification names twice', async () => {
    const { orders, upload } = setUp({ 'incoming/orders.ndjson': '{}' });
    await upload(notification(record(), record()));
    expect(orders.publications).toHaveLength(1);
  });

  test('publishes every object of a notification', async () => {
    const { orders, upload } = setUp({ 'incoming/1': '{}', 'incoming/2': '{ }' });
    await upload(notification(record({ key: 'incoming/1' }), record({ key: 'incoming/2' })));
    expect(orders.publications.map(({ body }) => body)).toEqual(['{}', '{ }']);
  });

  test('ignores the test event of S3', async () => {
    const { inputs, orders, upload } = setUp({});
    await upload(testEvent);
    expect([inputs, orders.publications]).toEqual([[], []]);
  });

  test('publishes nothing when one of the objects is broken', async () => {
    const { orders, upload } = setUp({ 'incoming/1': '{}', 'incoming/2': Buffer.from([0xff]) });
    await expect(upload(notification(record({ key: 'incoming/1' }), record({ key: 'incoming/2' })))).rejects.toThrow('UTF-8');
    expect(orders.publications).toEqual([]);
  });

  test('fails when the object is not there', async () => {
    await expect(setUp({}).upload(notification(record()))).rejects.toThrow('NoSuchKey');
  });

  test('fails when a line is refused, and says how many and why', async () => {
    const { orders, upload } = setUp({ 'incoming/orders.ndjson': '1\n2\n{}' });
    orders.refuses = ({ body }) => body !== '2';
    await expect(upload(notification(record()))).rejects.toMatchObject({
      name: 'UploadIncompleteError', message: '2 of 3 lines of incoming/orders.ndjson were not published', cause: new Error('refused'),
    });
  });
});

describe('parseUploadNotification rejects', () => {
  test.each([
    ['text', 'hello'],
    ['an object of another shape', '{}'],
    ['no records', notification()],
    ['a removed object', notification(record({ eventName: 'ObjectRemoved:Delete' }))],
    ['another service', notification(record({ eventSource: 'aws:sns' }))],
    ['an empty key', notification(record({ key: '' }))],
    ['a record without a bucket', JSON.stringify({ Records: [{ ...record(), s3: { object: { key: 'k' } } }] })],
    ['a test event of another service', testEvent.replace('Amazon S3', 'Amazon S4')],
  ])('%s', (_, body) => {
    expect(() => parseUploadNotification(body)).toThrow('The upload notification is');
  });
});

describe('orderLines', () => {
  const bodies = (text: string): string[] => orderLines(Buffer.from(text)).map(({ body }) => body);

  test.each([
    ['a last line without a line break', '{}\nb', ['{}', 'b']],
    ['line breaks of Windows', '{}\r\nb\r\n', ['{}', 'b']],
    ['blank lines', '\n{}\n \t\n\nb\n\n', ['{}', 'b']],
    ['a byte order mark', '\ufeff{}', ['{}']],
    ['spaces in and around a line', ' { } \n', [' { } ']],
    ['characters at which others break lines', '{}\na\u2028b\u0085c', ['{}', 'a\u2028b\u0085c']],
  ])('takes %s', (_, text, expected) => {
    expect(bodies(text)).toEqual(expected);
  });

  test.each([
    ['text', 'hello'], ['an array', '["eventType"]'], ['null', 'null'], ['a number', '42'],
    ['no event type', '{}'], ['an event type that is a number', '{"eventType":1}'],
    ['an empty event type', '{"eventType":""}'], ['an event type with a space', '{"eventType":"a b"}'],
    ['an event type of 257 characters', JSON.stringify({ eventType: 'a'.repeat(257) })],
  ])('publishes a line with %s without an event type, for billing to reject', (_, line) => {
    expect(orderLines(Buffer.from(`{}\n${line}`))[1]).toEqual({ body: line, attributes: { channel: 'upload' } });
  });

  const large = 262_144 - 'eventTypeStringTchannelStringupload'.length;
  const sized = (bytes: number): string => `{"eventType":"T","x":"${'x'.repeat(bytes - '{"eventType":"T","x":""}'.length)}"}`;

  test('takes a line of exactly the limit of SNS, its attribute included', () => {
    expect(bodies(sized(large))).toHaveLength(1);
  });

  test.each([
    ['a line one byte over the limit of SNS', `a\n\n${sized(large + 1)}`, 'Line 3 must be at most 262144 bytes with its attributes, got 262145'],
    ['a control character', 'a\nb\u0000', 'Line 2 must not have control characters'],
    ['text that is no order', 'hello\n42\n[]\nnull', 'At least one line must be a JSON object, got none in 4 lines'],
    ['nothing', '\n \n', 'At least one line must be a JSON object, got none in 0 lines'],
  ])('fails for %s', (_, text, message) => {
    expect(() => orderLines(Buffer.from(text))).toThrow(message);
  });

  test('fails for an object that is not UTF-8', () => {
    expect(() => orderLines(Buffer.from([0x7b, 0xc3, 0x28, 0x7d]))).toThrow('The object must be text in UTF-8');
  });
});
