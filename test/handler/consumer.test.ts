import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSEvent, SQSHandler } from 'aws-lambda';
import { consumer, type ConsumerOptions, type FailureDetails, type FailureLogger, type Idempotency, MalformedMessageError } from '../../handler';
import { context as partialContext, failedIds, sqsEvent, sqsRecord } from '../lambda/factories';

interface Order {
  readonly id: string;
  readonly poison?: boolean;
}

const context: Context = { ...partialContext, getRemainingTimeInMillis: () => 1000 };
const fifoArn = 'arn:aws:sqs:eu-west-1:111122223333:Queue.fifo';

function parse(body: string): Order {
  const order = JSON.parse(body) as Order;
  if (typeof order.id !== 'string') throw new TypeError("'id' must be a text");
  return order;
}

const handled: string[] = [];
const failures: FailureDetails[] = [];
const logger: FailureLogger = { error: (_message, details) => { failures.push(details); } };

async function handle({ id, poison }: Order): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
  handled.push(id);
  if (poison) throw new Error(`${id} is poison`);
}

const consumerWith = (options: Partial<ConsumerOptions<Order>> = {}): ReturnType<typeof consumer<Order>> => consumer({ parse, handle, logger, ...options });

const batch = (...bodies: object[]): SQSEvent => sqsEvent(...bodies.map((body, index) => sqsRecord({ messageId: `${index}`, body: JSON.stringify(body) })));

/** Messages written `group:id`, with an exclamation mark after the poison ones. */
const fifoBatch = (...messages: string[]): SQSEvent => sqsEvent(...messages.map((message, index) => {
  const [group, id] = message.split(':');
  return sqsRecord({
    messageId: `${index}`, body: JSON.stringify({ id: id.replace('!', ''), poison: id.endsWith('!') }), eventSourceARN: fifoArn,
    attributes: { MessageGroupId: group },
  });
}));

beforeEach(() => {
  handled.length = 0;
  failures.length = 0;
});

describe('on a standard queue', () => {
  test('answers no failure when every message succeeds', async () => {
    expect(await consumerWith()(batch({ id: 'a' }, { id: 'b' }), context)).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['a', 'b']);
  });

  test('answers exactly the messages that failed, and handles those after them', async () => {
    expect(failedIds(await consumerWith()(batch({ id: 'a' }, { id: 'b', poison: true }, { id: 'c' }), context))).toEqual(['1']);
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  test('does not fail when every message does', async () => {
    expect(failedIds(await consumerWith()(batch({ id: 'a', poison: true }, { id: 'b', poison: true }), context))).toEqual(['0', '1']);
  });

  test('gives a message and its record to the handler', async () => {
    const handleBoth = jest.fn();
    const event = batch({ id: 'a' });
    await consumerWith({ handle: handleBoth })(event, context);
    expect(handleBoth).toHaveBeenCalledWith({ id: 'a' }, event.Records[0]);
  });

  test('takes a message group of a fair queue for no order', async () => {
    const event = sqsEvent(...['a', 'b'].map((id, index) => sqsRecord({
      messageId: `${index}`, body: JSON.stringify({ id, poison: id === 'a' }), attributes: { MessageGroupId: 'tenant' },
    })));
    expect(failedIds(await consumerWith()(event, context))).toEqual(['0']);
    expect(handled).toEqual(['a', 'b']);
  });

  test('starts afresh with each batch', async () => {
    const handler = consumerWith();
    await handler(batch({ id: 'a', poison: true }), context);
    expect(await handler(batch({ id: 'b' }), context)).toEqual({ batchItemFailures: [] });
  });
});

describe('on a FIFO queue', () => {
  test('stops a message group at its first failure, and answers that with everything after it', async () => {
    expect(failedIds(await consumerWith()(fifoBatch('g:1', 'g:2!', 'g:3', 'g:4'), context))).toEqual(['1', '2', '3']);
    expect(handled).toEqual(['1', '2']);
  });

  test('leaves the other groups of the batch alone', async () => {
    const response = await consumerWith()(fifoBatch('g:1!', 'h:2', 'g:3', 'h:4', 'i:5'), context);
    expect(failedIds(response)).toEqual(['0', '2']);
    expect(handled).not.toContain('3');
    expect(handled.filter((id) => ['2', '4'].includes(id))).toEqual(['2', '4']);
    expect(handled).toContain('5');
  });

  test('waits for each message of a group before the next', async () => {
    let underWay = 0;
    let most = 0;
    await consumerWith({
      handle: async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => { setImmediate(resolve); });
        underWay--;
      },
    })(fifoBatch('g:1', 'g:2', 'g:3'), context);
    expect(most).toBe(1);
  });

  test('stops a group at a malformed message too', async () => {
    const event = fifoBatch('g:1', 'g:2');
    event.Records[0].body = 'not JSON';
    expect(failedIds(await consumerWith()(event, context))).toEqual(['0', '1']);
    expect(handled).toEqual([]);
  });

  test('tells the message group of a failure, and nothing of the messages that were not tried', async () => {
    await consumerWith()(fifoBatch('g:1!', 'g:2'), context);
    expect(failures).toEqual([expect.objectContaining({ messageId: '0', messageGroupId: 'g' })]);
  });
});

