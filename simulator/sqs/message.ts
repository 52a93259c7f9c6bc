import type { MessageAttribute } from '../contracts';
import type { Backlog } from './backlog';
import type { MessageGroup } from './fifo-order';

export const noAttributes: Readonly<Record<string, MessageAttribute>> = Object.freeze({});

/** Ten digits, as every number after it has: padding costs as much as a receive. */
const firstSequence = 1_000_000_000;

export function sequenceNumberOf(serial: number): string {
  return `1880000000${firstSequence + serial}`;
}

export type MessageState = 'delayed' | 'visible' | 'inFlight' | 'gone';

/** A moment that the messages of one moment share: a number of its own in each costs more than all of a backlog's bookkeeping. */
interface Moment {
  readonly at: number;
}

let latest: Moment = { at: 0 };

function momentOf(at: number): Moment {
  if (latest.at !== at) latest = { at };
  return latest;
}

/** What only a message in a dead-letter queue has. */
export interface Origin {
  /** When it came into this queue. */
  readonly movedAt: number;
  readonly receives: number;
  readonly source: string;
  retentionIndex: number;
}

/**
 * A message in one queue. A move to another queue makes another one, with the same ID. Moments are milliseconds since the
 * epoch, and undefined until they have come: a number costs memory, and backlogs hold millions of messages.
 */
export class Message {
  state: MessageState = 'delayed';
  /** When its delay or visibility timeout ends. */
  due: number | undefined = undefined;
  timeoutIndex = -1;
  /** Order of arrival in this queue. */
  serial = 0;
  /** Receives from this queue: moving to a dead-letter queue starts this again, but not the receive count that consumers see. */
  receives = 0;
  receivedAt: number | undefined = undefined;
  firstReceivedAt: number | undefined = undefined;
  /** Where the queue's order has it, if it was asked before; a standard queue's while it is visible. */
  place: MessageGroup | Backlog | undefined = undefined;
  /** Whether a standard queue made it wait for messages of quieter groups: only its place knows where. */
  isSetAside = false;
  groupId: string | undefined = undefined;
  deduplicationId: string | undefined = undefined;
  traceHeader: string | undefined = undefined;
  /** The MD5 digest of the body, as long as somebody who computed it may be asked for it again: packed messages have none. */
  bodyDigest: string | undefined = undefined;
  origin: Origin | undefined = undefined;
  private readonly sent: Moment;

  /** @param sentAt what consumers see as `SentTimestamp`, and where retention starts */
  constructor(
    readonly messageId: string,
    readonly body: string,
    readonly attributes: Readonly<Record<string, MessageAttribute>>,
    readonly bytes: number,
    readonly senderId: string,
    sentAt: number,
  ) {
    this.sent = momentOf(sentAt);
  }

  get sentAt(): number {
    return this.sent.at;
  }

  /** When it came into this queue. */
  get arrivedAt(): number {
    return this.origin === undefined ? this.sent.at : this.origin.movedAt;
  }

  get receiveCount(): number {
    return this.origin === undefined ? this.receives : this.origin.receives + this.receives;
  }

  /** Of FIFO queues' messages, as their deduplication ID is. */
  get sequenceNumber(): string | undefined {
    return this.deduplicationId === undefined ? undefined : sequenceNumberOf(this.serial);
  }

  /** The system attributes by AWS's names, as text. */
  systemAttributes(): Record<string, string> {
    const attributes = this.commonAttributes();
    if (this.traceHeader !== undefined) attributes.AWSTraceHeader = this.traceHeader;
    if (this.origin !== undefined) attributes.DeadLetterQueueSourceArn = this.origin.source;
    return attributes;
  }

  /** Written out for the messages of FIFO queues that were received: an object that grows by and by costs several times as much. */
  private commonAttributes(): Record<string, string> {
    const { groupId, deduplicationId, firstReceivedAt } = this;
    if (deduplicationId !== undefined && firstReceivedAt !== undefined) {
      return {
        SenderId: this.senderId, SentTimestamp: String(this.sentAt), ApproximateReceiveCount: String(this.receiveCount),
        ApproximateFirstReceiveTimestamp: String(firstReceivedAt), MessageGroupId: groupId!,
        MessageDeduplicationId: deduplicationId, SequenceNumber: sequenceNumberOf(this.serial),
      };
    }
    const attributes: Record<string, string> = {
      SenderId: this.senderId, SentTimestamp: String(this.sentAt), ApproximateReceiveCount: String(this.receiveCount),
    };
    if (firstReceivedAt !== undefined) attributes.ApproximateFirstReceiveTimestamp = String(firstReceivedAt);
    if (groupId !== undefined) attributes.MessageGroupId = groupId;
    if (deduplicationId !== undefined) {
      attributes.MessageDeduplicationId = deduplicationId;
      attributes.SequenceNumber = sequenceNumberOf(this.serial);
    }
    return attributes;
  }
}
