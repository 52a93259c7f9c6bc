import { BatchProcessor, EventType, processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { MalformedMessageError } from './malformed-message-error';
import { atMost } from './private/at-most';
import { messageGroups } from './private/message-groups';
import type { LambdaContext, LoggedContext, SqsBatchResponse, SqsEvent, SqsRecord } from './sqs-event';

/** Processes one message. What it throws sends the message back to its queue, and in the end to the dead-letter queue. */
export type MessageHandler<Message> = (message: Message, record: SqsRecord) => void | Promise<void>;

/** Makes effects happen once for each message, however often it is delivered. */
export interface Idempotency<Message> {
  /** Wraps the handler: a message whose key was seen to succeed is not handled again. Powertools' `makeIdempotent` does this. */
  wrap(handle: (message: Message, record: SqsRecord) => Promise<void>): (message: Message, record: SqsRecord) => Promise<void>;

  /** Called before each batch. Powertools' `IdempotencyConfig` takes the function's remaining time from the context. */
  registerLambdaContext?(context: LambdaContext): void;
}

/** Where failures are told. A Powertools `Logger` is one. */
export interface FailureLogger {
  error(message: string, details: FailureDetails): void;
  /** Called before each batch, to put the function and the request into every line. */
  addContext?(context: LoggedContext): void;
}

/** What is told of a failed message: never its body, which may hold what must not be in a log. */
export type FailureDetails = {
  readonly messageId: string;
  readonly queue: string;
  readonly receiveCount: number;
  /** Of a message that has one. */
  readonly messageGroupId?: string;
  /** What `handle` threw, or a `MalformedMessageError`. */
  readonly error: Error;
};

export interface ConsumerOptions<Message> {
  /** Makes a message of the body, and throws for a body that is none. `JSON.parse` alone is no check. */
  readonly parse: (body: string) => Message;

  /** Processes one message. */
  readonly handle: MessageHandler<Message>;

  /**
   * Makes effects happen once for each message.
   * @default - a message that is delivered again is handled again
   */
  readonly idempotency?: Idempotency<Message>;

  /**
   * How many messages of a batch are handled at once, 1 to 10,000, in the order in which Lambda lists them; on a FIFO queue, how many
   * message groups. A batch can have 10,000 messages: all of them at once would open as many connections and keep as many bodies in
   * memory. 10 is the default batch size of a `QueueConsumer`, whose batches it leaves alone.
   * @default 10
   */
  readonly concurrency?: number;

  /**
   * Where failures are told.
   * @default - a Powertools `Logger`, which writes JSON
   */
  readonly logger?: FailureLogger;
}

/** A Lambda handler with partial batch responses. */
export type ConsumerHandler = (event: SqsEvent, context: LambdaContext) => Promise<SqsBatchResponse>;

/**
 * A Lambda handler for a queue. It never fails a batch for one message: it answers which messages failed, and tells each
 * failure to the logger. The event source mapping must take partial batch responses, as that of a `QueueConsumer` does.
 *
 * - Standard queue: the messages of a batch are handled at the same time, up to `concurrency`.
 * - FIFO queue, as its ARN tells: each message group in order up to its first failure, which is answered with everything
 *   after it in that group, unhandled; the groups at the same time, up to `concurrency`.
 *
 * @throws a RangeError at once where `concurrency` is outside of its range
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function consumer<Message>(options: ConsumerOptions<Message>): ConsumerHandler {
  const logger: FailureLogger = options.logger ?? new Logger();
  const { concurrency = 10 } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 10_000) {
    throw new RangeError(`'concurrency' must be a whole number from 1 to 10000, got ${concurrency}`);
  }
  return async (event, context) => {
    logger.addContext?.(context);
    options.idempotency?.registerLambdaContext?.(context);
    const handleRecord = atMost(concurrency, recordHandler(options, logger));
    const fifo = event.Records?.some(({ eventSourceARN }) => eventSourceARN.endsWith('.fifo'));
    return fifo ? processInOrder(event, handleRecord) : processBatch(event, handleRecord, new BatchProcessor(EventType.SQS));
  };
}

type RecordHandler = (record: SqsRecord) => Promise<void>;

function recordHandler<Message>({ parse, handle, idempotency }: ConsumerOptions<Message>, logger: FailureLogger): RecordHandler {
  const handleOnce = async (message: Message, record: SqsRecord): Promise<void> => { await handle(message, record); };
  const work = idempotency ? idempotency.wrap(handleOnce) : handleOnce;
  return async (record) => {
    try {
      await work(parsed(parse, record.body), record);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      logger.error('Message failed', detailsOf(record, error));
      throw error;
    }
  };
}

function parsed<Message>(parse: (body: string) => Message, body: string): Message {
  try {
    return parse(body);
  } catch (cause) {
    throw new MalformedMessageError(cause);
  }
}

function detailsOf({ messageId, eventSourceARN, attributes }: SqsRecord, error: Error): FailureDetails {
  const { ApproximateReceiveCount, MessageGroupId } = attributes;
  return {
    messageId, queue: eventSourceARN, receiveCount: Number(ApproximateReceiveCount),
    ...(MessageGroupId === undefined ? {} : { messageGroupId: MessageGroupId }),
    error,
  };
}

/** A poison message in a batch of its own must look no different from one among good ones: no error when all messages fail. */
function processBatch(event: SqsEvent, handleRecord: RecordHandler, processor: BatchProcessor): Promise<SqsBatchResponse> {
  return processPartialResponse(event, handleRecord, processor, { throwOnFullBatchFailure: false });
}

async function processInOrder(event: SqsEvent, handleRecord: RecordHandler): Promise<SqsBatchResponse> {
  const responses = await Promise.all(messageGroups(event.Records).map(
    (Records) => processBatch({ Records }, handleRecord, new SqsFifoPartialProcessorAsync()),
  ));
  return { batchItemFailures: responses.flatMap(({ batchItemFailures }) => batchItemFailures) };
}