/**
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
describe('how many messages are handled at once', () => {
  const many = (count: number): SQSEvent => batch(...Array.from({ length: count }, (_, index) => ({ id: `${index}` })));
  const started: string[] = [];
  let most = 0;

  /** The later a message was listed, the sooner it is done. */
  const options = (): Partial<ConsumerOptions<Order>> => {
    let underWay = 0;
    most = 0;
    started.length = 0;
    return {
      handle: async ({ id, poison }) => {
        started.push(id);
        most = Math.max(most, ++underWay);
        for (let turns = 20 - Number(id); turns > 0; turns--) await new Promise((resolve) => { setImmediate(resolve); });
        underWay--;
        if (poison) throw new Error(`${id} is poison`);
      },
    };
  };

  test('is 10, in the order in which Lambda lists them', async () => {
    expect(await consumerWith(options())(many(25), context)).toEqual({ batchItemFailures: [] });
    expect(most).toBe(10);
    expect(started).toEqual(many(25).Records.map(({ body }) => (JSON.parse(body) as Order).id));
  });

  test.each([1, 3, 10_000])('is given: %s', async (concurrency) => {
    await consumerWith({ ...options(), concurrency })(many(12), context);
    expect(most).toBe(Math.min(concurrency, 12));
  });

  test('is not changed by messages that fail, all of which are answered', async () => {
    const poison = batch(...Array.from({ length: 12 }, (_, index) => ({ id: `${index}`, poison: index % 2 === 0 })));
    expect(failedIds(await consumerWith({ ...options(), concurrency: 2 })(poison, context))).toEqual(['0', '2', '4', '6', '8', '10']);
    expect([most, started.length]).toEqual([2, 12]);
  });

  test('is one message at a time of a message group that is longer than the limit', async () => {
    const messages = Array.from({ length: 12 }, (_, index) => `g:${index}`);
    for (const concurrency of [1, 10]) {
      expect(await consumerWith({ ...options(), concurrency })(fifoBatch(...messages), context)).toEqual({ batchItemFailures: [] });
      expect([most, started.length]).toEqual([1, 12]);
    }
  });

  test('is how many message groups are, on a FIFO queue: each still one message after the other', async () => {
    const response = await consumerWith({ ...options(), concurrency: 2 })(fifoBatch('g:1', 'h:2!', 'i:3', 'g:4', 'h:5', 'i:6'), context);
    expect(most).toBe(2);
    expect(failedIds(response)).toEqual(['1', '4']);
    for (const [earlier, later] of [['1', '4'], ['3', '6']]) expect(started.indexOf(earlier)).toBeLessThan(started.indexOf(later));
    expect(started).not.toContain('5');
  });

  test.each([0, 10_001, 1.5, Number.NaN])('fails when it is %s', (concurrency) => {
    expect(() => consumerWith({ concurrency })).toThrow(new RangeError(`'concurrency' must be a whole number from 1 to 10000, got ${concurrency}`));
  });
});

