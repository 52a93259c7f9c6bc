import { isDeepStrictEqual } from 'node:util';
import { isArn, parseArn } from '../arn';
import { ServiceError } from '../contracts';
import { compileFilterPolicy, FilterPolicyError, type FilterPolicyScope, type FilterPredicate } from './filter-policy';
import { invalidParameter, type PublishedMessage } from './message';
import type { Replay } from './replay';
import type { Topic } from './topic';

export interface SubscriptionProperties {
  readonly topicArn: string;
  /** `sqs`, `lambda`, `firehose`, `email`, `email-json`, `sms`, `http` or `https`. */
  readonly protocol: string;
  /** The ARN of a queue, function or delivery stream, a mail address, a telephone number, a URL. */
  readonly endpoint: string;
  /** @default - every message */
  readonly filterPolicy?: object;
  /** @default 'MessageAttributes' */
  readonly filterPolicyScope?: FilterPolicyScope;
  /** For queues, delivery streams and URLs. @default false */
  readonly rawMessageDelivery?: boolean;
  /** The queue for what can't be delivered. @default - it is lost, with a `failed` event */
  readonly redrivePolicy?: { readonly deadLetterTargetArn: string };
  /**
   * The account that subscribes. SNS asks the owner of a queue of another account to confirm, and the dead-letter queue is in this
   * account and in the topic's region. @default - the topic's
   */
  readonly owner?: string;
  /** The role with which SNS puts records to a delivery stream, for which it is required. */
  readonly subscriptionRoleArn?: string;
  /** Of a FIFO topic with an archive: which of its messages to deliver once more. @default - none */
  readonly replayPolicy?: object;
  /**
   * Whether mail addresses and URLs confirm the subscription at once, as their owners would. Without that, nothing is
   * delivered until `confirm()` or `ConfirmSubscription`.
   * @default true
   */
  readonly confirmed?: boolean;
}

/** What reached an endpoint that is neither queue nor function: the simulator sends nothing over the network. */
export interface EndpointDelivery {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly messageId: string;
  /** Of mails. */
  readonly subject?: string;
  readonly body: string;
}

/** Milliseconds: two days. @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
const tokenValidity = 2 * 86_400_000;

/** A long-running simulation keeps the newest deliveries only. */
const keptDeliveries = 1_000;

