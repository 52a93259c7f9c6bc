import type { Timer } from '../clock';
import type { Caller, MessageQueue, MessageToSend, ReceivedMessage, SentMessage } from '../contracts';
import { Deduplication, deduplicationIdOf } from './deduplication';
import type { DuplicateDelivery } from './duplicate-delivery';
import { invalidParameter, queueDoesNotExist } from './errors';
import { fairnessOf, type Fairness } from './fairness';
import { FifoOrder } from './fifo-order';
import { Message, noAttributes } from './message';
import type { StandardOrder } from './message-order';
import { MessageStore } from './message-store';
import { MessageTable } from './message-table';
import { checkDelay, checkSize, messageBytes } from './message-validation';
import { QueueConfiguration } from './queue-configuration';
import type { QueueContext } from './queue-context';
import { QueueEvents } from './queue-events';
import { checkRange, checkVisibilityChange, inFlightLimit, receiveRange, visibilityTimeoutRange } from './queue-limits';
import type { QueueProperties } from './queue-properties';
import { deadLetter, redriven } from './redrive';
import { ageOfOldest, poisonReceives, snapshotOf, type MessageSnapshot, type QueueDepth, type ReceiveOptions } from './queue-views';
import { ReceiptHandles } from './receipt-handles';
import { ReceiveAttempts } from './receive-attempts';
import { Waiters } from './waiters';

export class Queue extends QueueConfiguration implements MessageQueue {
  private readonly say: QueueEvents;
  /** Undefined for FIFO queues, as are duplicates. */
  private readonly standardOrder: StandardOrder | undefined;
  private readonly duplicates: DuplicateDelivery | undefined;
  /** Undefined for standard queues. */
  private readonly fifoOrder: FifoOrder | undefined;
  private readonly store: MessageStore;
  private readonly handles: ReceiptHandles;
  private readonly deduplication = new Deduplication();
  private readonly attempts = new ReceiveAttempts();
  private readonly waiters: Waiters;
  private deleted = false;

  constructor(context: QueueContext, properties: QueueProperties) {
    super(context, properties);
    this.say = new QueueEvents(context.events, this.arn);
    const table = new MessageTable();
    this.handles = new ReceiptHandles(`AQEB${context.identifiers.hex(16)}`, table);
    if (!this.fifo) {
      this.standardOrder = context.standardQueues.order(table);
      this.duplicates = context.standardQueues.duplicates();
    } else this.fifoOrder = new FifoOrder(table);
    this.store = new MessageStore(table, (this.standardOrder ?? this.fifoOrder)!, {
      returned: (message, at) => this.say.of(message, 'returned', at),
      expired: (message, at) => this.say.of(message, 'expired', at),
    });
    this.waiters = new Waiters(context.clock, () => this.isReceivable, () => this.store.nextChange(this.retention));
  }

  override update(properties: Partial<QueueProperties>): void {
    const now = this.settled();
    const delay = this.delaySeconds;
    super.update(properties);
    // AWS changes the delay of messages that wait in a FIFO queue, but not in a standard one.
    if (this.fifo && this.delaySeconds !== delay) {
      for (const message of this.store.all()) {
        if (message.state === 'delayed') this.store.postpone(message, message.arrivedAt + this.delaySeconds * 1000);
      }
    }
    this.store.settle(now, this.retention);
    this.waiters.arm();
  }

  /** @param measured the message's `messageBytes`, where they are known */
  send(message: MessageToSend, caller: Caller, measured?: number): SentMessage {
    const now = this.settled();
    this.context.authorize?.('sqs:SendMessage', this.arn, caller);
    const bytes = measured ?? messageBytes(message);
    checkSize(bytes, this.settings.maximumMessageSize);
    checkDelay(message.delaySeconds, this.settings.fifo);
    const deduplicationId = deduplicationIdOf(message, this.settings);
    if (deduplicationId !== undefined) {
      const earlier = this.deduplication.find(this.settings, message.messageGroupId!, deduplicationId, now);
      if (earlier !== undefined) {
        this.say.emit('deduplicated', earlier.messageId, bytes, 0, now);
        return earlier;
      }
    }
    const sent = new Message(this.context.identifiers.uuid(), message.body, message.attributes ?? noAttributes, bytes, caller.principal, now);
    sent.groupId = message.messageGroupId;
    sent.deduplicationId = deduplicationId;
    sent.traceHeader = message.traceHeader;
    sent.bodyDigest = message.bodyDigest;
    // A FIFO queue's messages have none of their own.
    const delay = this.settings.fifo ? undefined : message.delaySeconds;
    this.add(sent, now, now + (delay ?? this.settings.delaySeconds) * 1000);
    this.say.of(sent, 'sent', now);
    return this.remembered(sent, now);
  }

