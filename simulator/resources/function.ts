import type { InvocationResult } from '../contracts';
import type { Handler, LambdaFunction } from '../lambda';
import type { FunctionTally, Tally } from '../tally';
import { tester } from './message';
import { SimulatedResource, type Surroundings } from './resource';

/** A Lambda function of the simulation. */
export class SimulatedFunction extends SimulatedResource {
  readonly kind = 'function';

  constructor(path: string, private readonly target: LambdaFunction, private readonly tallies: Tally, simulation: Surroundings) {
    super(path, simulation);
  }

  get arn(): string {
    return this.target.arn;
  }

  get name(): string {
    return this.target.name;
  }

  /** What happened at the function so far. */
  get tally(): Readonly<FunctionTally> {
    return this.tallies.function(this.arn);
  }

  /** What the function printed, also where its log format makes JSON objects of it in CloudWatch Logs. */
  get logs(): readonly string[] {
    return this.target.logs.map(({ line, printed }) => printed ?? line);
  }

  /**
   * Runs in place of the bundle, in this process: for speed, for spies, and for runtimes that the simulator does not run. In it
   * `Date` shows the simulation's time, and `console`, `process.stdout` and `process.stderr` write to `logs`; its timers and
   * `performance.now()` are this machine's, and the simulation's time stands still meanwhile.
   */
  set handler(handler: Handler) {
    this.target.handler = handler;
  }

  /** Invokes the function; the result comes when time has moved on by its duration. */
  invoke(event: unknown): Promise<InvocationResult> {
    return this.target.invoke(event, tester);
  }
}
