import { Simulation } from '../simulator';
import { figure, report } from './figure';
import { order, orderPlaced, referenceStack } from './reference';

/** What a user of the reference stack waits for, in a process that has done nothing before. */
async function measure(): Promise<void> {
  const group = 'The reference stack in a fresh process';
  const moments = [performance.now()];
  const done = (): void => { moments.push(performance.now()); };
  const stack = referenceStack();
  done();
  const simulation = await Simulation.start(stack);
  done();
  await simulation.topic('Orders').publish(order(1), orderPlaced);
  await simulation.advance(60_000);
  done();
  const tallies = simulation.functions.map(({ tally }) => tally);
  const coldStarts = tallies.reduce((sum, tally) => sum + tally.coldStarts, 0);
  const failures = tallies.reduce((sum, tally) => sum + tally.failures, 0);
  if (failures > 0) throw new Error(`no function may fail, got ${failures} failures`);
  const [construct, start, minute] = moments.slice(1).map((moment, index) => moment - moments[index]);
  report([
    figure(group, 'constructs made', 'time', construct),
    figure(group, 'synthesis, and start of the simulation', 'time', start),
    figure(group, `a minute with one order: cold starts of ${coldStarts} bundles`, 'time', minute),
  ]);
  await simulation.stop();
}

void measure();
