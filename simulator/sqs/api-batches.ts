import { ServiceError, type Caller } from '../contracts';
import { optionalText, type Input } from './api-input';
import { changeVisibility, deleteMessage, type Measured, measured, send } from './api-messages';
import { invalidParameter, missingParameter } from './errors';
import type { Queue } from './queue';

const maximumEntries = 10;
/** Bytes, all entries together. */
const maximumBytes = 1_048_576;

export function sendBatch(queue: Queue, input: Input, caller: Caller): Record<string, unknown> {
  const entries = entriesOf(input);
  const messages = entries.map(measuredOrRefused);
  let bytes = 0;
  for (const one of messages) if (!(one instanceof ServiceError)) bytes += one.bytes;
  if (bytes > maximumBytes) {
    throw new ServiceError('BatchRequestTooLong', `Batch requests cannot be longer than ${maximumBytes} bytes. You have sent ${bytes} bytes.`);
  }
  return forEach(entries, (entry, index, result) => {
    const one = messages[index];
    if (one instanceof ServiceError) throw one;
    send(queue, entry, caller, one.message, one.bytes, result);
  });
}

export function deleteBatch(queue: Queue, input: Input): Record<string, unknown> {
  return forEach(entriesOf(input), (entry) => { deleteMessage(queue, entry); });
}

export function changeVisibilityBatch(queue: Queue, input: Input): Record<string, unknown> {
  return forEach(entriesOf(input), (entry) => { changeVisibility(queue, entry); });
}

function entriesOf(input: Input): Input[] {
  const entries: unknown = input.Entries ?? [];
  if (!Array.isArray(entries)) throw invalidParameter("'Entries' must be a list");
  if (entries.length === 0) throw new ServiceError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > maximumEntries) {
    throw new ServiceError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${maximumEntries}. You have sent ${entries.length}.`);
  }
  const seen = new Set<string>();
  for (const entry of entries as Input[]) {
    const id = optionalText(entry, 'Id');
    if (id === undefined) throw missingParameter('Id');
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw new ServiceError('InvalidBatchEntryId', `The ID of a batch entry must be 1 to 80 letters, digits, hyphens and underscores, got '${id}'`);
    }
    if (seen.has(id)) throw new ServiceError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries as Input[];
}

/** What cannot be measured is refused as an entry, not as a batch. */
function measuredOrRefused(entry: Input): Measured | ServiceError {
  try {
    return measured(entry);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

/** @param operation of one entry; what it answers beside the entry's ID, it adds to `result` */
function forEach(
  entries: readonly Input[], operation: (entry: Input, index: number, result: Record<string, unknown>) => void,
): Record<string, unknown> {
  const Successful: Record<string, unknown>[] = [];
  const Failed: Record<string, unknown>[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    const result = { Id: entry.Id };
    try {
      operation(entry, index, result);
      Successful.push(result);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: error.fault === 'Sender', Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
