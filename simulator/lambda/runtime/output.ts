import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Hands everything that is written to standard output or standard error to `log`, a call for each write. */
export function captureOutput(log: (line: string) => void): void {
  const text = (chunk: unknown): string => (
    typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8')
  ).replace(/\n$/, '');

  const write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
    log(text(chunk));
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
  process.on('warning', (warning) => log(`(${warning.name}) ${warning.message}`));

  captureDescriptors(log, text);
}

/** Some loggers write to the descriptors and not to the streams. */
function captureDescriptors(log: (line: string) => void, text: (chunk: unknown) => string): void {
  const { writeSync, write } = fs;
  const isOutput = (descriptor: unknown): boolean => descriptor === 1 || descriptor === 2;
  const length = (chunk: unknown): number => typeof chunk === 'string' ? Buffer.byteLength(chunk) : (chunk as Uint8Array).byteLength;

  fs.writeSync = ((...args: unknown[]) => {
    if (!isOutput(args[0])) return Reflect.apply(writeSync, fs, args) as number;
    log(text(args[1]));
    return length(args[1]);
  });
  fs.write = ((...args: unknown[]) => {
    const callback = args.at(-1);
    if (!isOutput(args[0]) || typeof callback !== 'function') return Reflect.apply(write, fs, args) as void;
    log(text(args[1]));
    process.nextTick(callback, null, length(args[1]), args[1]);
    return undefined;
  }) as typeof fs.write;
  syncBuiltinESMExports();
}
