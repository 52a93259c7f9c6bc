import type { Events, SqsEvent } from '../events';
import type { Message } from './message';

/** Says what happens in one queue. */
export class QueueEvents {
  constructor(private readonly events: Events, private readonly resource: string) {}

  of(message: Message, action: SqsEvent['action'], at: number, to?: string, movedMessageId?: string): void {
    if (!this.events.hasListeners('sqs')) return;
    const { messageId, bytes, receiveCount, body } = message;
    const { resource } = this;
    if (action === 'sent') this.events.emit({ service: 'sqs', action, at, resource, messageId, bytes, receiveCount, body });
    else if (movedMessageId === undefined) this.emit(action, messageId, bytes, receiveCount, at, to);
    else this.events.emit({ service: 'sqs', action, at, resource, messageId, bytes, receiveCount, to, movedMessageId });
  }

  emit(action: SqsEvent['action'], messageId: string, bytes: number, receiveCount: number, at: number, to?: string): void {
    const { resource } = this;
    this.events.emit(to === undefined
      ? { service: 'sqs', action, at, resource, messageId, bytes, receiveCount }
      : { service: 'sqs', action, at, resource, messageId, bytes, receiveCount, to });
  }
}
