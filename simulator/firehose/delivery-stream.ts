import { gunzipSync, gzipSync } from 'node:zlib';
import { ServiceError, type Caller, type RecordStream } from '../contracts';
import type { FirehoseEvent } from '../events';
import type { StreamContext } from './context';
import { extensionOf, type CompleteDestination } from './destination';
import { ObjectWriter, oldest } from './object-writer';
import { errorPrefix, evaluatePrefix, invalid } from './prefix';
import { errorLine, type ProcessingError, type StreamRecord } from './record';
import { RecordBuffer } from './record-buffer';
import { Throughput } from './throughput';
import { transform } from './transformer';

/** Bytes, before Base64. @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const largestRecord = 1_000 * 1024;

/** Of a transformation. @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html */
const transformationBuffer = { size: 1, interval: 60 };

/** A delivery stream to which records are put, and that writes them to S3. */
export class DeliveryStream implements RecordStream {
  readonly createdAt: number;
  /** Grows with every change. */
  version = 1;
  private readonly writer: ObjectWriter;
  /** What waits for the function that transforms it. */
  private readonly untransformed: RecordBuffer;
  private readonly processed: RecordBuffer;
  private readonly failed = new Map<ProcessingError['type'], RecordBuffer>();
  private readonly throughput: Throughput;
  private deleted = false;

  constructor(
    readonly name: string, readonly arn: string, private settings: CompleteDestination, private readonly context: StreamContext,
    private atRest = false,
  ) {
    const { clock } = context;
    this.createdAt = clock.now();
    this.throughput = new Throughput(clock, arn.split(':')[3]);
    this.writer = new ObjectWriter(context, (action, more) => this.emit(action, more));
    this.untransformed = new RecordBuffer(clock, () => {
      const { bufferingSize: size, bufferingInterval: interval } = this.settings.processors.transformation ?? {};
      return { size: size ?? transformationBuffer.size, interval: interval ?? transformationBuffer.interval };
    }, (records) => { void this.transform(records); });
    this.processed = this.deliveryBuffer((records) => this.deliver(records));
  }

  get destination(): CompleteDestination {
    return this.settings;
  }

  /** Whether records are encrypted at rest in the stream. */
  get encrypted(): boolean {
    return this.atRest;
  }

