import { Simulation } from '../simulator';
import { accountFor, readArchive } from '../cli/start/account-for';
import { figure, report } from './figure';
import { order, orderPlaced, referenceStack, runHandlersInProcess } from './reference';

const ORDERS = 100_000;
const MINUTES = 24 * 60;
/** Of every thousand orders, those that no consumer takes. */
const POISON = 2;
/** Milliseconds. */
const GOAL = 60_000;

/** A day of orders, spread evenly, and two hours for retries; then every message is held against what became of it. */
async function measure(): Promise<void> {
  const simulation = await Simulation.start(referenceStack());
  runHandlersInProcess(simulation);
  const topic = simulation.topic('Orders');
  const began = performance.now();
  let published = 0;
  for (let minute = 1; minute <= MINUTES; minute++) {
    for (; published < ORDERS * minute / MINUTES; published++) {
      const poison = published % 1000 < POISON;
      await topic.publish(order(published, poison ? 'not a number' : undefined), orderPlaced);
    }
    await simulation.advance(60_000);
  }
  await simulation.advance(2 * 3_600_000);
  const took = performance.now() - began;

  const { processed, deadLetters, missing } = accountFor(simulation, ['Orders', 'PaymentRequests'], readArchive(simulation, 'Archive'));
  if (missing.length > 0) throw new Error(`every message must be accounted for, ${missing.length} are not: ${missing[0].reason}`);
  const expected = ORDERS * POISON / 1000;
  if (deadLetters !== expected) throw new Error(`the ${expected} poison orders must be the dead letters, got ${deadLetters}`);
  const group = 'A day of the reference stack, 100,000 orders';
  report([
    figure(group, `handlers in the process; ${processed.toLocaleString('en')} messages processed`, 'time', took, { below: GOAL }),
    figure(group, 'simulated messages processed', 'rate', processed / took * 1000),
    figure(group, 'resident memory at its end', 'memory', process.memoryUsage().rss),
  ]);
  await simulation.stop();
}

void measure();
