/** Something that will happen; cancelling it twice, or after it happened, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Work that goes on outside the clock, during which virtual time stands still. */
export interface Hold {
  release(): void;
}

/**
 * The one source of time. Every service schedules what takes time here, so that the same engine runs in virtual time
 * (tests, scenarios) and in real time (the server).
 */
export interface Clock {
  /** The present moment in milliseconds since the epoch. */
  now(): number;

  /** Calls back after `delay` milliseconds (at once-but-later for 0). Events of one moment run in the order they were scheduled. */
  schedule(delay: number, callback: () => void): Timer;

  /** Keeps virtual time from moving until released: taken around every call of a handler. */
  hold(): Hold;
}

interface ScheduledEvent {
  readonly at: number;
  readonly sequence: number;
  callback?: () => void;
}

/** A clock that moves only when it is told to, straight from one event to the next. */
export class VirtualClock implements Clock {
  private readonly events = new EventHeap();
  private sequence = 0;
  private held = 0;
  private onReleased: (() => void) | undefined;
  private advancing: Promise<void> = Promise.resolve();

  /** @param time the first moment, in milliseconds since the epoch */
  constructor(private time: number = Date.UTC(2026, 0, 5, 9)) {}

  now(): number {
    return this.time;
  }

  schedule(delay: number, callback: () => void): Timer {
    const event: ScheduledEvent = { at: this.time + Math.max(0, delay), sequence: this.sequence++, callback };
    this.events.push(event);
    return { cancel: () => { event.callback = undefined; } };
  }

  hold(): Hold {
    this.held++;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        if (--this.held === 0) this.onReleased?.();
      },
    };
  }

  /**
   * Runs every event of the next `duration` milliseconds in order, and waits for every handler in flight before time
   * moves on. Calls queue behind each other. Rejects with the error of an event that throws; time then stands at that event.
   */
  advance(duration: number): Promise<void> {
    const done = this.advancing.then(() => this.run(this.time + duration));
    this.advancing = done.catch(() => {});
    return done;
  }

  private async run(until: number): Promise<void> {
    for (;;) {
      await this.settled();
      const event = this.events.pop(until);
      if (!event) break;
      this.time = event.at;
      event.callback!();
    }
    this.time = Math.max(this.time, until);
  }

  /** Continuations of promises run before the next event does, or the order of events would depend on their number. */
  private async settled(): Promise<void> {
    do {
      if (this.held > 0) await new Promise<void>((resolve) => { this.onReleased = resolve; });
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.held > 0);
  }
}

/** What setTimeout can take, in milliseconds: almost 25 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Real time, with Node.js timers that do not keep the process alive. */
export class WallClock implements Clock {
  private readonly timers = new Set<NodeJS.Timeout>();

  now(): number {
    return Date.now();
  }

  schedule(delay: number, callback: () => void): Timer {
    let timer: NodeJS.Timeout;
    const wait = (remaining: number): void => {
      const step = Math.min(Math.max(0, remaining), LONGEST_TIMEOUT);
      timer = setTimeout(() => {
        this.timers.delete(timer);
        if (remaining > step) wait(remaining - step);
        else callback();
      }, step).unref();
      this.timers.add(timer);
    };
    wait(delay);
    return { cancel: () => { clearTimeout(timer); this.timers.delete(timer); } };
  }

  hold(): Hold {
    return { release: () => {} };
  }

  /** Cancels everything that is scheduled. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

/** A binary heap by moment, then by order of scheduling; cancelled events are dropped when they surface. */
class EventHeap {
  private readonly heap: ScheduledEvent[] = [];

  push(event: ScheduledEvent): void {
    const { heap } = this;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!precedes(event, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = event;
  }

  /** The next event not after `until`. */
  pop(until: number): ScheduledEvent | undefined {
    while (this.heap.length > 0 && (this.heap[0].at <= until || !this.heap[0].callback)) {
      const first = this.heap[0];
      const last = this.heap.pop()!;
      if (this.heap.length > 0) this.sink(last);
      if (first.callback) return first;
    }
    return undefined;
  }

  private sink(event: ScheduledEvent): void {
    const { heap } = this;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && precedes(heap[child + 1], heap[child])) child++;
      if (!precedes(heap[child], event)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = event;
  }
}

function precedes(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}
