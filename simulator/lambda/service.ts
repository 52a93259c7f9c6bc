import type { Clock } from '../clock';
import { type Directory, type InvocationFault, type Place, ServiceError } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { type FunctionHost, LambdaFunction } from './function';
import type { FunctionProperties } from './properties';
import { ScalingRate } from './scaling-rate';
import { Turns } from './turns';
import { type Credentials, derivedCredentials } from './variables';

export interface LambdaOptions {
  /** Milliseconds on the virtual clock that a handler takes beside what it waits for. @default 100 */
  readonly invocationDuration?: number;
  /** Milliseconds on the virtual clock that an execution environment takes to start. @default 0 */
  readonly coldStartDuration?: number;
  /** What a function signs its requests with. @default - credentials that are derived from its ARN */
  readonly credentials?: (fn: LambdaFunction) => Credentials;
  /** Invocations at a time in the account. @default 1000 */
  readonly accountConcurrency?: number;
  /** Asked before every attempt what is to go wrong with it. @default - nothing */
  readonly fault?: (functionArn: string, requestId: string) => InvocationFault | undefined;
  /** Whose handlers really run one at a time; others may take part. @default - those of this service alone */
  readonly turns?: Turns;
  /** Where dead-letter targets are found; asked when one is needed. @default - there are none */
  readonly directory?: () => Directory;
  /**
   * Milliseconds of real time after which a handler that does not wait for virtual time counts as timed out, so that
   * an endless loop does not stop the simulation. @default 30000
   */
  readonly realTimeLimit?: number;
  /**
   * Workers above which invocations that overlap only in virtual time share one: each worker is a thread with a heap.
   * @default 16
   */
  readonly sharedWorkersAbove?: number;
}

/** What reserved concurrency must leave to the other functions: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED_MINIMUM = 100;

/** The Lambda service of one account and region. */
export class LambdaService implements FunctionHost {
  readonly turns: Turns;
  readonly options: FunctionHost['options'];
  private readonly byName = new Map<string, LambdaFunction>();
  private readonly byAccessKey = new Map<string, LambdaFunction>();
  private readonly concurrent = new Map<LambdaFunction, number>();
  private readonly scalingRates = new WeakMap<LambdaFunction, ScalingRate>();

  constructor(
    readonly clock: Clock, readonly events: Events, readonly random: Random, readonly place: Place, options: LambdaOptions = {},
  ) {
    this.turns = options.turns ?? new Turns();
    this.options = {
      ...options,
      invocationDuration: options.invocationDuration ?? 100,
      coldStartDuration: options.coldStartDuration ?? 0,
      realTimeLimit: options.realTimeLimit ?? 30_000,
    };
  }

  /** Throws `InvalidParameterValueException` or `ResourceConflictException` for what AWS would refuse. */
  createFunction(properties: FunctionProperties): LambdaFunction {
    if (this.byName.has(properties.name)) {
      throw new ServiceError('ResourceConflictException', `Function already exist: ${properties.name}`, 409);
    }
    const fn = new LambdaFunction(this, properties);
    this.checkReservation(properties);
    this.byName.set(fn.name, fn);
    this.byAccessKey.set(this.credentials(fn).accessKeyId, fn);
    return fn;
  }

  /**
   * Gives a function other properties: those that are left out go back to their defaults. What runs goes on as it is; the next
   * invocation starts an execution environment with the new ones.
   * Throws as `createFunction`, and `ResourceNotFoundException`.
   */
  updateFunction(properties: FunctionProperties): void {
    const fn = this.existing(properties.name);
    this.checkReservation(properties, fn.properties.reservedConcurrency);
    fn.update(properties);
  }

  /** What runs ends as it would have. Throws `ResourceNotFoundException`. */
  deleteFunction(name: string): void {
    const fn = this.existing(name);
    this.byName.delete(name);
    this.byAccessKey.delete(this.credentials(fn).accessKeyId);
    fn.retire();
  }

  /** By name, ARN, partial ARN (`account:function:name`), or any of them with a qualifier. */
  function(nameOrArn: string): LambdaFunction | undefined {
    const parts = nameOrArn.split(':');
    const marker = parts.indexOf('function');
    const fn = this.byName.get(marker < 0 ? parts[0] : parts[marker + 1] ?? '');
    if (marker < 0 || !fn) return fn;
    const own = fn.arn.split(':');
    return parts.slice(0, marker).every((part, index) => part === own[own.indexOf('function') - marker + index]) ? fn : undefined;
  }

  functions(): LambdaFunction[] {
    return [...this.byName.values()];
  }

  credentials(fn: LambdaFunction): Credentials {
    return this.options.credentials?.(fn) ?? derivedCredentials(fn.arn);
  }

  /** The function whose requests an access key signs. */
  signer(accessKeyId: string): LambdaFunction | undefined {
    return this.byAccessKey.get(accessKeyId);
  }

  /**
   * A request of the function with this access key now waits for virtual time, as a long poll does: time may pass until
   * the result is called, which is to happen before the request is answered. Does nothing for other access keys.
   */
  parked(accessKeyId: string): () => void {
    const run = this.byAccessKey.get(accessKeyId)?.running[0];
    const resume = run?.park();
    return () => void resume?.();
  }

  /** Ends all workers; invocations that run fail. */
  async close(): Promise<void> {
    await Promise.all(this.functions().map((fn) => fn.close()));
  }

  admit(fn: LambdaFunction): boolean {
    const running = this.concurrent.get(fn) ?? 0;
    const { reservedConcurrency } = fn.properties;
    if (reservedConcurrency !== undefined ? running >= reservedConcurrency : this.unreservedRunning() >= this.unreserved()) return false;
    if (!this.scalingRate(fn).hasRoom(running, this.clock.now())) return false;
    this.concurrent.set(fn, running + 1);
    return true;
  }

  leave(fn: LambdaFunction): void {
    this.concurrent.set(fn, this.concurrent.get(fn)! - 1);
  }

  hasTooManyWorkers(): boolean {
    const workers = this.functions().reduce((sum, fn) => sum + fn.workers, 0);
    return workers >= (this.options.sharedWorkersAbove ?? 16);
  }

  claimedConcurrency(): number {
    return this.unreservedRunning() + this.reserved();
  }

  private scalingRate(fn: LambdaFunction): ScalingRate {
    const known = this.scalingRates.get(fn) ?? new ScalingRate();
    this.scalingRates.set(fn, known);
    return known;
  }

  private get accountConcurrency(): number {
    return this.options.accountConcurrency ?? 1000;
  }

  private reserved(): number {
    return this.functions().reduce((sum, fn) => sum + (fn.properties.reservedConcurrency ?? 0), 0);
  }

  private unreserved(): number {
    return this.accountConcurrency - this.reserved();
  }

  private unreservedRunning(): number {
    let sum = 0;
    for (const [fn, running] of this.concurrent) if (fn.properties.reservedConcurrency === undefined) sum += running;
    return sum;
  }

  private existing(name: string): LambdaFunction {
    const fn = this.byName.get(name);
    if (!fn) throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    return fn;
  }

  private checkReservation({ name, reservedConcurrency = 0 }: FunctionProperties, former = 0): void {
    const left = this.unreserved() + former - reservedConcurrency;
    if (reservedConcurrency === 0 || left >= UNRESERVED_MINIMUM) return;
    throw new ServiceError('InvalidParameterValueException', `function '${name}': 'reservedConcurrency' must leave ${UNRESERVED_MINIMUM} of the account's `
      + `${this.accountConcurrency} unreserved, got ${reservedConcurrency}, which leaves ${left}`);
  }
}
