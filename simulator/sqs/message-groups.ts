import { Backlog } from './backlog';
import type { Message } from './message';
import type { MessageTable } from './message-table';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html */
const noisyShare = 0.1;
const noisyInFlight = 30;

interface Group {
  readonly id: string;
  inFlight: number;
  /** Visible messages that wait until no quiet group has any. */
  readonly aside: Backlog;
}

/**
 * The message groups of a standard queue: which of them are noisy, and what is set aside for that. A group is noisy while it
 * has at least 30 messages, and more than a tenth of all, in flight. AWS also weighs the recent share of processing time,
 * over a time that it does not publish: that is left out.
 */
export class MessageGroups {
  private readonly groups = new Map<string, Group>();
  private readonly waiting = new Set<Group>();

  /** Messages in flight of the whole queue. */
  inFlight = 0;

  constructor(private readonly table: MessageTable) {}

  changeInFlight({ groupId }: Message, by: 1 | -1): void {
    this.inFlight += by;
    if (groupId === undefined) return;
    const group = this.groups.get(groupId);
    if (group === undefined) this.groups.set(groupId, { id: groupId, inFlight: 1, aside: new Backlog(this.table) });
    else {
      group.inFlight += by;
      if (group.inFlight === 0 && !this.waiting.has(group)) this.groups.delete(groupId);
    }
  }

  noisy(): Set<string> {
    return new Set([...this.groups].filter(([, group]) => this.isNoisy(group)).map(([id]) => id));
  }

  /** Where the message is to wait, if its group is noisy. */
  asideFor({ groupId }: Message): Backlog | undefined {
    const group = groupId === undefined ? undefined : this.groups.get(groupId);
    if (group === undefined || !this.isNoisy(group)) return undefined;
    this.waiting.add(group);
    return group.aside;
  }

  /** The oldest message that was set aside by a group that is quiet again, else by a noisy one. */
  setAside(): { readonly serial: number; readonly isQuiet: boolean } | undefined {
    let oldest: { serial: number; isQuiet: boolean } | undefined;
    for (const group of this.waiting) {
      const serial = group.aside.first();
      if (serial === undefined) {
        this.waiting.delete(group);
        if (group.inFlight === 0) this.groups.delete(group.id);
        continue;
      }
      const isQuiet = !this.isNoisy(group);
      const precedes = oldest === undefined
        || (isQuiet === oldest.isQuiet ? serial < oldest.serial : isQuiet);
      if (precedes) oldest = { serial, isQuiet };
    }
    return oldest;
  }

  private isNoisy({ inFlight }: Group): boolean {
    return inFlight >= noisyInFlight && inFlight > this.inFlight * noisyShare;
  }
}
