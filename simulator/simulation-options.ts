import type { StackParameters } from './cloudformation/deployment';
import type { UnmodelledPolicy } from './cloudformation/left-out';
import type { Fault } from './faults';
import type { Handler } from './lambda';
import type { StandardQueueOptions } from './sqs';

export interface SimulationOptions {
  /**
   * Every choice and every identifier of the simulation follows from it: the same seed gives the same run.
   * @default 1
   */
  readonly seed?: number;
  /**
   * The first moment on the clock.
   * @default - 5 January 2026, 09:00 UTC
   */
  readonly startTime?: Date;
  /**
   * The port on 127.0.0.1 at which SDK clients reach the simulation, 0 for any that is free.
   * @default 0
   */
  readonly port?: number;
  /**
   * Handlers by construct path that run in this process in place of the functions' bundles.
   * @default - the bundles run, each in a worker
   */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /**
   * How long an invocation takes on the virtual clock, in milliseconds, beyond what its handler waits for.
   * @default 100
   */
  readonly invocationDuration?: number;
  /**
   * The values of template parameters: of every stack that has the parameter, or by the name of a stack.
   * @default - the defaults of the templates
   */
  readonly parameters?: StackParameters;
  /**
   * Only these stacks of the source, by name, and those that they depend on.
   * @default - every stack
   */
  readonly stacks?: readonly string[];
  /**
   * What becomes of resource types and properties that the simulator does not model: `refuse` throws an error that lists them;
   * `leaveOut` goes without them and lists them in `simulation.leftOut`. `Ref` and `Fn::GetAtt` of what is left out give made-up
   * values that look as AWS's do; a handler that calls such a service gets an error of the simulator's endpoint.
   * @default 'refuse'
   */
  readonly unmodelled?: UnmodelledPolicy;
  /**
   * What goes wrong: a list, or the path of a JSON file with one; `simulation.faults` takes more.
   * @default - nothing
   */
  readonly faults?: readonly Fault[] | string;
  /**
   * What AWS leaves open for standard queues: the order of messages, and whether one is delivered twice.
   * @default - shuffled under the seed, without duplicates
   */
  readonly standardQueues?: StandardQueueOptions;
}
