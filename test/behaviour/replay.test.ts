import { Duration, type Stack } from 'aws-cdk-lib';
import { DurableQueue, FanOutTopic } from '../../lib';
import { Simulation } from '../../simulator';
import { newStack } from '../lib/set-up';

const customers = ['ada', 'grace'];
const began = new Date('2026-01-05T09:00:00Z');

/** Payments in order for each customer, kept for 30 days; a ledger that is added later asks for all of them. */
function payments({ ledger, archived = true }: { ledger?: Date; archived?: boolean } = {}): Stack {
  const stack = newStack({});
  const topic = new FanOutTopic(stack, 'Payments', {
    fifo: true, contentBasedDeduplication: true, archiveRetentionPeriod: archived ? Duration.days(30) : undefined,
  });
  topic.addQueue('Billing', new DurableQueue(stack, 'Billing', { fifo: true, deadLettersBreakOrder: true }));
  if (ledger) topic.addQueue('Ledger', new DurableQueue(stack, 'Ledger', { fifo: true, deadLettersBreakOrder: true }), { replayFrom: ledger });
  return stack;
}

const bodiesOf = (simulation: Simulation, path: string): Record<string, string[]> => Object.fromEntries(customers.map((customer) => [
  customer, simulation.queue(path).messages.map(({ body }) => body).filter((body) => body.startsWith(customer)),
]));

// https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
test('a queue that is added later receives what a FIFO topic kept, in order for each group, and nothing is sent to the others again', async () => {
  const simulation = await Simulation.start(payments(), { startTime: began });
  for (const step of [1, 2, 3]) {
    for (const customer of customers) await simulation.topic('Payments').publish(`${customer} ${step}`, { messageGroupId: customer });
    await simulation.advance(Duration.hours(1));
  }
  const expected = { ada: ['ada 1', 'ada 2', 'ada 3'], grace: ['grace 1', 'grace 2', 'grace 3'] };

  await simulation.update(payments({ ledger: began }));
  await simulation.advance(Duration.minutes(10));

  expect(bodiesOf(simulation, 'Ledger')).toEqual(expected);
  expect(bodiesOf(simulation, 'Billing')).toEqual(expected);
  await simulation.topic('Payments').publish('ada 4', { messageGroupId: 'ada' });
  await simulation.advance(Duration.minutes(1));
  expect(bodiesOf(simulation, 'Ledger').ada.at(-1)).toBe('ada 4');
  expect(simulation.denials).toEqual([]);
  await simulation.stop();
});

test('a replay reaches back to its first moment only', async () => {
  const simulation = await Simulation.start(payments(), { startTime: began });
  for (const step of [1, 2, 3]) {
    await simulation.topic('Payments').publish(`ada ${step}`, { messageGroupId: 'ada' });
    await simulation.advance(Duration.hours(1));
  }
  await simulation.update(payments({ ledger: new Date('2026-01-05T10:30:00Z') }));
  await simulation.advance(Duration.minutes(10));
  expect(bodiesOf(simulation, 'Ledger').ada).toEqual(['ada 3']);
  await simulation.stop();
});

test('without an archive there is nothing to replay, and synthesis says so', () => {
  expect(() => payments({ ledger: began, archived: false })).toThrow(/replayFrom/);
});
