import type { Clock } from '../clock';
import { ServiceError } from '../contracts';
import type { Events, S3RequestEvent } from '../events';

/** What counts how requests are answered: an ID, and the prefix of the keys that it is for. */
export interface MetricsConfiguration {
  readonly id: string;
  /** Empty for a configuration without a filter. */
  readonly prefix: string;
}

export type RequestKind = S3RequestEvent['kind'];

export interface Answer {
  readonly status: number;
  /** Bytes of the request's body. */
  readonly received: number;
  /** Bytes of the response's body. */
  readonly sent: number;
}

/**
 * Milliseconds that S3 takes to begin its answer, on top of what a fault delays it by: the lower end of what AWS's page on
 * performance names. It shows in the metrics alone; no time passes on the clock.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html
 */
export const FIRST_BYTE = 100;

/**
 * Bytes a millisecond of one request, in both directions: 85 to 90 MB a second.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html
 */
export const BYTES_PER_MILLISECOND = 90_000;

/** Tells how the requests to a bucket are answered, as far as its metrics configurations count them. */
export class Requests {
  configurations: readonly MetricsConfiguration[] = [];

  constructor(private readonly clock: Clock, private readonly events: Events, private readonly bucketArn: string) {}

  /**
   * A request begins; call back with its answer.
   * @param key of the one object that it is for; undefined for a list, and for the deletion of several objects
   */
  begin(kind: RequestKind, key: string | undefined): (answer: Answer) => void {
    const filterIds = this.filtersOf(key);
    if (filterIds.length === 0) return () => {};
    const { clock, events } = this;
    const began = clock.now();
    return ({ status, received, sent }) => {
      const at = clock.now();
      const firstByteLatency = at - began + FIRST_BYTE;
      events.emit({
        service: 's3Request', action: 'answered', at, resource: this.bucketArn, kind, status, received, sent, filterIds,
        firstByteLatency, totalLatency: firstByteLatency + (received + sent) / BYTES_PER_MILLISECOND,
      });
    };
  }

  /** A put that comes over no network: from another service, or from a test. */
  put<T>(key: string, body: Buffer, work: () => T): T {
    const answered = this.begin('put', key);
    try {
      const result = work();
      answered({ status: 200, received: body.length, sent: 0 });
      return result;
    } catch (error) {
      if (error instanceof ServiceError) answered({ status: error.status, received: body.length, sent: 0 });
      throw error;
    }
  }

  /** Only what is for a single object matches a filter. */
  private filtersOf(key: string | undefined): string[] {
    return this.configurations.filter(({ prefix }) => (key === undefined ? prefix === '' : key.startsWith(prefix))).map(({ id }) => id);
  }
}
