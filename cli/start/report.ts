import type { Simulation } from '../../simulator';
import { accountFor, readArchive, type Account } from './account-for';
import type { OrderLine } from './orders';
import type { RefusedLine, ScenarioResult } from './scenario';

/** What a run of the scenario shows. Times are ISO 8601 on the simulation's clock, durations milliseconds, sizes bytes. */
export interface Report {
  readonly simulatedFrom: string;
  readonly simulatedTo: string;
  readonly input: {
    readonly orders: number;
    readonly published: number;
    /** Lines that were published as they are though something is wrong with them. */
    readonly defects: readonly { readonly line: number; readonly defect: string }[];
    /** Lines that SNS did not take. */
    readonly refused: readonly RefusedLine[];
  };
  readonly topics: readonly TopicReport[];
  readonly queues: readonly QueueReport[];
  readonly functions: readonly FunctionReport[];
  readonly archive: { readonly objects: number; readonly messages: number; readonly bytes: number };
  readonly alarms: readonly AlarmReport[];
  /** What a policy did not allow. */
  readonly denials: readonly { readonly principal: string; readonly action: string; readonly resource: string; readonly reason: string }[];
  readonly account: Account;
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

/** The topics whose every message is archived; alarms are published elsewhere. */
const archivedTopics = ['Orders', 'PaymentRequests'];

export function reportOn(simulation: Simulation, began: Date, orders: readonly OrderLine[], { published, refused }: ScenarioResult): Report {
  const archive = readArchive(simulation, 'Archive');
  const { objects, messages, bytes } = archive;
  return {
    simulatedFrom: began.toISOString(),
    simulatedTo: simulation.now.toISOString(),
    input: {
      orders: orders.length,
      published,
      defects: orders.flatMap(({ number, defect }) => (defect === undefined ? [] : [{ line: number, defect }])),
      refused,
    },
    topics: simulation.topics.map(({ path, tally: { published: count, delivered, filteredOut, failed } }) => (
      { name: path, published: count, delivered, filteredOut, failed }
    )),
    queues: simulation.queues.map(({ path, tally, depth }) => ({
      name: path, sent: tally.sent, received: tally.received, deleted: tally.deleted,
      waiting: depth.visible + depth.delayed, inFlight: depth.inFlight, deadLetters: tally.moved,
    })),
    functions: simulation.functions.filter(({ tally }) => tally.invocations > 0).map(({ path, tally }) => ({
      name: path, invocations: tally.invocations, failures: tally.failures, throttles: tally.throttles, coldStarts: tally.coldStarts,
      records: tally.records, failedRecords: tally.failedRecords,
      averageDuration: Math.round(tally.totalDuration / tally.invocations), longestDuration: tally.longestDuration,
    })),
    archive: { objects, messages, bytes },
    alarms: simulation.alarms.map(({ path, state, history }) => ({
      name: path, state, changes: history.map(({ at, from, to, reason }) => ({ at: new Date(at).toISOString(), from, to, reason })),
    })),
    denials: simulation.denials.map(({ principal, action, resource, reason }) => ({ principal, action, resource, reason })),
    account: accountFor(simulation, archivedTopics, archive),
  };
}
