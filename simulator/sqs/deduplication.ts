import { hash } from 'node:crypto';
import type { MessageToSend, SentMessage } from '../contracts';
import { invalidParameter, missingParameter } from './errors';
import { sequenceNumberOf, type Message } from './message';
import { checkFifoIdentifier } from './message-validation';
import { hashOf, PackedSends } from './packed-sends';
import type { QueueSettings } from './queue-properties';
import { deduplicationInterval, Generations } from './recently-seen';

/** The sends of a FIFO queue within the deduplication interval; message groups share one scope or have one each. */
export class Deduplication {
  private readonly sends = new Generations(() => new PackedSends());

  find(settings: QueueSettings, groupId: string, deduplicationId: string, now: number): SentMessage | undefined {
    const key = keyOf(settings, groupId, deduplicationId);
    const hash = hashOf(key);
    const send = this.sends.latest.find(key, hash) ?? this.sends.earlier.find(key, hash);
    if (send === undefined || send.at + deduplicationInterval <= now) return undefined;
    return { messageId: send.messageId, sequenceNumber: sequenceNumberOf(send.serial) };
  }

  remember(settings: QueueSettings, message: Message, now: number): void {
    const { groupId, deduplicationId, messageId, serial } = message;
    const key = keyOf(settings, groupId!, deduplicationId!);
    this.sends.at(now).add(key, hashOf(key), { at: now, messageId, serial });
  }
}

/** The ID by which a send is deduplicated; undefined for standard queues. Throws what AWS would refuse for the queue's type. */
export function deduplicationIdOf(message: MessageToSend, { fifo, contentBasedDeduplication }: QueueSettings): string | undefined {
  const { messageGroupId, messageDeduplicationId } = message;
  if (messageGroupId !== undefined) checkFifoIdentifier('MessageGroupId', messageGroupId);
  if (!fifo) {
    if (messageDeduplicationId === undefined) return undefined;
    throw invalidParameter(`Value ${messageDeduplicationId} for parameter MessageDeduplicationId is invalid. `
      + 'Reason: The request includes a parameter that is not valid for this queue type.');
  }
  if (messageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (messageDeduplicationId !== undefined) {
    checkFifoIdentifier('MessageDeduplicationId', messageDeduplicationId);
    return messageDeduplicationId;
  }
  if (!contentBasedDeduplication) {
    throw invalidParameter('The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
  }
  return hash('sha256', message.body, 'hex');
}

/** No identifier has a line feed, so that no two keys meet. */
function keyOf({ deduplicationScope }: QueueSettings, groupId: string, deduplicationId: string): string {
  return deduplicationScope === 'messageGroup' ? `${groupId}\n${deduplicationId}` : deduplicationId;
}
