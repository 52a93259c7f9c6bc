import { VirtualClock } from '../../../simulator/clock';
import { ServiceError, type MessageToSend, type ReceivedMessage } from '../../../simulator/contracts';
import { Events, type SqsEvent } from '../../../simulator/events';
import { Random } from '../../../simulator/random';
import { SqsService, type Queue, type QueueProperties, type StandardQueueOptions } from '../../../simulator/sqs';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const caller = { principal: '123456789012' };

/** A service on a virtual clock, and everything it said. Standard queues keep the order of sending unless told otherwise. */
export class Harness {
  readonly clock = new VirtualClock();
  readonly events: SqsEvent[] = [];
  readonly sqs: SqsService;

  constructor(seed = 1, standardQueues: StandardQueueOptions = { shuffle: false }) {
    const events = new Events();
    events.on('sqs', (event) => this.events.push(event));
    this.sqs = new SqsService(this.clock, events, new Random(seed), {
      account: '123456789012', region: 'eu-west-1', partition: 'aws', endpoint: 'http://localhost:4100',
    }, standardQueues);
  }

  queue(properties: Partial<QueueProperties> = {}): Queue {
    return this.sqs.createQueue({ name: properties.fifo ? 'Orders.fifo' : 'Orders', ...properties });
  }

  call(operation: string, input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.sqs.call(operation, input, caller);
  }

  /** What happened, in order. */
  actions(): string[] {
    return this.events.map(({ action }) => action);
  }
}

export function send(queue: Queue, body: string, more: Partial<MessageToSend> = {}): string {
  return queue.send({ body, ...more }, caller).messageId;
}

/** Sends to a FIFO queue with a deduplication ID of its own. */
export function sendInGroup(queue: Queue, messageGroupId: string, ...bodies: string[]): void {
  for (const body of bodies) send(queue, body, { messageGroupId, messageDeduplicationId: `${messageGroupId}-${body}` });
}

export function bodies(messages: readonly Pick<ReceivedMessage, 'body'>[]): string[] {
  return messages.map(({ body }) => body);
}

/** The service error that `action` throws, as `code: message`. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}
