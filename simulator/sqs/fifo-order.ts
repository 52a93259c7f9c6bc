import { Backlog } from './backlog';
import { LinkedList, type Linked } from './linked-list';
import type { Message } from './message';
import type { MessageOrder } from './message-order';
import type { MessageTable } from './message-table';

/** The messages of one message group, in order; locked while any of them is in flight. */
export class MessageGroup implements Linked<MessageGroup> {
  previous: MessageGroup | undefined = undefined;
  next: MessageGroup | undefined = undefined;
  readonly messages: Backlog;
  inFlight = 0;
  isReady = false;

  constructor(table: MessageTable) {
    this.messages = new Backlog(table);
  }
}

/** Below this, empty groups do not pay for being cleared away. */
const slack = 1024;

/** A FIFO queue's order: strict within a message group; groups take turns in the order in which they became ready. */
export class FifoOrder implements MessageOrder {
  private readonly groups = new Map<string, MessageGroup>();
  private readonly ready = new LinkedList<MessageGroup>();
  /** Message groups with a message in flight. */
  groupsInFlight = 0;
  private emptyGroups = 0;
  /** The last message that the receive under way has taken: it alone may take the next of that group. */
  private lastTaken: Message | undefined;

  constructor(private readonly table: MessageTable) {}

  arrived(message: Message): void {
    const id = message.groupId!;
    let group = this.groups.get(id);
    if (group === undefined) {
      group = new MessageGroup(this.table);
      this.groups.set(id, group);
    } else if (group.messages.first() === undefined) this.emptyGroups--;
    message.place = group;
    group.messages.append(message.serial);
  }

  becameVisible(message: Message): void {
    const group = this.groupOf(message);
    if (message.receives > 0) this.changeInFlight(group, -1);
    this.refresh(group);
  }

  becameInFlight(message: Message): void {
    this.lastTaken = message;
    const group = this.groupOf(message);
    this.changeInFlight(group, 1);
    this.refresh(group);
  }

  leaves(message: Message, from: Message['state']): void {
    const group = this.groupOf(message);
    group.messages.noteGone();
    if (from === 'inFlight') this.changeInFlight(group, -1);
    this.refresh(group);
    if (group.messages.first() === undefined) this.noteEmpty();
  }

  peek(): Message | undefined {
    const { lastTaken, table } = this;
    const follower = lastTaken && this.groupOf(lastTaken).messages.after(lastTaken.serial);
    const next = follower !== undefined && table.isVisible(follower) ? follower : this.ready.first?.messages.first();
    return next === undefined ? undefined : table.get(next);
  }

  endReceive(): void {
    this.lastTaken = undefined;
  }

  /** A group that is empty mostly fills again soon: empty ones stay until they are half of all. */
  private noteEmpty(): void {
    this.emptyGroups++;
    if (this.emptyGroups <= slack || this.emptyGroups * 2 <= this.groups.size) return;
    for (const [id, group] of this.groups) if (group.messages.first() === undefined) this.groups.delete(id);
    this.emptyGroups = 0;
  }

  private groupOf(message: Message): MessageGroup {
    return (message.place ??= this.groups.get(message.groupId!)!) as MessageGroup;
  }

  private changeInFlight(group: MessageGroup, by: 1 | -1): void {
    const before = group.inFlight;
    group.inFlight += by;
    if (before === 0 || group.inFlight === 0) this.groupsInFlight += by;
  }

  private refresh(group: MessageGroup): void {
    const first = group.inFlight === 0 ? group.messages.first() : undefined;
    const isReady = first !== undefined && this.table.isVisible(first);
    if (isReady === group.isReady) return;
    group.isReady = isReady;
    if (isReady) this.ready.append(group);
    else this.ready.remove(group);
  }
}
