import { AsyncResource } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import { promisify } from 'node:util';
import { promisedTimers } from './promised-timers';

const { setImmediate } = timers;

/** What Node.js takes as a delay, in milliseconds; anything else is 1. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** What `setTimeout` and `setInterval` return in virtual time; it behaves as the timer of Node.js does. */
export class VirtualTimer {
  due = 0;
  private referenced = true;

  constructor(
    private readonly timers: VirtualTimers,
    readonly id: number,
    readonly delay: number,
    readonly repeat: boolean,
    readonly callback: (timer: VirtualTimer) => void,
  ) {}

  ref(): this {
    this.referenced = true;
    return this;
  }

  unref(): this {
    this.referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.referenced;
  }

  refresh(): this {
    this.timers.start(this);
    return this;
  }

  close(): this {
    this.timers.cancel(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

/** The timers of one execution environment. They fire when the host says that their moment has come. */
export class VirtualTimers {
  private readonly waiting = new Map<number, VirtualTimer>();
  private lastId = 0;
  private firing = false;

  constructor(private readonly now: () => number) {}

  /** The moment of the next timer. */
  get due(): number | undefined {
    return this.next()?.due;
  }

  /** Whether a timer keeps the event loop from being empty. */
  get referenced(): boolean {
    return [...this.waiting.values()].some((timer) => timer.hasRef());
  }

  /** Whether timers whose moment has come are being called back. */
  get underWay(): boolean {
    return this.firing;
  }

  add(callback: unknown, delay: unknown, args: unknown[], repeat: boolean): VirtualTimer {
    if (typeof callback !== 'function') {
      const error = new TypeError(`The "callback" argument must be of type function, got ${typeof callback}`);
      throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
    }
    const milliseconds = Number(delay);
    const inRange = milliseconds >= 1 && milliseconds <= LONGEST_DELAY;
    const bound = AsyncResource.bind((timer: VirtualTimer) => { Reflect.apply(callback, timer, args); }, repeat ? 'Interval' : 'Timeout');
    const timer = new VirtualTimer(this, ++this.lastId, inRange ? milliseconds : 1, repeat, bound);
    this.start(timer);
    return timer;
  }

  /** Starts a timer from now; one that waits already starts again, behind the others of its moment. */
  start(timer: VirtualTimer): void {
    this.waiting.delete(timer.id);
    timer.due = this.now() + timer.delay;
    this.waiting.set(timer.id, timer);
  }

  /** Takes what `clearTimeout` takes. */
  cancel(timer: unknown): void {
    if (timer instanceof VirtualTimer) this.waiting.delete(timer.id);
    else if (typeof timer === 'number' || typeof timer === 'string') this.waiting.delete(Number(timer));
  }

  /** Calls back every timer whose moment has come, one in a turn of the event loop so that promises settle between them. */
  fireDue(): void {
    if (this.firing) return;
    this.firing = true;
    setImmediate(() => this.fireNext());
  }

  private fireNext(): void {
    const timer = this.next();
    if (!timer || timer.due > this.now()) {
      this.firing = false;
      return;
    }
    if (timer.repeat) this.start(timer);
    else this.waiting.delete(timer.id);
    setImmediate(() => this.fireNext());
    timer.callback(timer);
  }

  private next(): VirtualTimer | undefined {
    let next: VirtualTimer | undefined;
    for (const timer of this.waiting.values()) if (!next || timer.due < next.due) next = timer;
    return next;
  }
}

/** Replaces `Date` by one that shows `now`. */
export function installDate(now: () => number): void {
  const RealDate = Date;
  RealDate.now = now;
  const shown = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = shown;
  globalThis.Date = shown;
}

/** Replaces everything by which a program reads the time or waits for it. */
export function installVirtualTime(now: () => number): VirtualTimers {
  installDate(now);
  const origin = now();
  performance.now = () => now() - origin;
  const nanoseconds = (): bigint => BigInt(Math.round(now() * 1000)) * 1000n;
  process.hrtime = Object.assign(highResolutionTime(nanoseconds), { bigint: nanoseconds });

  const virtual = new VirtualTimers(now);
  const clear = (timer: unknown): void => virtual.cancel(timer);
  const replacements = {
    setTimeout: (callback: unknown, delay?: unknown, ...args: unknown[]) => virtual.add(callback, delay, args, false),
    setInterval: (callback: unknown, delay?: unknown, ...args: unknown[]) => virtual.add(callback, delay, args, true),
    clearTimeout: clear,
    clearInterval: clear,
  };
  const promised = promisedTimers(virtual);
  Object.defineProperty(replacements.setTimeout, promisify.custom, { enumerable: true, value: promised.setTimeout });
  Object.assign(globalThis, replacements);
  Object.assign(timers, replacements);
  Object.assign(timers.promises, { setTimeout: promised.setTimeout, setInterval: promised.setInterval });
  Object.defineProperty(timers.promises.scheduler, 'wait', { value: promised.wait, configurable: true });
  AbortSignal.timeout = promised.abortAfter;
  syncBuiltinESMExports();
  return virtual;
}

function highResolutionTime(nanoseconds: () => bigint): (previous?: [number, number]) => [number, number] {
  return (previous) => {
    const since = nanoseconds() - (previous ? BigInt(previous[0]) * 1_000_000_000n + BigInt(previous[1]) : 0n);
    return [Number(since / 1_000_000_000n), Number(since % 1_000_000_000n)];
  };
}
