import type { Bucket } from './s3';
import type { SlackChannel, SlackNotification } from './chatbot';
import type { Alarm } from './cloudwatch';
import type { InvocationResult, MessageAttribute } from './contracts';
import type { FunctionTally, QueueTally, Tally, TopicTally } from './tally';
import { plainItem, type Table } from './dynamodb';
import type { Handler, LambdaFunction } from './lambda';
import type { EndpointDelivery, SnsService, Topic } from './sns';
import type { Queue, MessageSnapshot } from './sqs';
import type { Traces } from './trace';

/** What a test sends: an object is sent as JSON. */
export type Message = string | object;

/** The caller of everything that a test does itself. */
const tester = { principal: 'simulation' } as const;

export interface SendOptions {
  /** Text and numbers become `String` and `Number` attributes, buffers `Binary`, lists `String.Array` (topics only). */
  readonly attributes?: Readonly<Record<string, string | number | Buffer | readonly string[]>>;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
}

const text = (message: Message): string => (typeof message === 'string' ? message : JSON.stringify(message));

function attributes(given: SendOptions['attributes'] = {}): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, attribute(value)]));
}

function attribute(value: string | number | Buffer | readonly string[]): MessageAttribute {
  if (Buffer.isBuffer(value)) return { dataType: 'Binary', binaryValue: value };
  if (typeof value === 'number') return { dataType: 'Number', stringValue: String(value) };
  if (typeof value === 'string') return { dataType: 'String', stringValue: value };
  return { dataType: 'String.Array', stringValue: JSON.stringify(value) };
}

/** What a resource knows of its simulation, for matchers. */
export interface Surroundings {
  readonly traces: Traces;
  readonly queues: readonly SimulatedQueue[];
}

export abstract class SimulatedResource {
  // private to the language, too: a test that prints or compares a resource is not to see the whole simulation
  readonly #simulation: Surroundings;

  /** @param path the construct path relative to the stack */
  constructor(readonly path: string, simulation: Surroundings) {
    this.#simulation = simulation;
  }

  get simulation(): Surroundings {
    return this.#simulation;
  }
}

/** A topic of the simulation. */
export class SimulatedTopic extends SimulatedResource {
  readonly kind = 'topic';

  constructor(
    path: string, private readonly topic: Topic, private readonly sns: SnsService, private readonly tallies: Tally, simulation: Surroundings,
  ) {
    super(path, simulation);
  }

  get arn(): string {
    return this.topic.arn;
  }

  /** What happened at the topic so far. */
  get tally(): Readonly<TopicTally> {
    return this.tallies.topic(this.arn);
  }

  /** What reached a mail address, telephone number or URL that is subscribed to the topic, oldest first; nothing leaves the machine. */
  deliveries(endpoint: string): readonly EndpointDelivery[] {
    const subscription = this.topic.subscriptions.find((one) => one.endpoint === endpoint);
    if (!subscription) throw new Error(`'${endpoint}' is not subscribed to '${this.path}'`);
    return subscription.deliveries;
  }

  /** Publishes at the present moment and returns the message's ID; deliveries happen when time moves on. */
  publish(message: Message, options: SendOptions & { readonly subject?: string } = {}): Promise<string> {
    const { subject, messageGroupId, messageDeduplicationId } = options;
    return new Promise((resolve) => {
      resolve(this.sns.publish(this.arn, {
        message: text(message), subject, attributes: attributes(options.attributes), messageGroupId, messageDeduplicationId,
      }, tester).messageId);
    });
  }
}

/** A queue of the simulation. */
export class SimulatedQueue extends SimulatedResource {
  readonly kind = 'queue';

  constructor(path: string, private readonly queue: Queue, private readonly tallies: Tally, simulation: Surroundings) {
    super(path, simulation);
  }

  get arn(): string {
    return this.queue.arn;
  }

  get name(): string {
    return this.queue.name;
  }

  get url(): string {
    return this.queue.url;
  }

  get fifo(): boolean {
    return this.queue.fifo;
  }

