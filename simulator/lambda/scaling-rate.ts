/**
 * Execution environments that Lambda makes for one function within ten seconds. It makes up for those it made continuously, and does not
 * save up.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
 */
const MOST = 1000;
const PERIOD = 10_000;

/** How fast a function may come to more execution environments. */
export class ScalingRate {
  /** How many it has; AWS does not say for how long it keeps them. */
  private environments = 0;
  private left = MOST;
  private at = 0;

  /** Whether there is an execution environment for one more invocation beside those that run; it makes one where it may. */
  hasRoom(running: number, now: number): boolean {
    if (running < this.environments) return true;
    this.left = Math.min(MOST, this.left + (now - this.at) * MOST / PERIOD);
    this.at = now;
    if (this.left < 1) return false;
    this.left--;
    this.environments++;
    return true;
  }
}
