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
  /** Whether time moves only when told to; false while it follows real time. */
  readonly virtual: boolean;

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

/** What setTimeout can take, in milliseconds: almost 25 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * A clock that moves only when it is told to, straight from one event to the next, until it is told to follow real
 * time from the moment it has reached.
 */
export class VirtualClock implements Clock {
  private readonly events = new EventHeap();
  private sequence = 0;
  private held = 0;
  private onReleased: (() => void) | undefined;
  private advancing: Promise<void> = Promise.resolve();
  /** Milliseconds between this clock and the machine's steady clock, while it follows real time. */
  private ahead: number | undefined;
  private stopWaiting: () => void = () => {};

  /** @param time the first moment, in milliseconds since the epoch */
  constructor(private time: number = Date.UTC(2026, 0, 5, 9)) {}

  get virtual(): boolean {
    return this.ahead === undefined;
  }

  now(): number {
    if (this.ahead !== undefined) this.time = Math.max(this.time, Math.floor(performance.now() + this.ahead));
    return this.time;
  }

  schedule(delay: number, callback: () => void): Timer {
    const event: ScheduledEvent = { at: this.now() + Math.max(0, delay), sequence: this.sequence++, callback };
    this.events.push(event);
    if (!this.virtual && this.events.peek() === event) this.wait();
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

  /** From now on time passes by itself, with timers that do not keep the process alive. */
  followRealTime(): void {
    if (!this.virtual) return;
    this.ahead = this.time - performance.now();
    this.wait();
  }

  /** Time stands still again, until it is advanced. */
  standStill(): void {
    this.now();
    this.ahead = undefined;
    this.stopWaiting();
  }

  private async run(until: number): Promise<void> {
    if (!this.virtual) throw new Error('a clock that follows real time cannot be advanced');
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

  private wait(): void {
    this.stopWaiting();
    const next = this.events.peek();
    if (!next) return;
    const delay = next.at - this.now();
    if (delay <= 0) {
      const immediate = setImmediate(() => this.runDue()).unref();
      this.stopWaiting = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => this.runDue(), Math.min(delay, LONGEST_TIMEOUT)).unref();
      this.stopWaiting = () => clearTimeout(timer);
    }
  }

  private runDue(): void {
    try {
      const now = this.now();
      for (let event = this.events.pop(now); event && !this.virtual; event = this.events.pop(now)) event.callback!();
    } finally {
      if (!this.virtual) this.wait();
    }
  }
}

/** A clock that starts at the present and follows real time. */
export class WallClock extends VirtualClock {
  constructor() {
    super(Date.now());
    this.followRealTime();
  }

  /** Nothing that is scheduled happens any more. */
  close(): void {
    this.standStill();
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

  peek(): ScheduledEvent | undefined {
    while (this.heap.length > 0 && !this.heap[0].callback) this.removeFirst();
    return this.heap[0];
  }

  /** Takes out the next event that is not after `until`. */
  pop(until: number): ScheduledEvent | undefined {
    const first = this.peek();
    if (!first || first.at > until) return undefined;
    this.removeFirst();
    return first;
  }

  private removeFirst(): void {
    const last = this.heap.pop()!;
    if (this.heap.length > 0) this.sink(last);
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
