import type { EndpointDelivery, SnsService, Topic } from '../sns';
import type { Tally, TopicTally } from '../tally';
import { attributes, tester, text, type Message, type SendOptions } from './message';
import { SimulatedResource, type Surroundings } from './resource';

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
