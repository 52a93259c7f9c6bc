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

/** A FIFO queue's order: strict within a message group; groups take turns in the order in which they became ready. */
export class FifoOrder implements MessageOrder {
  private readonly groups = new Map<string, MessageGroup>();
  private readonly ready = new LinkedList<MessageGroup>();
  /** The last message that the receive under way has taken: it alone may take the next of that group. */
  private lastTaken: FifoPlace | undefined;

  arrived(message: Message): void {
    const id = message.groupId!;
    let group = this.groups.get(id);
    if (group === undefined) {
      group = new MessageGroup(id);
      this.groups.set(id, group);
    }
    message.place = new FifoPlace(message, group);
    group.places.append(message.place);
  }

  becameVisible(message: Message): void {
    const { group } = message.place!;
    if (message.receives > 0) group.inFlight--;
    this.refresh(group);
  }

  becameInFlight(message: Message): void {
    this.lastTaken = message.place!;
    this.lastTaken.group.inFlight++;
    this.refresh(this.lastTaken.group);
  }

  leaves(message: Message, from: Message['state']): void {
    const place = message.place!;
    const { group } = place;
    group.places.remove(place);
    if (from === 'inFlight') group.inFlight--;
    this.refresh(group);
    if (group.places.first === undefined) this.groups.delete(group.id);
  }

  peek(): Message | undefined {
    const follower = this.lastTaken?.next?.message;
    if (follower?.state === 'visible') return follower;
    return this.ready.first?.places.first?.message;
  }

  endReceive(): void {
    this.lastTaken = undefined;
  }

  private refresh(group: MessageGroup): void {
    const isReady = group.inFlight === 0 && group.places.first?.message.state === 'visible';
    if (isReady === group.isReady) return;
    group.isReady = isReady;
    if (isReady) this.ready.append(group);
    else this.ready.remove(group);
  }
}
