/**
 * Milliseconds: five minutes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export const deduplicationInterval = 300_000;

/** Of two maps or the like, the one for what comes now and the one before it: what is over leaves by the map. */
export class Generations<Keeper> {
  earlier: Keeper;
  latest: Keeper;
  private turnedAt = -Infinity;

  constructor(private readonly create: () => Keeper) {
    this.earlier = create();
    this.latest = create();
  }

  /** The one for what comes now; none of it stays for longer than two deduplication intervals. */
  at(now: number): Keeper {
    if (now >= this.turnedAt + deduplicationInterval) {
      this.earlier = this.latest;
      this.latest = this.create();
      this.turnedAt = now;
    }
    return this.latest;
  }
}

/** What was asked for within the deduplication interval, by key. */
export class RecentlySeen<Value> {
  private readonly seen = new Generations(() => new Map<string, { at: number; value: Value }>());

  find(key: string, now: number): Value | undefined {
    const seen = this.seen.latest.get(key) ?? this.seen.earlier.get(key);
    return seen !== undefined && seen.at + deduplicationInterval > now ? seen.value : undefined;
  }

  remember(key: string, now: number, value: Value): void {
    this.seen.at(now).set(key, { at: now, value });
  }
}
