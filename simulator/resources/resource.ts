import type { Traces } from '../trace';
import type { SimulatedQueue } from './queue';

/** What a resource knows of its simulation, for matchers. */
export interface Surroundings {
  readonly traces: Traces;
  readonly queues: readonly SimulatedQueue[];
}

export abstract class SimulatedResource {
  // private to the language, too: a test that prints or compares a resource is not to see the whole simulation
  readonly #simulation: Surroundings;

  /** @param path the construct path relative to the stack */
  constructor(readonly path: string, simulation: Surroundings) {
    this.#simulation = simulation;
  }

  get simulation(): Surroundings {
    return this.#simulation;
  }
}
