import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ConsumerFunction, DeadLetterConsumer, DurableQueue, type DurableQueueProps, Quarantine, QuarantineAlarm, QueueConsumer } from '../../lib';
import { Simulation } from '../../simulator';

const code = lambda.Code.fromInline('exports.handler = async () => {};');
const fifo = { fifo: true, deadLettersBreakOrder: true };
let simulation: Simulation;
let tries: number;

async function start(props: DurableQueueProps, handler: (body: string) => void): Promise<void> {
  const stack = new Stack(new App(), 'Test');
  const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 2, ...props });
  new QueueConsumer(stack, 'OrdersConsumer', { queue, handler: new ConsumerFunction(stack, 'Function', { code }).function });
  const quarantine = new Quarantine(stack, 'Quarantine', { queue, maxRedrives: 3 });
  new QuarantineAlarm(stack, 'Alarm', { deadLetterConsumer: quarantine.consumer });
  tries = 0;
  simulation = await Simulation.start(stack, { handlers: { Function: (event) => {
    const { Records } = event as { Records: { messageId: string; body: string }[] };
    return { batchItemFailures: Records.filter(({ body }) => {
      tries++;
      try { handler(body); return false; } catch { return true; }
    }).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  } } });
}

const poison = (): void => { throw new Error('poison'); };
const quarantined = () => simulation.queue('Quarantine/DeadLetters/QuarantineQueue').messages;

afterEach(() => simulation.stop());

test.each<[string, DurableQueueProps, object]>([
  ['standard', {}, {}], ['FIFO', fifo, { messageGroupId: 'customer-1', messageDeduplicationId: 'order-1' }],
])('a poison message of a %s queue is redriven three times, then lies in quarantine and raises an alarm', async (_type, props, options) => {
  await start(props, poison);
  await simulation.queue('Orders').send('poison', options);
  await simulation.advance(Duration.days(2));

  expect(tries).toBe(2 * (1 + 3));
  expect(simulation.queue('Orders').messages).toEqual([]);
  expect(simulation.queue('Orders/DeadLetterQueue').messages).toEqual([]);
  expect(quarantined()).toEqual([expect.objectContaining({ body: 'poison' })]);
  expect(simulation.alarm('Alarm/Quarantine').state).toBe('ALARM');
});

test('a message that only time had to mend is processed, and nobody is told', async () => {
  await start({}, () => { if (tries <= 4) throw new Error('not yet'); });
  await simulation.queue('Orders').send('early');
  await simulation.advance(Duration.days(2));

  expect(tries).toBe(5);
  expect(quarantined()).toEqual([]);
  expect(simulation.alarm('Alarm/Quarantine').history.map(({ to }) => to)).not.toContain('ALARM');
});

test('a dead letter that its consumer fails on is quarantined instead of tried until it is lost', async () => {
  const stack = new Stack(new App(), 'Test');
  const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 2 });
  const consumer = new ConsumerFunction(stack, 'Function', { code });
  new QueueConsumer(stack, 'OrdersConsumer', { queue, handler: consumer.function });
  new DeadLetterConsumer(stack, 'DeadLetters', { queue, handler: new ConsumerFunction(stack, 'Undertaker', { code }).function, maxReceiveCount: 3 });
  simulation = await Simulation.start(stack, { handlers: { Function: poison, Undertaker: poison } });
  await simulation.queue('Orders').send('poison');
  await simulation.advance(Duration.days(1));

  expect(simulation.queue('Orders/DeadLetterQueue').messages).toEqual([]);
  expect(simulation.queue('DeadLetters/QuarantineQueue').messages).toEqual([expect.objectContaining({ body: 'poison' })]);
  expect(simulation.function('Undertaker').tally.invocations).toBeGreaterThanOrEqual(3);
});
