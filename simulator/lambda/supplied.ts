import { AsyncLocalStorage } from 'node:async_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import type { Clock, Timer } from '../clock';
import type { Outcome } from './environment';
import { killed } from './invocation-fault';
import type { Handler } from './properties';
import type { InvocationContext } from './protocol';
import { errorResponse, serialize } from './runtime/errors';
import { Surroundings } from './surroundings';
import type { RealRun } from './turns';

/** The supplied handler that is running where this is asked, if one is. */
export const runningHandler = new AsyncLocalStorage<SuppliedRun>();

/** One invocation of a handler that runs in this process, in real time while virtual time stands still. */
export class SuppliedRun {
  private parked = 0;
  private over = false;

  private readonly surroundings: Surroundings;

  /**
   * @param run has started
   * @param log takes what the handler writes
   */
  constructor(
    private readonly clock: Clock, private readonly run: RealRun, private readonly realTimeLimit: number, log: (line: string) => void,
  ) {
    this.surroundings = new Surroundings(() => clock.now(), log);
  }

  get running(): boolean {
    return this.run.running;
  }

  /** @param timeout milliseconds on the clock */
  async invoke(handler: Handler, event: string, context: InvocationContext, timeout: number): Promise<Outcome> {
    const deadline = this.clock.now() + timeout;
    this.run.park = () => this.park();
    let limit: NodeJS.Timeout | undefined;
    let end: Timer | undefined;
    const endings: Promise<Outcome>[] = [
      new Promise((resolve) => { this.run.kill = () => resolve(killed(this.run.requestId)); }),
      new Promise((resolve) => { end = this.clock.schedule(timeout, () => resolve({ type: 'timedOut' })); }),
    ];
    if (this.clock.virtual) {
      endings.push(new Promise((resolve) => {
        limit = setTimeout(() => resolve({ type: 'timedOut' }), this.realTimeLimit).unref();
      }));
    }
    const remaining = (): number => Math.max(0, deadline - this.clock.now());
    endings.push(this.call(handler, event, { ...context, getRemainingTimeInMillis: remaining }));
    const outcome = await Promise.race(endings);
    clearTimeout(limit);
    end?.cancel();
    this.over = true;
    this.surroundings.leave();
    this.run.stop();
    return outcome;
  }

  /** The handler begins to wait for virtual time; the result resolves when it may really run again. */
  park(): () => Promise<void> {
    this.parked++;
    this.run.stop();
    return async () => {
      if (--this.parked === 0 && !this.over) await this.run.start();
    };
  }

  private async call(handler: Handler, event: string, context: Parameters<Handler>[1]): Promise<Outcome> {
    try {
      const result = await this.surroundings.enter(() => runningHandler.run(this, () => handler(JSON.parse(event), context)));
      return { type: 'returned', payload: serialize(result) };
    } catch (error) {
      return { type: 'failed', error: errorResponse(error) };
    }
  }
}
