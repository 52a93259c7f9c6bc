import type { MessageAttribute } from '../contracts';
import type { Message } from './message';

/** A standard queue's age metric leaves out a message that was received this often. */
export const poisonReceives = 3;

export interface ReceiveOptions {
  /** Seconds. @default - the queue's */
  readonly visibilityTimeout?: number;
  /** FIFO queues: a repeated receive with the same ID within five minutes gets the same messages. */
  readonly receiveRequestAttemptId?: string;
}

/** What a look into the queue shows of a message. */
export interface MessageSnapshot {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly systemAttributes: Readonly<Record<string, string>>;
  readonly state: 'visible' | 'inFlight' | 'delayed';
}

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export function snapshotOf(message: Message): MessageSnapshot {
  const { messageId, body, attributes, state } = message;
  return { messageId, body, attributes, systemAttributes: message.systemAttributes(), state: state as MessageSnapshot['state'] };
}

/** Seconds since the first of these that was received less than `receives` times came into its queue. */
export function ageOfOldest(messages: Iterable<Message>, receives: number, now: number): number | undefined {
  for (const message of messages) {
    if (message.receives < receives) return (now - message.arrivedAt) / 1000;
  }
  return undefined;
}