  receive(maximum: number, options?: ReceiveOptions): ReceivedMessage[] {
    const messages = this.poll(maximum, options);
    if (messages.length === 0) this.say.emit('emptyReceive', '', 0, 0, this.context.clock.now());
    return messages;
  }

  /** A receive that does not count as an empty one: what a long poll does until its wait time is over. */
  poll(maximum: number, options?: ReceiveOptions): ReceivedMessage[] {
    const now = this.settled();
    checkRange('MaxNumberOfMessages', receiveRange, '', maximum);
    const visibilityTimeout = options?.visibilityTimeout ?? this.settings.visibilityTimeout;
    checkRange('VisibilityTimeout', visibilityTimeoutRange, 'seconds', visibilityTimeout);
    const due = now + visibilityTimeout * 1000;
    const attempt = this.settings.fifo ? options?.receiveRequestAttemptId : undefined;
    const repeated = attempt === undefined ? undefined : this.attempts.find(attempt, now);
    if (repeated !== undefined) {
      for (const message of repeated) this.store.postpone(message, due);
      return repeated.map((message) => this.handles.received(message));
    }

    const taken: Message[] = [];
    const received: ReceivedMessage[] = [];
    while (received.length < maximum) {
      const message = this.next();
      if (message === undefined) break;
      this.store.take(message, now, this.duplicates === undefined ? due : this.duplicates.dueOf(message, now, due));
      taken.push(message);
      received.push(this.handles.received(message));
      this.say.of(message, 'received', now);
    }
    this.store.endReceive();
    if (attempt !== undefined && taken.length > 0) this.attempts.remember(attempt, now, taken);
    this.waiters.arm();
    return received;
  }

  delete(receiptHandle: string): void {
    const now = this.settled();
    const found = this.handles.find(receiptHandle);
    if (found === undefined) return;
    const { message, isLatest } = found;
    if (this.settings.fifo && !(isLatest && message.state === 'inFlight')) {
      throw invalidParameter(`Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`);
    }
    // AWS answers success for an older handle of a standard queue, and does not delete.
    if (!isLatest) return;
    if (!this.duplicates?.outlives(message)) this.store.remove(message);
    this.say.of(message, 'deleted', now);
    this.waiters.arm();
  }

  changeVisibility(receiptHandle: string, visibilityTimeout: number): void {
    const now = this.settled();
    const found = this.handles.find(receiptHandle);
    checkVisibilityChange(found, receiptHandle, now, visibilityTimeout);
    this.store.postpone(found.message, now + visibilityTimeout * 1000);
    if (visibilityTimeout === 0) this.store.settle(now, this.retention);
    this.waiters.arm();
  }

  /** @param onDeleted called, at once, when the queue is deleted before there was a message */
  whenReceivable(callback: () => void, onDeleted?: () => void): Timer {
    this.settled();
    return this.waiters.add({ callback, onClosed: onDeleted });
  }

  /** Whether a receive would find a message now. */
  private get isReceivable(): boolean {
    this.settled();
    return this.next() !== undefined;
  }

  /** Whether the queue has so many messages in flight that a short poll of a standard queue is answered `OverLimit`. */
  get isOverInFlightLimit(): boolean {
    this.settled();
    return this.store.inFlight >= inFlightLimit;
  }

  /** Every message in order of arrival. Changes nothing: no receive count, no visibility. */
  snapshot(): MessageSnapshot[] {
    this.settled();
    return Array.from(this.store.all(), snapshotOf);
  }

  depth(): QueueDepth {
    this.settled();
    const { visible, inFlight, delayed } = this.store;
    return { visible, inFlight, delayed };
  }

