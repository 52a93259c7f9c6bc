import { invalidParameter, type PublishedMessage } from './message';
import type { Topic } from './topic';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export type ReplayStatus = 'Pending' | 'In progress' | 'Completed';

const members = ['PointType', 'StartingPoint', 'EndingPoint'];

/**
 * The delivery of archived messages to a subscription once more: those from `StartingPoint` until now, after which it receives
 * what is published, or those until `EndingPoint`, after which it receives nothing more.
 * @see https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
 */
export class Replay {
  /** In the order of publishing, those included that `leavesOut` keeps from the subscription. */
  readonly messages: readonly PublishedMessage[];
  private readonly until: number | undefined;
  private caughtUp = false;

  /** @throws ServiceError `InvalidParameter` for a policy that SNS would refuse, and for a topic without an archive */
  constructor(readonly policy: object, { archive }: Topic, now: number) {
    if (!archive) throw invalidParameter('ReplayPolicy: only a FIFO topic with an ArchivePolicy can be replayed');
    const given = policy as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(given).find((member) => !members.includes(member));
    if (unknown) throw invalidParameter(`ReplayPolicy: '${unknown}' must be left out, the members are ${members.join(', ')}`);
    if (given.PointType !== 'Timestamp') throw invalidParameter(`ReplayPolicy: 'PointType' must be Timestamp, got ${String(given.PointType)}`);
    const from = moment('StartingPoint', given.StartingPoint);
    const beginning = archive.beginning(now);
    if (from < beginning || from > now) {
      throw invalidParameter(`ReplayPolicy: 'StartingPoint' must be from the BeginningArchiveTime, ${iso(beginning)}, to ${iso(now)}, got ${iso(from)}`);
    }
    this.until = given.EndingPoint === undefined ? undefined : moment('EndingPoint', given.EndingPoint);
    if (this.until !== undefined && this.until <= from) {
      throw invalidParameter(`ReplayPolicy: 'EndingPoint' must be later than the 'StartingPoint', ${iso(from)}, got ${iso(this.until)}`);
    }
    this.messages = archive.since(from).map((message) => message.replay());
  }

  /** Says that all archived messages were delivered. */
  catchUp(): void {
    this.caughtUp = true;
  }

  /** Whether a message was published too late for a replay that ends. */
  leavesOut({ at }: PublishedMessage): boolean {
    return this.until !== undefined && at > this.until;
  }

  status(now: number): ReplayStatus {
    if (!this.caughtUp) return 'Pending';
    return this.until !== undefined && now < this.until ? 'In progress' : 'Completed';
  }
}

function moment(name: string, value: unknown): number {
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalidParameter(`ReplayPolicy: '${name}' must be a time like 2026-01-05T09:00:00.000Z, got ${String(value)}`);
  return at;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
