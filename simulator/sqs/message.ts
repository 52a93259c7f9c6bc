import type { MessageAttribute } from '../contracts';
import type { FifoPlace } from './fifo-order';

export type MessageState = 'delayed' | 'visible' | 'inFlight' | 'gone';

/**
 * A message in one queue. A move to another queue makes another one, with the same ID. Moments are milliseconds since the
 * epoch, and undefined until they have come: a number costs memory, and backlogs hold millions of messages.
 */
export class Message {
  state: MessageState = 'delayed';
  /** When its delay or visibility timeout ends. */
  due: number | undefined = undefined;
  timeoutIndex = -1;
  retentionIndex = -1;
  /** Where receipt handles find it, from its first receive on. */
  slot = -1;
  /** Order of arrival in this queue. */
  serial = 0;
  /** Receives from this queue: moving to a dead-letter queue starts this again, but not the receive count that consumers see. */
  receives = 0;
  receivesElsewhere = 0;
  receivedAt: number | undefined = undefined;
  firstReceivedAt: number | undefined = undefined;
  place: FifoPlace | undefined = undefined;
  groupId: string | undefined = undefined;
  deduplicationId: string | undefined = undefined;
  sequenceNumber: string | undefined = undefined;
  traceHeader: string | undefined = undefined;
  deadLetterSource: string | undefined = undefined;
  private movedAt: number | undefined = undefined;

  /** @param sentAt what consumers see as `SentTimestamp`, and where retention starts */
  constructor(
    readonly messageId: string,
    readonly body: string,
    readonly attributes: Readonly<Record<string, MessageAttribute>>,
    readonly bytes: number,
    readonly senderId: string,
    readonly sentAt: number,
  ) {}

  /** When it came into this queue. */
  get arrivedAt(): number {
    return this.movedAt ?? this.sentAt;
  }

  set arrivedAt(moment: number) {
    this.movedAt = moment;
  }

  get receiveCount(): number {
    return this.receivesElsewhere + this.receives;
  }

  /** The system attributes by AWS's names, as text. */
  systemAttributes(): Record<string, string> {
    const attributes: Record<string, string> = {
      SenderId: this.senderId,
      SentTimestamp: String(this.sentAt),
      ApproximateReceiveCount: String(this.receiveCount),
    };
    if (this.firstReceivedAt !== undefined) attributes.ApproximateFirstReceiveTimestamp = String(this.firstReceivedAt);
    if (this.groupId !== undefined) attributes.MessageGroupId = this.groupId;
    if (this.deduplicationId !== undefined) attributes.MessageDeduplicationId = this.deduplicationId;
    if (this.sequenceNumber !== undefined) attributes.SequenceNumber = this.sequenceNumber;
    if (this.traceHeader !== undefined) attributes.AWSTraceHeader = this.traceHeader;
    if (this.deadLetterSource !== undefined) attributes.DeadLetterQueueSourceArn = this.deadLetterSource;
    return attributes;
  }
}
