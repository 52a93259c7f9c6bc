import { Duration } from 'aws-cdk-lib';
import { accountFor, readArchive } from '../../cli/start/account-for';
import { Simulation } from '../../simulator';
import { order, referenceStack } from '../reference/set-up';

let simulation: Simulation;
const app = referenceStack().node.root;

beforeEach(async () => {
  simulation = await Simulation.start(app);
});

afterEach(() => simulation.stop());

const account = () => accountFor(simulation, ['Orders', 'PaymentRequests'], readArchive(simulation, 'Archive'));

const publish = (message: object | string) => (
  simulation.topic('Orders').publish(message, { attributes: { channel: 'shop', eventType: 'OrderPlaced' } })
);

test('an order that was billed, paid and shipped is accounted for', async () => {
  await publish(order());
  await simulation.advance(Duration.minutes(5));
  expect(account()).toEqual({ published: 3, sent: 1, processed: 7, deadLetters: 0, filteredOut: 2, archived: 3, missing: [] });
});

test('a dead letter is accounted for, in its queue or in the archive', async () => {
  await publish('not JSON');
  await simulation.queue('Reports').send('no job');
  await simulation.advance(Duration.hours(1));
  expect(account()).toEqual({ published: 1, sent: 2, processed: 2, deadLetters: 2, filteredOut: 1, archived: 2, missing: [] });
});

test('a message that is not processed yet is missing', async () => {
  const messageId = await publish(order());
  expect(account().missing).toContainEqual({ messageId, reason: 'not in the archive' });
});

test('a message that the archiver acknowledged without writing it is missing', async () => {
  simulation.function('Archive/Archiver').handler = () => ({ batchItemFailures: [] });
  const messageId = await publish('not JSON');
  await simulation.advance(Duration.hours(1));
  expect(account().missing).toEqual([{ messageId, reason: 'not in the archive' }]);
});

test('a message that stays in a queue is missing, with the queue', async () => {
  const messageId = await simulation.queue('Reports').send('job', { delaySeconds: 900 });
  await simulation.advance(Duration.minutes(1));
  expect(account().missing).toEqual([{ messageId, reason: expect.stringMatching(/^waiting in OrderMessaging-Reports/) }]);
});
