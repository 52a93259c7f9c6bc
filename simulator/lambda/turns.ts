import type { Clock, Hold } from '../clock';

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
  private readonly queue: { start: () => void }[] = [];

  take(): Turn {
    let start = (): void => {};
    const ready = new Promise<void>((resolve) => { start = resolve; });
    const entry = { start };
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

  constructor(private readonly clock: Clock, private readonly turns: Turns) {}

  get running(): boolean {
    return this.hold !== undefined;
  }

  /** Stops the clock at once; resolves when it is this handler's turn. */
  async start(): Promise<void> {
    this.hold ??= this.clock.hold();
    if (!this.clock.virtual) return;
    this.turn ??= this.turns.take();
    await this.turn.ready;
  }

  stop(): void {
    this.turn?.end();
    this.hold?.release();
    this.turn = undefined;
    this.hold = undefined;
  }
}
