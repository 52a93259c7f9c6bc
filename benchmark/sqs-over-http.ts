import { DeleteMessageBatchCommand, DeleteMessageCommand, CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand,
  SQSClient } from '@aws-sdk/client-sqs';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { figure, median, report, type Figure } from './figure';
import { LeanConnection, request } from './lean-client';
import { body, entries } from './sample-message';

/** Rounds of each server, in turns, so that what disturbs the machine disturbs both. */
const ROUNDS = 5;
/** Milliseconds. */
const ROUND = 1500;
/** Requests of the lean client at the same time: on each of its connections so many, one after the other without waiting for answers. */
const CONNECTIONS = 4;
const AHEAD = 8;
/** Requests at the same time, each on a connection of its own. */
const CALLERS = 16;
const GOAL = 2;

interface Peer {
  readonly child: ChildProcess;
  readonly port: number;
  readonly client: SQSClient;
  readonly QueueUrl: string;
  readonly connections: readonly LeanConnection[];
}

/** Requests of a client at the same time, and over how many connections. */
interface Concurrency {
  readonly connections: number;
  readonly ahead: number;
}

async function start(script: string): Promise<Peer> {
  const child = fork(script, { execArgv: [] });
  const [port] = await once(child, 'message') as [number];
  const client = new SQSClient({
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'any' }, maxAttempts: 1,
  });
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const connections = await Promise.all(Array.from({ length: CALLERS }, () => LeanConnection.to(port)));
  return { child, port, client, QueueUrl: QueueUrl!, connections };
}

/** Sends messages, receives and deletes them, one call each; gives how many that were. One for each caller. */
type Cycle = () => Promise<number>;

/** Requests that stand ready: the client is no bottleneck. */
function lean(batch: number, { port, QueueUrl, connections }: Peer, concurrency: Concurrency): Cycle[] {
  const [send, receive] = [
    batch === 1 ? request(port, 'SendMessage', { QueueUrl, MessageBody: body }) : request(port, 'SendMessageBatch', { QueueUrl, Entries: entries }),
    request(port, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: batch }),
  ];
  const callers = connections.slice(0, concurrency.connections).flatMap((connection) => Array.from({ length: concurrency.ahead }, () => connection));
  return callers.map((connection) => async () => {
    await connection.ask(send);
    const handles = Array.from((await connection.ask(receive)).matchAll(/"ReceiptHandle":"([^"]+)"/g), ([, handle]) => handle);
    if (handles.length === 0) return 0;
    await connection.ask(batch === 1
      ? request(port, 'DeleteMessage', { QueueUrl, ReceiptHandle: handles[0] })
      : request(port, 'DeleteMessageBatch', { QueueUrl, Entries: handles.map((ReceiptHandle, index) => ({ Id: `m${index}`, ReceiptHandle })) }));
    return handles.length;
  });
}

/** AWS's client: what one process with it reaches. */
function sdk(batch: number, { client, QueueUrl }: Peer): Cycle[] {
  return Array.from({ length: CALLERS }, () => async () => {
    if (batch === 1) await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    else await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: batch }));
    const handles = Messages.map(({ ReceiptHandle }, index) => ({ Id: `m${index}`, ReceiptHandle }));
    if (batch === 1) for (const { ReceiptHandle } of handles) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    else if (handles.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    return handles.length;
  });
}

interface Rates {
  /** Messages a second that were sent, received and deleted. */
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

async function round(peer: Peer, cycles: readonly Cycle[]): Promise<Rates> {
  const computedBefore = await computed(peer);
  const began = performance.now();
  let messages = 0;
  const caller = async (cycle: Cycle): Promise<void> => {
    while (performance.now() - began < ROUND) {
      // not in one expression: the callers would overwrite each other's sums
      const done = await cycle();
      messages += done;
    }
  };
  await Promise.all(cycles.map(caller));
  const took = performance.now() - began;
  return { seen: messages / took * 1000, served: messages / (await computed(peer) - computedBefore) * 1000 };
}

type Client = (batch: number, peer: Peer) => Cycle[];

async function compare(title: string, peers: readonly Peer[], client: Client, batch: number): Promise<Figure[]> {
  const cycles = peers.map((peer) => client(batch, peer));
  const rounds: Rates[][] = [];
  for (let turn = 0; turn <= ROUNDS; turn++) {
    const all: Rates[] = [];
    for (const [index, peer] of peers.entries()) all.push(await round(peer, cycles[index]));
    // the first round warms both up
    if (turn > 0) rounds.push(all);
  }
  const figures = (group: string, rate: (rates: Rates) => number): Figure[] => {
    const [our, their, fixed] = [0, 1, 2].map((side) => median(rounds.map((all) => rate(all[side]))));
    return [
      figure(group, 'simulator', 'rate', our), figure(group, 'fauxqs 1.9.2', 'rate', their),
      figure(group, 'simulator to fauxqs', 'ratio', our / their, { atLeast: GOAL }),
      figure(group, 'the bound: fixed answers to fauxqs', 'ratio', fixed / their),
    ];
  };
  const name = `SQS over HTTP, ${title}, ${batch === 1 ? 'one message a call' : 'ten messages a call'}`;
  return [...figures(`${name}: a second`, ({ seen }) => seen), ...figures(`${name}: a second of the server's CPU time`, ({ served }) => served)];
}

async function measure(): Promise<void> {
  const root = process.cwd();
  const peers: Peer[] = [];
  for (const script of ['build/benchmark/servers/simulator.js', 'benchmark/servers/fauxqs.mjs', 'build/benchmark/servers/fixed-answers.js']) {
    peers.push(await start(join(root, script)));
  }
  try {
    const figures: Figure[] = [];
    const ahead: Client = (batch, peer) => lean(batch, peer, { connections: CONNECTIONS, ahead: AHEAD });
    const oneByOne: Client = (batch, peer) => lean(batch, peer, { connections: CALLERS, ahead: 1 });
    for (const batch of [1, 10]) figures.push(...await compare(`requests that stand ready, ${AHEAD} ahead`, peers, ahead, batch));
    for (const batch of [1, 10]) figures.push(...await compare('requests that stand ready, one by one', peers, oneByOne, batch));
    for (const batch of [1, 10]) figures.push(...await compare("AWS's client", peers, sdk, batch));
    report(figures);
  } finally {
    for (const { child, client, connections } of peers) {
      client.destroy();
      for (const connection of connections) connection.close();
      child.kill();
    }
  }
}

void measure();
