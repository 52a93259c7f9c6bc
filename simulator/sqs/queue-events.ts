import type { Events, SqsEvent } from '../events';
import type { Message } from './message';

/** Says what happens in one queue. */
export class QueueEvents {
  constructor(private readonly events: Events, private readonly resource: string) {}

  of(message: Message, action: SqsEvent['action'], at: number, to?: string): void {
    this.emit(action, message.messageId, message.bytes, message.receiveCount, at, to);
  }

  emit(action: SqsEvent['action'], messageId: string, bytes: number, receiveCount: number, at: number, to?: string): void {
    const { resource } = this;
    this.events.emit(to === undefined
      ? { service: 'sqs', action, at, resource, messageId, bytes, receiveCount }
      : { service: 'sqs', action, at, resource, messageId, bytes, receiveCount, to });
  }
}
