/**
 * Milliseconds: five minutes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export const deduplicationInterval = 300_000;

/** What was sent or asked for within the deduplication interval, by key. */
export class RecentlySeen<Value> {
  private latest = new Map<string, { at: number; value: Value }>();
  private earlier: typeof this.latest = new Map();
  private turnedAt = -Infinity;

  find(key: string, now: number): Value | undefined {
    const seen = this.latest.get(key) ?? this.earlier.get(key);
    return seen !== undefined && seen.at + deduplicationInterval > now ? seen.value : undefined;
  }

  /** Two maps take turns, so that what is over leaves by the map: none of it stays for longer than two intervals. */
  remember(key: string, now: number, value: Value): void {
    if (now >= this.turnedAt + deduplicationInterval) {
      this.earlier = this.latest;
      this.latest = new Map();
      this.turnedAt = now;
    }
    this.latest.set(key, { at: now, value });
  }
}
