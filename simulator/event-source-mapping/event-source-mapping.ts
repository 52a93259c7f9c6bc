import type { Clock, Timer } from '../clock';
import { type Caller, type InvocationResult, type InvokableFunction, type MessageQueue, type Place, ServiceError } from '../contracts';
import type { Events, EventSourceMappingEvent } from '../events';
import type { Random } from '../random';
import { Concurrency, scaleOf } from './concurrency';
import { compileFilter } from './filter';
import { type EventSourceMappingProperties, validate } from './properties';
import { recordOf, type SqsRecord } from './record';
import { type BatchOutcome, outcomeOf } from './response';

/** Bytes of an invocation's payload: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES = 6_291_556;
const ENVELOPE_BYTES = Buffer.byteLength('{"Records":[]}');

/** Milliseconds before a throttled batch is tried again: doubled each time. Lambda publishes no figures. */
const THROTTLE_DELAY = { first: 1000, longest: 30_000 };

interface Gathered {
  readonly record: SqsRecord;
  readonly bytes: number;
  /** When it becomes visible again, in milliseconds since the epoch. */
  readonly visibleAt: number;
}

/**
 * Polls a queue and invokes a function with batches of its messages, as Lambda does. One batch is gathered at a time.
 *
 * - A batch whose invocation fails or times out stays in flight; its messages come back when their visibility timeout ends.
 * - A throttled batch is tried again after 1, 2, 4 … 30 seconds, as long as its messages stay in flight.
 * - Either halves the concurrency, which then grows again; a failure does not where the function reports what failed of a batch.
 */
export class EventSourceMapping {
  readonly uuid: string;
  readonly queue: MessageQueue;
  readonly function: InvokableFunction;
  private readonly batchSize: number;
  /** Milliseconds. */
  private readonly window: number;
  private readonly concurrency: Concurrency;
  private readonly passes: (record: SqsRecord) => boolean;
  private readonly caller: Caller;
  private polling = false;
  private receivable: Timer | undefined;
  private windowEnd: Timer | undefined;
  private gathered: Gathered[] = [];

  /** Throws `InvalidParameterValueException` for what AWS would refuse. Polls from now on unless `enabled` is false. */
  constructor(
    private readonly clock: Clock,
    private readonly events: Events,
    random: Random,
    private readonly place: Place,
    readonly properties: EventSourceMappingProperties,
  ) {
    validate(properties);
    this.uuid = properties.uuid ?? random.uuid();
    this.queue = properties.queue;
    this.function = properties.function;
    this.batchSize = properties.batchSize ?? 10;
    this.window = (properties.maximumBatchingWindow ?? 0) * 1000;
    this.passes = compileFilter(properties.filterCriteria);
    this.caller = { principal: 'lambda.amazonaws.com', sourceArn: this.queue.arn };
    this.concurrency = new Concurrency(clock, scaleOf(properties), () => {
      this.dispatch();
      this.listen();
    });
    if (properties.enabled !== false) this.enable();
  }

  get enabled(): boolean {
    return this.polling;
  }

  enable(): void {
    this.polling = true;
    this.listen();
  }

  /** Stops polling. What was received already is still processed. */
  disable(): void {
    this.polling = false;
    this.receivable?.cancel();
    this.receivable = undefined;
    this.endWindow();
    this.dispatch();
  }

  private listen(): void {
    if (!this.polling || this.receivable) return;
    this.receivable = this.queue.whenReceivable(() => {
      this.receivable = undefined;
      if (this.concurrency.free) this.receive();
      else this.concurrency.messagesAreLeft();
    });
  }

  private receive(): void {
    this.dispatch();
    if (this.polling && this.concurrency.free) {
      const messages = this.queue.receive(Math.min(10, this.batchSize - this.gathered.length));
      const visibleAt = this.clock.now() + this.queue.visibilityTimeout * 1000;
      this.gather(messages.map((message) => recordOf(message, this.queue.arn, this.place.region)), visibleAt);
      this.dispatch();
    }
    this.listen();
  }

  private gather(records: readonly SqsRecord[], visibleAt: number): void {
    const dropped: SqsRecord[] = [];
    for (const record of records) {
      if (this.passes(record)) this.gathered.push({ record, bytes: Buffer.byteLength(JSON.stringify(record)) + 1, visibleAt });
      else dropped.push(record);
    }
    if (dropped.length > 0) {
      for (const record of dropped) this.queue.delete(record.receiptHandle);
      this.emit('filteredOut', dropped);
    }
    if (this.window > 0 && this.gathered.length > 0) this.beginWindow();
  }

