import type { Simulation } from '../../simulator';

/** What a simulation shows at one moment. Times are ISO 8601 on the simulation's clock, durations milliseconds. */
export interface Observation {
  readonly topics: readonly TopicReport[];
  readonly queues: readonly QueueReport[];
  readonly functions: readonly FunctionReport[];
  readonly alarms: readonly AlarmReport[];
  /** What a policy did not allow. */
  readonly denials: readonly { readonly principal: string; readonly action: string; readonly resource: string; readonly reason: string }[];
}

export interface TopicReport {
  readonly name: string;
  readonly published: number;
  readonly delivered: number;
  readonly filteredOut: number;
  /** Deliveries that were given up. */
  readonly failed: number;
}

export interface QueueReport {
  readonly name: string;
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
  readonly waiting: number;
  readonly inFlight: number;
  /** Messages of this queue that moved to its dead-letter queue. */
  readonly deadLetters: number;
}

export interface FunctionReport {
  readonly name: string;
  readonly invocations: number;
  /** Invocations that ended with an error or in a timeout. */
  readonly failures: number;
  readonly throttles: number;
  readonly coldStarts: number;
  /** Messages that it was given, again after a failure included. */
  readonly records: number;
  readonly failedRecords: number;
  readonly averageDuration: number;
  readonly longestDuration: number;
}

export interface AlarmReport {
  readonly name: string;
  readonly state: string;
  readonly changes: readonly { readonly at: string; readonly from: string; readonly to: string; readonly reason: string }[];
}

export function observe(simulation: Simulation): Observation {
  const { traces } = simulation;
  return {
    topics: simulation.topics.map(({ arn, tally: { published: count, delivered, filteredOut, failed } }) => (
      { name: traces.name(arn), published: count, delivered, filteredOut, failed }
    )),
    queues: simulation.queues.map(({ arn, tally, depth }) => ({
      name: traces.name(arn), sent: tally.sent, received: tally.received, deleted: tally.deleted,
      waiting: depth.visible + depth.delayed, inFlight: depth.inFlight, deadLetters: tally.moved,
    })),
    functions: simulation.functions.filter(({ tally }) => tally.invocations > 0).map(({ arn, tally }) => ({
      name: traces.name(arn), invocations: tally.invocations, failures: tally.failures, throttles: tally.throttles, coldStarts: tally.coldStarts,
      records: tally.records, failedRecords: tally.failedRecords,
      averageDuration: Math.round(tally.totalDuration / tally.invocations), longestDuration: tally.longestDuration,
    })),
    alarms: simulation.alarms.map(({ name, state, history }) => ({
      name: traces.name(name), state, changes: history.map(({ at, from, to, reason }) => ({ at: new Date(at).toISOString(), from, to, reason })),
    })),
    denials: simulation.denials.map(({ principal, action, resource, reason }) => ({ principal, action, resource, reason })),
  };
}
