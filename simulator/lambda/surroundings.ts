import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';
import { Writable } from 'node:stream';

/** What a handler of this process finds around it while its invocation runs. */
export class Surroundings {
  /** Its writes go to the function's log. */
  readonly console: Console;
  over = false;

  /**
   * @param now milliseconds since the epoch, on the simulation's clock
   * @param log takes what the handler writes, without the newline at its end
   */
  constructor(readonly now: () => number, private readonly log: (line: string) => void) {
    const stdout = new Writable({
      write: (chunk: unknown, _encoding, done) => {
        this.write(chunk);
        done();
      },
    });
    this.console = new Console({ stdout, stderr: stdout });
  }

  write(chunk: unknown): void {
    this.log((typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8')).replace(/\n$/, ''));
  }

  /**
   * Calls the handler. In it, and in everything that it starts, `Date` shows the simulation's clock and what is written by
   * `console`, `process.stdout` and `process.stderr` is logged, until `leave`. Nobody else notices, not even at the same time: the
   * globals are replaced by ones that ask who calls.
   */
  enter<Result>(call: () => Result): Result {
    if (inside++ === 0) restore = replaceGlobals();
    return current.run(this, call);
  }

  /** From now on what the handler left running sees this machine's time, and writes to its terminal. */
  leave(): void {
    this.over = true;
    if (--inside === 0) restore();
  }
}

const current = new AsyncLocalStorage<Surroundings>();
let inside = 0;
let restore = (): void => {};

function surroundings(): Surroundings | undefined {
  const found = current.getStore();
  return found?.over === false ? found : undefined;
}

/** Returns what puts back those that nobody else has replaced since. */
function replaceGlobals(): () => void {
  const undo = [
    replace(globalThis, 'Date', dateOf),
    replace(globalThis, 'console', consoleOf),
    replace(process.stdout, 'write', writeOf),
    replace(process.stderr, 'write', writeOf),
  ];
  return () => { for (const each of undo) each(); };
}

function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner, name: Name, replacementOf: (original: Owner[Name]) => Owner[Name],
): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const replacement = replacementOf(owner[name]);
  Object.defineProperty(owner, name, { value: replacement, configurable: true, writable: true, enumerable: before?.enumerable ?? false });
  return () => {
    if (owner[name] !== replacement) return;
    if (before) Object.defineProperty(owner, name, before);
    else delete owner[name];
  };
}

function dateOf(original: DateConstructor): DateConstructor {
  const now = (): number => surroundings()?.now() ?? original.now();
  return new Proxy(original, {
    construct: (target, args: unknown[], newTarget) => {
      const around = args.length === 0 ? surroundings() : undefined;
      return Reflect.construct(target, around ? [around.now()] : args, newTarget) as Date;
    },
    apply: (target) => new target(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver) as unknown),
  });
}

function consoleOf(original: Console): Console {
  return new Proxy(original, {
    get: (target, name) => {
      const ours = surroundings()?.console;
      return Reflect.get(ours && name in ours ? ours : target, name) as unknown;
    },
  });
}

type Write = typeof process.stdout.write;

function writeOf(this: void, original: Write): Write {
  return function write(this: NodeJS.WriteStream, ...args: unknown[]): boolean {
    const around = surroundings();
    if (!around) return Reflect.apply(original, this, args) as boolean;
    around.write(args[0]);
    const done = args.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
}
