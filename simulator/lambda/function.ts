import type { Clock } from '../clock';
import type { Caller, InvocationFault, InvocationResult, InvokableFunction, Place } from '../contracts';
import type { Events, LambdaEvent } from '../events';
import type { Random } from '../random';
import { AsynchronousInvocations } from './asynchronous';
import type { ExecutionEnvironment, Outcome } from './environment';
import { errorOf, hasAnswered, refuseLargeEvent } from './failures';
import { errorLine, isLogged } from './logging';
import { EnvironmentPool } from './pool';
import { type FunctionProperties, type Handler, validate } from './properties';
import { underFault } from './invocation-fault';
import type { LambdaOptions } from './service';
import { contextOf, newLogStream, refusalOf, startEnvironment } from './start';
import { runningHandler, SuppliedRun } from './supplied';
import { TraceHeaders } from './trace-header';
import { RealRun, type Turns } from './turns';
import type { Credentials } from './variables';

export interface LogLine {
  /** Milliseconds since the epoch, on the simulation's clock. */
  readonly at: number;
  readonly requestId: string;
  readonly line: string;
  /** What the function's code printed, where the log format JSON made more of it. */
  readonly printed?: string;
}

/** What a function shares with the others of its service. */
export interface FunctionHost {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly place: Place;
  readonly turns: Turns;
  readonly options: LambdaOptions & Required<Pick<LambdaOptions, 'invocationDuration' | 'coldStartDuration' | 'realTimeLimit'>>;
  credentials(fn: LambdaFunction): Credentials;
  /** Takes a place of the concurrency, if one is free. */
  admit(fn: LambdaFunction): boolean;
  leave(fn: LambdaFunction): void;
  /** Of the account, what runs unreserved and what is reserved. */
  claimedConcurrency(): number;
  hasTooManyWorkers(): boolean;
}

/** Lines that are kept; older ones go first. */
const LOG_LINES = 10_000;

/** A Lambda function: its bundle in worker threads, or a handler that a test supplies. */
export class LambdaFunction implements InvokableFunction {
  readonly name: string;
  readonly arn: string;
  /** Assign it to run a handler of this process instead of the bundle. */
  handler: Handler | undefined;
  /** What handlers wrote, and why invocations failed; the newest 10,000 lines. */
  readonly logs: LogLine[] = [];
  private readonly pool: EnvironmentPool;
  private readonly supplied = new Set<SuppliedRun>();
  private readonly traceHeaders = new TraceHeaders();
  readonly asynchronous: AsynchronousInvocations;

  /** Throws `InvalidParameterValueException` for what AWS would refuse. */
  constructor(private readonly host: FunctionHost, private current: FunctionProperties) {
    validate(current);
    const { partition, region, account } = host.place;
    this.name = current.name;
    this.arn = `arn:${partition}:lambda:${region}:${account}:function:${this.name}`;
    this.pool = new EnvironmentPool(() => startEnvironment(host, this), () => host.hasTooManyWorkers());
    this.asynchronous = new AsynchronousInvocations(host.clock, host.events, this, host.options.directory);
  }

  get properties(): FunctionProperties { return this.current; }

  /** Throws `InvalidParameterValueException` for what AWS would refuse; nothing has changed then. */
  update(properties: FunctionProperties): void {
    validate(properties);
    this.current = properties;
    this.pool.retire();
  }

  /** Ends the workers that wait; those that run end after their invocation. */
  retire(): void {
    this.pool.retire();
  }

  /** Seconds. */
  get timeout(): number {
    return this.properties.timeout ?? 3;
  }

  /** Megabytes. */
  get memorySize(): number {
    return this.properties.memorySize ?? 128;
  }

  get logGroup(): string {
    return this.properties.logGroup ?? `/aws/lambda/${this.name}`;
  }

  /** How many workers it has. */
  get workers(): number {
    return this.pool.all.length;
  }

  /** Rejects only for an event that AWS would not take: more than 6 MB. */
  async invoke(event: unknown, _caller: Caller): Promise<InvocationResult> {
    const text = JSON.stringify(event) ?? 'null';
    refuseLargeEvent(text);
    // A supplied handler that waits for another function waits for virtual time.
    const resume = runningHandler.getStore()?.park();
    try {
      return await this.attempt(text, this.host.random.uuid());
    } finally {
      await resume?.();
    }
  }

  /**
   * Invokes it as `InvocationType: Event` does: answers at once, runs as an event of the clock, tries twice more after one
   * and then two minutes, and at last sends the event to the dead-letter target, or loses it (the log says so).
   * @returns the request ID, the same for all attempts
   */
  invokeAsync(event: unknown, _caller: Caller): string {
    const requestId = this.host.random.uuid();
    this.asynchronous.accept(JSON.stringify(event) ?? 'null', requestId);
    return requestId;
  }

  /** One attempt with an event as JSON text. */
  async attempt(event: string, requestId: string): Promise<InvocationResult> {
    const { host } = this;
    const fault = host.options.fault?.(this.arn, requestId);
    if (fault?.kind === 'throttle' || !host.admit(this)) {
      this.emit('throttled', requestId);
      return { status: 'throttled', duration: 0, requestId, error: { type: 'TooManyRequestsException', message: 'Rate Exceeded.' } };
    }
    try {
      return await this.run(event, requestId, fault);
    } finally {
      host.leave(this);
    }
  }