  /** Messages of every state. */
  get size(): number {
    this.settled();
    return this.store.visible + this.store.inFlight + this.store.delayed;
  }

  /**
   * Seconds, as CloudWatch's `ApproximateAgeOfOldestMessage`: a standard queue leaves out what was received three times and
   * not deleted, and in a dead-letter queue the age starts again. Undefined when there is no message that counts.
   */
  ageOfOldestMessage(): number | undefined {
    const now = this.settled();
    return ageOfOldest(this.store.all(), this.fifo ? Infinity : poisonReceives, now);
  }

  /** What fair queues publish; undefined while no message of the queue ever had a message group, and for FIFO queues. */
  fairness(): Fairness | undefined {
    const now = this.settled();
    const noisy = this.standardOrder?.noisyGroups();
    return noisy && fairnessOf(this.store.all(), this.store, noisy, now);
  }

  /** Message groups with a message in flight; undefined for standard queues. */
  groupsInFlight(): number | undefined {
    this.settled();
    return this.fifoOrder?.groupsInFlight;
  }

  purge(): void {
    const now = this.settled();
    for (const message of [...this.store.all()]) {
      this.store.remove(message);
      this.say.of(message, 'purged', now);
    }
  }

  /** Called by the service: from here on every call is refused with `QueueDoesNotExist`. */
  close(): void {
    this.deleted = true;
    this.waiters.close();
  }

  /** Takes the message that would be received next out of the queue, to be moved by a redrive to the queue that `choose` names. */
  redriveNext(choose: (message: Message) => Queue): boolean {
    const now = this.settled();
    const message = this.store.peek();
    if (message === undefined) return false;
    const destination = choose(message);
    this.store.remove(message);
    this.say.of(message, 'moved', now, destination.arn, destination.acceptRedriven(message));
    this.waiters.arm();
    return true;
  }

  private acceptRedriven(from: Message): string {
    const now = this.settled();
    const earlier = this.fifo ? this.deduplication.find(this.settings, from.groupId!, from.deduplicationId!, now) : undefined;
    if (earlier !== undefined) {
      this.say.emit('deduplicated', earlier.messageId, from.bytes, 0, now);
      return earlier.messageId;
    }
    const message = redriven(from, this.context.identifiers.uuid(), now);
    this.add(message, now, now + this.delaySeconds * 1000);
    return this.remembered(message, now).messageId;
  }

  private acceptDeadLetter(from: Message, sourceArn: string): void {
    const now = this.settled();
    this.add(deadLetter(from, sourceArn, this.fifo, now), now, now);
  }

  /** What a send answers, and answers again to every send that it makes a duplicate. */
  private remembered(message: Message, now: number): SentMessage {
    const { messageId, sequenceNumber } = message;
    if (sequenceNumber === undefined) return { messageId };
    this.deduplication.remember(this.settings, message, now);
    return { messageId, sequenceNumber };
  }

  private add(message: Message, now: number, due: number): void {
    this.store.add(message, now, due);
    if (this.waiters.count > 0) this.waiters.arm();
  }

  /** The next message to receive. Those that were received too often go to the dead-letter queue on the way. */
  private next(): Message | undefined {
    if (this.store.inFlight >= inFlightLimit) return undefined;
    const policy = this.settings.redrivePolicy;
    for (;;) {
      const message = this.store.peek();
      if (message === undefined || policy === undefined || message.receives < policy.maxReceiveCount) return message;
      const target = this.context.queue(policy.deadLetterTargetArn);
      // The dead-letter queue was deleted since: the message stays and is received again, or it would be lost.
      if (target === undefined) return message;
      this.store.remove(message);
      this.say.of(message, 'moved', this.context.clock.now(), target.arn);
      target.acceptDeadLetter(message, this.arn);
    }
  }

  private get retention(): number {
    return this.settings.messageRetentionPeriod * 1000;
  }

  /** The present moment, after everything that time did to the queue until then. */
  private settled(): number {
    if (this.deleted) throw queueDoesNotExist();
    const now = this.context.clock.now();
    this.store.settle(now, this.retention);
    return now;
  }
}
