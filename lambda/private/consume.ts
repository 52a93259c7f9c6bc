import { BatchProcessor, EventType, processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** Processes one message; what it throws sends the message back to the queue. */
export type RecordHandler = (record: SQSRecord) => void | Promise<void>;

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * A handler for a standard queue: messages are processed at the same time, and those that fail are reported one by one, even
 * when all of them do: then one poison message in a batch of its own looks no different from one among nine good ones.
 */
export function consume(handleRecord: RecordHandler, logger: Logger): SqsHandler {
  return async (event, context) => {
    logger.addContext(context);
    return processPartialResponse(event, logged(handleRecord, logger), new BatchProcessor(EventType.SQS), options);
  };
}

/**
 * A handler for a FIFO queue: each message group in order, up to its first failure, which is reported with everything after it;
 * the groups at the same time, because one customer's payment need not wait for another's.
 */
export function consumeInOrder(handleRecord: RecordHandler, logger: Logger): SqsHandler {
  return async (event, context) => {
    logger.addContext(context);
    const responses = await Promise.all(messageGroups(event.Records).map((Records) => processPartialResponse(
      { Records }, logged(handleRecord, logger), new SqsFifoPartialProcessorAsync(), options,
    )));
    return { batchItemFailures: responses.flatMap(({ batchItemFailures }) => batchItemFailures) };
  };
}

const options = { throwOnFullBatchFailure: false };

/** Without this a message would return to its queue without a word of why. */
function logged(handleRecord: RecordHandler, logger: Logger): RecordHandler {
  return async (record) => {
    try {
      await handleRecord(record);
    } catch (error) {
      logger.error('Message failed', {
        messageId: record.messageId, queue: record.eventSourceARN,
        receiveCount: Number(record.attributes.ApproximateReceiveCount), error: error as Error,
      });
      throw error;
    }
  };
}

function messageGroups(records: readonly SQSRecord[]): SQSRecord[][] {
  const groups = new Map<string | undefined, SQSRecord[]>();
  for (const record of records) {
    const group = groups.get(record.attributes.MessageGroupId);
    if (group) group.push(record);
    else groups.set(record.attributes.MessageGroupId, [record]);
  }
  return [...groups.values()];
}
