import type { VirtualTimers } from './virtual-time';

interface Options {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

function aborted(signal: AbortSignal): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { name: 'AbortError', code: 'ABORT_ERR' });
}

/** What `node:timers/promises` and `AbortSignal.timeout` are in virtual time. */
export function promisedTimers(timers: VirtualTimers) {
  const sleep = <T>(delay?: number, value?: T, { signal, ref = true }: Options = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (signal?.aborted) {
        reject(aborted(signal));
        return;
      }
      const cancel = (): void => {
        timers.cancel(timer);
        reject(aborted(signal!));
      };
      const timer = timers.add(() => {
        signal?.removeEventListener('abort', cancel);
        resolve(value as T);
      }, delay, [], false);
      if (!ref) timer.unref();
      signal?.addEventListener('abort', cancel, { once: true });
    });

  return {
    setTimeout: sleep,

    async *setInterval<T>(this: void, delay?: number, value?: T, options?: Options): AsyncGenerator<T> {
      // As Node.js does: ticks go on from the first moment, however long the loop's body takes.
      let ticks = 0;
      let wake: (() => void) | undefined;
      const tick = (): void => { ticks++; wake?.(); };
      const timer = timers.add(tick, delay, [], true);
      if (options?.ref === false) timer.unref();
      const stop = (): void => wake?.();
      options?.signal?.addEventListener('abort', stop);
      try {
        for (;;) {
          while (ticks === 0 && !options?.signal?.aborted) await new Promise<void>((resolve) => { wake = resolve; });
          if (options?.signal?.aborted) throw aborted(options.signal);
          ticks--;
          yield value as T;
        }
      } finally {
        timers.cancel(timer);
        options?.signal?.removeEventListener('abort', stop);
      }
    },

    wait: (delay: number, options?: Options): Promise<void> => sleep(delay, undefined, options),

    abortAfter(this: void, delay: number): AbortSignal {
      const controller = new AbortController();
      timers.add(() => {
        controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      }, delay, [], false).unref();
      return controller.signal;
    },
  };
}
