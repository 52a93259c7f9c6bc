import type { Clock } from '../clock';
import { ServiceError, type Caller, type Directory, type MessageToSend, type Place } from '../contracts';
import type { Events, SnsEvent } from '../events';
import { deliveryPrincipal } from './delivery-principal';
import type { DeliveryStatusLog } from './delivery-status';
import { confirmationJson, lambdaEvent, notificationJson } from './envelope';
import type { PublishedMessage } from './message';
import type { Replay } from './replay';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

/**
 * How long SNS waits before each retry of a queue or function that answers with a server error, in milliseconds: at
 * once, then after 1 second, then from 1 to 20 seconds, then every 20 seconds. AWS adds jitter, the simulator does not.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
function retryDelay(attempt: number): number | undefined {
  if (attempt <= 3) return 0;
  if (attempt <= 5) return 1_000;
  if (attempt <= 15) return Math.round(1_000 * 20 ** ((attempt - 6) / 9));
  return attempt <= 100_015 ? 20_000 : undefined;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
const mostRawAttributes = 10;

type Action = SnsEvent['action'];

/** What an endpoint answered that took a message. */
interface Accepted {
  /** @default 200 */
  readonly statusCode?: number;
  readonly response: object;
}

/** Brings accepted messages to the subscriptions of their topics. */
export class Delivery {
  private waiting: { readonly subscriptions: readonly Subscription[]; readonly message: PublishedMessage }[] = [];
  private scheduled = false;
  /** Of FIFO topics: messages behind one that is retried, by subscription and message group. */
  private readonly held = new Map<Subscription, Map<string, PublishedMessage[]>>();

  constructor(
    private readonly clock: Clock, private readonly events: Events,
    private readonly place: Place, private readonly directory: Directory, private readonly statusLog?: DeliveryStatusLog,
  ) {}

  /** Delivers to the present subscriptions as an event of the clock, so that the publisher has its answer before. */
  enqueue({ subscriptions }: Topic, message: PublishedMessage): void {
    if (subscriptions.length === 0) return;
    this.waiting.push({ subscriptions, message });
    this.schedule();
  }

  /** Delivers archived messages once more, before what is published from now on. */
  replay(subscription: Subscription, replay: Replay): void {
    for (const message of replay.messages) this.waiting.push({ subscriptions: [subscription], message });
    this.schedule();
    this.clock.schedule(0, () => replay.catchUp());
  }

