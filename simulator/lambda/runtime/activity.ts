import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

type Callback = (...results: unknown[]) => void;
type Method = (...args: unknown[]) => unknown;

/** Ports are the way to the host; timers are asked for where they are kept. */
const NEVER_COUNTED = new Set(['MessagePort', 'Timeout']);

/**
 * Knows whether anything goes on from which the handler may continue by itself. Node.js lists its open sockets and file
 * requests (idle connections that are kept alive are not in the list), but not what its thread pool computes: that is
 * counted here.
 */
export class Activity {
  private computing = 0;

  constructor(private readonly timersCount: boolean) {
    const streams = Object.getPrototypeOf(Object.getPrototypeOf(zlib.Gzip.prototype)) as { _transform: Method };
    this.countCallbacks(streams, ['_transform']);
    this.countCallbacks(crypto, [
      'pbkdf2', 'scrypt', 'hkdf', 'randomBytes', 'randomFill', 'randomInt', 'generateKey', 'generateKeyPair', 'generatePrime',
      'checkPrime', 'sign', 'verify', 'diffieHellman',
    ]);
    this.countPromises(Object.getPrototypeOf(crypto.webcrypto.subtle) as object, [
      'digest', 'sign', 'verify', 'encrypt', 'decrypt', 'deriveBits', 'deriveKey', 'generateKey', 'importKey', 'exportKey',
      'wrapKey', 'unwrapKey',
    ]);
    syncBuiltinESMExports();
  }

  /** How many operations are under way. */
  count(): number {
    const resources = process.getActiveResourcesInfo()
      .filter((type) => !NEVER_COUNTED.has(type) || (this.timersCount && type === 'Timeout'));
    return this.computing + resources.length;
  }

  private countCallbacks(target: object, names: readonly string[]): void {
    const methods = target as Record<string, Method | undefined>;
    for (const name of names) {
      const original = methods[name];
      if (original === undefined) continue;
      const counting = this.countingCallback.bind(this);
      methods[name] = function counted(this: unknown, ...args: unknown[]): unknown {
        const callback = args.at(-1);
        if (typeof callback !== 'function') return Reflect.apply(original, this, args);
        const { called, failed } = counting(callback as Callback);
        try {
          return Reflect.apply(original, this, [...args.slice(0, -1), called]);
        } catch (error) {
          failed();
          throw error;
        }
      };
      Object.defineProperties(methods[name], Object.getOwnPropertyDescriptors(original));
    }
  }

  private countingCallback(callback: Callback): { called: Callback; failed: () => void } {
    this.computing++;
    let under = true;
    const end = (): void => {
      if (under) this.computing--;
      under = false;
    };
    return {
      called(this: unknown, ...results: unknown[]): void {
        end();
        Reflect.apply(callback, this, results);
      },
      failed: end,
    };
  }

  private countPromises(target: object, names: readonly string[]): void {
    const methods = target as Record<string, Method | undefined>;
    for (const name of names) {
      const original = methods[name];
      if (original === undefined) continue;
      const ended = (): void => { this.computing--; };
      const begun = (): void => { this.computing++; };
      methods[name] = function counted(this: unknown, ...args: unknown[]): unknown {
        const promise = Reflect.apply(original, this, args) as Promise<unknown>;
        begun();
        void promise.then(ended, ended);
        return promise;
      };
    }
  }
}
