import type { Random } from '../random';
import type { Fault, Moment } from './fault';

/** What a fault was told to hit, found in the simulation. */
export interface Targets {
  /** ARNs; undefined for every one. */
  readonly resource?: string;
  readonly topic?: string;
}

/** A fault with what it has seen so far. */
export class ActiveFault<Kind extends Fault = Fault> {
  private readonly from: number;
  private readonly until: number;
  private seen = 0;
  private hits = 0;

  /** @param start when the simulation began, in milliseconds since the epoch */
  constructor(readonly fault: Kind, readonly targets: Targets, start: number, private readonly random: Random) {
    this.from = fault.from === undefined ? -Infinity : timeOf(fault.from, start);
    this.until = fault.until === undefined ? Infinity : timeOf(fault.until, start);
  }

  /** Whether it hits this call, which it is for; counts it. */
  strikes(now: number): boolean {
    const { calls, share = 1, times = Infinity } = this.fault;
    if (now < this.from || now >= this.until) return false;
    this.seen++;
    if (this.hits >= times) return false;
    if (calls !== undefined && !calls.includes(this.seen)) return false;
    if (share < 1 && this.random.integer(2 ** 32) >= share * 2 ** 32) return false;
    this.hits++;
    return true;
  }
}

function timeOf(moment: Moment, start: number): number {
  return typeof moment === 'number' ? start + moment : new Date(moment).getTime();
}