  /** Sends the owner of a queue what confirms the subscription, as an event of the clock. A queue that refuses it is not asked again. */
  askForConfirmation({ topic, endpoint, confirmationToken }: Subscription, messageId: string): void {
    this.clock.schedule(0, () => {
      const body = confirmationJson(topic, confirmationToken, messageId, this.clock.now(), this.place);
      try {
        const fifo = endpoint.endsWith('.fifo') ? { messageGroupId: messageId, messageDeduplicationId: messageId } : {};
        this.directory.queue(endpoint)?.send({ body, ...fifo }, caller(topic, endpoint));
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
      }
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.clock.schedule(0, () => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    const publications = this.waiting;
    this.waiting = [];
    let done = 0;
    try {
      for (const { subscriptions, message } of publications) {
        done++;
        for (const subscription of subscriptions) this.offer(subscription, message);
      }
    } finally {
      if (done < publications.length) {
        this.waiting = [...publications.slice(done), ...this.waiting];
        this.schedule();
      }
    }
  }

  private offer(subscription: Subscription, message: PublishedMessage): void {
    if (subscription.pendingConfirmation || subscription.replay?.leavesOut(message)) return;
    if (!subscription.wants(message)) {
      this.emit('filteredOut', subscription, message, { to: subscription.endpoint, reason: subscription.rejection(message) });
      return;
    }
    const behind = subscription.topic.fifo ? this.held.get(subscription)?.get(message.groupId!) : undefined;
    if (behind) behind.push(message);
    else this.attempt(subscription, message, 1);
  }

  private attempt(subscription: Subscription, message: PublishedMessage, attempt: number): void {
    switch (subscription.protocol) {
      case 'sqs': this.settle(subscription, message, attempt, () => this.toQueue(subscription, message)); break;
      case 'lambda': this.settle(subscription, message, attempt, () => this.toFunction(subscription, message)); break;
      case 'firehose': this.settle(subscription, message, attempt, () => this.toDeliveryStream(subscription, message)); break;
      default: this.record(subscription, message);
    }
  }

  /** Runs a try and decides about its failure: client errors are final, server errors are retried. */
  private settle(subscription: Subscription, message: PublishedMessage, attempt: number, send: () => Accepted): void {
    try {
      const { statusCode = 200, response } = send();
      this.statusLog?.succeeded(subscription, message, { attempts: attempt, statusCode, response });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const delay = error.status >= 500 ? retryDelay(attempt) : undefined;
      if (delay !== undefined) {
        if (subscription.topic.fifo) this.hold(subscription, message.groupId!);
        this.emit('retried', subscription, message, { to: subscription.endpoint, reason: `${error.code}: ${error.message}` });
        this.clock.schedule(delay, () => this.attempt(subscription, message, attempt + 1));
        return;
      }
      const response = { ErrorCode: error.code, ErrorMessage: error.message };
      this.statusLog?.failed(subscription, message, { attempts: attempt, statusCode: error.status, response });
      this.giveUp(subscription, message, `${error.code}: ${error.message}`);
    }
    if (subscription.topic.fifo) this.release(subscription, message.groupId!);
  }

  private toQueue(subscription: Subscription, message: PublishedMessage): Accepted {
    const { messageId } = this.send(subscription.endpoint, subscription, message);
    this.emit('delivered', subscription, message, { to: subscription.endpoint, deliveredMessageId: messageId });
    return { response: { sqsMessageId: messageId } };
  }

  /** Lambda keeps the event and retries the function; SNS has delivered as soon as Lambda has the event. */
  private toFunction(subscription: Subscription, message: PublishedMessage): Accepted {
    const target = this.directory.function(subscription.endpoint);
    if (!target?.invokeAsync) {
      throw new ServiceError('ResourceNotFoundException', `There is no function ${subscription.endpoint} that takes events`, 404);
    }
    const requestId = target.invokeAsync(lambdaEvent(message, subscription, this.place), caller(subscription.topic, subscription.endpoint));
    this.emit('delivered', subscription, message, { to: subscription.endpoint, requestId });
    return { statusCode: 202, response: { lambdaRequestId: requestId } };
  }

  /** A line break ends each message, so that they stay apart in one object. */
  private toDeliveryStream(subscription: Subscription, message: PublishedMessage): Accepted {
    const { endpoint, rawMessageDelivery, subscriptionRoleArn } = subscription;
    const stream = this.directory.deliveryStream?.(endpoint);
    if (!stream) throw new ServiceError('ResourceNotFoundException', `There is no delivery stream ${endpoint}`);
    const content = rawMessageDelivery ? message.body('firehose') : notificationJson(message, subscription, this.place);
    const recordId = stream.putRecord(Buffer.from(`${content}\n`), { principal: subscriptionRoleArn! });
    this.emit('delivered', subscription, message, { to: endpoint });
    return { response: { RecordId: recordId } };
  }

  /** Throws what the queue answers. */
  private send(queueArn: string, subscription: Subscription, message: PublishedMessage): { messageId: string } {
    const queue = this.directory.queue(queueArn);
    if (!queue) throw new ServiceError('QueueDoesNotExist', `The queue ${queueArn} does not exist`);
    return queue.send(this.queueMessage(subscription, message, queue.fifo), caller(subscription.topic, queueArn));
  }

  private queueMessage(subscription: Subscription, message: PublishedMessage, fifoQueue: boolean): MessageToSend {
    const { topic, rawMessageDelivery } = subscription;
    const attributeCount = Object.keys(message.attributes).length;
    if (rawMessageDelivery && attributeCount > mostRawAttributes) {
      throw new ServiceError(
        'InvalidParameterValue', `raw message delivery carries at most ${mostRawAttributes} message attributes, got ${attributeCount}`,
      );
    }
    return {
      body: rawMessageDelivery ? message.body('sqs') : notificationJson(message, subscription, this.place),
      attributes: rawMessageDelivery ? message.attributes : undefined,
      // A standard queue gets the group of a standard topic's message for its fair share, but none from a FIFO topic.
      messageGroupId: topic.fifo === fifoQueue ? message.groupId : undefined,
      messageDeduplicationId: fifoQueue ? message.deduplicationId : undefined,
      traceHeader: message.traceHeader,
    };
  }

  private record(subscription: Subscription, message: PublishedMessage): void {
    const { protocol, endpoint, rawMessageDelivery } = subscription;
    const plain = protocol === 'email' || protocol === 'sms' || rawMessageDelivery;
    subscription.record({
      at: this.clock.now(),
      messageId: message.messageId,
      subject: protocol.startsWith('email') ? message.subject ?? 'AWS Notification Message' : undefined,
      body: plain ? message.body(protocol) : notificationJson(message, subscription, this.place),
    });
    this.emit('delivered', subscription, message, { to: endpoint });
  }

  private giveUp(subscription: Subscription, message: PublishedMessage, reason: string): void {
    const deadLetterQueue = subscription.redrivePolicy?.deadLetterTargetArn;
    if (deadLetterQueue === undefined) {
      this.emit('failed', subscription, message, { to: subscription.endpoint, reason });
      return;
    }
    try {
      const { messageId } = this.send(deadLetterQueue, subscription, message);
      this.emit('redriven', subscription, message, { to: deadLetterQueue, deliveredMessageId: messageId, reason });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const second = `and the dead-letter queue ${deadLetterQueue} refused it, ${error.code}: ${error.message}`;
      this.emit('failed', subscription, message, { to: subscription.endpoint, reason: `${reason}; ${second}`, deadLetterQueue });
    }
  }

  private hold(subscription: Subscription, groupId: string): void {
    let groups = this.held.get(subscription);
    if (!groups) this.held.set(subscription, groups = new Map<string, PublishedMessage[]>());
    if (!groups.has(groupId)) groups.set(groupId, []);
  }

  private release(subscription: Subscription, groupId: string): void {
    const groups = this.held.get(subscription);
    const messages = groups?.get(groupId);
    if (!groups || !messages) return;
    groups.delete(groupId);
    if (groups.size === 0) this.held.delete(subscription);
    for (const message of messages) this.offer(subscription, message);
  }

  private emit(action: Action, subscription: Subscription, message: PublishedMessage, more: Partial<SnsEvent> = {}): void {
    this.events.emit({
      service: 'sns', action, at: this.clock.now(), resource: subscription.topic.arn, subscription: subscription.arn,
      messageId: message.messageId, bytes: message.bytes, ...more,
    });
  }
}

function caller(topic: Topic, endpointArn: string): Caller {
  return { principal: deliveryPrincipal(topic.arn, endpointArn), sourceArn: topic.arn };
}
