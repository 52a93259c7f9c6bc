import type { SlackChannel, SlackNotification } from '../chatbot';
import { SimulatedResource, type Surroundings } from './resource';

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
