import { DeleteMessageBatchCommand, DeleteMessageCommand, CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand,
  SQSClient } from '@aws-sdk/client-sqs';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { figure, median, report, type Figure } from './figure';

/** Rounds of each server, in turns, so that what disturbs the machine disturbs both. */
const ROUNDS = 5;
/** Milliseconds. */
const ROUND = 1500;
/** Callers of the one client, as many connections. */
const CALLERS = 16;
const GOAL = 2;
const body = JSON.stringify({ orderId: '1', note: 'x'.repeat(200) });

interface Peer {
  readonly child: ChildProcess;
  readonly client: SQSClient;
  readonly QueueUrl: string;
}

async function start(script: string): Promise<Peer> {
  const child = fork(script, { execArgv: [] });
  const [port] = await once(child, 'message') as [number];
  const client = new SQSClient({
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'any' }, maxAttempts: 1,
  });
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'orders' }));
  return { child, client, QueueUrl: QueueUrl! };
}

/** Sends a message, receives one and deletes it; gives how many that were. */
async function one({ client, QueueUrl }: Peer): Promise<number> {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
  for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.length;
}

async function ten({ client, QueueUrl }: Peer): Promise<number> {
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: body }));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  if (Messages.length > 0) {
    const handles = Messages.map(({ ReceiptHandle }, index) => ({ Id: `m${index}`, ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
  }
  return Messages.length;
}

interface Rates {
  /** Messages a second that were sent, received and deleted: what the client waits for, its own work included. */
  readonly seen: number;
  /** Messages for each second that the server's process computed: its own limit, whatever the client. */
  readonly served: number;
}

/** Milliseconds that the server has computed. */
async function computed({ child }: Peer): Promise<number> {
  child.send('cpu');
  const [{ user, system }] = await once(child, 'message') as [NodeJS.CpuUsage];
  return (user + system) / 1000;
}

async function round(peer: Peer, cycle: (peer: Peer) => Promise<number>): Promise<Rates> {
  const computedBefore = await computed(peer);
  const began = performance.now();
  let messages = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - began < ROUND) {
      // not in one expression: the callers would overwrite each other's sums
      const done = await cycle(peer);
      messages += done;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const took = performance.now() - began;
  return { seen: messages / took * 1000, served: messages / (await computed(peer) - computedBefore) * 1000 };
}

async function compare(name: string, ours: Peer, theirs: Peer, cycle: (peer: Peer) => Promise<number>): Promise<Figure[]> {
  const rounds: [Rates, Rates][] = [];
  for (let turn = 0; turn <= ROUNDS; turn++) {
    const both: [Rates, Rates] = [await round(ours, cycle), await round(theirs, cycle)];
    // the first round warms both up
    if (turn > 0) rounds.push(both);
  }
  const figures = (group: string, rate: (rates: Rates) => number): Figure[] => {
    const [our, their] = [0, 1].map((side) => median(rounds.map((both) => rate(both[side]))));
    return [
      figure(group, 'simulator', 'rate', our), figure(group, 'fauxqs 1.9.2', 'rate', their),
      figure(group, 'simulator to fauxqs', 'ratio', our / their, { atLeast: GOAL }),
    ];
  };
  return [
    ...figures(`SQS over HTTP, ${name}: as one client sees it`, ({ seen }) => seen),
    ...figures(`SQS over HTTP, ${name}: a second of the server's CPU time`, ({ served }) => served),
  ];
}

async function measure(): Promise<void> {
  const root = process.cwd();
  const ours = await start(join(root, 'build/benchmark/servers/simulator.js'));
  const theirs = await start(join(root, 'benchmark/servers/fauxqs.mjs'));
  try {
    report([...await compare('one message a call', ours, theirs, one), ...await compare('ten messages a call', ours, theirs, ten)]);
  } finally {
    for (const { child, client } of [ours, theirs]) {
      client.destroy();
      child.kill();
    }
  }
}

void measure();
