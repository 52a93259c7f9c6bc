import type { Message } from './message';
import { poisonReceives, type QueueDepth } from './queue-views';

/** A standard queue with message groups, as the metrics of fair queues see it. */
export interface Fairness {
  /** Message groups that are noisy now. */
  readonly noisyGroups: number;
  /** Messages that belong to no noisy group, by state. */
  readonly visibleInQuietGroups: number;
  readonly notVisibleInQuietGroups: number;
  readonly delayedInQuietGroups: number;
  /** Milliseconds that the oldest of them is in the queue; those received three times are left out, as in the age of all messages. */
  readonly oldestInQuietGroups?: number;
}

/** @param messages in the order of their arrival  @param all how many there are, whatever their groups */
export function fairnessOf(messages: Iterable<Message>, all: QueueDepth, noisy: ReadonlySet<string>, now: number): Fairness {
  const isQuiet = ({ groupId }: Message): boolean => groupId === undefined || !noisy.has(groupId);
  const { visible, inFlight, delayed } = noisy.size === 0 ? all : depthOf(messages, isQuiet);
  return {
    noisyGroups: noisy.size,
    visibleInQuietGroups: visible,
    notVisibleInQuietGroups: inFlight,
    delayedInQuietGroups: delayed,
    oldestInQuietGroups: oldestOf(messages, isQuiet, now),
  };
}

function depthOf(messages: Iterable<Message>, counts: (message: Message) => boolean): QueueDepth {
  const depth = { visible: 0, inFlight: 0, delayed: 0, gone: 0 };
  for (const message of messages) if (counts(message)) depth[message.state]++;
  return depth;
}

function oldestOf(messages: Iterable<Message>, counts: (message: Message) => boolean, now: number): number | undefined {
  for (const message of messages) if (message.receives < poisonReceives && counts(message)) return now - message.arrivedAt;
  return undefined;
}
