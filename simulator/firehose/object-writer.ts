import { ServiceError } from '../contracts';
import type { FirehoseEvent } from '../events';
import type { StreamContext } from './context';
import type { CompleteDestination } from './destination';
import type { StreamRecord } from './record';

/**
 * Firehose goes on for up to 24 hours before it gives records up. How long it waits between attempts AWS does not say: here 5
 * seconds, twice as long each time, at most 5 minutes.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 */
const retries = { first: 5_000, longest: 300_000, until: 24 * 3_600_000 };

export interface ObjectToWrite {
  readonly destination: CompleteDestination;
  readonly key: string;
  readonly body: Buffer;
  /** What is in it. */
  readonly records: readonly StreamRecord[];
}

type Emit = (action: FirehoseEvent['action'], more: Omit<FirehoseEvent, 'service' | 'action' | 'at' | 'resource'>) => void;

/** Writes the objects of one stream, again and again where S3 does not take them. */
export class ObjectWriter {
  private closed = false;

  constructor(private readonly context: StreamContext, private readonly emit: Emit) {}

  write(object: ObjectToWrite, delay = retries.first): void {
    if (this.closed) return;
    const { clock, write } = this.context;
    const { destination, key, body, records } = object;
    const age = clock.now() - oldest(records);
    const batch = { records: records.length, bytes: records.reduce((sum, { data }) => sum + data.length, 0), age };
    try {
      write(destination.bucketArn, key, body, destination);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const reason = `${error.code}: ${error.message}`;
      if (age + delay > retries.until) {
        this.emit('failed', { ...batch, reason });
      } else {
        this.emit('retried', { ...batch, reason });
        clock.schedule(delay, () => this.write(object, Math.min(delay * 2, retries.longest)));
      }
      return;
    }
    this.emit('delivered', { ...batch, key });
  }

  /** What is not written yet is lost. */
  close(): void {
    this.closed = true;
  }
}

/** When the first of them arrived. */
export function oldest(records: readonly StreamRecord[]): number {
  return Math.min(...records.map(({ arrivedAt }) => arrivedAt));
}
