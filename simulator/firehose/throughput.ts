import type { Clock } from '../clock';

interface Quota {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
}

/** A second, of what is put directly to one stream. @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const QUOTA: Quota = { requests: 1000, records: 100_000, bytes: 1024 * 1024 };
const LARGE_QUOTA: Quota = { requests: 2000, records: 500_000, bytes: 5 * 1024 * 1024 };
const LARGE_REGIONS = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);

/** How much a stream takes in a second. What AWS does with a request that exceeds the quota alone it does not say: here that is taken. */
export class Throughput {
  private readonly quota: Quota;
  private second = 0;
  private used = { requests: 0, records: 0, bytes: 0 };

  constructor(private readonly clock: Clock, region: string) {
    this.quota = LARGE_REGIONS.has(region) ? LARGE_QUOTA : QUOTA;
  }

  /** Whether there is room for a request in this second; it is used then. */
  admits(records: number, bytes: number): boolean {
    const second = Math.floor(this.clock.now() / 1000);
    if (second !== this.second) this.used = { requests: 0, records: 0, bytes: 0 };
    this.second = second;
    const { quota, used } = this;
    if (used.requests >= quota.requests || used.records >= quota.records || used.bytes >= quota.bytes) return false;
    this.used = { requests: used.requests + 1, records: used.records + records, bytes: used.bytes + bytes };
    return true;
  }
}
