import { gunzipSync } from 'node:zlib';
import type { Delivery, QueuedMessage, Simulation } from '../../simulator';

/** What became of every message. */
export interface Account {
  /** Messages that the topics accepted. */
  readonly published: number;
  /** Messages sent straight to queues, notifications of uploads included. */
  readonly sent: number;
  /** Deliveries and direct messages that a consumer processed. */
  readonly processed: number;
  readonly deadLetters: number;
  /** Deliveries that a filter policy left out. */
  readonly filteredOut: number;
  /** Published messages, and dead letters, that are in the archive. */
  readonly archived: number;
  readonly missing: readonly MissingMessage[];
}

export interface MissingMessage {
  readonly messageId: string;
  readonly reason: string;
}

export interface ArchiveContent {
  readonly objects: number;
  readonly messages: number;
  readonly bytes: number;
  readonly messageIds: ReadonlySet<string>;
}

/** Reads the archive as its user would: every line of every object. */
export function readArchive(simulation: Simulation, path: string): ArchiveContent {
  const messageIds = new Set<string>();
  let messages = 0;
  let bytes = 0;
  const { objects } = simulation.bucket(path);
  for (const { body } of objects) {
    bytes += body.length;
    for (const line of gunzipSync(body).toString().split('\n')) {
      if (line === '') continue;
      messages++;
      messageIds.add((JSON.parse(line) as { messageId: string }).messageId);
    }
  }
  return { objects: objects.length, messages, bytes, messageIds };
}

/**
 * Holds every message that the topics and the queues accepted against what became of it: at each subscription it was
 * processed, became a dead letter or was filtered out by policy, and what was published is in the archive.
 */
export function accountFor(simulation: Simulation, topicPaths: readonly string[], archive: ArchiveContent): Account {
  const { ledger } = simulation;
  const topics = new Set(topicPaths.map((path) => simulation.topic(path).arn));
  const missing: MissingMessage[] = [];
  const count = { published: 0, sent: 0, processed: 0, deadLetters: 0, filteredOut: 0, archived: 0 };

  const outcomeOf = (message: QueuedMessage): string | undefined => {
    if (message.deadLetter) {
      count.deadLetters++;
      if (archive.messageIds.has(message.messageId)) count.archived++;
      return undefined;
    }
    if (message.state !== 'deleted') return `${message.state} in ${nameOf(message.queue)}`;
    count.processed++;
    return undefined;
  };

  const outcomeOfDelivery = ({ outcome, to, messageId, reason }: Delivery): string | undefined => {
    if (outcome === 'filteredOut') {
      count.filteredOut++;
      return undefined;
    }
    if (outcome === 'failed') return `lost at ${nameOf(to)}: ${reason}`;
    if (outcome === 'redriven') {
      count.deadLetters++;
      return undefined;
    }
    const message = messageId === undefined ? undefined : ledger.inQueue(messageId);
    return message ? outcomeOf(message) : `not found at ${nameOf(to)}`;
  };

  const delivered = new Set<string>();
  for (const { messageId, topic, deliveries } of ledger.published()) {
    if (!topics.has(topic)) continue;
    count.published++;
    const isArchived = deliveries.some((delivery) => delivery.messageId !== undefined && archive.messageIds.has(delivery.messageId));
    const reasons = [isArchived ? undefined : 'not in the archive', ...deliveries.map(outcomeOfDelivery)];
    for (const delivery of deliveries) if (delivery.messageId !== undefined) delivered.add(delivery.messageId);
    if (isArchived) count.archived++;
    const reason = reasons.filter((one) => one !== undefined).join('; ');
    if (reason) missing.push({ messageId, reason });
  }
  for (const message of ledger.queued()) {
    if (delivered.has(message.messageId)) continue;
    count.sent++;
    const reason = outcomeOf(message);
    if (reason) missing.push({ messageId: message.messageId, reason });
  }
  return { ...count, missing };
}

function nameOf(arn: string | undefined): string {
  return arn === undefined ? 'an unknown endpoint' : arn.slice(arn.lastIndexOf(':') + 1);
}
