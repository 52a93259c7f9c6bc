import type { PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns';
import * as fc from 'fast-check';
import { BatchPublisher, MAXIMUM_BATCH_BYTES, publicationBytes, type Publication } from '../../lambda/private/batch-publisher';
import { stubClient } from './factories';

const standardTopic = 'arn:aws:sns:eu-west-1:111122223333:Orders';
const fifoTopic = `${standardTopic}.fifo`;

interface Answer { Successful?: object[]; Failed?: object[] }

const entriesOf = (input: object): { Id: string; Message: string }[] =>
  (input as PublishBatchCommandInput).PublishBatchRequestEntries as { Id: string; Message: string }[];

const acceptAll = (input: PublishBatchCommandInput): Answer => ({ Successful: entriesOf(input).map(({ Id }) => ({ Id })) });

const setUp = (answer: (input: PublishBatchCommandInput) => unknown = acceptAll, topicArn = standardTopic) => {
  const { client, inputs } = stubClient<SNSClient>(answer);
  const publisher = new BatchPublisher(client, topicArn);
  return {
    inputs, publisher,
    bodies: () => inputs.map((input) => entriesOf(input).map(({ Message }) => Message)),
    publishAll: (publications: Publication[]) => Promise.allSettled(publications.map((each) => publisher.publish(each))),
  };
};

const numbered = (length: number): Publication[] => Array.from({ length }, (_, index) => ({ body: String(index) }));
const reasons = (results: PromiseSettledResult<void>[]): string[] =>
  results.map((result) => (result.status === 'fulfilled' ? '' : (result.reason as Error).message));

describe('BatchPublisher', () => {
  test('sends what is published together in calls of ten', async () => {
    const { publishAll, bodies } = setUp();
    await publishAll(numbered(23));
    expect(bodies().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(bodies().flat()).toEqual(numbered(23).map(({ body }) => body));
  });

  test('sends nothing again that an earlier turn of the event loop sent', async () => {
    const { publishAll, bodies } = setUp();
    await publishAll([{ body: 'a' }]);
    await publishAll([{ body: 'b' }]);
    expect(bodies()).toEqual([['a'], ['b']]);
  });

  test('sends message, attributes, group and deduplication ID as SNS wants them', async () => {
    const { publisher, inputs } = setUp(acceptAll, fifoTopic);
    await publisher.publish({ body: 'b', attributes: { eventType: 'OrderPaid' }, messageGroupId: 'g', messageDeduplicationId: 'd' });
    expect(inputs).toEqual([{
      TopicArn: fifoTopic,
      PublishBatchRequestEntries: [{
        Id: '0', Message: 'b', MessageAttributes: { eventType: { DataType: 'String', StringValue: 'OrderPaid' } },
        MessageGroupId: 'g', MessageDeduplicationId: 'd',
      }],
    }]);
  });

  test('counts bytes, not characters, against the limit of a call', async () => {
    const { publishAll, bodies } = setUp();
    const half = '€'.repeat(Math.floor(MAXIMUM_BATCH_BYTES / 2 / 3));
    await publishAll([{ body: half }, { body: half }, { body: half }]);
    expect(bodies().map(({ length }) => length)).toEqual([2, 1]);
  });

  test('sends in one call what makes exactly its limit, and one byte more in another', async () => {
    const half = 'x'.repeat(MAXIMUM_BATCH_BYTES / 2);
    for (const [more, calls] of [['', 1], ['x', 2]] as const) {
      const { publishAll, inputs } = setUp();
      await publishAll([{ body: half }, { body: half + more }]);
      expect(inputs).toHaveLength(calls);
    }
  });

  test('takes a message of exactly the limit, and refuses one byte more without a call', async () => {
    const { publisher, inputs } = setUp();
    const attributes = { eventType: 'OrderPlaced' };
    const body = 'x'.repeat(MAXIMUM_BATCH_BYTES - 'eventType'.length - 'String'.length - 'OrderPlaced'.length);
    await publisher.publish({ body, attributes });
    expect(inputs).toHaveLength(1);
    await expect(publisher.publish({ body: `${body}x`, attributes })).rejects
      .toThrow('A message with its attributes must be at most 262144 bytes, got 262145');
    expect(inputs).toHaveLength(1);
  });

  test('fails the entries that SNS refuses, and only those', async () => {
    const { publishAll } = setUp((input) => ({
      Successful: [{ Id: '0' }, { Id: '2' }],
      Failed: [{ Id: '1', Code: 'InvalidParameter', Message: `of ${entriesOf(input).length}`, SenderFault: true }],
    }));
    expect(reasons(await publishAll(numbered(3)))).toEqual(['', 'SNS refused the message: InvalidParameter: of 3', '']);
  });

  test('does not send again what the sender did wrong', async () => {
    const { publishAll, inputs } = setUp(() => ({ Failed: [{ Id: '0', Code: 'InvalidParameter', SenderFault: true }] }));
    expect(reasons(await publishAll(numbered(1)))).toEqual(['SNS refused the message: InvalidParameter']);
    expect(inputs).toHaveLength(1);
  });

  test('sends again only the entries that failed through no fault of the sender', async () => {
    let calls = 0;
    const { publishAll, bodies } = setUp((input) => (calls++ > 0 ? acceptAll(input) : {
      Successful: [{ Id: '0' }, { Id: '2' }], Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
    }));
    expect(reasons(await publishAll(numbered(3)))).toEqual(['', '', '']);
    expect(bodies()).toEqual([['0', '1', '2'], ['1']]);
  });

  test('gives up after three calls, with a pause before the second and one twice as long before the third', async () => {
    const pauses: unknown[] = [];
    const timer = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, milliseconds: number) => {
      pauses.push(milliseconds);
      setImmediate(run);
    }) as never);
    const { publishAll, inputs } = setUp(() => ({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] }));
    expect(reasons(await publishAll(numbered(1)))).toEqual(['SNS refused the message: InternalError']);
    timer.mockRestore();
    expect(inputs).toHaveLength(3);
    expect(pauses).toEqual([50, 100]);
  });

  test('fails an entry of which the answer says nothing', async () => {
    const { publishAll } = setUp(() => ({}));
    expect(reasons(await publishAll(numbered(1)))).toEqual(['SNS refused the message: Unanswered']);
  });

  test('fails the entries of a call that fails, and goes on with the other calls', async () => {
    const { publishAll } = setUp((input) => {
      if (entriesOf(input)[0].Message === '0') throw new Error('KMSAccessDenied');
      return acceptAll(input);
    });
    expect(reasons(await publishAll(numbered(11)))).toEqual([...Array<string>(10).fill('KMSAccessDenied'), '']);
  });

  test.each([['one call at a time to a FIFO topic', fifoTopic, 1], ['eight calls at a time to a standard topic', standardTopic, 8]])(
    'makes %s', async (_, topicArn, expected) => {
      let inFlight = 0;
      let most = 0;
      const { publishAll, bodies } = setUp(async (input) => {
        most = Math.max(most, ++inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight--;
        return acceptAll(input);
      }, topicArn);
      await publishAll(numbered(200));
      expect(most).toBe(expected);
      expect(bodies().flat()).toHaveLength(200);
    },
  );

  test('keeps the order, and the limits of every call, whatever is published', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 40 }), async (sizes) => {
      const { publishAll, bodies } = setUp(acceptAll, fifoTopic);
      const publications = sizes.map((size, index) => ({ body: `${index}:${'x'.repeat(size)}` }));
      expect((await publishAll(publications)).every(({ status }) => status === 'fulfilled')).toBe(true);
      expect(bodies().flat()).toEqual(publications.map(({ body }) => body));
      for (const batch of bodies()) {
        expect(batch.length).toBeLessThanOrEqual(10);
        expect(batch.reduce((sum, body) => sum + publicationBytes({ body }), 0)).toBeLessThanOrEqual(MAXIMUM_BATCH_BYTES);
      }
    }), { numRuns: 30 });
  });
});
