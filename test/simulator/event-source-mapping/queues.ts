import { type Clock, VirtualClock } from '../../../simulator/clock';
import {
  type InvocationResult, type InvokableFunction, type MessageAttribute, type MessageQueue, type ReceivedMessage, ServiceError,
} from '../../../simulator/contracts';
import { EventSourceMapping, type EventSourceMappingProperties, type SqsRecord } from '../../../simulator/event-source-mapping';
import { Events, type EventSourceMappingEvent } from '../../../simulator/events';
import { Random } from '../../../simulator/random';

interface Kept {
  readonly id: string;
  readonly body: string;
  readonly group?: string;
  readonly attributes: Record<string, MessageAttribute>;
  receipts: number;
  visibleAt: number;
}

/** The least queue that a mapping can poll: visibility timeouts, and the group lock of FIFO queues. */
export class SimpleQueue implements MessageQueue {
  readonly arn = 'arn:aws:sqs:eu-central-1:111122223333:Orders';
  messages: Kept[] = [];
  receives = 0;
  private sent = 0;
  private waiting = new Set<() => void>();

  constructor(private readonly clock: Clock, readonly fifo = false, readonly visibilityTimeout = 30) {}

  put(body: string, { group, attributes = {} }: { group?: string; attributes?: Record<string, MessageAttribute> } = {}): string {
    const id = `message-${++this.sent}`;
    this.messages.push({ id, body, group, attributes, receipts: 0, visibleAt: this.clock.now() });
    this.wake();
    return id;
  }

  putAll(count: number): string[] {
    return Array.from({ length: count }, (_, index) => this.put(`body ${index}`));
  }

  send(): never {
    throw new Error('a mapping does not send');
  }

  receive(maximum: number): ReceivedMessage[] {
    if (maximum < 1 || maximum > 10) throw new Error(`'maximum' must be from 1 to 10, got ${maximum}`);
    this.receives++;
    return this.visible().slice(0, maximum).map((message) => {
      message.receipts++;
      message.visibleAt = this.clock.now() + this.visibilityTimeout * 1000;
      this.clock.schedule(this.visibilityTimeout * 1000, () => this.wake());
      return {
        messageId: message.id,
        receiptHandle: `${message.id}#${message.receipts}`,
        body: message.body,
        attributes: message.attributes,
        systemAttributes: { ApproximateReceiveCount: String(message.receipts), SentTimestamp: '0', ...message.group ? { MessageGroupId: message.group } : {} },
      };
    });
  }

  delete(receiptHandle: string): void {
    const [id, receipt] = receiptHandle.split('#');
    const message = this.messages.find((each) => each.id === id);
    if (this.fifo && message && (message.visibleAt <= this.clock.now() || String(message.receipts) !== receipt)) throw new ServiceError('InvalidParameterValue', `the receipt handle ${receipt} has expired`);
    this.messages = this.messages.filter((each) => each !== message);
    this.wake();
  }

  changeVisibility(receiptHandle: string, visibilityTimeout: number): void {
    const message = this.messages.find((each) => each.id === receiptHandle.split('#')[0])!;
    message.visibleAt = this.clock.now() + visibilityTimeout * 1000;
    this.wake();
  }

  whenReceivable(callback: () => void): { cancel(): void } {
    this.waiting.add(callback);
    this.wake();
    return { cancel: () => { this.waiting.delete(callback); } };
  }

  receiptsOf(id: string): number | undefined {
    return this.messages.find((each) => each.id === id)?.receipts;
  }

  private visible(): Kept[] {
    const now = this.clock.now();
    const locked = new Set(this.messages.filter(({ visibleAt }) => visibleAt > now).map(({ group }) => group));
    return this.messages.filter(({ visibleAt, group }) => visibleAt <= now && !(this.fifo && locked.has(group)));
  }

  private wake(): void {
    this.clock.schedule(0, () => {
      if (this.visible().length === 0) return;
      const callbacks = [...this.waiting];
      this.waiting.clear();
      for (const callback of callbacks) callback();
    });
  }
}

export interface Invoked {
  readonly at: number;
  readonly records: SqsRecord[];
  readonly bodies: string[];
}

type Answer = { readonly takes?: number } & Partial<InvocationResult>;

/** A mapping of a queue to a function that answers as the test says. */
export function mapped(
  properties: Partial<EventSourceMappingProperties> = {},
  answer: (records: SqsRecord[], count: number) => Answer = () => ({}),
  { fifo = false, visibilityTimeout = 30, put = (_queue: SimpleQueue): void => {} } = {},
) {
  const clock = new VirtualClock(0);
  const queue = new SimpleQueue(clock, fifo, visibilityTimeout);
  const events = new Events();
  const seen: EventSourceMappingEvent[] = [];
  events.on('eventSourceMapping', (event) => seen.push(event));
  const invocations: Invoked[] = [];
  let concurrent = 0;
  const peak = { concurrent: 0 };
  const fn: InvokableFunction = {
    arn: 'arn:aws:lambda:eu-central-1:111122223333:function:Consumer',
    timeout: 5,
    async invoke(event): Promise<InvocationResult> {
      const records = (event as { Records: SqsRecord[] }).Records;
      invocations.push({ at: clock.now(), records, bodies: records.map(({ body }) => body) });
      peak.concurrent = Math.max(peak.concurrent, ++concurrent);
      const { takes = 100, ...result } = answer(records, invocations.length);
      await new Promise<void>((resolve) => { clock.schedule(takes, resolve); });
      concurrent--;
      return { status: 'succeeded', payload: null, duration: takes, requestId: 'request', ...result };
    },
  };
  put(queue);
  const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws', endpoint: '' };
  const mapping = new EventSourceMapping(clock, events, new Random(1), place, { queue, function: fn, ...properties });
  return { clock, queue, mapping, invocations, events: seen, peak };
}

/** Jest's matchers are of any type; in an expectation they stand for a value. */
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** What a call throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
