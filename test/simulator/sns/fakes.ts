import { VirtualClock } from '../../../simulator/clock';
import {
  ServiceError, type Caller, type Directory, type InvokableFunction, type MessageQueue, type MessageToSend, type Place,
  type SentMessage,
} from '../../../simulator/contracts';
import { Events, type S3Event, type SnsEvent } from '../../../simulator/events';
import { Random } from '../../../simulator/random';

export const place: Place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: 'http://localhost:4566' };

export const queueArn = (name: string): string => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
export const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;

/** A queue that keeps what it is sent, and answers with the errors it is given first. */
export class FakeQueue implements MessageQueue {
  readonly sent: { readonly message: MessageToSend; readonly caller: Caller; readonly at: number }[] = [];
  readonly fifo: boolean;
  readonly visibilityTimeout = 30;
  errors: Error[] = [];

  constructor(readonly arn: string, private readonly clock: VirtualClock) {
    this.fifo = arn.endsWith('.fifo');
  }

  get bodies(): string[] {
    return this.sent.map(({ message }) => message.body);
  }

  get attempts(): number {
    return this.attempted;
  }

  private attempted = 0;

  send(message: MessageToSend, caller: Caller): SentMessage {
    this.attempted++;
    const error = this.errors.shift();
    if (error) throw error;
    if (Object.keys(message.attributes ?? {}).length > 10) throw new ServiceError('InvalidParameterValue', 'too many attributes');
    this.sent.push({ message, caller, at: this.clock.now() });
    return { messageId: `sent-${this.sent.length}` };
  }

  receive(): never {
    throw new Error('a delivery never receives');
  }

  delete(): never {
    throw new Error('a delivery never deletes');
  }

  changeVisibility(): never {
    throw new Error('a delivery never changes a visibility timeout');
  }

  whenReceivable(): never {
    throw new Error('a delivery never waits for messages');
  }
}

/** A function that keeps the events it is given, and answers with the errors it is given first. */
export class FakeFunction implements InvokableFunction {
  readonly timeout = 3;
  readonly invocations: { readonly event: unknown; readonly caller: Caller; readonly at: number }[] = [];
  errors: Error[] = [];

  constructor(readonly arn: string, private readonly clock: VirtualClock) {}

  invoke(): never {
    throw new Error('a delivery never waits for a function');
  }

  invokeAsync(event: unknown, caller: Caller): string {
    const error = this.errors.shift();
    if (error) throw error;
    this.invocations.push({ event, caller, at: this.clock.now() });
    return 'request';
  }
}

/** What surrounds a service under test. */
export function surroundings() {
  const clock = new VirtualClock();
  const events = new Events();
  const snsEvents: SnsEvent[] = [];
  const s3Events: S3Event[] = [];
  events.on('sns', (event) => snsEvents.push(event));
  events.on('s3', (event) => s3Events.push(event));
  const queues = new Map<string, FakeQueue>();
  const functions = new Map<string, FakeFunction>();
  const published: { topicArn: string; message: string; subject: string | undefined; caller: Caller }[] = [];
  const topics = new Set<string>();
  const directory: Directory = {
    queue: (arn) => queues.get(arn),
    function: (arn) => functions.get(arn),
    hasTopic: (arn) => topics.has(arn),
    publish(topicArn, message, subject, caller) {
      if (!topics.has(topicArn)) throw new ServiceError('NotFound', 'Topic does not exist', 404);
      published.push({ topicArn, message, subject, caller });
    },
  };
  const addQueue = (name: string): FakeQueue => {
    const queue = new FakeQueue(queueArn(name), clock);
    queues.set(queue.arn, queue);
    return queue;
  };
  const addFunction = (name: string): FakeFunction => {
    const target = new FakeFunction(functionArn(name), clock);
    functions.set(target.arn, target);
    return target;
  };
  return { clock, events, snsEvents, s3Events, directory, queues, functions, topics, published, addQueue, addFunction, random: new Random(1) };
}
