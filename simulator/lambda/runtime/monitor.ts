import type { Activity } from './activity';
import type { VirtualTimers } from './virtual-time';

// Before virtual time replaces them: what decides here is how long the machine has been at rest.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const elapsed = performance.now.bind(performance);

export interface Monitored {
  /** Timers wait for virtual time, or requests do, and nothing else goes on. */
  idle(due: number | undefined): void;
  /** Nothing goes on, and nothing will. */
  empty(): void;
  /** Whether an empty event loop is expected. */
  readonly answered: boolean;
}

/** Milliseconds of rest after which an event loop counts as empty when its handler has not answered. */
const PATIENCE = 50;

/** Milliseconds between two looks when time is real: nothing is decided by them, so they may be rare. */
const REAL_INTERVAL = 20;

/** Watches the event loop during an invocation, and says when nothing but time can change anything. */
export class Monitor {
  /** How many requests wait for virtual time, on which the host keeps the count. */
  parked = 0;
  private check: NodeJS.Timeout | undefined;
  private restSince: number | undefined;

  constructor(private readonly activity: Activity, private readonly timers: VirtualTimers | undefined) {}

  watch(monitored: Monitored): void {
    this.stop();
    this.restSince = undefined;
    this.lookLater(monitored, 1);
  }

  stop(): void {
    clearTimeout(this.check);
    this.check = undefined;
  }

  private lookLater(monitored: Monitored, delay: number): void {
    this.check = setTimeout(() => {
      // What became ready in the meantime is handled before the check phase, in which this looks.
      const check = this.check;
      setImmediate(() => { if (check === this.check) this.look(monitored); });
    }, delay);
    this.check.unref();
  }

  private look(monitored: Monitored): void {
    const busy = this.activity.count() > this.parked || this.timers?.underWay === true;
    if (busy) {
      this.restSince = undefined;
      this.lookLater(monitored, this.timers ? 1 : REAL_INTERVAL);
      return;
    }
    this.restSince ??= elapsed();
    const rest = elapsed() - this.restSince;
    const due = this.timers?.due;
    if (this.parked > 0 || this.timers?.referenced) {
      if (rest >= 1) monitored.idle(due);
      else this.lookLater(monitored, 1);
    } else if (monitored.answered || rest >= PATIENCE) {
      monitored.empty();
    } else {
      this.lookLater(monitored, 5);
    }
  }
}
