import { ServiceError, type Place } from '../contracts';

/** What SNS has brought to a subscription. */
export interface Subscription {
  readonly topicArn: string;
  readonly arn: string;
  readonly deliveries: readonly { readonly at: number; readonly messageId: string; readonly body: string }[];
}

export interface SlackChannelProperties {
  readonly name: string;
  readonly workspaceId: string;
  readonly channelId: string;
  /** The subscriptions of its topics. */
  readonly subscriptions: readonly Subscription[];
}

/** What people read in a Slack channel. */
export interface SlackNotification {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly topicArn: string;
  /** The name of the alarm and its new state, where an alarm sent it. */
  readonly alarm?: string;
  readonly state?: string;
  readonly text: string;
}

/**
 * A Slack channel that Amazon Q Developer in chat applications (AWS Chatbot) notifies. It subscribes to the topics over
 * HTTPS: what a topic refuses, or cannot encrypt, never comes here.
 */
export class SlackChannel {
  /** What came of topics that it is not subscribed to any more. */
  private readonly earlier: SlackNotification[] = [];

  constructor(readonly arn: string, private properties: SlackChannelProperties) {}

  /** What was shown before stays. */
  configure(channelId: string, subscriptions: readonly Subscription[]): void {
    const left = this.subscriptions.filter((subscription) => !subscriptions.includes(subscription));
    this.earlier.push(...notificationsOf(left));
    this.properties = { ...this.properties, channelId, subscriptions };
  }

  get subscriptions(): readonly Subscription[] {
    return this.properties.subscriptions;
  }

  get workspaceId(): string {
    return this.properties.workspaceId;
  }

  get channelId(): string {
    return this.properties.channelId;
  }

  /** Oldest first. Of all that is published, only alarms and custom notifications are shown, as on AWS. */
  get notifications(): readonly SlackNotification[] {
    const all = [...this.earlier, ...notificationsOf(this.subscriptions)];
    return all.sort((one, other) => one.at - other.at);
  }
}

/** The Slack channels of an account, by the ARNs of their configurations. */
export class ChatbotService {
  private readonly channels = new Map<string, SlackChannel>();

  constructor(private readonly place: Place) {}

  /** Throws `ConflictException` when the account has a configuration of that name. */
  createSlackChannel(properties: SlackChannelProperties): SlackChannel {
    const { partition, account } = this.place;
    const arn = `arn:${partition}:chatbot::${account}:chat-configuration/slack-channel/${properties.name}`;
    if (this.channels.has(arn)) throw new ServiceError('ConflictException', `there is a configuration '${properties.name}'`, 409);
    const channel = new SlackChannel(arn, properties);
    this.channels.set(arn, channel);
    return channel;
  }

  channel(arn: string): SlackChannel | undefined {
    return this.channels.get(arn);
  }

  delete(arn: string): void {
    this.channels.delete(arn);
  }
}

function notificationsOf(subscriptions: readonly Subscription[]): SlackNotification[] {
  return subscriptions.flatMap(({ topicArn, deliveries }) => deliveries.flatMap(({ at, body }) => notificationOf(at, topicArn, body) ?? []));
}

/**
 * Undefined for what is dropped.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/related-services.html
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
function notificationOf(at: number, topicArn: string, body: string): SlackNotification | undefined {
  const { Subject: subject, Message: text } = read(body);
  if (typeof text !== 'string') return undefined;
  const message = read(text);
  const { AlarmName: alarm, NewStateValue: state, AlarmDescription: description, NewStateReason: reason } = message;
  if (typeof alarm === 'string' && typeof state === 'string') {
    return { at, topicArn, alarm, state, text: lines(subject ?? `${state}: "${alarm}"`, description, reason) };
  }
  const content = message.content as { title?: unknown; description?: unknown } | undefined;
  if (message.version !== '1.0' || message.source !== 'custom' || typeof content?.description !== 'string') return undefined;
  return { at, topicArn, text: lines(content.title, content.description) };
}

function lines(...parts: readonly unknown[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n');
}

function read(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {}; // plain text is not for people in a channel
  }
}
