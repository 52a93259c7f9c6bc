import { Simulation } from '../simulator';
import { figure, median, report } from './figure';
import { order, orderPlaced, referenceStack, runHandlersInProcess } from './reference';

const MINUTES = 30;
const ROUNDS = 5;
/** Milliseconds. */
const GOAL = 100;

async function measure(): Promise<void> {
  const stack = referenceStack();
  const times: { start: number; run: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now();
    const simulation = await Simulation.start(stack, { seed: round + 1 });
    runHandlersInProcess(simulation);
    const started = performance.now();
    await simulation.topic('Orders').publish(order(1, 'not a number'), orderPlaced);
    await simulation.advance(MINUTES * 60_000);
    const ended = performance.now();
    const deadLetters = simulation.queue('Billing/DeadLetterQueue').messages.length;
    if (deadLetters !== 1) throw new Error(`the poison message must be the one dead letter, got ${deadLetters}`);
    const { state } = simulation.alarm('BillingAlarms/DeadLetters');
    if (state !== 'ALARM') throw new Error(`its alarm must be in ALARM, is ${state}`);
    await simulation.stop();
    times.push({ start: started - began, run: ended - started });
  }
  const [first, ...later] = times;
  const group = 'One poison message in the reference stack';
  report([
    // A test is often the first of its process: nothing is compiled yet.
    figure(group, `${MINUTES} simulated minutes to its alarm, the first of a process`, 'time', first.run, { below: GOAL }),
    figure(group, `the same, median of the next ${ROUNDS}`, 'time', median(later.map(({ run }) => run)), { below: GOAL }),
    figure(group, 'start of the simulation, the stack synthesized before', 'time', median(later.map(({ start }) => start))),
  ]);
}

void measure();
