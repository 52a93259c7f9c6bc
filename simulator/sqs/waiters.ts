import type { Clock, Timer } from '../clock';

interface Waiter {
  readonly callback: () => void;
  readonly onClosed?: () => void;
}

/** Those who wait for a queue to have something to receive. One timer for all of them, and none while nobody waits. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();
  private timer: Timer | undefined;
  private timerAt = 0;

  /**
   * @param isReceivable whether a receive would find a message now
   * @param nextChange when time alone may change that
   */
  constructor(
    private readonly clock: Clock,
    private readonly isReceivable: () => boolean,
    private readonly nextChange: () => number | undefined,
  ) {}

  get count(): number {
    return this.waiting.size;
  }

  add(waiter: Waiter): Timer {
    this.waiting.add(waiter);
    this.arm();
    return {
      cancel: () => {
        this.waiting.delete(waiter);
        if (this.waiting.size === 0) this.disarm();
      },
    };
  }

  /** To be called after every change of the queue while somebody waits. */
  arm(): void {
    if (this.waiting.size === 0) return;
    const now = this.clock.now();
    const at = this.isReceivable() ? now : this.nextChange();
    if (this.timer !== undefined && this.timerAt === at) return;
    this.disarm();
    if (at === undefined) return;
    this.timerAt = at;
    this.timer = this.clock.schedule(at - now, () => this.wake());
  }

  /** The queue is gone: nobody will be called back. */
  close(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    this.disarm();
    for (const waiter of waiting) waiter.onClosed?.();
  }

  private disarm(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private wake(): void {
    this.timer = undefined;
    try {
      // Those who start to wait meanwhile get an event of their own, or a callback that receives nothing would never end.
      for (const waiter of [...this.waiting]) {
        if (!this.waiting.has(waiter)) continue;
        if (!this.isReceivable()) break;
        this.waiting.delete(waiter);
        waiter.callback();
      }
    } finally {
      this.arm();
    }
  }
}