  /** The messages that are in the queue now, those in flight and delayed included; looking changes nothing. */
  get messages(): MessageSnapshot[] {
    return this.queue.snapshot();
  }

  get depth(): { visible: number; inFlight: number; delayed: number } {
    return this.queue.depth();
  }

  /** What happened at the queue so far. */
  get tally(): Readonly<QueueTally> {
    return this.tallies.queue(this.arn);
  }

  /** Sends at the present moment and returns the message's ID. */
  send(message: Message, options: SendOptions & { readonly delaySeconds?: number } = {}): Promise<string> {
    const { delaySeconds, messageGroupId, messageDeduplicationId } = options;
    return new Promise((resolve) => {
      resolve(this.queue.send({
        body: text(message), attributes: attributes(options.attributes), delaySeconds, messageGroupId, messageDeduplicationId,
      }, tester).messageId);
    });
  }
}

/** A Lambda function of the simulation. */
export class SimulatedFunction extends SimulatedResource {
  readonly kind = 'function';

  constructor(path: string, private readonly target: LambdaFunction, private readonly tallies: Tally, simulation: Surroundings) {
    super(path, simulation);
  }

  get arn(): string {
    return this.target.arn;
  }

  get name(): string {
    return this.target.name;
  }

  /** What happened at the function so far. */
  get tally(): Readonly<FunctionTally> {
    return this.tallies.function(this.arn);
  }

  /** The lines that the function wrote. */
  get logs(): readonly string[] {
    return this.target.logs.map(({ line }) => line);
  }

  /** Runs in place of the bundle, in this process: for speed, for spies, and for runtimes that the simulator does not run. */
  set handler(handler: Handler) {
    this.target.handler = handler;
  }

  /** Invokes the function; the result comes when time has moved on by its duration. */
  invoke(event: unknown): Promise<InvocationResult> {
    return this.target.invoke(event, tester);
  }
}

/** A bucket of the simulation. */
export class SimulatedBucket extends SimulatedResource {
  readonly kind = 'bucket';

  constructor(path: string, private readonly bucket: Bucket, simulation: Surroundings) {
    super(path, simulation);
  }

  get name(): string {
    return this.bucket.name;
  }

  /** The newest version of every object, by key. */
  get objects(): readonly { readonly key: string; readonly body: Buffer }[] {
    return this.bucket.objects();
  }

  put(key: string, body: Buffer | string): void {
    this.bucket.put(key, Buffer.from(body));
  }
}

/** A DynamoDB table of the simulation. */
export class SimulatedTable extends SimulatedResource {
  constructor(path: string, private readonly table: Table, around: Surroundings) {
    super(path, around);
  }

  get name(): string {
    return this.table.name;
  }

  /** The items that are there now in JavaScript's own types, in the order of their keys; expired ones until they are deleted. */
  get items(): readonly Readonly<Record<string, unknown>>[] {
    return this.table.items.map(plainItem);
  }
}

/** A CloudWatch alarm of the simulation. */
export class SimulatedAlarm extends SimulatedResource {
  readonly kind = 'alarm';

  constructor(path: string, private readonly alarm: Alarm, simulation: Surroundings) {
    super(path, simulation);
  }

  get name(): string {
    return this.alarm.name;
  }

  get state(): Alarm['state'] {
    return this.alarm.state;
  }

  get reason(): string {
    return this.alarm.reason;
  }

  /** Every change of state, oldest first. */
  get history(): Alarm['history'] {
    return this.alarm.history;
  }
}

/** A Slack channel that Amazon Q Developer in chat applications (AWS Chatbot) notifies in the simulation. */
export class SimulatedSlackChannel extends SimulatedResource {
  constructor(path: string, private readonly channel: SlackChannel, simulation: Surroundings) {
    super(path, simulation);
  }

  /** What people read there, oldest first: the alarm's name, its new state and the text. */
  get notifications(): readonly SlackNotification[] {
    return this.channel.notifications;
  }
}
