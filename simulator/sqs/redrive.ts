import { invalidParameter } from './errors';
import { Message } from './message';
import type { QueueSettings } from './queue-properties';

/** What a redrive policy asks of the two queues. */
export interface RedriveEnd {
  readonly arn: string;
  readonly fifo: boolean;
  readonly redriveAllowPolicy?: QueueSettings['redriveAllowPolicy'];
}

/** Throws the `ServiceError` with which AWS refuses a redrive policy when it is set up. */
export function checkRedrive(source: RedriveEnd, target: RedriveEnd | undefined, targetArn: string): asserts target is RedriveEnd {
  const refuse = (reason: string): never => {
    throw invalidParameter(`The redrive policy of ${source.arn} is invalid: ${reason}`);
  };
  if (target === undefined) return refuse(`the dead-letter queue ${targetArn} does not exist in its account and region`);
  if (target.arn === source.arn) refuse('a queue cannot be its own dead-letter queue');
  if (target.fifo !== source.fifo) {
    const kind = (fifo: boolean): string => (fifo ? 'FIFO' : 'standard');
    refuse(`the dead-letter queue must be of the same type, got a ${kind(source.fifo)} source and a ${kind(target.fifo)} dead-letter queue`);
  }
  if (!allows(target, source.arn)) {
    refuse(`the redrive-allow policy of ${target.arn} (${target.redriveAllowPolicy!.redrivePermission}) does not allow it`);
  }
}

function allows({ redriveAllowPolicy }: RedriveEnd, sourceArn: string): boolean {
  switch (redriveAllowPolicy?.redrivePermission) {
    case 'denyAll': return false;
    case 'byQueue': return redriveAllowPolicy.sourceQueueArns!.includes(sourceArn);
    default: return true;
  }
}

/** The message as a dead-letter queue has it: same ID, and the receive count goes on. */
export function deadLetter(from: Message, sourceArn: string, fifo: boolean, now: number): Message {
  const message = new Message(from.messageId, from.body, from.attributes, from.bytes, from.senderId, fifo ? now : from.sentAt);
  message.origin = { movedAt: now, receives: from.receiveCount, source: sourceArn, retentionIndex: -1 };
  message.firstReceivedAt = from.firstReceivedAt;
  message.groupId = from.groupId;
  // Two messages may share a deduplication ID once its interval is over: AWS replaces it by the message ID, so that both are kept.
  message.deduplicationId = fifo ? from.messageId : undefined;
  message.traceHeader = from.traceHeader;
  return message;
}

/** The message as a redrive brings it back: a new one. */
export function redriven(from: Message, messageId: string, now: number): Message {
  const message = new Message(messageId, from.body, from.attributes, from.bytes, from.senderId, now);
  message.groupId = from.groupId;
  message.deduplicationId = from.deduplicationId;
  message.traceHeader = from.traceHeader;
  return message;
}
