import type { MessageSnapshot, Queue } from '../sqs';
import type { QueueTally, Tally } from '../tally';
import { attributes, tester, text, type Message, type SendOptions } from './message';
import { SimulatedResource, type Surroundings } from './resource';

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
