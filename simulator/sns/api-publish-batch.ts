import { ServiceError, type Caller } from '../contracts';
import { type Input, messageOf, required } from './api-input';
import type { SnsService } from './index';
import { messageBytes } from './message';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const mostEntries = 10;

/** Publishes up to ten messages; each succeeds or fails for itself, what is wrong with the batch fails all of it. */
export function publishBatch(sns: SnsService, input: Input, caller: Caller): Record<string, unknown> {
  const topicArn = required(input, 'TopicArn');
  const topic = sns.existingTopic(topicArn);
  const entries = (input.PublishBatchRequestEntries ?? []) as Input[];
  if (entries.length === 0) throw new ServiceError('EmptyBatchRequest', 'The batch request doesn\'t contain any entries.');
  if (entries.length > mostEntries) {
    throw new ServiceError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  }
  const ids = entries.map(({ Id }) => entryId(Id));
  if (new Set(ids).size < ids.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  const messages = entries.map(messageOf);
  if (messages.reduce((bytes, message) => bytes + messageBytes(message), 0) > topic.maximumMessageSize) {
    throw new ServiceError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.');
  }

  const successful: object[] = [];
  const failed: object[] = [];
  messages.forEach((message, index) => {
    const Id = ids[index];
    try {
      const { messageId, sequenceNumber } = sns.publish(topicArn, message, caller);
      successful.push({ Id, MessageId: messageId, ...(sequenceNumber && { SequenceNumber: sequenceNumber }) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.fault === 'Sender' });
    }
  });
  return { Successful: successful, Failed: failed };
}

function entryId(id: unknown): string {
  const invalid = (reason: string): ServiceError => new ServiceError(
    'InvalidBatchEntryId', `The Id of a batch entry in the batch request ${reason}: ${String(id)}`,
  );
  if (typeof id !== 'string' || id === '') throw invalid('is missing');
  if (id.length > 80) throw invalid('is too long');
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw invalid('contains an impermissible character');
  return id;
}
