import type { Simulation } from '../../simulator';
import { type Observation, observe } from '../report/observe';
import { accountFor, readArchive, type Account } from './account-for';
import type { OrderLine } from './orders';
import type { RefusedLine, ScenarioResult } from './scenario';

/** What a run of the scenario shows. Times are ISO 8601 on the simulation's clock, durations milliseconds, sizes bytes. */
export interface Report extends Observation {
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
  readonly archive: { readonly objects: number; readonly messages: number; readonly bytes: number };
  readonly account: Account;
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
    ...observe(simulation),
    archive: { objects, messages, bytes },
    account: accountFor(simulation, archivedTopics, archive),
  };
}
