import type { Delivery, QueuedMessage, Simulation } from '../../simulator';
import type { MissingMessage } from '../start/account-for';

/** What became of every message that topics and queues accepted. */
export interface Account {
  readonly published: number;
  /** Messages sent straight to queues. */
  readonly sent: number;
  /** Deliveries and direct messages that were received and deleted, and deliveries to what is no queue. */
  readonly processed: number;
  readonly filteredOut: number;
  /** Messages that are, or were, in dead-letter queues. */
  readonly deadLetters: number;
  /** Messages in queues from which nobody received anything. */
  readonly waiting: number;
  /** Lost, or still on the way in a queue that is being processed. */
  readonly missing: readonly MissingMessage[];
}

/** Accounts for messages wherever they went, in any app. */
export function accountOf(simulation: Simulation): Account {
  const { ledger, traces } = simulation;
  const untouched = new Set(simulation.queues.filter(({ tally }) => tally.received === 0).map(({ arn }) => arn));
  const count = { published: 0, sent: 0, processed: 0, filteredOut: 0, deadLetters: 0, waiting: 0 };
  const missing: MissingMessage[] = [];
  const delivered = new Set<string>();

  const settle = (messageId: string, outcome: keyof typeof count | { readonly lost: string }): void => {
    if (typeof outcome === 'string') count[outcome]++;
    else missing.push({ messageId, reason: outcome.lost });
  };
  const ofMessage = ({ deadLetter, state, queue }: QueuedMessage): Parameters<typeof settle>[1] => {
    if (deadLetter) return 'deadLetters';
    if (state === 'deleted') return 'processed';
    if (state === 'waiting' && untouched.has(queue)) return 'waiting';
    return { lost: `${state} in ${traces.name(queue)}` };
  };
  const ofDelivery = ({ outcome, to, messageId, reason }: Delivery): Parameters<typeof settle>[1] => {
    if (outcome === 'filteredOut') return 'filteredOut';
    if (outcome === 'redriven') return 'deadLetters';
    if (outcome === 'failed') return { lost: `not delivered to ${traces.name(to ?? 'its endpoint')}: ${reason}` };
    const message = messageId === undefined ? undefined : ledger.inQueue(messageId);
    return message ? ofMessage(message) : 'processed';
  };

  for (const { messageId, deliveries } of ledger.published()) {
    count.published++;
    for (const delivery of deliveries) {
      if (delivery.messageId !== undefined) delivered.add(delivery.messageId);
      settle(messageId, ofDelivery(delivery));
    }
  }
  for (const message of ledger.queued()) {
    if (delivered.has(message.messageId)) continue;
    count.sent++;
    settle(message.messageId, ofMessage(message));
  }
  return { ...count, missing };
}
