import type { Simulation } from '../../simulator';
import type { OrderLine } from './orders';

/** A line that SNS would not take: it was never published. */
export interface RefusedLine {
  readonly number: number;
  readonly reason: string;
}

export interface ScenarioResult {
  readonly published: number;
  readonly refused: readonly RefusedLine[];
}

export interface Progress {
  /** @param share from 0 to 1 of the step, where it is known */
  (step: string, share?: number): void;
}

/** SNS filters out a message without any attribute, even where the policy asks for an attribute's absence. */
const channel = 'shop';
const minute = 60_000;
/** All orders arrive within so many minutes. */
const publishingMinutes = 60;
/** The longest time that the scenario waits for retries: a message that is neither processed nor a dead letter by then is missing. */
const patience = 12 * 60 * minute;
/** What alarms take to see that all is quiet. */
const aftermath = 15 * minute;

/** Runs the four uses of queues of the reference stack: orders fanned out, payments in order, report jobs, an upload. */
export async function runScenario(simulation: Simulation, orders: readonly OrderLine[], progress: Progress): Promise<ScenarioResult> {
  await sendReportJobs(simulation);
  simulation.bucket('Documents').put('incoming/orders.ndjson', uploadedOrders());
  simulation.bucket('Documents').put('incoming/broken.ndjson', 'this upload is no order\n');

  const refused = await publish(simulation, orders, progress);
  for (let waited = 0; waited < patience && simulation.ledger.unsettled > 0; waited += minute) {
    progress('Waiting for retries');
    await simulation.advance(minute);
  }
  await simulation.advance(aftermath);
  return { published: orders.length - refused.length, refused };
}

/** The orders of a minute come in one burst, so that consumers get them in batches, good and bad ones together. */
async function publish(simulation: Simulation, orders: readonly OrderLine[], progress: Progress): Promise<RefusedLine[]> {
  const refused: RefusedLine[] = [];
  const topic = simulation.topic('Orders');
  const burst = Math.ceil(orders.length / publishingMinutes);
  for (let first = 0; first < orders.length; first += burst) {
    progress('Publishing orders', first / orders.length);
    for (const { number, text, eventType } of orders.slice(first, first + burst)) {
      try {
        await topic.publish(text, { attributes: eventType === undefined ? { channel } : { channel, eventType } });
      } catch (error) {
        refused.push({ number, reason: (error as Error).message });
      }
    }
    await simulation.advance(minute);
  }
  return refused;
}

async function sendReportJobs(simulation: Simulation): Promise<void> {
  const queue = simulation.queue('Reports');
  for (const [index, kind] of ['daily-sales', 'stock', 'daily-sales', 'stock'].entries()) {
    await queue.send({ reportId: `report-${index + 1}`, kind, date: '2026-01-04' });
  }
  await queue.send({ reportId: 'report-5', kind: 'horoscope', date: 'tomorrow' });
}

function uploadedOrders(): string {
  const orders = ['upload-1', 'upload-2', 'upload-3'].map((orderId) => ({
    orderId, eventType: 'OrderPlaced', customerId: 'customer-wholesale', placedAt: '2026-01-05T08:00:00.000Z', currency: 'EUR',
    items: [{ sku: 'TEA-250', name: 'Green tea, 250 g', quantity: 40, unitPrice: 6.5 }], total: 260,
  }));
  return `${orders.map((order) => JSON.stringify(order)).join('\n')}\n`;
}
