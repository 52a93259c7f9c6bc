import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../clock';
import { killed } from './invocation-fault';
import type { EnvironmentSettings, ErrorResponse, FromWorker, InvocationContext, ToWorker } from './protocol';
import type { RealRun } from './turns';

export type Outcome =
  | { readonly type: 'returned'; readonly payload: string }
  | { readonly type: 'failed'; readonly error: ErrorResponse }
  | { readonly type: 'timedOut' };

export interface EnvironmentOptions {
  readonly settings: Pick<EnvironmentSettings, 'code' | 'handler' | 'seed'>;
  readonly variables: Readonly<Record<string, string>>;
  readonly logStream: string;
  /** Megabytes. */
  readonly memorySize: number;
  /** Milliseconds of real time. */
  readonly realTimeLimit: number;
  readonly log: (line: string, requestId: string, printed?: string) => void;
}

interface Active {
  readonly run: RealRun;
  readonly context: InvocationContext;
  readonly finish: (outcome: Outcome) => void;
  readonly timeout: Timer;
  wake?: Timer;
}

/** Milliseconds by which a clock may differ from the machine's without being another time. */
const SAME_TIME = 1000;

/** The bundled worker, in the checkout and in the published package alike. */
function workerFile(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'build/simulator/worker.js');
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) throw new Error(`build/simulator/worker.js is in no folder above ${__dirname}: bundle it first`);
  }
}

/** An execution environment: a worker thread that has loaded a function, seen from the host. */
export class ExecutionEnvironment {
  /** Whether handlers in it live in virtual time; decided when it starts. */
  readonly virtual: boolean;
  /** Set when it cannot run another invocation. */
  dead = false;
  /** Whether an invocation is in it, running or waiting, or is about to be. */
  busy = false;
  private readonly worker: Worker;
  private readonly moment = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  private active: Active | undefined;
  private guard: NodeJS.Timeout | undefined;
  private parked = 0;
  /** The worker has said that it only waits for time. */
  private paused = false;
  private lastRequestId = '';

  constructor(private readonly clock: Clock, private readonly options: EnvironmentOptions) {
    this.virtual = clock.virtual;
    const ahead = clock.now() - Date.now();
    this.moment[0] = clock.now();
    const settings: EnvironmentSettings = {
      ...options.settings,
      virtual: this.virtual,
      ahead: Math.abs(ahead) < SAME_TIME ? 0 : ahead,
      time: this.moment.buffer,
    };
    this.worker = new Worker(workerFile(), {
      env: { ...options.variables }, workerData: settings, execArgv: ['--no-warnings'], stdin: false, stdout: true, stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.memorySize },
    });
    this.worker.on('message', (message: FromWorker) => this.receive(message));
    this.worker.on('error', (error: Error & { code?: string }) => this.exited(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError', `${error.message}`,
    ));
    this.worker.on('exit', (code) => this.exited('Runtime.ExitError', code === 0
      ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`));
    this.worker.unref();
  }

  get logStream(): string {
    return this.options.logStream;
  }

  /** Whether the handler runs now, and does not only wait for virtual time. */
  get running(): boolean {
    return this.active?.run.running ?? false;
  }

  /**
   * Runs the handler; virtual time stands still while it really runs.
   * @param run has started
   * @param timeout milliseconds on the clock
   * @param traceHeader of X-Ray
   */
  async invoke(run: RealRun, event: string, context: InvocationContext, timeout: number, traceHeader: string): Promise<Outcome> {
    this.lastRequestId = context.awsRequestId;
    const outcome = new Promise<Outcome>((finish) => {
      run.kill = () => { this.discard(); this.finish(killed(run.requestId)); };
      run.park = () => this.park();
      this.active = { run, context, finish, timeout: this.clock.schedule(timeout, () => this.timedOut()) };
    });
    await this.go({ type: 'invoke', event, context, timeout, traceHeader });
    return outcome;
  }

  /** A request of the handler begins to wait for virtual time; the result says that it has its answer. */
  park(): () => void {
    this.setParked(this.parked + 1);
    let waits = true;
    return () => {
      if (!waits || this.dead) return;
      waits = false;
      this.setParked(this.parked - 1);
    };
  }

  /** Ends the worker. An invocation that runs fails. */
  async terminate(): Promise<void> {
    this.dead = true;
    this.finish({ type: 'failed', error: { errorType: 'Runtime.ExitError', errorMessage: 'the simulation was closed' } });
    await this.worker.terminate();
  }

  private setParked(count: number): void {
    this.parked = count;
    if (this.active && this.paused) void this.go({ type: 'parked', count });
    else this.send({ type: 'parked', count });
  }

  /** Lets the worker really run, from the present moment on. */
  private async go(message: ToWorker): Promise<void> {
    this.paused = false;
    this.active?.wake?.cancel();
    this.showTime(); // before an answer that ends a wait can reach the worker
    const { active } = this;
    await active?.run.start();
    if (this.dead || active !== this.active) return;
    this.worker.ref();
    if (this.virtual) this.guard = setTimeout(() => this.ranTooLong(), this.options.realTimeLimit).unref();
    this.send(message);
  }

  private showTime(): void {
    this.moment[0] = this.clock.now();
  }

  private send(message: ToWorker): void {
    this.showTime();
    this.worker.postMessage(message);
  }

  private pause(run: RealRun): void {
    clearTimeout(this.guard);
    this.worker.unref();
    run.stop();
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case 'log':
        this.options.log(message.line, this.active?.context.awsRequestId ?? this.lastRequestId, message.printed);
        break;
      case 'idle':
        this.idle(message.due, message.parked);
        break;
      case 'returned':
        this.finish(message);
        break;
      case 'failed':
        if (message.fatal) this.discard();
        this.finish(message);
        break;
    }
  }

  private idle(due: number | undefined, parked: number): void {
    // A request was answered, or began to wait, while the worker said this: it looks again.
    if (!this.active || this.paused || parked !== this.parked) return;
    this.paused = true;
    if (due !== undefined) this.active.wake = this.clock.schedule(due - this.clock.now(), () => void this.go({ type: 'wake' }));
    this.pause(this.active.run);
  }

  private timedOut(): void {
    this.discard();
    this.finish({ type: 'timedOut' });
  }

  private ranTooLong(): void {
    this.options.log(
      `The handler ran for ${this.options.realTimeLimit} ms of real time without waiting for virtual time: it counts as timed out.`,
      this.lastRequestId,
    );
    this.timedOut();
  }

  private discard(): void {
    this.dead = true;
    void this.worker.terminate();
  }

  private exited(errorType: string, reason: string): void {
    this.dead = true;
    const requestId = this.active?.context.awsRequestId;
    this.finish({ type: 'failed', error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` } });
  }

  private finish(outcome: Outcome): void {
    const { active } = this;
    if (!active) return;
    this.active = undefined;
    active.timeout.cancel();
    active.wake?.cancel();
    this.paused = false;
    this.busy = false;
    active.finish(outcome);
    this.pause(active.run);
  }
}
