import { VirtualClock } from '../simulator/clock';
import { Events } from '../simulator/events';
import { Random } from '../simulator/random';
import { SqsService, type Queue } from '../simulator/sqs';
import { figure, median, report, type Figure } from './figure';

const CYCLES = 300_000;
const ROUNDS = 5;
const BACKLOG = 1_000_000;
/** As time passes, FIFO queues forget the deduplication IDs of five minutes ago. */
const MESSAGES_A_MINUTE = 10_000;
const GOAL = { rate: 300_000, share: 0.8, memory: 2 ** 30 };
const caller = { principal: 'benchmark' };
const body = JSON.stringify({ orderId: '1', note: 'x'.repeat(200) });

const clock = new VirtualClock();

function newQueue(fifo: boolean): Queue {
  const place = { account: '000000000000', region: 'us-east-1', partition: 'aws', endpoint: 'http://127.0.0.1' };
  const service = new SqsService(clock, new Events(), new Random(1), place);
  return service.createQueue({ name: fifo ? 'orders.fifo' : 'orders', fifo });
}

let sent = 0;

function send(queue: Queue): void {
  const number = sent++;
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

/** Cycles of send, receive and delete a second. */
async function rate(queue: Queue): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now();
    await repeat(CYCLES, () => {
      send(queue);
      const [message] = queue.receive(1);
      queue.delete(message.receiptHandle);
    });
    // the first round warms up
    if (round > 0) rounds.push(CYCLES / (performance.now() - began) * 1000);
  }
  return median(rounds);
}

async function measure(fifo: boolean): Promise<Figure[]> {
  const group = `SQS in process, ${fifo ? 'FIFO' : 'standard'}`;
  const queue = newQueue(fifo);
  const empty = await rate(queue);
  await repeat(BACKLOG, () => send(queue));
  globalThis.gc!();
  const { rss } = process.memoryUsage();
  const full = await rate(queue);
  return [
    figure(group, 'send, receive, delete', 'rate', empty, { atLeast: GOAL.rate }),
    figure(group, 'the same with a million messages waiting', 'rate', full),
    figure(group, 'share of the rate that is left then', 'ratio', full / empty, { atLeast: GOAL.share }),
    figure(group, 'resident memory with a million messages waiting', 'memory', rss, { below: GOAL.memory }),
  ];
}

void measure(process.argv[2] === 'fifo').then(report);
