import { LinkedList, type Linked } from './linked-list';
import type { Message } from './message';
import type { MessageOrder } from './message-order';

/** Where a message of a FIFO queue stands. */
export class FifoPlace implements Linked<FifoPlace> {
  previous: FifoPlace | undefined = undefined;
  next: FifoPlace | undefined = undefined;

  constructor(readonly message: Message, readonly group: MessageGroup) {}
}

/** The messages of one message group, in order; locked while any of them is in flight. */
class MessageGroup implements Linked<MessageGroup> {
  previous: MessageGroup | undefined = undefined;
  next: MessageGroup | undefined = undefined;
  readonly places = new LinkedList<FifoPlace>();
  inFlight = 0;
  isReady = false;

  constructor(readonly id: string) {}
}

/** Below this, empty groups do not pay for being cleared away. */
const slack = 1024;

/** A FIFO queue's order: strict within a message group; groups take turns in the order in which they became ready. */
export class FifoOrder implements MessageOrder {
  private readonly groups = new Map<string, MessageGroup>();
  private readonly ready = new LinkedList<MessageGroup>();
  private emptyGroups = 0;
  /** The last message that the receive under way has taken: it alone may take the next of that group. */
  private lastTaken: FifoPlace | undefined;

  arrived(message: Message): void {
    const id = message.groupId!;
    let group = this.groups.get(id);
    if (group === undefined) {
      group = new MessageGroup(id);
      this.groups.set(id, group);
    } else if (group.places.first === undefined) this.emptyGroups--;
    const place = new FifoPlace(message, group);
    message.place = place;
    group.places.append(place);
  }

  becameVisible(message: Message): void {
    const { group } = message.place as FifoPlace;
    if (message.receives > 0) group.inFlight--;
    this.refresh(group);
  }

  becameInFlight(message: Message): void {
    this.lastTaken = message.place as FifoPlace;
    this.lastTaken.group.inFlight++;
    this.refresh(this.lastTaken.group);
  }

  leaves(message: Message, from: Message['state']): void {
    const place = message.place as FifoPlace;
    const { group } = place;
    group.places.remove(place);
    if (from === 'inFlight') group.inFlight--;
    this.refresh(group);
    if (group.places.first === undefined) this.noteEmpty();
  }

  peek(): Message | undefined {
    const follower = this.lastTaken?.next?.message;
    if (follower?.state === 'visible') return follower;
    return this.ready.first?.places.first?.message;
  }

  endReceive(): void {
    this.lastTaken = undefined;
  }

  /** A group that is empty mostly fills again soon: empty ones stay until they are half of all. */
  private noteEmpty(): void {
    this.emptyGroups++;
    if (this.emptyGroups <= slack || this.emptyGroups * 2 <= this.groups.size) return;
    for (const [id, group] of this.groups) if (group.places.first === undefined) this.groups.delete(id);
    this.emptyGroups = 0;
  }

  private refresh(group: MessageGroup): void {
    const isReady = group.inFlight === 0 && group.places.first?.message.state === 'visible';
    if (isReady === group.isReady) return;
    group.isReady = isReady;
    if (isReady) this.ready.append(group);
    else this.ready.remove(group);
  }
}
