import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';

/** Of one message and of one call, in bytes: bodies and attributes together. @see https://docs.aws.amazon.com/general/latest/gr/sns.html */
export const MAXIMUM_BATCH_BYTES = 262_144;
const MAXIMUM_BATCH_ENTRIES = 10;

/** Calls in flight to a standard topic. A FIFO topic gets one at a time, in order. */
const LANES = 8;

/** Calls for an entry that SNS refused without it being the sender's fault. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MILLISECONDS = 50;

export interface Publication {
  readonly body: string;
  /** Message attributes of the type String. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** FIFO topics only. */
  readonly messageGroupId?: string;
  /** FIFO topics only. */
  readonly messageDeduplicationId?: string;
}

/** What handlers publish to: a topic, or its stand-in in a test. */
export interface Publisher {
  /** Resolves when the topic has accepted the message. */
  publish(publication: Publication): Promise<void>;
}

/** A message over SNS's limit. SNS would refuse the whole batch that it is in. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';

  constructor(bytes: number) {
    super(`A message with its attributes must be at most ${MAXIMUM_BATCH_BYTES} bytes, got ${bytes}`);
  }
}

/** SNS accepted the call, but not this entry of it. */
export class PublishFailedError extends Error {
  override readonly name = 'PublishFailedError';

  constructor(readonly code: string, message: string, readonly senderFault: boolean) {
    super(`SNS refused the message: ${code}${message && `: ${message}`}`);
  }
}

interface Entry {
  readonly publication: Publication;
  readonly bytes: number;
  readonly accepted: () => void;
  readonly refused: (error: Error) => void;
}

/**
 * Gathers what is published in one turn of the event loop into as few PublishBatch calls as the limits of SNS allow, and tells
 * each message its own fate.
 */
export class BatchPublisher implements Publisher {
  private waiting: Entry[] = [];

  constructor(private readonly client: Pick<SNSClient, 'send'>, private readonly topicArn: string) {}

  publish(publication: Publication): Promise<void> {
    const bytes = publicationBytes(publication);
    if (bytes > MAXIMUM_BATCH_BYTES) return Promise.reject(new MessageTooLargeError(bytes));
    return new Promise((accepted, refused) => {
      if (this.waiting.length === 0) setImmediate(() => void this.flush());
      this.waiting.push({ publication, bytes, accepted, refused });
    });
  }

  private async flush(): Promise<void> {
    const batches = inBatches(this.waiting);
    this.waiting = [];
    const next = batches.values();
    const lane = async (): Promise<void> => {
      for (const batch of next) await this.send(batch);
    };
    await Promise.all(Array.from({ length: this.topicArn.endsWith('.fifo') ? 1 : LANES }, lane));
  }

  private async send(batch: readonly Entry[]): Promise<void> {
    let entries = batch;
    for (let attempt = 1; entries.length > 0; attempt++) {
      let failures: readonly Failure[];
      try {
        failures = await this.call(entries);
      } catch (error) {
        for (const { refused } of entries) refused(error as Error);
        return;
      }
      const again = attempt < ATTEMPTS ? failures.filter(({ error }) => !error.senderFault) : [];
      for (const failure of failures) if (!again.includes(failure)) failure.entry.refused(failure.error);
      entries = again.map(({ entry }) => entry);
      if (entries.length > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1)));
    }
  }

  /** Tells the entries that were accepted, and returns the others. */
  private async call(entries: readonly Entry[]): Promise<Failure[]> {
    const { Failed = [], Successful = [] } = await this.client.send(new PublishBatchCommand({
      TopicArn: this.topicArn,
      PublishBatchRequestEntries: entries.map(({ publication }, index) => ({
        Id: String(index),
        Message: publication.body,
        MessageAttributes: Object.fromEntries(Object.entries(publication.attributes ?? {})
          .map(([name, StringValue]) => [name, { DataType: 'String', StringValue }])),
        MessageGroupId: publication.messageGroupId,
        MessageDeduplicationId: publication.messageDeduplicationId,
      })),
    }));
    const accepted = new Set(Successful.map(({ Id }) => Id));
    const reasons = new Map(Failed.map((failed) => [failed.Id, failed]));
    const failures: Failure[] = [];
    entries.forEach((entry, index) => {
      if (accepted.has(String(index))) return entry.accepted();
      const { Code = 'Unanswered', Message = '', SenderFault = false } = reasons.get(String(index)) ?? {};
      return void failures.push({ entry, error: new PublishFailedError(Code, Message, SenderFault) });
    });
    return failures;
  }
}

interface Failure {
  readonly entry: Entry;
  readonly error: PublishFailedError;
}

/** As SNS counts: the body, and name, type and value of each attribute, in UTF-8. */
export function publicationBytes({ body, attributes = {} }: Publication): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value),
    Buffer.byteLength(body),
  );
}

function inBatches(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    if (bytes + entry.bytes > MAXIMUM_BATCH_BYTES || batches[batches.length - 1].length === MAXIMUM_BATCH_ENTRIES) {
      batches.push([]);
      bytes = 0;
    }
    batches[batches.length - 1].push(entry);
    bytes += entry.bytes;
  }
  return batches;
}