  /** What now really runs, the one that started last first. */
  get running(): (ExecutionEnvironment | SuppliedRun)[] {
    return [...this.supplied, ...this.pool.all].filter((each) => each.running).reverse();
  }

  /** The function's code writes a line: it goes to the log if its level is high enough. */
  write(line: string, requestId: string, logStream: string, printed?: string): void {
    if (isLogged(line, this.properties)) this.log(line, requestId, logStream, printed);
  }

  /** Adds a line to the log. */
  log(line: string, requestId: string, logStream = '', printed?: string): void {
    const at = this.host.clock.now();
    this.logs.push({ at, requestId, line, printed });
    this.host.events.emit({ service: 'logs', action: 'written', at, resource: this.arn, line, logGroup: this.logGroup, logStream });
    if (this.logs.length > LOG_LINES) this.logs.splice(0, this.logs.length - LOG_LINES);
  }

  /** Ends its workers. */
  close(): Promise<void> {
    return this.pool.close();
  }

  private async run(event: string, requestId: string, fault?: InvocationFault): Promise<InvocationResult> {
    const refusal = refusalOf(this);
    if (refusal !== undefined) {
      this.emit('started', requestId, { coldStart: false });
      return this.result({ type: 'failed', error: { errorType: 'Simulator.CannotRun', errorMessage: refusal } }, requestId, 0);
    }
    const run = new RealRun(this.host.clock, this.host.turns, requestId, this.arn, fault);
    await run.start();
    try {
      return this.handler
        ? await this.invokeSupplied(run, this.handler, event, requestId)
        : await this.invokeBundle(run, event, requestId);
    } finally {
      run.stop();
    }
  }

  private async invokeBundle(run: RealRun, event: string, requestId: string): Promise<InvocationResult> {
    const { clock, options } = this.host;
    const { environment, coldStart } = this.pool.acquire(clock.virtual);
    try {
      this.emit('started', requestId, { coldStart });
      if (coldStart && clock.virtual && options.coldStartDuration > 0) {
        run.stop();
        await this.sleep(options.coldStartDuration);
        await run.start();
      }
      run.logStream = environment.logStream;
      const context = contextOf(this, requestId, run.logStream);
      const traceHeader = this.traceHeaders.of(requestId, clock.now(), this.properties.activeTracing ?? false);
      return await this.ended(run, (timeout) => environment.invoke(run, event, context, timeout, traceHeader));
    } finally {
      if (run.environmentLost) environment.dead = true;
      this.pool.release(environment);
    }
  }

  private async invokeSupplied(run: RealRun, handler: Handler, event: string, requestId: string): Promise<InvocationResult> {
    run.logStream = newLogStream(this.host);
    const supplied = new SuppliedRun(this.host.clock, run, this.host.options.realTimeLimit, (line) => this.write(line, requestId, run.logStream));
    this.supplied.add(supplied);
    try {
      this.emit('started', requestId, { coldStart: false });
      const context = contextOf(this, requestId, run.logStream);
      return await this.ended(run, (timeout) => supplied.invoke(handler, event, context, timeout));
    } finally {
      this.supplied.delete(supplied);
    }
  }

  /** The result of a running handler, at the moment at which the invocation ends on the clock. */
  private async ended(run: RealRun, invoke: (timeout: number) => Promise<Outcome>): Promise<InvocationResult> {
    const { clock, options } = this.host;
    const began = clock.now();
    const timeout = this.timeout * 1000;
    const time = { timeout, elapsed: () => clock.now() - began, sleep: (milliseconds: number) => this.sleep(milliseconds) };
    const outcome = await underFault(run, time, invoke);
    if (clock.virtual && outcome.type !== 'timedOut') {
      await this.sleep(Math.min(options.invocationDuration, began + timeout - clock.now()));
    }
    return this.result(outcome, run.requestId, clock.now() - began, run.logStream);
  }

  private result(outcome: Outcome, requestId: string, duration: number, logStream = ''): InvocationResult {
    if (hasAnswered(outcome)) {
      this.emit('succeeded', requestId, { duration });
      return { status: 'succeeded', payload: JSON.parse(outcome.payload), duration, requestId };
    }
    const error = errorOf(outcome, requestId, this.timeout);
    const status = outcome.type === 'timedOut' ? 'timedOut' : 'failed';
    this.write(errorLine(error, requestId, this.host.clock.now(), this.properties), requestId, logStream);
    this.emit(status, requestId, { duration, error: `${error.type}: ${error.message}` });
    return { status, error, duration, requestId };
  }

  private sleep(duration: number): Promise<void> {
    return duration <= 0 ? Promise.resolve() : new Promise((resolve) => { this.host.clock.schedule(duration, resolve); });
  }

  private emit(action: LambdaEvent['action'], requestId: string, more: Partial<LambdaEvent> = {}): void {
    const reserved = this.properties.reservedConcurrency !== undefined;
    const claimed = action === 'started' ? this.host.claimedConcurrency() : undefined;
    this.host.events.emit({ ...more, service: 'lambda', action, at: this.host.clock.now(), resource: this.arn, requestId, reserved, claimed });
  }
}
