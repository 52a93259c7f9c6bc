import type { Events } from './events';

export interface QueueTally {
  sent: number;
  received: number;
  deleted: number;
  /** Messages that this queue gave up to its dead-letter queue. */
  moved: number;
  expired: number;
  bytesSent: number;
}

export interface TopicTally {
  published: number;
  delivered: number;
  filteredOut: number;
  failed: number;
  redriven: number;
}

export interface FunctionTally {
  invocations: number;
  coldStarts: number;
  /** Of the function itself: an error, a timeout or a process that ended. */
  failures: number;
  throttles: number;
  /** Messages in the batches of its event source mappings, those that failed included. */
  records: number;
  failedRecords: number;
  /** Milliseconds on the simulation's clock, of all invocations that ended. */
  totalDuration: number;
  longestDuration: number;
}

/** Of a rule of EventBridge. */
export interface RuleTally {
  /** Events that it matched, and times of its schedule. */
  triggered: number;
  /** By target, as all that follows. */
  delivered: number;
  /** Given up, those that are in a dead-letter queue left out. */
  failed: number;
  /** Sent to a dead-letter queue. */
  redriven: number;
}

/** Counts by resource what happened since the simulation began. */
export class Tally {
  private readonly queues = new Map<string, QueueTally>();
  private readonly topics = new Map<string, TopicTally>();
  private readonly functions = new Map<string, FunctionTally>();
  private readonly rules = new Map<string, RuleTally>();

  constructor(events: Events) {
    events.on('sqs', ({ action, resource, bytes }) => {
      if (action === 'sent' || action === 'received' || action === 'deleted' || action === 'moved' || action === 'expired') {
        const tally = this.queue(resource);
        tally[action]++;
        if (action === 'sent') tally.bytesSent += bytes;
      }
    });
    events.on('sns', ({ action, resource }) => {
      if (action !== 'deduplicated' && action !== 'retried') this.topic(resource)[action]++;
    });
    events.on('eventbridge', ({ action, resource }) => {
      if (action === 'triggered' || action === 'delivered' || action === 'failed' || action === 'redriven') this.rule(resource)[action]++;
    });
    events.on('lambda', ({ action, resource, coldStart, duration = 0 }) => {
      const tally = this.function(resource);
      if (action === 'throttled') {
        tally.throttles++;
      } else if (action === 'started') {
        tally.invocations++;
        if (coldStart) tally.coldStarts++;
      } else {
        if (action !== 'succeeded') tally.failures++;
        tally.totalDuration += duration;
        tally.longestDuration = Math.max(tally.longestDuration, duration);
      }
    });
    events.on('eventSourceMapping', ({ action, functionArn, messageIds, failedMessageIds }) => {
      if (action !== 'completed') return;
      const tally = this.function(functionArn);
      tally.records += messageIds.length;
      tally.failedRecords += failedMessageIds.length;
    });
  }

  queue(arn: string): QueueTally {
    return entry(this.queues, arn, () => ({ sent: 0, received: 0, deleted: 0, moved: 0, expired: 0, bytesSent: 0 }));
  }

  topic(arn: string): TopicTally {
    return entry(this.topics, arn, () => ({ published: 0, delivered: 0, filteredOut: 0, failed: 0, redriven: 0 }));
  }

  rule(arn: string): RuleTally {
    return entry(this.rules, arn, () => ({ triggered: 0, delivered: 0, failed: 0, redriven: 0 }));
  }

  function(arn: string): FunctionTally {
    return entry(this.functions, arn, () => ({
      invocations: 0, coldStarts: 0, failures: 0, throttles: 0, records: 0, failedRecords: 0, totalDuration: 0, longestDuration: 0,
    }));
  }
}

function entry<T>(map: Map<string, T>, key: string, initial: () => T): T {
  let found = map.get(key);
  if (!found) map.set(key, found = initial());
  return found;
}
