import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSMessageAttribute } from 'aws-lambda';
import { createRedriver, type RedriverSettings } from '../../lambda/private/redriver';
import { silent, sqsRecord, stubClient, type RecordChanges } from './factories';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/Orders';
const quarantineUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/Quarantine';
const text = (stringValue: string, dataType = 'String'): SQSMessageAttribute => ({ dataType: dataType, stringValue });
const redriven = (count: string): SQSMessageAttribute => text(count, 'Number');

async function sentFor(changes: RecordChanges = {}, settings: Partial<RedriverSettings> = {}): Promise<Record<string, unknown>> {
  const { client, inputs } = stubClient<SQSClient>();
  await createRedriver({ client, logger: silent, queueUrl, quarantineUrl, maxRedrives: 2, delaySeconds: 60, ...settings })(sqsRecord(changes));
  expect(inputs).toHaveLength(1);
  return inputs[0];
}

describe('the redriver', () => {
  test('sends a dead letter back to its queue after the delay, with its body, group and attributes, and counts', async () => {
    expect(await sentFor({
      body: 'hello', attributes: { MessageGroupId: 'tenant-1' },
      messageAttributes: { channel: text('shop'), seal: { dataType: 'Binary', binaryValue: 'AAEC' } },
    })).toEqual({
      QueueUrl: queueUrl, MessageBody: 'hello', MessageGroupId: 'tenant-1', DelaySeconds: 60,
      MessageAttributes: {
        channel: { DataType: 'String', StringValue: 'shop' },
        seal: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 2]) },
        RedriveCount: { DataType: 'Number', StringValue: '1' },
      },
    });
  });

  test.each([['redriven', '1'], ['quarantined', '2']])('tells of a dead letter that is %s, with its count and without its body', async (done, count) => {
    const info = jest.spyOn(silent, 'info');
    await sentFor({ messageId: 'm', messageAttributes: { RedriveCount: redriven(count) } });
    expect(info.mock.calls).toEqual([[`Dead letter ${done}`, { messageId: 'm', redrives: Number(count) }]]);
    info.mockRestore();
  });

  test('takes a count of 0, which others may have set, for no redrive yet', async () => {
    expect(await sentFor({ messageAttributes: { RedriveCount: redriven('0') } })).toMatchObject({
      QueueUrl: queueUrl, MessageAttributes: { RedriveCount: { StringValue: '1' } },
    });
  });

  test('counts on from the redrives that a message had', async () => {
    expect(await sentFor({ messageAttributes: { RedriveCount: redriven('1') } })).toMatchObject({
      QueueUrl: queueUrl, MessageAttributes: { RedriveCount: { StringValue: '2' } },
    });
  });

  test.each([['2'], ['3'], ['many'], ['-1'], ['0.5']])('quarantines a message whose count is %s of 2, as it is and at once', async (count) => {
    expect(await sentFor({ messageAttributes: { RedriveCount: redriven(count) } })).toMatchObject({
      QueueUrl: quarantineUrl, MessageBody: 'hello', DelaySeconds: 0, MessageAttributes: { RedriveCount: { StringValue: count } },
    });
  });

  test('quarantines a message with 10 attributes, which leave no room for a count', async () => {
    const messageAttributes = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`a${index}`, text('x')]));
    const sent = await sentFor({ messageAttributes });
    expect(sent.QueueUrl).toBe(quarantineUrl);
    expect(Object.keys(sent.MessageAttributes as object)).toHaveLength(10);
  });

  test('redrives a message with 10 attributes of which one is the count', async () => {
    const messageAttributes = { ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`a${index}`, text('x')])), RedriveCount: redriven('1') };
    expect((await sentFor({ messageAttributes })).QueueUrl).toBe(queueUrl);
  });

  test('on FIFO, keeps the message group, renews the deduplication ID and does not delay', async () => {
    const fifo = { queueUrl: `${queueUrl}.fifo`, quarantineUrl: `${quarantineUrl}.fifo` };
    const sent = await sentFor({
      messageId: 'm', attributes: { MessageGroupId: 'customer-1', MessageDeduplicationId: 'old' }, messageAttributes: { RedriveCount: redriven('1') },
    }, fifo);
    expect(sent).toMatchObject({ QueueUrl: fifo.queueUrl, MessageGroupId: 'customer-1', MessageDeduplicationId: 'm-2' });
    expect(sent).not.toHaveProperty('DelaySeconds');
  });

  test('fails when SQS does not accept the message, so that the dead letter stays', async () => {
    const { client } = stubClient<SQSClient>(() => { throw new Error('not now'); });
    const redrive = createRedriver({ client, logger: silent, queueUrl, quarantineUrl, maxRedrives: 2, delaySeconds: 60 });
    await expect(redrive(sqsRecord())).rejects.toThrow('not now');
  });
});
