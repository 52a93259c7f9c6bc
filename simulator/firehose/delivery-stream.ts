import { gzipSync } from 'node:zlib';
import type { Clock, Timer } from '../clock';
import { ServiceError, type Caller, type RecordStream } from '../contracts';
import type { Events, FirehoseEvent } from '../events';
import type { Random } from '../random';
import { extensionOf, type CompleteDestination } from './destination';
import { evaluatePrefix, invalid } from './prefix';

/** Writes an object for a role, and throws a `ServiceError` where the role may not, or there is no such bucket. */
export type WriteObject = (bucketArn: string, key: string, body: Buffer, destination: CompleteDestination) => void;

export interface StreamContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly write: WriteObject;
  /** Throws a `ServiceError` where the caller may not. */
  readonly authorize: (action: string, resource: string, caller: Caller) => void;
}

/** Bytes, before Base64. @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const largestRecord = 1_000 * 1024;

/**
 * Firehose goes on for up to 24 hours before it gives records up. How long it waits between attempts AWS does not say: here 5
 * seconds, twice as long each time, at most 5 minutes.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 */
const retries = { first: 5_000, longest: 300_000, until: 24 * 3_600_000 };

interface Buffered {
  records: Buffer[];
  bytes: number;
  /** When the first of them arrived. */
  readonly since: number;
  readonly timer: Timer;
}

/** A delivery stream to which records are put, and that writes them to S3. */
export class DeliveryStream implements RecordStream {
  /** Whether records are encrypted at rest in the stream. */
  readonly encrypted: boolean;
  readonly createdAt: number;
  private buffered: Buffered | undefined;
  private deleted = false;

  constructor(
    readonly name: string, readonly arn: string, readonly destination: CompleteDestination,
    private readonly context: StreamContext, encrypted = false,
  ) {
    this.encrypted = encrypted;
    this.createdAt = context.clock.now();
  }

  /** How many records wait to be written, those of failed attempts left out. */
  get waiting(): number {
    return this.buffered?.records.length ?? 0;
  }

  putRecord(record: Buffer, caller: Caller): string {
    this.context.authorize('firehose:PutRecord', this.arn, caller);
    validateRecord(record);
    return this.accept('PutRecord', [record])[0];
  }

  /** @returns the ID of each record */
  putRecords(records: readonly Buffer[], caller: Caller): string[] {
    this.context.authorize('firehose:PutRecordBatch', this.arn, caller);
    records.forEach(validateRecord);
    return this.accept('PutRecordBatch', records);
  }

  /** What is not written yet is lost, as on AWS. */
  delete(): void {
    this.deleted = true;
    this.buffered?.timer.cancel();
    this.buffered = undefined;
  }

  private accept(operation: 'PutRecord' | 'PutRecordBatch', records: readonly Buffer[]): string[] {
    const { random } = this.context;
    const bytes = records.reduce((sum, record) => sum + record.length, 0);
    this.emit('put', { operation, records: records.length, bytes });
    for (const record of records) this.buffer(record);
    return records.map(() => random.hex(64));
  }

  private buffer(record: Buffer): void {
    const { clock } = this.context;
    const { bufferingInterval, bufferingSize, appendDelimiter } = this.destination;
    this.buffered ??= {
      records: [], bytes: 0, since: clock.now(), timer: clock.schedule(bufferingInterval * 1000, () => this.flush()),
    };
    this.buffered.records.push(appendDelimiter ? Buffer.concat([record, Buffer.from('\n')]) : record);
    this.buffered.bytes += record.length;
    if (this.buffered.bytes >= bufferingSize * 1024 * 1024) this.flush();
  }

  private flush(): void {
    const { buffered, context, destination } = this;
    this.buffered = undefined;
    if (!buffered) return;
    buffered.timer.cancel();
    const body = Buffer.concat(buffered.records);
    const at = new Date(buffered.since).toISOString();
    const prefix = evaluatePrefix(destination.prefix, buffered.since, () => context.random.hex(11));
    const key = `${prefix}${this.name}-1-${at.slice(0, 10)}-${at.slice(11, 19).replaceAll(':', '-')}-${context.random.uuid()}${extensionOf(destination)}`;
    this.write(buffered, key, destination.compressionFormat === 'GZIP' ? gzipSync(body) : body, retries.first);
  }

  private write(buffered: Buffered, key: string, body: Buffer, delay: number): void {
    if (this.deleted) return;
    const { clock, write } = this.context;
    const age = clock.now() - buffered.since;
    const batch = { records: buffered.records.length, bytes: buffered.bytes, age };
    try {
      write(this.destination.bucketArn, key, body, this.destination);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const reason = `${error.code}: ${error.message}`;
      if (age + delay > retries.until) {
        this.emit('failed', { ...batch, reason });
      } else {
        this.emit('retried', { ...batch, reason });
        clock.schedule(delay, () => this.write(buffered, key, body, Math.min(delay * 2, retries.longest)));
      }
      return;
    }
    this.emit('delivered', { ...batch, key });
  }

  /** Says what happened at the stream. */
  emit(action: FirehoseEvent['action'], more: Omit<FirehoseEvent, 'service' | 'action' | 'at' | 'resource'>): void {
    const { clock, events } = this.context;
    events.emit({ service: 'firehose', action, at: clock.now(), resource: this.arn, ...more });
  }
}

function validateRecord(record: Buffer): void {
  if (record.length > largestRecord) {
    throw invalid(`a record's 'Data' must be from 0 to ${largestRecord} bytes, got ${record.length}`);
  }
}
