import type { ErrorResponse, InvocationContext } from '../protocol';
import { errorResponse, RuntimeError, serialize } from './errors';
import type { HandlerFunction } from './loader';

export interface Ended {
  returned(payload: string): void;
  failed(error: ErrorResponse): void;
}

/** One call of the handler, in the forms that AWS's Node.js runtime takes: async, a promise, or a callback. */
export class Invocation {
  /** Whether the response waits only for the event loop to become empty. */
  private answer: { readonly result: unknown } | undefined;
  private isAsync = false;
  private done = false;
  private finished = false;

  constructor(private readonly ended: Ended) {}

  start(handler: HandlerFunction, event: string, facts: InvocationContext, remaining: () => number): void {
    // The handler's kind decides what an empty event loop means, as in AWS's runtime interface client.
    this.isAsync = handler.constructor.name === 'AsyncFunction';
    const first = <Args extends unknown[]>(end: (...args: Args) => void) => (...args: Args): void => {
      if (this.finished) return;
      end(...args);
      this.finished = true;
    };
    const finish = (error: unknown, result?: unknown): void => {
      if (error === undefined || error === null) this.succeed(result);
      else this.fail(error);
    };
    const succeed = first((result: unknown) => this.succeed(result));
    const fail = first((error: unknown) => this.fail(error ?? 'handled'));
    const context = {
      ...facts,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, Math.round(remaining())),
      succeed,
      fail,
      done: first(finish),
    };
    const callback = first((error?: unknown, result?: unknown) => {
      if (error !== undefined && error !== null) this.fail(error);
      else if (context.callbackWaitsForEmptyEventLoop) this.answer = { result };
      else this.succeed(result);
    });

    try {
      const returned = handler(JSON.parse(event), context, callback);
      if (isPromise(returned)) returned.then(succeed, fail).then(undefined, fail);
    } catch (error) {
      callback(error);
    }
  }

  /** Whether the callback was called, so that an empty event loop ends the invocation at once. */
  get answered(): boolean {
    return this.answer !== undefined;
  }

  get over(): boolean {
    return this.done;
  }

  /** Nothing is left from which the handler could continue. */
  eventLoopIsEmpty(): void {
    if (this.answer) {
      try {
        this.succeed(this.answer.result);
      } catch (error) {
        this.fail(error);
      }
    } else if (this.isAsync) {
      this.fail(new RuntimeError('NodeJsExit', 'the handler waits for a promise that nothing can settle any more'));
    } else {
      this.succeed(null);
    }
  }

  fail(error: unknown): void {
    if (this.done) return;
    this.done = true;
    this.ended.failed(errorResponse(error));
  }

  private succeed(result: unknown): void {
    if (this.done) return;
    const payload = serialize(result);
    this.done = true;
    this.ended.returned(payload);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