/** Of one topic. @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const mostFilterPolicies = 200;

const protocols = ['sqs', 'lambda', 'firehose', 'email', 'email-json', 'sms', 'http', 'https'];
const notModelled = ['application'];

export class Subscription {
  /** The newest 1,000 mails, text messages and requests, the oldest first. */
  readonly deliveries: EndpointDelivery[] = [];
  readonly protocol: string;
  readonly endpoint: string;
  pendingConfirmation: boolean;
  replay: Replay | undefined;
  readonly subscriptionRoleArn: string | undefined;
  readonly owner: string;
  private accepts: FilterPredicate | undefined;
  private policy: object | undefined;
  private scope: FilterPolicyScope;
  private raw = false;
  private redrive: { readonly deadLetterTargetArn: string } | undefined;

  /** @throws ServiceError `InvalidParameter` for what SNS would refuse */
  constructor(
    readonly topic: Topic, readonly arn: string, readonly confirmationToken: string,
    properties: SubscriptionProperties, private readonly subscribedAt: number,
  ) {
    this.protocol = properties.protocol;
    this.endpoint = properties.endpoint;
    this.subscriptionRoleArn = properties.subscriptionRoleArn;
    this.owner = properties.owner ?? parseArn(topic.arn).account;
    this.validateEndpoint();
    this.pendingConfirmation = this.asksQueueOwner
      || (properties.confirmed === false && !['sqs', 'lambda', 'firehose', 'sms'].includes(this.protocol));
    this.scope = properties.filterPolicyScope ?? 'MessageAttributes';
    this.filterBy(properties.filterPolicy, this.scope);
    this.rawMessageDelivery = properties.rawMessageDelivery ?? false;
    this.redrivePolicy = properties.redrivePolicy;
  }

  /**
   * Whether the queue is another account's than the subscriber's.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
   */
  get asksQueueOwner(): boolean {
    return this.protocol === 'sqs' && parseArn(this.endpoint).account !== this.owner;
  }

  get filterPolicy(): object | undefined {
    return this.policy;
  }

  get filterPolicyScope(): FilterPolicyScope {
    return this.scope;
  }

  /** @throws ServiceError `InvalidParameter` for a malformed policy, which then changes nothing */
  filterBy(policy: object | undefined, scope: FilterPolicyScope = this.scope): void {
    if (policy && this.topic.subscriptions.filter((other) => other !== this && other.policy).length >= mostFilterPolicies) {
      throw new ServiceError('FilterPolicyLimitExceeded', `A topic has at most ${mostFilterPolicies} filter policies: ${this.topic.arn}`, 403);
    }
    if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
      throw invalidParameter(`FilterPolicyScope: Invalid value [${String(scope)}]. Please use either MessageBody or MessageAttributes`);
    }
    try {
      this.accepts = policy && compileFilterPolicy(policy, scope);
    } catch (error) {
      if (!(error instanceof FilterPolicyError)) throw error;
      throw invalidParameter(`FilterPolicy: ${error.message}`);
    }
    this.policy = policy;
    this.scope = scope;
  }

  get rawMessageDelivery(): boolean {
    return this.raw;
  }

  set rawMessageDelivery(raw: boolean) {
    if (raw && !['sqs', 'firehose', 'http', 'https'].includes(this.protocol)) {
      throw invalidParameter(`RawMessageDelivery: Delivery protocol [${this.protocol}] does not support raw message delivery.`);
    }
    this.raw = raw;
  }

  get redrivePolicy(): { readonly deadLetterTargetArn: string } | undefined {
    return this.redrive;
  }

  set redrivePolicy(policy: { readonly deadLetterTargetArn: string } | undefined) {
    if (policy) {
      const { deadLetterTargetArn: target } = policy;
      if (!isArnOf('sqs', target)) throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
      const { region } = parseArn(this.topic.arn);
      if (parseArn(target).account !== this.owner || parseArn(target).region !== region) {
        throw invalidParameter(`RedrivePolicy: the dead-letter queue must be in the account ${this.owner} and the region ${region} of the subscription, got ${target}`);
      }
      const fifo = this.endpoint.endsWith('.fifo');
      if (target.endsWith('.fifo') !== fifo) {
        throw invalidParameter(`RedrivePolicy: must use a ${fifo ? 'FIFO' : 'standard'} queue as DLQ for this subscription, got ${target}`);
      }
    }
    this.redrive = policy;
  }

  /** Does what the owner of the endpoint does with the link in the confirmation. */
  confirm(): void {
    this.pendingConfirmation = false;
  }

  /** Whether this is the token of its confirmation, and not older than two days. */
  hasToken(token: string, now: number): boolean {
    return token === this.confirmationToken && now - this.subscribedAt <= tokenValidity;
  }

  hasEndpointOf(other: Subscription): boolean {
    return this.protocol === other.protocol && this.endpoint === other.endpoint;
  }

  hasAttributesOf(other: Subscription): boolean {
    return isDeepStrictEqual(this.policy, other.policy) && this.scope === other.scope && this.raw === other.raw
      && isDeepStrictEqual(this.redrive, other.redrive) && isDeepStrictEqual(this.replay?.policy, other.replay?.policy)
      && this.subscriptionRoleArn === other.subscriptionRoleArn;
  }

  /** Whether the filter policy lets the message pass. */
  wants(message: PublishedMessage): boolean {
    if (this.accepts === undefined) return true;
    return this.accepts(this.scope === 'MessageBody' ? message.filterBody(this.protocol) : message.filterAttributes());
  }

  /**
   * Why the filter policy leaves a message out, in the words of the metrics `NumberOfNotificationsFilteredOut-…`.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
   */
  rejection(message: PublishedMessage): string {
    if (this.scope === 'MessageBody') return message.filterBody(this.protocol) === undefined ? 'InvalidMessageBody' : 'MessageBody';
    const attributes = message.filterAttributes();
    if (attributes === undefined) return 'InvalidAttributes';
    return Object.keys(attributes).length === 0 ? 'NoMessageAttributes' : 'MessageAttributes';
  }

  record(delivery: EndpointDelivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > keptDeliveries) this.deliveries.shift();
  }

  private validateEndpoint(): void {
    const { protocol, endpoint, topic } = this;
    if (notModelled.includes(protocol)) throw invalidParameter(`Protocol '${protocol}' is not modelled by the simulator`);
    if (!protocols.includes(protocol)) throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
    if (topic.fifo && protocol !== 'sqs') {
      throw invalidParameter(`Invalid protocol type: ${protocol} Reason: FIFO topics deliver to queues only`);
    }
    if (protocol === 'sqs') {
      if (!isArnOf('sqs', endpoint)) throw invalidParameter('SQS endpoint ARN');
      if (endpoint.endsWith('.fifo') && !topic.fifo) {
        throw invalidParameter('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
      }
    }
    if (protocol === 'lambda' && !isArnOf('lambda', endpoint)) throw invalidParameter('Lambda endpoint ARN');
    if (protocol === 'firehose') {
      if (!isArnOf('firehose', endpoint)) throw invalidParameter('Firehose endpoint ARN');
      if (!isArnOf('iam', this.subscriptionRoleArn)) {
        throw invalidParameter('Attributes Reason: SubscriptionRoleArn must be the ARN of a role for the firehose protocol');
      }
    }
    if (protocol.startsWith('email') && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalidParameter('Email address');
    if (protocol === 'sms' && !/^\+?[0-9][0-9 ()-]{3,}$/.test(endpoint)) {
      throw invalidParameter(`Endpoint Reason: Invalid SMS endpoint: ${endpoint}`);
    }
    if (protocol.startsWith('http') && !endpoint.startsWith(`${protocol}://`)) {
      throw invalidParameter('Endpoint must match the specified protocol');
    }
  }
}

function isArnOf(service: string, value: unknown): value is string {
  return isArn(value) && parseArn(value).service === service;
}