  private beginWindow(): void {
    this.windowEnd ??= this.clock.schedule(this.window, () => {
      this.endWindow();
      this.dispatch();
      this.listen();
    });
  }

  private endWindow(): void {
    this.windowEnd?.cancel();
    this.windowEnd = undefined;
  }

  /** Invokes with what is gathered: until the window's end with full batches only. */
  private dispatch(): void {
    const due = this.windowEnd === undefined;
    while (this.gathered.length > 0 && this.concurrency.free) {
      const count = this.fitting();
      if (!due && count === this.gathered.length && count < this.batchSize) break;
      this.endWindow();
      const batch = this.gathered.splice(0, count);
      if (this.queue.fifo) this.putBack();
      this.concurrency.begin();
      void this.process(batch);
    }
    if (!due && this.gathered.length > 0) this.beginWindow();
  }

  /** How many of the gathered records fit into one payload; at least one. */
  private fitting(): number {
    let bytes = ENVELOPE_BYTES;
    let count = 0;
    for (const gathered of this.gathered) {
      bytes += gathered.bytes;
      if (count === this.batchSize || (count > 0 && bytes > PAYLOAD_BYTES)) break;
      count++;
    }
    return count;
  }

  /** What did not fit may belong to the batch's message groups: invoked beside it, it could overtake. */
  private putBack(): void {
    for (const { record } of this.gathered.splice(0)) this.queue.changeVisibility(record.receiptHandle, 0);
  }

  private async process(batch: readonly Gathered[]): Promise<void> {
    const records = batch.map(({ record }) => record);
    this.emit('invoked', records);
    const result = await this.invoke(records, Math.min(...batch.map(({ visibleAt }) => visibleAt)));
    const reports = this.properties.functionResponseTypes?.includes('ReportBatchItemFailures') ?? false;
    const outcome = this.settle(records, outcomeOf(result, records.map(({ messageId }) => messageId), reports));
    this.emit('completed', records, result.requestId, outcome);
    this.concurrency.end(result.status === 'throttled' || (result.status !== 'succeeded' && !reports));
    this.dispatch();
    this.listen();
  }

  private async invoke(records: readonly SqsRecord[], visibleAt: number): Promise<InvocationResult> {
    for (let delay = THROTTLE_DELAY.first; ; delay = Math.min(2 * delay, THROTTLE_DELAY.longest)) {
      const result = await this.function.invoke({ Records: records }, this.caller);
      if (result.status === 'throttled') this.emit('throttled', records, result.requestId);
      if (result.status !== 'throttled' || this.clock.now() + delay >= visibleAt) return result;
      await new Promise<void>((resolve) => { this.clock.schedule(delay, resolve); });
    }
  }

  /** Deletes what succeeded; what the queue no longer lets delete has failed. */
  private settle(records: readonly SqsRecord[], { failed, error }: BatchOutcome): BatchOutcome {
    const all = new Set(failed);
    const refusals: string[] = [];
    for (const { messageId, receiptHandle } of records) {
      if (failed.has(messageId)) continue;
      try {
        this.queue.delete(receiptHandle);
      } catch (refusal) {
        if (!(refusal instanceof ServiceError)) throw refusal;
        all.add(messageId);
        refusals.push(`${refusal.code}: ${refusal.message}`);
      }
    }
    return { failed: all, error: error ?? refusals[0] };
  }

  private emit(action: EventSourceMappingEvent['action'], records: readonly SqsRecord[], requestId?: string, outcome?: BatchOutcome): void {
    this.events.emit({
      service: 'eventSourceMapping',
      action,
      at: this.clock.now(),
      resource: this.queue.arn,
      mapping: this.uuid,
      functionArn: this.function.arn,
      counted: this.properties.metrics?.includes('EventCount') ?? false,
      messageIds: records.map(({ messageId }) => messageId),
      failedMessageIds: [...outcome?.failed ?? []],
      ...requestId === undefined ? {} : { requestId },
      ...outcome?.error === undefined ? {} : { error: outcome.error },
    });
  }
}
