import { gunzipSync } from 'node:zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { gzipped, partition, type ArchivedMessage } from '../../lambda/private/archive';
import { createArchiver } from '../../lambda/private/archiver';
import { context, failedIds, silent, sentTimestamp, sqsEvent, sqsRecord, stubClient, type RecordChanges } from './factories';

const hour = 3_600_000;

interface Put { Bucket: string; Key: string; Body: Buffer; ContentType: string }

const setUp = ({ prefix = 'orders', refuses = () => false }: { prefix?: string; refuses?: (key: string) => boolean } = {}) => {
  const objects = new Map<string, Put>();
  const { client, inputs } = stubClient<S3Client>((put: Put) => {
    if (refuses(put.Key)) throw new Error('SlowDown');
    objects.set(put.Key, put);
    return {};
  });
  return { objects, inputs, archive: createArchiver({ client, logger: silent, bucket: 'archive', prefix }) };
};

const linesOf = ({ Body }: Put): string[] => gunzipSync(Body).toString().split('\n').slice(0, -1);
const messagesOf = (put: Put): ArchivedMessage[] => linesOf(put).map((line) => JSON.parse(line) as ArchivedMessage);

const archived = async (changes: RecordChanges): Promise<ArchivedMessage> => {
  const { archive, objects } = setUp();
  expect(failedIds(await archive(sqsEvent(sqsRecord(changes)), context))).toEqual([]);
  return messagesOf([...objects.values()][0])[0];
};

