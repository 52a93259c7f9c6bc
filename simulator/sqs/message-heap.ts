import type { Message } from './message';

/** A binary heap whose messages know their place in it, so that any of them can leave it. */
abstract class MessageHeap {
  private readonly heap: Message[] = [];

  get first(): Message | undefined {
    return this.heap[0];
  }

  protected abstract precedes(one: Message, other: Message): boolean;
  protected abstract indexOf(message: Message): number;
  protected abstract setIndex(message: Message, index: number): void;

  has(message: Message): boolean {
    return this.indexOf(message) >= 0;
  }

  push(message: Message): void {
    this.rise(message, this.heap.length);
  }

  remove(message: Message): void {
    const index = this.indexOf(message);
    this.setIndex(message, -1);
    const last = this.heap.pop()!;
    if (last === message) return;
    if (index > 0 && this.precedes(last, this.heap[(index - 1) >> 1])) this.rise(last, index);
    else this.sink(last, index);
  }

  private rise(message: Message, index: number): void {
    const { heap } = this;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.precedes(message, heap[parent])) break;
      this.put(heap[parent], index);
      index = parent;
    }
    this.put(message, index);
  }

  private sink(message: Message, index: number): void {
    const { heap } = this;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.precedes(heap[child + 1], heap[child])) child++;
      if (!this.precedes(heap[child], message)) break;
      this.put(heap[child], index);
      index = child;
    }
    this.put(message, index);
  }

  private put(message: Message, index: number): void {
    this.heap[index] = message;
    this.setIndex(message, index);
  }
}

/** Messages that wait for the end of their delay or visibility timeout. */
export class TimeoutHeap extends MessageHeap {
  protected precedes(one: Message, other: Message): boolean {
    return one.due! < other.due! || (one.due === other.due && one.serial < other.serial);
  }

  protected indexOf(message: Message): number {
    return message.timeoutIndex;
  }

  protected setIndex(message: Message, index: number): void {
    message.timeoutIndex = index;
  }
}

/** Messages that were sent before they arrived, so that the order of arrival does not tell which one expires first. */
export class RetentionHeap extends MessageHeap {
  protected precedes(one: Message, other: Message): boolean {
    return one.sentAt < other.sentAt || (one.sentAt === other.sentAt && one.serial < other.serial);
  }

  protected indexOf(message: Message): number {
    return message.origin === undefined ? -1 : message.origin.retentionIndex;
  }

  protected setIndex(message: Message, index: number): void {
    message.origin!.retentionIndex = index;
  }
}
