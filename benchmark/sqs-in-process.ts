import { VirtualClock } from '../simulator/clock';
import { Events } from '../simulator/events';
import { Random } from '../simulator/random';
import { SqsService, type Queue } from '../simulator/sqs';
import { figure, median, report, type Figure } from './figure';

const CYCLES = 300_000;
const ROUNDS = 7;
const BACKLOG = 1_000_000;
/** As time passes, FIFO queues forget the deduplication IDs of five minutes ago. */
const MESSAGES_A_MINUTE = 10_000;
const GOAL = { rate: 300_000, share: 0.8, memory: 2 ** 30 };
const caller = { principal: 'benchmark' };
const note = 'x'.repeat(200);

const clock = new VirtualClock();

function newQueue(fifo: boolean): Queue {
  const place = { account: '000000000000', region: 'us-east-1', partition: 'aws', endpoint: 'http://127.0.0.1' };
  const service = new SqsService(clock, new Events(), new Random(1), place);
  return service.createQueue({ name: fifo ? 'orders.fifo' : 'orders', fifo });
}

let sent = 0;

/** Each message has a body of its own, as what many share would take no memory. */
function send(queue: Queue): void {
  const number = sent++;
  const body = `{"orderId":"${number}","note":"${note}"}`;
  // a hundred message groups; none is deduplicated
  queue.send(queue.fifo ? { body, messageGroupId: String(number % 100), messageDeduplicationId: String(number) } : { body }, caller);
}

/** Calls so often, and lets simulated time pass meanwhile. */
async function repeat(count: number, call: () => void): Promise<void> {
  for (let done = 0; done < count; done += MESSAGES_A_MINUTE) {
    for (let number = 0; number < MESSAGES_A_MINUTE; number++) call();
    await clock.advance(60_000);
  }
}

/** Cycles a second. */
interface Rate {
  /** Of processor time, of all threads: other programs on the machine do not count. */
  readonly processor: number;
  readonly elapsed: number;
}

/** Of cycles of send, receive and delete. */
async function measureRound(queue: Queue): Promise<Rate> {
  const before = process.cpuUsage();
  const began = performance.now();
  await repeat(CYCLES, () => {
    send(queue);
    const [message] = queue.receive(1);
    queue.delete(message.receiptHandle);
  });
  const { user, system } = process.cpuUsage(before);
  return { processor: CYCLES / (user + system) * 1e6, elapsed: CYCLES / (performance.now() - began) * 1000 };
}

async function measure(fifo: boolean): Promise<Figure[]> {
  const group = `SQS in process, ${fifo ? 'FIFO' : 'standard'}`;
  const empty = newQueue(fifo);
  const full = newQueue(fifo);
  await repeat(BACKLOG, () => send(full));
  globalThis.gc!();
  const { rss } = process.memoryUsage();
  const rounds: { empty: Rate; full: Rate }[] = [];
  // In turns, so that what else the machine does slows both; the first turn warms up.
  for (let round = 0; round <= ROUNDS; round++) rounds.push({ empty: await measureRound(empty), full: await measureRound(full) });
  rounds.shift();
  const middle = (queue: 'empty' | 'full', time: keyof Rate): number => median(rounds.map((round) => round[queue][time]));
  const share = (time: keyof Rate): number => median(rounds.map((round) => round.full[time] / round.empty[time]));
  return [
    figure(group, 'send, receive, delete, a second of processor time', 'rate', middle('empty', 'processor'), { atLeast: GOAL.rate }),
    figure(group, 'the same on the clock on the wall', 'rate', middle('empty', 'elapsed')),
    figure(group, 'with a million messages waiting, a second of processor time', 'rate', middle('full', 'processor'), { atLeast: GOAL.rate }),
    figure(group, 'the same on the clock on the wall', 'rate', middle('full', 'elapsed')),
    figure(group, 'share of the rate that a million leaves, processor time', 'ratio', share('processor'), { atLeast: GOAL.share }),
    figure(group, 'the same on the clock on the wall', 'ratio', share('elapsed'), { atLeast: GOAL.share }),
    figure(group, 'resident memory with a million messages waiting', 'memory', rss, { below: GOAL.memory }),
  ];
}

void measure(process.argv[2] === 'fifo').then(report);
