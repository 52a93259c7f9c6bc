import type { Clock, Hold } from '../clock';
import type { InvocationFault } from '../contracts';

export interface Turn {
  /** Resolves when nobody else really runs. */
  readonly ready: Promise<void>;
  /** Lets the next one run; also gives up a turn that has not come yet. */
  end(): void;
}

/**
 * Lets one handler really run at a time, in the order in which they asked: two that run in the same moment of virtual
 * time would race each other to the services, and a run could not be repeated.
 */
export class Turns {
  private readonly queue: { start: () => void; run: RealRun }[] = [];
  /** In real time handlers run beside each other. */
  private readonly atOnce = new Set<RealRun>();

  /** The handler that really runs; undefined where none does, or several in real time. */
  get current(): RealRun | undefined {
    if (this.queue.length > 0) return this.queue[0].run;
    return this.atOnce.size === 1 ? [...this.atOnce][0] : undefined;
  }

  begin(run: RealRun): void {
    this.atOnce.add(run);
  }

  end(run: RealRun): void {
    this.atOnce.delete(run);
  }

  take(run: RealRun): Turn {
    let start = (): void => {};
    const ready = new Promise<void>((resolve) => { start = resolve; });
    const entry = { start, run };
    this.queue.push(entry);
    if (this.queue.length === 1) start();
    return {
      ready,
      end: () => {
        const index = this.queue.indexOf(entry);
        if (index < 0) return;
        this.queue.splice(index, 1);
        if (index === 0) this.queue[0]?.start();
      },
    };
  }
}

/** The real running of one handler: virtual time stands still, and no other handler runs. */
export class RealRun {
  private hold: Hold | undefined;
  private turn: Turn | undefined;

  /** Ends the invocation as if its process had died; set by what runs it. */
  kill: () => void = () => {};
  /** Lets time pass during a call that takes simulated time; set by what runs it. */
  park: () => () => void | Promise<void> = () => () => {};
  /** Set when its execution environment is not to be used again. */
  environmentLost = false;
  /** Where its lines go; set by what runs it. */
  logStream = '';
  /** Calls to AWS services that it has made. */
  calls = 0;

  constructor(
    private readonly clock: Clock, private readonly turns: Turns,
    readonly requestId: string, readonly functionArn: string, readonly fault?: InvocationFault,
  ) {}

  get running(): boolean {
    return this.hold !== undefined;
  }

  /** Stops the clock at once; resolves when it is this handler's turn. */
  async start(): Promise<void> {
    this.hold ??= this.clock.hold();
    if (!this.clock.virtual) {
      this.turns.begin(this);
      return;
    }
    this.turn ??= this.turns.take(this);
    await this.turn.ready;
  }

  stop(): void {
    this.turns.end(this);
    this.turn?.end();
    this.hold?.release();
    this.turn = undefined;
    this.hold = undefined;
  }
}