describe('a failure', () => {
  test('is told with message ID, queue, receive count and error, and without the body', async () => {
    await consumerWith()(sqsEvent(sqsRecord({ body: '{"id":"a","poison":true}', attributes: { ApproximateReceiveCount: '3' } })), context);
    expect(failures).toStrictEqual([{
      messageId: '00000000-0000-4000-8000-000000000001', queue: 'arn:aws:sqs:eu-west-1:111122223333:Queue', receiveCount: 3,
      error: new Error('a is poison'),
    }]);
  });

  test('of the parser is a MalformedMessageError with its cause, and the message is not handled', async () => {
    expect(failedIds(await consumerWith()(batch({ id: 1 }), context))).toEqual(['0']);
    expect(handled).toEqual([]);
    const [{ error }] = failures;
    expect(error).toBeInstanceOf(MalformedMessageError);
    expect(error).toMatchObject({
      name: 'MalformedMessageError', message: "The message is malformed: 'id' must be a text", cause: new TypeError("'id' must be a text"),
    });
  });

  test('of the parser that is no Error is told as its text', () => {
    expect(new MalformedMessageError('no').message).toBe('The message is malformed: no');
  });

  test('that is no Error is told as one', async () => {
    await consumerWith({ handle: () => { throw 'a text'; } })(batch({ id: 'a' }), context); // eslint-disable-line @typescript-eslint/only-throw-error -- handlers do
    expect(failures[0].error).toEqual(new Error('a text'));
  });

  test('is written as one line of JSON without a logger', async () => {
    // Powertools' Logger has a console of its own, so the process's output is what can be watched.
    const written = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const added = jest.spyOn(Logger.prototype, 'addContext');
    await consumer({ parse, handle })(batch({ id: 'a', poison: true }), context);
    expect(written).toHaveBeenCalledWith('Message failed', expect.objectContaining({ messageId: '0', receiveCount: 1 }));
    expect(added).toHaveBeenCalledWith(context);
    jest.restoreAllMocks();
  });

  test('of the event, which is no batch of a queue, fails the call', async () => {
    await expect(consumerWith()({ detail: {} } as never, context)).rejects.toThrow('Unexpected batch type');
  });
});

describe('idempotency', () => {
  const seen = new Set<string>();
  const registerLambdaContext = jest.fn();
  const idempotency: Idempotency<Order> = {
    wrap: (work) => async (order, record) => {
      if (seen.has(order.id)) return;
      await work(order, record);
      seen.add(order.id);
    },
    registerLambdaContext,
  };

  beforeEach(() => seen.clear());

  test('handles a message once, though it is delivered twice', async () => {
    const handler = consumerWith({ idempotency });
    for (let delivery = 0; delivery < 2; delivery++) {
      expect(await handler(batch({ id: 'a' }), context)).toEqual({ batchItemFailures: [] });
    }
    expect(handled).toEqual(['a']);
  });

  test('handles a message again that failed', async () => {
    const handler = consumerWith({ idempotency });
    await handler(batch({ id: 'a', poison: true }), context);
    await handler(batch({ id: 'a' }), context);
    expect(handled).toEqual(['a', 'a']);
  });

  test('is told the context of each batch', async () => {
    await consumerWith({ idempotency })(batch({ id: 'a' }), context);
    expect(registerLambdaContext).toHaveBeenCalledWith(context);
  });

  test('sees a store that fails as a failure of the message', async () => {
    const broken: Idempotency<Order> = { wrap: () => () => Promise.reject(new Error('no table')) };
    expect(failedIds(await consumerWith({ idempotency: broken })(batch({ id: 'a' }), context))).toEqual(['0']);
  });

  test('takes a function with the signature of makeIdempotent of Powertools', async () => {
    type AnyFunction = (...args: any[]) => any; // eslint-disable-line @typescript-eslint/no-explicit-any -- as in Powertools' signature
    function makeIdempotent<Func extends AnyFunction>(fn: Func, _options: { dataIndexArgument?: number }) {
      return function (this: unknown, ...args: Parameters<Func>): ReturnType<Func> {
        return fn.apply(this, args) as ReturnType<Func>;
      };
    }
    await consumerWith({ idempotency: { wrap: (work) => makeIdempotent(work, { dataIndexArgument: 0 }) } })(batch({ id: 'a' }), context);
    expect(handled).toEqual(['a']);
  });
});

test('fits the handler type of @types/aws-lambda', async () => {
  const handler: SQSHandler = consumerWith();
  expect(await handler(batch({ id: 'a' }), context, () => undefined)).toEqual({ batchItemFailures: [] });
});

test('a Powertools Logger is a logger for it', async () => {
  const silent: FailureLogger = new Logger({ logLevel: 'SILENT' });
  expect(failedIds(await consumerWith({ logger: silent })(batch({ id: 'a', poison: true }), context))).toEqual(['0']);
});
