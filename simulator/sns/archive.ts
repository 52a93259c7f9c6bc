import { invalidParameter, type PublishedMessage } from './message';

/** Days. @see https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html */
const retentionRange = [1, 365] as const;
const day = 86_400_000;

/** What was published to a FIFO topic since it has an archive policy, for as long as the policy says. */
export class Archive {
  private messages: PublishedMessage[] = [];
  private retention: number;
  private archivePolicy: object;

  /**
   * @param begun when archiving began, in milliseconds since the epoch
   * @throws ServiceError `InvalidParameter` unless the policy's `MessageRetentionPeriod` is from 1 to 365 days
   */
  constructor(policy: object, private readonly begun: number) {
    this.retention = retentionOf(policy);
    this.archivePolicy = policy;
  }

  get policy(): object {
    return this.archivePolicy;
  }

  set policy(policy: object) {
    this.retention = retentionOf(policy);
    this.archivePolicy = policy;
  }

  /** The earliest moment from which messages can be replayed. */
  beginning(now: number): number {
    return Math.max(this.begun, now - this.retention);
  }

  keep(message: PublishedMessage): void {
    const beginning = this.beginning(message.at);
    const kept = this.messages.findIndex(({ at }) => at >= beginning);
    // The messages are in the order of time: what is too old stands first.
    if (kept !== 0) this.messages = kept < 0 ? [] : this.messages.slice(kept);
    this.messages.push(message);
  }

  /** What was published at a moment or later, in the order of publishing. */
  since(moment: number): PublishedMessage[] {
    return this.messages.filter(({ at }) => at >= moment);
  }
}

/** Milliseconds. AWS takes the number of days as text, too. */
function retentionOf(policy: object): number {
  const { MessageRetentionPeriod: given, ...others } = policy as { readonly MessageRetentionPeriod?: unknown };
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw invalidParameter(`ArchivePolicy: must have 'MessageRetentionPeriod' only, got ${unknown.join(', ')}`);
  const days = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof days !== 'number' || !Number.isInteger(days) || days < retentionRange[0] || days > retentionRange[1]) {
    throw invalidParameter(`ArchivePolicy: 'MessageRetentionPeriod' must be from ${retentionRange.join(' to ')} days, got ${JSON.stringify(given)}`);
  }
  return days * day;
}
