import type { ExecutionEnvironment } from './environment';

export interface Occupied {
  readonly environment: ExecutionEnvironment;
  readonly coldStart: boolean;
}

/** The execution environments of one function: warm ones are used again, the one that was used last first. */
export class EnvironmentPool {
  private readonly occupants = new Map<ExecutionEnvironment, number>();
  private readonly warm: ExecutionEnvironment[] = [];
  /** What still runs, and is to run nothing more. */
  private readonly retired = new Set<ExecutionEnvironment>();

  /**
   * @param create starts an environment
   * @param isFull whether a new worker would be one too many for this machine
   */
  constructor(private readonly create: () => ExecutionEnvironment, private readonly isFull: () => boolean) {}

  get all(): ExecutionEnvironment[] {
    return [...this.occupants.keys()];
  }

  acquire(virtual: boolean): Occupied {
    for (let environment = this.warm.pop(); environment; environment = this.warm.pop()) {
      if (environment.virtual === virtual && !environment.dead) return this.occupy(environment, false);
      this.remove(environment);
    }
    // An invocation that has really ended occupies its environment until its end on the clock: its worker can be shared.
    const shared = this.isFull() ? this.all.find((each) => this.canShare(each, virtual)) : undefined;
    return shared ? this.occupy(shared, false) : this.occupy(this.create(), true);
  }

  release(environment: ExecutionEnvironment): void {
    const others = (this.occupants.get(environment) ?? 1) - 1;
    this.occupants.set(environment, others);
    if (others > 0) return;
    if (environment.dead || this.retired.has(environment)) this.remove(environment);
    else this.warm.push(environment);
  }

  /** Ends the warm environments at once, and the others after what they run. */
  retire(): void {
    for (const environment of this.warm.splice(0)) this.remove(environment);
    for (const environment of this.all) this.retired.add(environment);
  }

  /** Ends every worker. */
  async close(): Promise<void> {
    const all = this.all;
    this.occupants.clear();
    this.warm.length = 0;
    await Promise.all(all.map((environment) => environment.terminate()));
  }

  private canShare(environment: ExecutionEnvironment, virtual: boolean): boolean {
    return !environment.busy && !environment.dead && !this.retired.has(environment) && environment.virtual === virtual;
  }

  private occupy(environment: ExecutionEnvironment, coldStart: boolean): Occupied {
    environment.busy = true;
    this.occupants.set(environment, (this.occupants.get(environment) ?? 0) + 1);
    return { environment, coldStart };
  }

  private remove(environment: ExecutionEnvironment): void {
    this.occupants.delete(environment);
    this.retired.delete(environment);
    void environment.terminate();
  }
}