describe('the archiver', () => {
  test('writes a batch to one object, under the hour in which its messages were sent', async () => {
    const { archive, objects, inputs } = setUp();
    const records = ['b', 'a'].map((messageId) => sqsRecord({ messageId, body: `body ${messageId}` }));
    expect(await archive(sqsEvent(...records), context)).toEqual({ batchItemFailures: [] });
    expect(inputs).toHaveLength(1);
    const [put] = objects.values();
    expect(put).toMatchObject({ Bucket: 'archive', ContentType: 'application/gzip' });
    // The first 32 digits of the SHA-256 of "a\nb".
    expect(put.Key).toBe('orders/year=2026/month=01/day=05/hour=09/7e18f737311b2dc3b2f269dd78396b03.ndjson.gz');
    expect(messagesOf(put).map(({ body }) => body)).toEqual(['body a', 'body b']);
  });

  test('writes what does not change between deliveries, and nothing that does', async () => {
    expect(await archived({
      body: 'hello',
      attributes: {
        MessageGroupId: 'C-1', SequenceNumber: '18850000000000000001', MessageDeduplicationId: 'd', AWSTraceHeader: 'Root=1-5759e988',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:Billing', ApproximateReceiveCount: '7',
      },
      messageAttributes: {
        weight: { dataType: 'Number', stringValue: '1.5', stringListValues: [], binaryListValues: [] },
        eventType: { dataType: 'String', stringValue: 'OrderPlaced' },
        thumbnail: { dataType: 'Binary.png', binaryValue: 'iVBORw0KGgo=' },
      },
    })).toEqual({
      messageId: '00000000-0000-4000-8000-000000000001',
      sentAt: '2026-01-05T09:00:00.000Z',
      source: 'arn:aws:sqs:eu-west-1:111122223333:Queue',
      attributes: {
        eventType: { dataType: 'String', stringValue: 'OrderPlaced' },
        thumbnail: { dataType: 'Binary.png', binaryValue: 'iVBORw0KGgo=' },
        weight: { dataType: 'Number', stringValue: '1.5' },
      },
      systemAttributes: {
        AWSTraceHeader: 'Root=1-5759e988', DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:Billing',
        MessageDeduplicationId: 'd', MessageGroupId: 'C-1', SequenceNumber: '18850000000000000001',
      },
      body: 'hello',
    });
  });

  // https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
  describe('takes a message out of the envelope of SNS', () => {
    const queue = 'arn:aws:sqs:eu-west-1:111122223333:Queue';
    const topic = 'arn:aws:sns:eu-west-1:111122223333:Orders';
    const notification = {
      Type: 'Notification', MessageId: 'of-sns', TopicArn: topic, Message: 'order 1', SequenceNumber: '10000000000000000001',
      MessageAttributes: { eventType: { Type: 'String', Value: 'OrderPlaced' }, thumbnail: { Type: 'Binary', Value: 'iVBORw0KGgo=' } },
    };
    const archivedFrom = (body: string, topicQueues: string[], attributes = {}): ArchivedMessage => {
      const [{ ndjson }] = partition([sqsRecord({ body, attributes })], 'orders', topicQueues);
      return JSON.parse(ndjson) as ArchivedMessage;
    };

    test('with its topic, attributes and sequence number', () => {
      expect(archivedFrom(JSON.stringify(notification), [queue])).toEqual({
        messageId: '00000000-0000-4000-8000-000000000001', sentAt: '2026-01-05T09:00:00.000Z', source: queue, topic, body: 'order 1',
        attributes: {
          eventType: { dataType: 'String', stringValue: 'OrderPlaced' }, thumbnail: { dataType: 'Binary', binaryValue: 'iVBORw0KGgo=' },
        },
        systemAttributes: { SequenceNumber: '10000000000000000001' },
      });
    });

    test('with the sequence number of its queue, where that is a FIFO queue', () => {
      const { systemAttributes } = archivedFrom(JSON.stringify(notification), [queue], { SequenceNumber: '18850000000000000001' });
      expect(systemAttributes).toEqual({ SequenceNumber: '18850000000000000001' });
    });

    test('but not from other queues, whose messages may look like it', () => {
      const body = JSON.stringify(notification);
      expect(archivedFrom(body, [`${queue}2`])).toMatchObject({ body, attributes: {}, systemAttributes: {} });
    });

    test('which has no attributes and no sequence number', () => {
      const plain = { ...notification, MessageAttributes: undefined, SequenceNumber: undefined };
      expect(archivedFrom(JSON.stringify(plain), [queue])).toMatchObject({ topic, body: 'order 1', attributes: {}, systemAttributes: {} });
    });

    test.each([
      ['no JSON', 'order 1'], ['null', 'null'], ['no topic', JSON.stringify({ ...notification, TopicArn: undefined })],
      ['another type', JSON.stringify({ ...notification, Type: 'SubscriptionConfirmation' })],
      ['no text', JSON.stringify({ ...notification, Message: { order: 1 } })],
    ])('but not where the body has %s', (_, body) => {
      const message = archivedFrom(body, [queue]);
      expect(message.body).toBe(body);
      expect(message).not.toHaveProperty('topic');
    });
  });

  test.each([
    ['line breaks', 'a\nb\r\nc'],
    ['the other characters at which readers break lines', 'a\u0085b\u2028c\u2029d'],
    ['control characters', '\u0000\u0001\u001f\u007f'],
    ['a byte order mark and a noncharacter', '\ufeffa\uffff'],
    ['half a surrogate pair', 'a\ud83db'],
    ['emoji and combining characters', '👩‍👩‍👧‍👦 é'],
    ['JSON', '{"a":"\\u2028"}'],
    ['nothing', ''],
  ])('keeps a body with %s exactly, on one line', async (_, body) => {
    const { archive, objects } = setUp();
    await archive(sqsEvent(sqsRecord({ body })), context);
    const [put] = objects.values();
    expect(messagesOf(put).map((message) => message.body)).toEqual([body]);
    expect(gunzipSync(put.Body).toString().split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(2);
  });

  test('makes two objects of a batch over an hour\'s boundary', async () => {
    const { archive, objects } = setUp();
    await archive(sqsEvent(
      sqsRecord({ messageId: 'late', attributes: { SentTimestamp: String(sentTimestamp) } }),
      sqsRecord({ messageId: 'early', attributes: { SentTimestamp: String(sentTimestamp - 1) } }),
    ), context);
    expect([...objects].map(([key, put]) => [key.split('/').slice(1, -1).join('/'), messagesOf(put)[0].messageId]))
      .toEqual([['year=2026/month=01/day=05/hour=08', 'early'], ['year=2026/month=01/day=05/hour=09', 'late']]);
  });

  test('reports the messages of an object that S3 refuses, and only those', async () => {
    const { archive, objects } = setUp({ refuses: (key) => key.includes('hour=10') });
    const response = await archive(sqsEvent(
      sqsRecord({ messageId: 'kept' }),
      sqsRecord({ messageId: 'refused-1', attributes: { SentTimestamp: String(sentTimestamp + hour) } }),
      sqsRecord({ messageId: 'refused-2', attributes: { SentTimestamp: String(sentTimestamp + hour + 1) } }),
    ), context);
    expect(failedIds(response)).toEqual(['refused-1', 'refused-2']);
    expect([...objects.values()].flatMap(messagesOf).map(({ messageId }) => messageId)).toEqual(['kept']);
  });

  test('writes a message that is in the batch twice once', async () => {
    const { archive, objects } = setUp();
    const once = sqsRecord();
    await archive(sqsEvent(once, sqsRecord({ messageId: 'other' }), { ...once, receiptHandle: 'another' }), context);
    expect([...objects.values()].flatMap(messagesOf).map(({ messageId }) => messageId)).toEqual([once.messageId, 'other']);
  });

  test('writes a message group in the order of its sequence numbers', async () => {
    const { archive, objects } = setUp();
    await archive(sqsEvent(...['2', '3', '1'].map((digit) => sqsRecord({
      messageId: `${9 - Number(digit)}`, body: digit, attributes: { MessageGroupId: 'g', SequenceNumber: `1885000000000000000${digit}` },
    }))), context);
    expect(messagesOf([...objects.values()][0]).map(({ body }) => body)).toEqual(['1', '2', '3']);
  });

  test('writes messages of one moment that have no sequence number before those that have one', async () => {
    const { archive, objects } = setUp();
    await archive(sqsEvent(
      sqsRecord({ messageId: '1', body: 'in order', attributes: { SequenceNumber: '18850000000000000001' } }), sqsRecord({ messageId: '2', body: 'without' }),
    ), context);
    expect(messagesOf([...objects.values()][0]).map(({ body }) => body)).toEqual(['without', 'in order']);
  });

  test('tells which object was not written, of how many messages, and why, in lines that name the request', async () => {
    const logger = new Logger({ logLevel: 'SILENT' });
    const error = jest.spyOn(logger, 'error');
    const addContext = jest.spyOn(logger, 'addContext');
    const { client } = stubClient<S3Client>(() => { throw new Error('SlowDown'); });
    await createArchiver({ client, logger, bucket: 'archive', prefix: 'orders' })(sqsEvent(sqsRecord(), sqsRecord({ messageId: 'other' })), context);
    expect(error.mock.calls).toEqual([['Messages not archived', {
      key: expect.stringMatching(/^orders\/year=2026\/month=01\/day=05\/hour=09\/\w{32}\.ndjson\.gz$/) as string, messages: 2, error: new Error('SlowDown'),
    }]]);
    expect(addContext).toHaveBeenCalledWith(context);
  });

  test.each([
    ['', 'year='], ['orders/', 'orders/year='], ['a/b', 'a/b/year='],
  ])('puts the prefix %p before the year', async (prefix, start) => {
    const { archive, objects } = setUp({ prefix });
    await archive(sqsEvent(sqsRecord()), context);
    expect([...objects.keys()][0].startsWith(start)).toBe(true);
  });

  test.each([[''], ['soon'], ['-1'], ['1e3'], ['999999999999999']])('fails when the sent time is %p', async (SentTimestamp) => {
    const { archive } = setUp();
    const event = sqsEvent(sqsRecord({ attributes: { SentTimestamp } }));
    await expect(archive(event, context)).rejects.toMatchObject({ name: 'UnknownSentTimeError' });
    await expect(archive(event, context)).rejects.toThrow('\'SentTimestamp\' of message 00000000-0000-4000-8000-000000000001 must be milliseconds since the epoch');
  });

  test('writes gzip without a time or a platform in its header', async () => {
    const { archive, objects } = setUp();
    await archive(sqsEvent(sqsRecord()), context);
    const header = [...objects.values()][0].Body.subarray(0, 10);
    expect([...header.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    expect(header[9]).toBe(255);
  });

  // https://datatracker.ietf.org/doc/html/rfc1952#section-2.3.1
  test('compresses as fast as it can', async () => {
    expect((await gzipped('order'))[8]).toBe(4);
  });

  test('writes the same line whatever order the message attributes come in: by their names', () => {
    const [one, other] = [['a', 'b'], ['b', 'a']].map((names) => partition([sqsRecord({
      messageAttributes: Object.fromEntries(names.map((name) => [name, { dataType: 'String', stringValue: name }])),
    })], 'p'));
    expect(other).toEqual(one);
    expect(one[0].ndjson).toMatch(/"attributes":\{"a":\{[^}]*\},"b":/);
  });

  test('compresses', async () => {
    const text = 'order '.repeat(10_000);
    expect((await gzipped(text)).length).toBeLessThan(text.length / 50);
  });
});

describe('whatever the batch, the archiver', () => {
  const record = fc.record({
    messageId: fc.integer({ min: 0, max: 20 }).map(String),
    body: fc.string({ unit: 'binary' }),
    sentAt: fc.integer({ min: 0, max: 3 * hour }),
    sequence: fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
  }).map(({ messageId, body, sentAt, sequence }) => sqsRecord({
    messageId, body,
    attributes: {
      SentTimestamp: String(sentTimestamp + sentAt), ...(sequence !== undefined && { SequenceNumber: String(sequence).padStart(20, '0') }),
    },
  }));

  /** Any messages, each the same at every delivery, some delivered twice. */
  const deliveries = fc.uniqueArray(record, { selector: ({ messageId }) => messageId, minLength: 1 })
    .chain((messages) => fc.tuple(fc.constant(messages), fc.subarray(messages)))
    .map(([messages, again]) => [...messages, ...again.map((message) => ({ ...message, receiptHandle: 'again' }))]);

  const inTwoOrders = (records: SQSRecord[]): fc.Arbitrary<[SQSRecord[], SQSRecord[]]> => fc.tuple(
    fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
  );

  test('writes each message to exactly one object, or reports it', async () => {
    await fc.assert(fc.asyncProperty(deliveries, fc.subarray(['09', '10', '11']), async (records, refusedHours) => {
      const { archive, objects } = setUp({ refuses: (key) => refusedHours.some((each) => key.includes(`hour=${each}/`)) });
      const failed = failedIds(await archive(sqsEvent(...records), context));
      const written = [...objects.values()].flatMap(messagesOf);
      expect([...failed, ...written.map(({ messageId }) => messageId)].sort())
        .toEqual([...new Set(records.map(({ messageId }) => messageId))].sort());
      for (const { messageId, body } of written) expect(body).toBe(records.find((each) => each.messageId === messageId)!.body);
    }));
  });

  test('writes the same bytes for the same messages in any order', async () => {
    await fc.assert(fc.asyncProperty(deliveries.chain(inTwoOrders), async ([one, other]) => {
      const [first, second] = await Promise.all([one, other].map(async (records) => {
        const { archive, objects } = setUp();
        await archive(sqsEvent(...records), context);
        return [...objects].map(([key, { Body }]) => [key, Body.toString('base64')]).sort();
      }));
      expect(second).toEqual(first);
    }));
  });

  test('makes the same partitions even when deliveries of one message differ', () => {
    fc.assert(fc.property(fc.array(record, { minLength: 1 }).chain(inTwoOrders), ([one, other]) => {
      expect(partition(other, 'p')).toEqual(partition(one, 'p'));
    }));
  });
});
