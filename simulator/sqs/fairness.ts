import type { Message } from './message';
import { poisonReceives } from './queue-views';

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

/** Counts the messages in the order of their arrival. */
export function fairnessOf(messages: Iterable<Message>, noisy: ReadonlySet<string>, now: number): Fairness {
  const counts = { visible: 0, inFlight: 0, delayed: 0, gone: 0 };
  let oldestInQuietGroups: number | undefined;
  for (const message of messages) {
    if (message.groupId !== undefined && noisy.has(message.groupId)) continue;
    counts[message.state]++;
    if (message.receives < poisonReceives) oldestInQuietGroups ??= now - message.arrivedAt;
  }
  return {
    noisyGroups: noisy.size,
    visibleInQuietGroups: counts.visible,
    notVisibleInQuietGroups: counts.inFlight,
    delayedInQuietGroups: counts.delayed,
    oldestInQuietGroups,
  };
}