  /** How many records wait to be transformed or written, those of failed attempts left out. */
  get waiting(): number {
    return [this.untransformed, this.processed, ...this.failed.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** What was put before is written as the new destination says, when the time comes that the old one said. */
  configure(destination: CompleteDestination, encrypted: boolean): void {
    this.settings = destination;
    this.atRest = encrypted;
    this.version++;
  }

  /** @throws ServiceError `ServiceUnavailableException` for more than the stream takes in a second */
  putRecord(record: Buffer, caller: Caller): string {
    this.context.authorize('firehose:PutRecord', this.arn, caller);
    validateRecord(record);
    return this.accept('PutRecord', [record])[0];
  }

  /** @returns the ID of each record @throws as `putRecord` */
  putRecords(records: readonly Buffer[], caller: Caller): string[] {
    this.context.authorize('firehose:PutRecordBatch', this.arn, caller);
    records.forEach(validateRecord);
    return this.accept('PutRecordBatch', records);
  }

  /** What is not written yet is lost, as on AWS. */
  delete(): void {
    this.deleted = true;
    this.writer.close();
    for (const buffer of [this.untransformed, this.processed, ...this.failed.values()]) buffer.clear();
  }

  /** Says what happened at the stream. */
  emit(action: FirehoseEvent['action'], more: Omit<FirehoseEvent, 'service' | 'action' | 'at' | 'resource'>): void {
    const { clock, events } = this.context;
    events.emit({ service: 'firehose', action, at: clock.now(), resource: this.arn, ...more });
  }

  private accept(operation: 'PutRecord' | 'PutRecordBatch', records: readonly Buffer[]): string[] {
    const { random, clock } = this.context;
    const amount = { records: records.length, bytes: bytesOf(records) };
    if (!this.throughput.admits(amount.records, amount.bytes)) {
      this.emit('throttled', amount);
      throw new ServiceError('ServiceUnavailableException', 'Slow down.', 500);
    }
    this.emit('put', { operation, ...amount });
    const accepted = records.map((data) => ({ id: random.hex(64), data, arrivedAt: clock.now() }));
    for (const record of accepted) this.process(record);
    return accepted.map(({ id }) => id);
  }

  private process(record: StreamRecord): void {
    const { decompress, transformation } = this.settings.processors;
    const plain = decompress ? this.decompressed(record) : record;
    if (!plain) return;
    if (transformation) this.untransformed.add(plain);
    else this.finish(plain);
  }

  private decompressed(record: StreamRecord): StreamRecord | undefined {
    try {
      return { ...record, data: gunzipSync(record.data) };
    } catch (error) {
      this.fail(record, { type: 'decompression-failed', code: 'Decompression.Failed', message: (error as Error).message, attempts: 1 });
      return undefined;
    }
  }

  private async transform(records: readonly StreamRecord[]): Promise<void> {
    const { transformation } = this.settings.processors;
    // an update has taken the function away
    if (!transformation) return records.forEach((record) => this.finish(record));
    const { records: made, failed, duration } = await transform(this.context, this.arn, this.settings, transformation, records);
    if (this.deleted) return;
    const succeeded = new Set(records.map(({ id }) => id));
    for (const { record } of failed) succeeded.delete(record.id);
    const bytes = bytesOf(records.filter(({ id }) => succeeded.has(id)).map(({ data }) => data));
    this.emit('processed', { records: succeeded.size, bytes, duration, reason: failed[0]?.error.message });
    for (const record of made) this.finish(record);
    for (const { record, error } of failed) this.fail(record, error);
  }

  private finish(record: StreamRecord): void {
    const { appendDelimiter } = this.settings.processors;
    this.processed.add(appendDelimiter ? { ...record, data: Buffer.concat([record.data, Buffer.from('\n')]) } : record);
  }

  private fail(record: StreamRecord, error: ProcessingError): void {
    const buffer = this.failed.get(error.type) ?? this.deliveryBuffer((records) => this.deliverErrors(error.type, records));
    this.failed.set(error.type, buffer);
    buffer.add({ ...record, data: errorLine(record, error, this.context.clock.now()) });
  }

  private deliveryBuffer(full: (records: readonly StreamRecord[]) => void): RecordBuffer {
    return new RecordBuffer(this.context.clock, () => ({ size: this.settings.bufferingSize, interval: this.settings.bufferingInterval }), full);
  }

  private deliver(records: readonly StreamRecord[]): void {
    const { settings: destination } = this;
    const body = Buffer.concat(records.map(({ data }) => data));
    const key = `${this.key(destination.prefix, records)}${extensionOf(destination)}`;
    this.writer.write({ destination, key, records, body: destination.compressionFormat === 'GZIP' ? gzipSync(body) : body });
  }

  private deliverErrors(type: ProcessingError['type'], records: readonly StreamRecord[]): void {
    const key = this.key(errorPrefix(this.settings.errorOutputPrefix), records, type);
    this.writer.write({ destination: this.settings, key, records, body: Buffer.concat(records.map(({ data }) => data)) });
  }

  private key(prefix: string, records: readonly StreamRecord[], errorType?: string): string {
    const { random } = this.context;
    const since = oldest(records);
    const at = new Date(since).toISOString();
    const evaluated = evaluatePrefix(prefix, since, () => random.hex(11), errorType);
    return `${evaluated}${this.name}-${this.version}-${at.slice(0, 10)}-${at.slice(11, 19).replaceAll(':', '-')}-${random.uuid()}`;
  }
}

function bytesOf(records: readonly Buffer[]): number {
  return records.reduce((sum, { length }) => sum + length, 0);
}

function validateRecord(record: Buffer): void {
  if (record.length > largestRecord) {
    throw invalid(`a record's 'Data' must be from 0 to ${largestRecord} bytes, got ${record.length}`);
  }
}
